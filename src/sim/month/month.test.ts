import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FactKind } from '../../event/order.ts';
import { type Books, differences } from './books.ts';
import { majorText, minorOf } from './money.ts';
import { type Plan, planMonth, type Tick } from './plan.ts';
import { DAY, type Fact, type Story, storyOf } from './story.ts';
import { differenceText, sharesOf } from './summary.ts';
import { type Truth, truthOf } from './truth.ts';

test('the same seed makes the same month, and another one another', () => {
  const asText = (plan: Plan): string =>
    JSON.stringify([plan.ticks, plan.stories], (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value));
  const [first, again, other] = [7, 7, 8].map((seed) => asText(planMonth({ seed, orders: 50 })));
  assert.equal(first, again);
  assert.notEqual(first, other);
});

test('a month of 20,000 orders holds all that can happen to one, in four currencies', () => {
  const plan = planMonth({ seed: 7, orders: 20_000 });
  const least = {
    'refunded, whole or part': 8,
    'refunds that failed': 0.2,
    'charged back': 2,
    'chargebacks reversed': 0.5,
    'cancelled after a payment': 3,
    'undone before release': 0.5,
    'paid in parts': 5,
    'not paid in full': 8,
    'webhooks late by up to 10 days': 5,
    'webhooks overtaken': 10,
    'webhooks that came again': 15,
  };
  const shares = sharesOf(plan, truthOf(plan));
  for (const [name, share] of Object.entries(least))
    assert.ok((shares[name] ?? 0) >= share, `${name}: ${shares[name]} %`);
  assert.deepEqual([...new Set(plan.stories.map(({ total }) => total.currency))].sort(), ['EUR', 'JPY', 'KWD', 'USD']);
});

test('sums are texts with the digits of their currency, and back', () => {
  for (const [minor, currency, text] of [
    [5990n, 'EUR', '59.90'],
    [5n, 'USD', '0.05'],
    [-5n, 'EUR', '-0.05'],
    [5990n, 'JPY', '5990'],
    [12_340n, 'KWD', '12.340'],
    [0n, 'KWD', '0.000'],
  ] as const) {
    assert.equal(majorText({ minor, currency }), text);
    assert.equal(minorOf(text, currency), minor);
  }
  assert.equal(minorOf('59.9', 'EUR'), 5990n);
  for (const [text, currency] of [
    ['59.901', 'EUR'],
    ['5990.0', 'JPY'],
    ['1e3', 'EUR'],
    ['1', 'XXX'],
  ] as const)
    assert.throws(() => minorOf(text, currency), /is no sum of this month/);
});

test('what an order comes to follows from what arrived, tick by tick', () => {
  const table = `
    # arrives, tick by tick                  | status         | left | at TikTok
    told                                     | created        | 0    | -
    told pending                             | pending        | 0    | -
    paid                                     | orphan         | 60   | -
    told / paid                              | paid           | 60   | counted
    paid / told                              | paid           | 60   | counted
    told half                                | partlyPaid     | 30   | -
    told half / rest                         | paid           | 60   | counted
    told paid paid                           | paid           | 60   | counted
    told paid fee                            | paid           | 59   | counted
    told paid / refund                       | refunded       | 0    | counted
    told paid refund                         | refunded       | 0    | -
    told paid / refund / failed              | paid           | 60   | counted
    told paid refund / failed                | paid           | 60   | -
    told half some / rest                    | partlyRefunded | 30   | counted
    told paid / cancelled                    | cancelled      | 60   | counted
    told paid cancelled                      | cancelled      | 60   | -
    told cancelled / paid                    | cancelled      | 60   | -
    told paid / dispute                      | disputed       | 60   | counted
    told paid / taken                        | lost           | 0    | counted
    told paid / taken / returned             | paid           | 60   | counted
    told paid / dispute taken / lost         | lost           | 0    | counted
    told paid / lost / dispute taken         | lost           | 0    | counted
    told paid / dispute taken / won returned | paid           | 60   | counted
    told / / / / / / / / / / / / / / paid    | paid           | 60   | -`;
  for (const row of table.trim().split('\n').slice(1)) {
    const [arrives = '', status, left, atTikTok] = row.split('|').map((cell) => cell.trim());
    const { order } = arrival(arrives);
    assert.deepEqual(
      [order?.status, String(order?.nets.get('JPY') ?? 0n), order?.counted ? 'counted' : '-'],
      [status, left, atTikTok],
      arrives,
    );
  }
});

test('one unit, one order or one Purchase more or less is told', () => {
  const { truth } = arrival('told paid');
  const click = truth.orders.get('A')?.click ?? '';
  const right = (): Books => ({
    orders: new Map([['A', { orderId: 'A', status: 'paid', nets: new Map([['JPY', 60n]]) }]]),
    nets: new Map([['JPY', 60n]]),
    purchases: new Map([['A', { times: 1, value: '60', currency: 'JPY', click, fired: 0 }]]),
    verdicts: { quarantined: 3, refused: 2 },
  });
  const told = (change: (books: Books) => void): string => {
    const books = right();
    change(books);
    return differenceText(differences(truth, books, { quarantined: 3, refused: 2 }));
  };
  assert.equal(
    told(() => undefined),
    '',
  );
  assert.equal(
    told(({ nets }) => nets.set('JPY', 61n)),
    'all orders: net is 60 JPY, and 61 JPY in the books',
  );
  assert.equal(
    told(({ orders }) => orders.get('A')?.nets.set('EUR', -1n)),
    'A: net is 60 JPY, and -0.01 EUR, 60 JPY in the books',
  );
  assert.equal(
    told(({ orders }) => orders.set('B', { orderId: 'B', status: 'created', nets: new Map() })),
    'B: status is no order, and created in the books',
  );
  assert.match(
    told(({ orders }) => orders.clear()),
    /^A: status is paid, and no order in the books\n/,
  );
  assert.equal(
    told(({ purchases }) => purchases.clear()),
    'A: Purchase at TikTok is 1 time, and 0 times in the books',
  );
  assert.equal(
    told(({ purchases }) => purchases.set('A', { times: 2, value: '60', currency: 'JPY', click, fired: 0 })),
    'A: Purchase at TikTok is 1 time, and 2 times in the books',
  );
  assert.equal(
    told(({ purchases }) => purchases.set('B', { times: 1, value: '1', currency: 'JPY', click, fired: 0 })),
    'B: Purchase at TikTok is 0 times, and 1 time in the books',
  );
  assert.match(
    told(({ purchases }) => purchases.set('A', { times: 1, value: '61', currency: 'JPY', click, fired: 1 })),
    /its value is 60 JPY, and 61 JPY in the books\nA: its pixel is 0 times, and 1 time/,
  );
  assert.match(
    told(({ purchases }) => purchases.set('A', { times: 1, value: '60', currency: 'JPY', click: 'forged', fired: 0 })),
    /^A: its click is E\.C\.P\.\w+, and forged in the books$/,
  );
  assert.equal(
    told(({ verdicts }) => {
      verdicts['quarantined'] = 4;
    }),
    'all records: quarantined is 3, and 4 in the books',
  );
});

const FACTS: Readonly<Record<string, [kind: FactKind, minor?: bigint | undefined, day?: number]>> = {
  pending: ['pending'],
  paid: ['payment', 60n],
  half: ['payment', 30n],
  rest: ['payment', 30n],
  fee: ['fee', 1n],
  refund: ['refund', 60n],
  some: ['refund', 30n],
  failed: ['refundReversed', 60n],
  cancelled: ['cancellation'],
  dispute: ['dispute', undefined, 1],
  taken: ['chargeback', 60n],
  returned: ['chargebackReversed', 60n],
  won: ['disputeWon', undefined, 2],
  lost: ['disputeLost', undefined, 2],
};

/** An order of 60 JPY, and what is told of it: a day to a tick. */
function arrival(text: string): { truth: Truth; order: ReturnType<Truth['orders']['get']> } {
  const total = { minor: 60n, currency: 'JPY' } as const;
  const story: Story = {
    ...storyOf(1, 1, { startsAt: 0, days: 1 }),
    ...{ orderId: 'A', way: 'serverAndStripe', total, stays: false },
  };
  const facts = new Map<string, Fact>();
  const factOf = (word: string): Fact => {
    const [kind, minor, day = 0] = FACTS[word] ?? assert.fail(word);
    const sum = minor === undefined ? {} : { sum: { minor, currency: 'JPY' as const } };
    const fact = facts.get(word) ?? { orderId: 'A', kind, id: word, at: day * DAY, ...sum };
    facts.set(word, fact);
    return fact;
  };
  const ticks = text.split('/').map((words, tick): Tick => {
    const rows = words
      .split(' ')
      .filter(Boolean)
      .map((word) => {
        const told = word === 'told' ? { order: story, facts: [] } : { facts: [factOf(word)] };
        const write = (): never => assert.fail('nothing is sent');
        return [{ arrivesAt: tick * DAY, message: { ...told, door: 'stripe' as const, at: 0, wants: 202, write } }];
      });
    return { at: tick * DAY, rows };
  });
  const truth = truthOf({ ticks, stories: [story] });
  return { truth, order: truth.orders.get('A') };
}
