import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ageOf, bandsOf, inOrder } from './ageing.ts';

const bands = `
  # days      bands
  1 3 7 30    0-1 under a day | 1-3 1 to 3 days | 3-7 3 to 7 days | 7-30 7 to 30 days | 30- over 30 days
  7           0-7 under 7 days | 7- over 7 days
  1           0-1 under a day | 1- over a day
`;

for (const line of bands.trim().split('\n').slice(1)) {
  const [days = '', says = ''] = line.trim().split(/\s{2,}/);
  test(`bounds at ${days} days make the bands ${says}`, () =>
    assert.deepEqual(
      bandsOf(days.split(' ').map(Number)).map((band) => `${band.age} ${band.says}`),
      says.split(' | '),
    ));
}

test('statuses stand in the order of the ladder, others after them, and those without leads are left out', () => {
  const ageing = [
    { status: 'archived', leads: [0, 1] },
    { status: 'approved', leads: [0, 0] },
    { status: 'qualified', leads: [2, 0] },
    { status: 'new', leads: [1, 1] },
  ];
  assert.deepEqual(
    inOrder(ageing, ['new', 'qualified', 'approved']).map(({ status }) => status),
    ['new', 'qualified', 'archived'],
  );
});

test('a lead whose source’s clock is ahead has not stood in its step at all', () => {
  assert.equal(ageOf({ changedAt: 5 }, 3), 0);
  assert.equal(ageOf({ changedAt: 3 }, 5), 2);
});
