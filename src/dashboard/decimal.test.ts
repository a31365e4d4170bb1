import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { addDecimals, negated, ratio, thousandths } from './decimal.ts';

const table = `
  # a                     b          sum
  59.90                   -9.9       50.00
  0.00                    1.234      1.234
  -0.05                   0.04       -0.01
  -59.90                  59.90      0.00
  5990                    10         6000
  9007199254740993.01     0.01       9007199254740993.02
  59.90                   x          -
  1e3                     1          -
`;

for (const line of table.trim().split('\n').slice(1)) {
  const [a = '', b = '', sum = ''] = line.trim().split(/\s+/);
  test(`${a} and ${b} make ${sum}`, () => assert.equal(addDecimals(a, b) ?? '-', sum));
}

test('sums are those of whole minor units', () => {
  const cents = fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n });
  fc.assert(
    fc.property(cents, cents, (a, b) => {
      const sum = addDecimals(text(a), text(b));
      assert.equal(sum, text(a + b));
      assert.equal(addDecimals(text(a), negated(text(a))), '0.00');
    }),
  );
});

test('nothing has no sign', () => {
  assert.equal(negated('0.00'), '0.00');
  assert.equal(negated('-0.00'), '0.00');
});

function text(cents: bigint): string {
  const digits = String(cents < 0n ? -cents : cents).padStart(3, '0');
  return `${cents < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

test('a ratio is exact down to its hundredths, and there is none of nothing', () => {
  for (const [a, b, times] of [
    ['100.00', '40.00', 2.5],
    ['10', '3.00', 3.33],
    ['9007199254740993.00', '9007199254740993', 1],
    ['-5.00', '2', -2.5],
    ['0.00', '7', 0],
    ['1.00', '0.00', undefined],
    ['x', '1', undefined],
  ] as const)
    assert.equal(ratio(a, b), times, `${a} / ${b}`);
});

test('amounts are put in order whatever their places', () => {
  const texts = ['-0.5', '0', '0.049', '0.05', '5', '59.90', '9007199254740993.01'];
  const keys = texts.map((text) => thousandths(text) as bigint);
  assert.deepEqual(
    [...keys].reverse().sort((a, b) => (a < b ? -1 : 1)),
    keys,
  );
  assert.equal(thousandths('1.2345'), undefined);
});
