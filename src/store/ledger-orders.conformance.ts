import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { OrderStatus } from '../event/order.ts';
import { orderedAt } from './book-order.ts';
import { bookQuestions, bookSamples } from './book-samples.ts';
import type { OrdersAsked, OrderWithEntries } from './books.ts';
import type { OpenLedger } from './ledger.conformance.ts';
import type { Ledger } from './ledger.ts';
import { effectsOf, entryRow, orderRow, unpriced } from './sample-rows.ts';

/** Orders as lists, and what the lists are narrowed by. */
export function orderConformance(open: OpenLedger): void {
  for (const { title, asked, id, gives } of bookQuestions())
    test(`orders newest first: ${title}`, async (t) => {
      const ledger = await open(t);
      await ledger.commit(effectsOf(sampleOrders()), 1);
      const narrowed = { ...asked, ...(id === undefined ? {} : { orderId: id }) } as OrdersAsked;
      assert.deepEqual(
        (await ledger.orders(narrowed, 50)).map(({ order }) => order.orderId),
        gives,
      );
      assert.deepEqual(
        (await allOrders(ledger, narrowed, 2)).map(({ order }) => order.orderId),
        gives,
      );
    });

  test('orders come with all their facts, oldest first, and with nobody else’s', async (t) => {
    const ledger = await open(t);
    const [a, other] = [
      orderRow('A', { createdAt: 2, personal: { user: { ip: '192.0.2.1' } } }),
      orderRow('A', { shop: 'x', createdAt: 1 }),
    ];
    const late = entryRow('A', 'a', { occurredAt: 20 });
    const [first, second] = [entryRow('A', 'b', { occurredAt: 10 }), entryRow('A', 'c', { occurredAt: 10 })];
    const foreign = entryRow('A', 'a', { shop: 'x' });
    await ledger.commit(effectsOf({ orders: [a, other], entries: [late, second, foreign, first] }), 1);
    assert.deepEqual(await ledger.orders({}, 10), [
      { order: a, entries: [first, second, late] },
      { order: other, entries: [foreign] },
    ]);
  });

  test('an order that nobody told stands at its first fact, and moves when it is told', async (t) => {
    const ledger = await open(t);
    const ids = async () => (await ledger.orders({}, 10)).map(({ order }) => order.orderId);
    const orphan = orderRow('phone', { status: 'orphan' });
    await ledger.commit(
      effectsOf({
        orders: [orderRow('A', { createdAt: 100 }), orderRow('B', { createdAt: 200 }), orphan],
        entries: [entryRow('phone', 'p2', { occurredAt: 150 })],
      }),
      1,
    );
    assert.deepEqual(await ids(), ['B', 'phone', 'A']);
    await ledger.commit(effectsOf({ entries: [entryRow('phone', 'p1', { occurredAt: 50 })] }), 2);
    assert.deepEqual(await ids(), ['B', 'A', 'phone']);
    await ledger.commit(effectsOf({ orders: [{ ...orphan, status: 'paid', createdAt: 300 }] }), 3);
    await ledger.commit(effectsOf({ entries: [entryRow('phone', 'p0', { occurredAt: 10 })] }), 4);
    assert.deepEqual(await ids(), ['phone', 'B', 'A']);
    await ledger.commit(effectsOf({ orders: [orderRow('odd')] }), 5);
    assert.deepEqual(await ids(), ['phone', 'B', 'A', 'odd']);
  });

  test('pages of any size join to the whole list, however many were placed in one moment', async (t) => {
    const order = fc.record({
      orderId: fc.constantFrom('a', 'b', 'ba', 'bb', 'c', '1', 'ü', '😀'),
      shop: fc.constantFrom('x', 'y'),
      createdAt: fc.integer({ min: 1, max: 3 }),
      status: fc.constantFrom<OrderStatus>('paid', 'created'),
    });
    const asked = fc.record(
      {
        status: fc.constantFrom<OrderStatus>('paid', 'created'),
        orderId: fc.constantFrom('b', '', 'ü', '😀'),
        from: fc.integer({ min: 0, max: 4 }),
        to: fc.integer({ min: 0, max: 4 }),
      },
      { requiredKeys: [] },
    );
    const check = async (
      told: { orderId: string; shop: string; createdAt: number; status: OrderStatus }[],
      narrowed: OrdersAsked,
      limit: number,
    ) => {
      const ledger = await open(t);
      for (const [n, { orderId, ...more }] of told.entries())
        await ledger.commit(effectsOf({ orders: [orderRow(orderId, more)] }), n + 1);
      const matches = (await ledger.orders({}, 100)).filter(
        ({ order: { orderId, status, createdAt = 0 } }) =>
          orderId.startsWith(narrowed.orderId ?? '') &&
          status === (narrowed.status ?? status) &&
          createdAt >= (narrowed.from ?? 0) &&
          createdAt < (narrowed.to ?? 9),
      );
      assert.deepEqual(await allOrders(ledger, narrowed, limit), matches);
      await ledger.close();
    };
    await fc.assert(
      fc.asyncProperty(fc.array(order, { maxLength: 20 }), asked, fc.integer({ min: 1, max: 4 }), check),
      {
        numRuns: 25,
      },
    );
  });

  test('orders are narrowed by currency, provider and shop, all at once, and it is known what there is', async (t) => {
    const ledger = await open(t);
    const paid = orderRow('A', { createdAt: 3, net: '59.90 EUR', otherNets: ['7.00 USD'] });
    await ledger.commit(
      effectsOf({
        orders: [
          paid,
          orderRow('B', { createdAt: 2, total: '5.00 USD' }),
          unpriced('phone', { shop: 'x', net: '8 JPY' }),
        ],
        entries: [
          entryRow('A', 'p1', { provider: 'stripe' }),
          entryRow('A', 'p2', { provider: 'paypal' }),
          entryRow('A', 'p3', { provider: 'stripe' }),
          entryRow('phone', 'p4', { shop: 'x', provider: 'server' }),
        ],
      }),
      1,
    );
    const marks = async () => (await ledger.orderMarks()).map(({ kind, name, orders }) => `${kind} ${name} ${orders}`);
    const ids = async (asked: OrdersAsked) => (await ledger.orders(asked, 10)).map(({ order }) => order.orderId);
    assert.deepEqual(await marks(), [
      ...['currency EUR 1', 'currency JPY 1', 'currency USD 2'],
      ...['provider paypal 1', 'provider server 1', 'provider stripe 1', 'shop demo 2', 'shop x 1'],
    ]);
    assert.deepEqual(await ids({ currency: 'USD' }), ['A', 'B']);
    assert.deepEqual(await ids({ currency: 'US' }), []);
    assert.deepEqual(await ids({ currency: 'USD', provider: 'paypal', shop: 'demo', status: 'created' }), ['A']);
    assert.deepEqual(await ids({ shop: 'x', orderId: 'ph' }), ['phone']);
    assert.deepEqual(await ids({ currency: 'USD', after: { createdAt: 3, orderId: 'A', shop: 'demo' } }), ['B']);
    // A fact may come without its order, and an order may lose a currency again.
    const late = [entryRow('B', 'p5', { provider: 'stripe' })];
    await ledger.commit(effectsOf({ orders: [orderRow('A', { createdAt: 3 })], entries: late }), 2);
    assert.deepEqual(await ids({ provider: 'stripe' }), ['A', 'B']);
    assert.deepEqual((await marks()).slice(0, 5), [
      ...['currency EUR 1', 'currency JPY 1', 'currency USD 1', 'provider paypal 1', 'provider server 1'],
    ]);
    await ledger.commit(effectsOf({ moved: [{ orderId: 'A', shop: 'demo', reference: 'p2' }] }), 3);
    assert.deepEqual(await ids({ provider: 'paypal' }), []);
    await ledger.commit(effectsOf({ moved: [{ orderId: 'phone', shop: 'x' }] }), 4);
    assert.deepEqual(await marks(), [...['currency EUR 1', 'currency USD 1', 'provider stripe 2', 'shop demo 2']]);
  });

  test('orders are narrowed to those whose session was lost, and are no longer when it was found', async (t) => {
    const ledger = await open(t);
    const lostSession = { from: 'shop.example', to: 'pay.example', how: 'otherVisitor', seq: 7, at: 9 } as const;
    const ids = async () => (await ledger.orders({ session: 'lost' }, 10)).map(({ order }) => order.orderId);
    const count = async () => (await ledger.orderMarks()).filter(({ kind }) => kind === 'session');
    await ledger.commit(effectsOf({ orders: [orderRow('A', { lostSession }), orderRow('B')] }), 1);
    assert.deepEqual([await ids(), await count()], [['A'], [{ kind: 'session', name: 'lost', orders: 1 }]]);
    await ledger.commit(effectsOf({ orders: [orderRow('A')] }), 2);
    assert.deepEqual([await ids(), await count()], [[], []]);
  });
}

function sampleOrders(): Pick<Parameters<typeof effectsOf>[0], 'orders' | 'entries'> {
  const told = bookSamples();
  return {
    orders: told.map(({ id, placed, status }) =>
      orderRow(id, { status: status as OrderStatus, ...(status === 'orphan' ? {} : { createdAt: placed }) }),
    ),
    entries: told
      .filter(({ status }) => status === 'orphan')
      .map(({ id, placed }) => entryRow(id, 'pay-1', { occurredAt: placed })),
  };
}

/** All that is asked for, page by page. */
async function allOrders(ledger: Ledger, asked: OrdersAsked, limit: number): Promise<OrderWithEntries[]> {
  const all: OrderWithEntries[] = [];
  for (let narrowed = asked; ; ) {
    const page = await ledger.orders(narrowed, limit);
    all.push(...page);
    const last = page.at(-1);
    if (!last) return all;
    const { orderId, shop } = last.order;
    narrowed = { ...asked, after: { createdAt: orderedAt(last.order, last.entries), orderId, shop } };
  }
}
