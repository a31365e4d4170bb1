import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { addDecimals, negated } from './decimal.ts';

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
