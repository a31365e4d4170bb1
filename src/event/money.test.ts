import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { CURRENCY_EXPONENTS } from './currencies.ts';
import { add, convert, exponentOf, type Money, majorText, money, moneyText, parseMoney, storedMoney } from './money.ts';

const iso = JSON.parse(readFileSync(new URL('../../test/data/iso4217.json', import.meta.url), 'utf8')) as {
  active: { code: string; minor_unit: number | null }[];
  withdrawn: { code: string }[];
};
const text = (major: string, currency: string) => {
  const value = money(major, currency, 'half-even');
  return value && moneyText(value);
};

test('the currency table is the list of ISO 4217, no more and no less', () => {
  const active = iso.active.filter((entry) => entry.minor_unit !== null);
  assert.deepEqual(
    { ...CURRENCY_EXPONENTS },
    Object.fromEntries(active.map((entry) => [entry.code, entry.minor_unit])),
  );
  assert.ok(active.length > 160);
});

test('codes without a minor unit, withdrawn codes and foreign words have no exponent', () => {
  const active = new Set(iso.active.map((entry) => entry.code));
  const gone = iso.withdrawn.filter((entry) => !active.has(entry.code)).map((entry) => entry.code);
  for (const code of ['XAU', 'XXX', 'EURO', 'eur', '', 'constructor', 'toString', ...gone])
    assert.equal(exponentOf(code), undefined, code);
});

const amounts = `
  59.9      EUR  59.90 EUR
  59.905    EUR  59.90 EUR
  59.915    EUR  59.92 EUR
  -0.001    EUR  0.00 EUR
  5990      JPY  5990 JPY
  5990.5    JPY  5990 JPY
  5991.5    JPY  5992 JPY
  1.2345    KWD  1.234 KWD
  0.0005    KWD  0.000 KWD
  0.0015    KWD  0.002 KWD
  1         CLF  1.0000 CLF
  1e3       USD  1000.00 USD
  1,50      EUR  -
  1.50      XAU  -
  1.50      eur  -
`;
for (const row of amounts.trim().split('\n')) {
  const [major = '', currency = '', ...expected] = row.trim().split(/\s+/);
  test(`${major} ${currency} is ${expected.join(' ')}`, () => {
    assert.equal(text(major, currency), expected[0] === '-' ? undefined : expected.join(' '));
  });
}

const monies = fc.record(
  {
    minor: fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }),
    currency: fc.constantFrom(...Object.keys(CURRENCY_EXPONENTS)),
  },
  { noNullPrototype: true },
);

test('money read back from its text is the same money', () => {
  fc.assert(
    fc.property(monies, (value) => {
      assert.deepEqual(parseMoney(moneyText(value)), value);
      assert.deepEqual(storedMoney(moneyText(value)), value);
      assert.deepEqual(money(majorText(value), value.currency, 'half-even'), value);
    }),
  );
});

test('written money with more digits than the currency has is refused, trailing zeros are not', () => {
  assert.equal(parseMoney('1.005 EUR'), undefined);
  assert.equal(parseMoney('1.5 JPY'), undefined);
  assert.deepEqual(parseMoney('1.500 EUR'), { minor: 150n, currency: 'EUR' });
  for (const wrong of ['1.50', 'EUR 1.50', '1.50EUR', '1.50  EUR', '1,50 EUR', '1.50 eur', ' 1.50 EUR', '1.50 XAU'])
    assert.equal(parseMoney(wrong), undefined, wrong);
  assert.throws(() => storedMoney('1.50'), { code: 'money_unreadable' });
});

test('two currencies are never added', () => {
  fc.assert(
    fc.property(monies, monies, (a, b) => {
      if (a.currency === b.currency) assert.equal(add(a, b).minor, a.minor + b.minor);
      else assert.throws(() => add(a, b), { code: 'money_currency_mixed' });
    }),
  );
});

test('addition in one currency keeps every minor unit, in any order', () => {
  const parts = fc.array(fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }), { minLength: 1 });
  fc.assert(
    fc.property(parts, (minors) => {
      const sum = (list: bigint[]) => list.map((minor): Money => ({ minor, currency: 'KWD' })).reduce(add).minor;
      assert.equal(sum(minors), sum(minors.toReversed()));
      assert.equal(
        sum(minors),
        minors.reduce((a, b) => a + b, 0n),
      );
    }),
  );
});

const rates = `
  100.00 EUR  1.0843   USD  108.43 USD
  0.05 EUR    1.1      USD  0.06 USD
  100.00 EUR  162.345  JPY  16234 JPY
  16234 JPY   0.00616  EUR  100.00 EUR
  1.000 KWD   3.2475   USD  3.25 USD
  1.00 USD    0.30795  KWD  0.308 KWD
  1.00 EUR    0        USD  -
  1.00 EUR    -1       USD  -
  1.00 EUR    1,1      USD  -
  1.00 EUR    1.1      XAU  -
`;
for (const row of rates.trim().split('\n')) {
  const [major = '', from = '', rate = '', to = '', ...expected] = row.trim().split(/\s+/);
  test(`${major} ${from} at ${rate} is ${expected.join(' ')} in ${to}`, () => {
    const converted = convert(storedMoney(`${major} ${from}`), to, rate, 'half-even');
    assert.equal(converted && moneyText(converted), expected[0] === '-' ? undefined : expected.join(' '));
  });
}
