import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type EntryRow, type FactKind, MOVES_MONEY } from '../event/order.ts';
import { orderLife } from './order-life.ts';

/** Facts in the order of their times; the last column says what a total of 60.00 EUR comes to with them. */
const TABLE = `
  # facts                                                        status          net       others
  -                                                            | created        | -      | -
  pending                                                      | pending        | -      | -
  payment 60                                                   | paid           | 60.00  | -
  pending, payment 60                                          | paid           | 60.00  | -
  payment 0                                                    | created        | 0.00   | -
  payment 20                                                   | partlyPaid     | 20.00  | -
  payment 20, pending                                          | partlyPaid     | 20.00  | -
  payment 20, payment 40                                       | paid           | 60.00  | -
  payment 70                                                   | paid           | 70.00  | -
  payment 60, fee 2.5                                          | paid           | 57.50  | -
  payment 60, refund 0                                         | paid           | 60.00  | -
  payment 60, refund 10                                        | partlyRefunded | 50.00  | -
  payment 20, refund 10                                        | partlyRefunded | 10.00  | -
  payment 60, refund 10, refund 50                             | refunded       | 0.00   | -
  payment 20, refund 20                                        | refunded       | 0.00   | -
  payment 20, refund 20, payment 60                            | partlyRefunded | 60.00  | -
  refund 10                                                    | created        | -10.00 | -
  refund 60, payment 60                                        | refunded       | 0.00   | -
  cancellation                                                 | cancelled      | -      | -
  pending, cancellation                                        | cancelled      | -      | -
  payment 60, cancellation                                     | cancelled      | 60.00  | -
  cancellation, payment 60                                     | cancelled      | 60.00  | -
  payment 60, cancellation, refund 60                          | cancelled      | 0.00   | -
  payment 60, dispute                                          | disputed       | 60.00  | -
  payment 60, dispute, chargeback 60                           | disputed       | 0.00   | -
  payment 60, dispute, disputeWon                              | paid           | 60.00  | -
  payment 60, dispute, chargeback 60, disputeWon, chargebackReversed 60 | paid  | 60.00  | -
  payment 60, dispute, disputeLost, chargeback 60              | lost           | 0.00   | -
  payment 60, dispute, disputeWon, dispute                     | disputed       | 60.00  | -
  payment 60, dispute, disputeLost, disputeWon                 | paid           | 60.00  | -
  payment 60, dispute, refund 60                               | disputed       | 0.00   | -
  payment 60, chargeback 60                                    | lost           | 0.00   | -
  payment 60, chargeback 60, chargebackReversed 60             | paid           | 60.00  | -
  payment 60, chargeback 60, chargebackReversed 20             | lost           | 20.00  | -
  payment 60, refund 10, chargeback 50, fee 15                 | lost           | -15.00 | -
  payment 60 USD                                               | created        | -      | 60.00 USD
  payment 60, fee 300 JPY, fee 1.234 KWD                       | paid           | 60.00  | -300 JPY, -1.234 KWD
  payment 60, refund 60 USD                                    | paid           | 60.00  | -60.00 USD
`;

for (const [told = '', status, net, others] of rowsOf(TABLE))
  test(`an order of 60 with ${told === '-' ? 'no facts' : told} is ${status}, and ${net} is left`, () => {
    const life = orderLife({ total: '60.00 EUR', createdAt: 1 }, factsOf(told));
    assert.deepEqual(
      [life.status, life.net ?? '-', life.otherNets?.join(', ') ?? '-'],
      [status, net === '-' ? net : `${net} EUR`, others],
    );
  });

test('an order that nobody told is an orphan, whatever came, and has the currency of the first money', () => {
  const life = orderLife({}, factsOf('fee 2 USD, payment 60, refund 10'));
  assert.deepEqual([life.status, life.net, life.otherNets], ['orphan', '-2.00 USD', ['50.00 EUR']]);
});

test('an order that was told without a value is never paid in full', () => {
  assert.deepEqual(orderLife({ createdAt: 1 }, factsOf('payment 60')).status, 'partlyPaid');
});

test('an order that costs nothing is paid by a payment of nothing, and by nothing else', () => {
  const order = { total: '0.00 EUR', createdAt: 1 };
  assert.equal(orderLife(order, factsOf('payment 0')).status, 'paid');
  assert.equal(orderLife(order, []).status, 'created');
});

test('the payment that reaches the total is known, with the sum by then', () => {
  const { full, paid } = orderLife({ total: '60.00 EUR', createdAt: 1 }, factsOf('payment 50, payment 20, payment 5'));
  assert.deepEqual([full?.by.reference, full?.sum.minor, paid?.minor], ['r-2', 7000n, 7500n]);
});

test('what was cancelled or paid back whole is undone, and nothing else is', () => {
  for (const [told, isUndone] of [
    ['cancellation', true],
    ['payment 60, refund 60', true],
    ['payment 60, dispute, refund 60', true],
    ['payment 60, refund 59.99', false],
    ['payment 60, chargeback 60', false],
    ['refund 60', false],
  ] as const)
    assert.equal(orderLife({ total: '60.00 EUR', createdAt: 1 }, factsOf(told)).isUndone, isUndone, told);
});

test('equal times are told apart by the source’s own reference', () => {
  const facts = factsOf('dispute, disputeWon').map((fact) => ({ ...fact, occurredAt: 5 }));
  const [first, second] = facts.map((fact, index) => ({ ...fact, reference: `r-${2 - index}` }));
  assert.ok(first && second);
  assert.equal(orderLife({ total: '1.00 EUR', createdAt: 1 }, facts).status, 'created');
  assert.equal(orderLife({ total: '1.00 EUR', createdAt: 1 }, [first, second]).status, 'disputed');
});

test('any order in which facts arrive ends in the same state, with the same money', () => {
  const shuffled = facts().chain((told) =>
    fc.tuple(fc.constant(told), fc.shuffledSubarray(told, { minLength: told.length })),
  );
  fc.assert(
    fc.property(shuffled, fc.constantFrom({}, { total: '60.00 EUR', createdAt: 1 }), ([told, arrived], order) => {
      assert.deepEqual(orderLife(order, arrived), orderLife(order, told));
    }),
    { numRuns: 1000, seed: 4 },
  );
});

test('no minor unit is lost: the nets add up to what moved', () => {
  fc.assert(
    fc.property(facts(), (told) => {
      const { net, otherNets = [] } = orderLife({ total: '60.00 EUR', createdAt: 1 }, told);
      const left = new Map<string, number>();
      for (const { kind, amount } of told) {
        const [major = '0', currency = ''] = amount?.split(' ') ?? [];
        if (amount === undefined) continue;
        const sign = kind === 'payment' || kind.endsWith('Reversed') || kind === 'feeReturned' ? 1 : -1;
        left.set(currency, (left.get(currency) ?? 0) + sign * Math.round(Number(major) * 100));
      }
      const told100 = [...(net === undefined ? [] : [net]), ...otherNets].map((text) => text.split(' '));
      assert.deepEqual(
        new Map(told100.map(([major, currency]) => [currency ?? '', Math.round(Number(major) * 100)])),
        left,
      );
    }),
    { numRuns: 500, seed: 4 },
  );
});

/** Up to 12 facts with references of their own; several share a time. */
function facts(): fc.Arbitrary<EntryRow[]> {
  const kind = fc.constantFrom(...(Object.keys(MOVES_MONEY) as FactKind[]));
  const fact = fc.record({
    kind,
    minor: fc.integer({ min: 0, max: 7000 }),
    currency: fc.constantFrom('EUR', 'EUR', 'USD'),
    occurredAt: fc.integer({ min: 1, max: 5 }),
  });
  return fc.array(fact, { maxLength: 12 }).map((told) =>
    told.map(({ kind: one, minor, currency, occurredAt }, index) => ({
      ...{ shop: 'demo', orderId: '77', reference: `r-${index}`, kind: one, occurredAt, seq: index },
      ...(MOVES_MONEY[one] ? { amount: `${(minor / 100).toFixed(2)} ${currency}` } : {}),
    })),
  );
}

/** `payment 60, refund 1.5 USD` at the seconds 1 and 2 */
function factsOf(told: string): EntryRow[] {
  const words = told === '-' ? [] : told.split(', ');
  return words.map((word, index) => {
    const [kind, major, currency = 'EUR'] = word.split(' ');
    const digits = { JPY: 0, KWD: 3 }[currency] ?? 2;
    const amount = major === undefined ? {} : { amount: `${Number(major).toFixed(digits)} ${currency}` };
    const row = { shop: 'demo', orderId: '77', reference: `r-${index + 1}`, occurredAt: index + 1, seq: index + 1 };
    return { ...row, kind: kind as FactKind, ...amount };
  });
}

function rowsOf(text: string): string[][] {
  return text
    .split('\n')
    .filter((line) => line.includes('|'))
    .map((line) => line.split('|').map((cell) => cell.trim()));
}
