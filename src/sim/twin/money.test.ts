import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { amountKey, amountOf, amountText, plus, ZERO } from './money.ts';

const table = `
  # value        currency  shown
  59.9           EUR       59.90
  5990           JPY       5990
  1.5            BHD       1.500
  0              USD       0.00
  -0.05          USD       -0.05
  1e-7           USD       0.0000001
  1e+21          USD       1000000000000000000000.00
  12.3456        EUR       12.3456
  0.10           EUR       0.10
`;

for (const line of table.split('\n')) {
  const [value, currency, shown] = line.trim().split(/\s+/);
  if (value === undefined || !currency || value === '#') continue;
  test(`${value} ${currency} is shown as ${shown}`, () => {
    assert.equal(amountText(amountOf(value) ?? ZERO, currency), shown);
  });
}

test('texts that are no plain numbers are no amounts', () => {
  for (const text of ['', '1,5', '12 EUR', 'NaN', '0x1', '.5']) assert.equal(amountOf(text), undefined, text);
});

test('sums of cents are exact', () => {
  const cents = fc.array(fc.integer({ min: -1e9, max: 1e9 }));
  fc.assert(
    fc.property(cents, (list) => {
      const sum = list.reduce((total, cent) => plus(total, amountOf(cent / 100) ?? ZERO), ZERO);
      const expected = list.reduce((total, cent) => total + cent, 0);
      assert.equal(plus(sum, { units: BigInt(-expected), scale: 2 }).units, 0n);
      assert.equal(amountText(amountOf(amountKey(sum)) ?? ZERO, 'EUR'), amountText(sum, 'EUR'));
    }),
  );
});
