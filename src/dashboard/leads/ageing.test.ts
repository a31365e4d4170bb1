import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LeadAnswer } from '../../api/books.ts';
import { ageing } from './ageing.ts';

const HOUR = 3_600_000;
const AS_OF = Date.UTC(2026, 10, 22);

const table = `
  # hours in the step      median  bands
  0                        0       1 0 0 0
  23 24                    23.5    1 1 0 0
  1 100 800                100     1 1 0 1
  167 168 719 720          443.5   0 1 2 1
  -5                       0       1 0 0 0
`;

for (const line of table.trim().split('\n').slice(1)) {
  const [hours = '', median, bands] = line.trim().split(/\s{2,}/);
  test(`leads that stand ${hours} hours have a median of ${median} and bands ${bands}`, () => {
    const leads = hours.split(' ').map((text) => lead('new', Number(text)));
    const [own] = ageing(leads, AS_OF, ['new']);
    assert.equal((own?.medianMs ?? 0) / HOUR, Number(median));
    assert.equal(own?.bands.join(' '), bands);
  });
}

test('statuses keep their order, and those without leads are left out', () => {
  const leads = [lead('qualified', 1), lead('new', 1), lead('qualified', 3)];
  assert.deepEqual(
    ageing(leads, AS_OF, ['new', 'approved', 'qualified']).map(({ status, leads: count }) => [status, count]),
    [
      ['new', 1],
      ['qualified', 2],
    ],
  );
});

function lead(status: string, hours: number): LeadAnswer {
  const changedAt = AS_OF - hours * HOUR;
  return {
    ...{ lead_id: 'L-1', status, value: null, createdAt: changedAt, changedAt, source: 'web', visitor: null },
    ...{ properties: {}, steps: [] },
  };
}
