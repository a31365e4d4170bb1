import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LeadsAnswer } from '../../api/books.ts';
import { funnel } from './funnel.ts';

const eur = (amount: string) => ({ amount, currency: 'EUR' });

const ladder: LeadsAnswer['ladder'] = [
  { status: 'new', value: null, event: 'SubmitApplication' },
  { status: 'contacted', value: null, event: null },
  { status: 'qualified', value: eur('40.00'), event: 'Lead' },
  { status: 'approved', value: eur('120.00'), event: 'ApplicationApproval' },
  { status: 'rejected', value: null, event: null },
];

const table = `
  # leads standing there                         here or further
  new=700 qualified=200 approved=60 rejected=40  new=1000 contacted=260 qualified=260 approved=60 rejected=-
  new=0                                          new=0 contacted=0 qualified=0 approved=0 rejected=-
  rejected=5                                     new=5 contacted=0 qualified=0 approved=0 rejected=-
  contacted=3 archived=2                         new=5 contacted=3 qualified=0 approved=0 rejected=- archived=-
`;

for (const line of table.trim().split('\n').slice(1)) {
  const [standing = '', further] = line.trim().split(/\s{2,}/);
  test(`of ${standing} stand here or further ${further}`, () => {
    const totals = standing.split(' ').map((text) => {
      const [status = '', count] = text.split('=');
      return { status, count: Number(count), value: null };
    });
    assert.equal(
      funnel({ ladder, totals })
        .map((rung) => `${rung.status}=${rung.further ?? '-'}`)
        .join(' '),
      further,
    );
  });
}

test('a share is of the step before, and the first step has none', () => {
  const totals = [
    { status: 'new', count: 60, value: null },
    { status: 'qualified', count: 30, value: eur('1200.00') },
    { status: 'qualified', count: 10, value: { amount: '400.00', currency: 'USD' } },
  ];
  const rungs = funnel({ ladder, totals });
  assert.deepEqual(
    rungs.map(({ share }) => share),
    [null, 0.4, 1, 0, null],
  );
  assert.deepEqual(rungs[2]?.values, [eur('1200.00'), { amount: '400.00', currency: 'USD' }]);
  assert.equal(rungs[2]?.here, 40);
});

test('a ladder that names neither values nor events has its first step and ways out', () => {
  const bare = ladder.map(({ status }) => ({ status, value: null, event: null }));
  assert.deepEqual(
    funnel({ ladder: bare, totals: [] }).map(({ further }) => further),
    [0, null, null, null, null],
  );
  assert.deepEqual(funnel({ ladder: [], totals: [] }), []);
});
