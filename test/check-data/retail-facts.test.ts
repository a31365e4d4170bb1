import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { amountOf, decimalText, exactOf, rounded, sum } from '../../scripts/check-data/exact.ts';
import { openPlace } from '../../scripts/check-data/local-time.ts';
import { type Document, documentsOf, type Line } from '../../scripts/check-data/retail-documents.ts';
import { factsOf } from '../../scripts/check-data/retail-facts.ts';

const line = fc.record({
  letter: fc.constantFrom('', '', 'C', 'C', 'A', 'X'),
  number: fc.integer({ min: 1, max: 6 }),
  stock: fc.constantFrom('S1', 'S2'),
  customer: fc.constantFrom('', '7', '8'),
  quantity: fc.integer({ min: -5, max: 5 }),
  thousandths: fc.integer({ min: -2000, max: 9000 }),
  day: fc.integer({ min: 27, max: 31 }),
});

const invoices = fc.array(line, { maxLength: 40 }).map((rows) =>
  rows.map(({ letter, number, stock, customer, quantity, thousandths, day }): Line => {
    const price = amountOf((thousandths / 1000).toFixed(3));
    const at = `2011-0${number % 2 === 0 ? 1 : 3}-${day}T10:00:00`;
    const own = { invoice: `${letter}${number}`, stock, name: '', customer, at, price, priceText: '' };
    return { ...own, quantity: BigInt(quantity) };
  }),
);

test('every document is told to the penny, in one fact or in several', () => {
  void fc.assert(
    fc.property(invoices, (lines) => {
      const documents = documentsOf(lines);
      const { facts } = factsOf(documents);
      for (const document of documents) assert.equal(told(document, facts), document.booked, document.id);
      assert.equal(sum(documents.map(({ exact }) => exact)), sum(lines.map(({ quantity, price }) => quantity * price)));
      const keys = facts.map(({ orderId, reference }) => `${orderId}\n${reference}`);
      assert.equal(new Set(keys).size, keys.length);
    }),
  );
});

const OUT = new Set(['refund', 'fee', 'chargeback']);

function told({ id }: Document, facts: ReturnType<typeof factsOf>['facts']): bigint {
  const own = facts.filter(({ reference }) => reference === id);
  return sum(own.map(({ fact, amount }) => rounded(amountOf(amount)) * (OUT.has(fact) ? -1n : 1n)));
}

const cancelled = `
  # bought                      cancelled        goes to the
  S1 2 by 7 on 02               1 by 7 on 03     sale
  S1 2 by 7 on 02               2 by 7 on 03     sale
  S1 2 by 7 on 02               3 by 7 on 03     itself
  S1 2 by 7 on 03               1 by 7 on 03     itself
  S1 2 by 7 on 04               1 by 7 on 03     itself
  S1 2 by 8 on 02               1 by 7 on 03     itself
  S2 2 by 7 on 02               1 by 7 on 03     itself
  S1 2 by - on 02               1 by - on 03     itself
`;

for (const row of cancelled.trim().split('\n').slice(1)) {
  const [bought = '', less = '', goes = ''] = row.trim().split(/ {2,}/);
  test(`${bought}, ${less}: the refund goes to the ${goes}`, () => {
    const [stock = '', ...sale] = bought.split(' ');
    const [invoice, cancellation] = [lineOf('1', stock, sale, 1n), lineOf('C2', 'S1', less.split(' '), -1n)];
    const refund = factsOf(documentsOf([invoice, cancellation])).facts.find(({ reference }) => reference === 'C2');
    assert.equal(refund?.orderId, goes === 'sale' ? '1' : 'C2');
  });
}

/** `2 by 7 on 02`, where `-` is nobody who is known */
function lineOf(
  invoice: string,
  stock: string,
  [pieces = '', , customer = '', , day = '']: string[],
  sign: bigint,
): Line {
  const quantity = BigInt(pieces) * sign;
  const at = `2011-01-${day}T10:00:00`;
  const price = { price: amountOf('1'), priceText: '1' };
  return { invoice, stock, name: '', quantity, at, customer: customer === '-' ? '' : customer, ...price };
}

test('amounts are read, rounded and written without loss', () => {
  void fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), (units) => {
      assert.equal(exactOf(decimalText(units)), units);
      const off = rounded(units) - units;
      assert.ok(off >= -5_000_000n && off <= 5_000_000n);
      assert.equal(rounded(rounded(units)), rounded(units));
    }),
  );
  const halves = ['0.005', '0.015', '-0.005', '-0.015', '0.0050001'].map((text) =>
    decimalText(rounded(amountOf(text))),
  );
  assert.deepEqual(halves, ['0.00', '0.02', '0.00', '-0.02', '0.01']);
  for (const text of ['', '1,5', '1e3', 'NaN', '0.0000000001', '--1']) assert.equal(exactOf(text), undefined, text);
});

test('times of a place are those of its clocks, in the months of its days', () => {
  const london = openPlace('Europe/London');
  assert.equal(london.at('2011-01-04T10:00:00'), Date.parse('2011-01-04T10:00:00Z'));
  assert.equal(london.at('2011-04-01T00:30:00'), Date.parse('2011-03-31T23:30:00Z'));
  assert.equal(london.month(Date.parse('2011-03-31T23:30:00Z')), '2011-04');
  assert.equal(openPlace('America/Sao_Paulo').at('2017-07-02'), Date.parse('2017-07-02T03:00:00Z'));
  for (const text of ['', '2011-02-30', '2011-04-01 8:26', 'soon']) assert.equal(london.at(text), undefined, text);
});
