import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { plainAmount } from './plain-amount.ts';

const table = `
  # written         amount     currency
  59,90             59.90      -
  €59.90            59.90      EUR
  59,90 €           59.90      EUR
  59.90 EUR         59.90      EUR
  eur 59.90         59.90      EUR
  $59.90            59.90      -
  1.299,00          1299.00    -
  1,299.00          1299.00    -
  1 299,00          1299.00    -
  1’299.00 CHF      1299.00    CHF
  1.299.000         1299000    -
  1,299,000.50      1299000.50  -
  0,125             0.125      -
  1234,567          1234.567   -
  -59,90            -59.90     -
  €-5               -5         EUR
  59,               59         -
  120 zł            120        PLN
  1,299             ?
  €1.299            ?
  1,2,3             ?
  12.34.567         ?
  about 60          ?
  5-6               ?
  NaN               ?
`;

for (const [written = '', amount, currency] of table
  .split('\n')
  .map((line) => line.trim().split(/\s{2,}/))
  .filter(([first = '']) => first !== '' && !first.startsWith('#')))
  test(`${written} means ${amount === '?' ? 'nothing for sure' : `${amount} ${currency}`}`, () => {
    const wanted = amount === '?' ? undefined : { amount, ...(currency === '-' ? {} : { currency }) };
    assert.deepEqual(plainAmount(written), wanted);
  });

test('no text makes it throw', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[-€$\d.,' ]{0,60}$/)), (text) => {
      const plain = plainAmount(text);
      if (plain) assert.match(plain.amount, /^-?\d+(\.\d+)?$/);
    }),
    { numRuns: 3000, seed: 4 },
  );
});
