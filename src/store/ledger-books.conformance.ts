import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { add, moneyText, storedMoney } from '../event/money.ts';
import type { OrderStatus } from '../event/order.ts';
import { orderedAt } from './book-order.ts';
import type { OpenLedger } from './ledger.conformance.ts';
import type { LeadsAsked, Ledger, OrdersAsked, OrderWithEntries } from './ledger.ts';
import { effectsOf, entryRow, leadRow, orderRow } from './sample-rows.ts';

const ORDERS = `
  # id        placed  status
  10045       50      paid
  10046       40      created
  10047       40      paid
  2-10045     40      refunded
  phone-1     30      orphan
  10%         20      paid
  100         10      cancelled
`;

const ASKED = `
  # status    id       from  to   gives
  -           -        -     -    10045 2-10045 10047 10046 phone-1 10% 100
  paid        -        -     -    10045 10047 10%
  orphan      -        -     -    phone-1
  lost        -        -     -    -
  -           100      -     -    10045 10047 10046 100
  -           10045    -     -    10045
  -           10%      -     -    10%
  -           1_0      -     -    -
  -           phone-1x -     -    -
  -           -        40    -    10045 2-10045 10047 10046
  -           -        -     40   phone-1 10% 100
  -           -        30    50   2-10045 10047 10046 phone-1
  -           -        50    50   -
  paid        10       20    41   10047 10%
  paid        2        -     -    -
`;

/** The books as lists, and their running totals. */
export function bookConformance(open: OpenLedger): void {
  for (const [status, id, from, to, gives = ''] of rows(ASKED, 5)) {
    const asked = {
      ...(status === '-' ? {} : { status }),
      ...(from === '-' ? {} : { from: Number(from) }),
      ...(to === '-' ? {} : { to: Number(to) }),
    };
    const title = `status ${status}, id ${id}, from ${from} to ${to} gives ${gives}`;
    const expected = gives === '-' ? [] : gives.split(' ');

    test(`orders newest first: ${title}`, async (t) => {
      const ledger = await open(t);
      await ledger.commit(effectsOf(sampleOrders()), 1);
      const narrowed = { ...asked, ...(id === '-' ? {} : { orderId: id }) } as OrdersAsked;
      assert.deepEqual(
        (await ledger.orders(narrowed, 50)).map(({ order }) => order.orderId),
        expected,
      );
      assert.deepEqual(
        (await allOrders(ledger, narrowed, 2)).map(({ order }) => order.orderId),
        expected,
      );
    });

    test(`leads newest first: ${title}`, async (t) => {
      const ledger = await open(t);
      await ledger.commit(effectsOf({ leads: sampleLeads() }), 1);
      const narrowed: LeadsAsked = { ...asked, ...(id === '-' ? {} : { leadId: id }) };
      assert.deepEqual(
        (await ledger.leads(narrowed, 50)).map(({ leadId }) => leadId),
        expected,
      );
      assert.deepEqual(await leadIds(ledger, narrowed, 2), expected);
    });
  }

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

  test('a change of an order or a lead moves it from one total to another', async (t) => {
    const ledger = await open(t);
    const paid = orderRow('A', { status: 'paid', net: '59.90 EUR' });
    await ledger.commit(
      effectsOf({
        orders: [orderRow('A'), orderRow('B', { total: '10.00 EUR' }), orderRow('C', { total: '500 JPY' })],
        leads: [leadRow('L1'), leadRow('L2')],
      }),
      1,
    );
    assert.deepEqual(await ledger.orderTotals(), [
      { status: 'created', currency: 'EUR', count: 2, total: '69.90 EUR', net: '0.00 EUR' },
      { status: 'created', currency: 'JPY', count: 1, total: '500 JPY', net: '0 JPY' },
    ]);
    assert.deepEqual(await ledger.leadTotals(), [{ status: 'new', currency: '', count: 2 }]);
    await ledger.commit(
      effectsOf({
        orders: [paid, { ...paid, net: '50.00 EUR' }],
        leads: [leadRow('L1', { status: 'qualified', value: '1.250 KWD' })],
      }),
      2,
    );
    assert.deepEqual(await ledger.orderTotals(), [
      { status: 'created', currency: 'EUR', count: 1, total: '10.00 EUR', net: '0.00 EUR' },
      { status: 'created', currency: 'JPY', count: 1, total: '500 JPY', net: '0 JPY' },
      { status: 'paid', currency: 'EUR', count: 1, total: '59.90 EUR', net: '50.00 EUR' },
    ]);
    assert.deepEqual(await ledger.leadTotals(), [
      { status: 'new', currency: '', count: 1 },
      { status: 'qualified', currency: 'KWD', count: 1, value: '1.250 KWD' },
    ]);
    await ledger.commit(effectsOf({ orders: [orderRow('C', { total: '10.00 EUR' })] }), 3);
    assert.deepEqual((await ledger.orderTotals())[0], {
      ...{ status: 'created', currency: 'EUR', count: 2, total: '20.00 EUR', net: '0.00 EUR' },
    });
    assert.equal((await ledger.orderTotals()).length, 2);
  });

  test('money in other currencies is in the sums of those, and an orphan’s in those of its net', async (t) => {
    const ledger = await open(t);
    await ledger.commit(
      effectsOf({
        orders: [
          orderRow('A', { status: 'paid', net: '-1.00 EUR', otherNets: ['7.00 USD', '3.000 KWD'] }),
          orderRow('B', { status: 'paid', total: '5.00 USD', net: '5.00 USD' }),
          unpriced('phone', { net: '8.00 EUR' }),
          unpriced('none'),
        ],
      }),
      1,
    );
    assert.deepEqual(await ledger.orderTotals(), [
      { status: 'orphan', currency: '', count: 1 },
      { status: 'orphan', currency: 'EUR', count: 1, total: '0.00 EUR', net: '8.00 EUR' },
      { status: 'paid', currency: 'EUR', count: 1, total: '59.90 EUR', net: '-1.00 EUR' },
      { status: 'paid', currency: 'KWD', count: 0, total: '0.000 KWD', net: '3.000 KWD' },
      { status: 'paid', currency: 'USD', count: 1, total: '5.00 USD', net: '12.00 USD' },
    ]);
  });

  test('sums are exact beyond what a float or 64 bits hold', async (t) => {
    const ledger = await open(t);
    const most = '99999999999999999999.99 EUR';
    const orders = ['A', 'B', 'C'].map((id) => orderRow(id, { total: most, net: most }));
    await ledger.commit(effectsOf({ orders }), 1);
    await ledger.commit(effectsOf({ orders: [orderRow('D', { total: '0.01 EUR', net: '-0.01 EUR' })] }), 2);
    const sums = { total: '299999999999999999999.98 EUR', net: '299999999999999999999.96 EUR' };
    assert.deepEqual(await ledger.orderTotals(), [{ status: 'created', currency: 'EUR', count: 4, ...sums }]);
  });

  test('totals are those of the rows, whatever was written in whatever order', async (t) => {
    const amount = fc.constantFrom('1.00 EUR', '2.50 EUR', '7 JPY', '-3.00 EUR');
    const order = fc.record(
      {
        orderId: fc.constantFrom('a', 'b', 'c', 'd'),
        status: fc.constantFrom<OrderStatus>('created', 'paid', 'refunded'),
        total: amount,
        net: amount,
      },
      { requiredKeys: ['orderId', 'status'] },
    );
    const lead = fc.record(
      { leadId: fc.constantFrom('a', 'b', 'c'), status: fc.constantFrom('new', 'won'), value: amount },
      { requiredKeys: ['leadId', 'status'] },
    );
    const commits = fc.array(fc.record({ orders: fc.array(order), leads: fc.array(lead) }), { maxLength: 6 });
    const check = async (written: typeof commits extends fc.Arbitrary<infer T> ? T : never) => {
      const ledger = await open(t);
      for (const [n, { orders, leads }] of written.entries())
        await ledger.commit(
          effectsOf({
            orders: orders.map(({ orderId, ...more }) => unpriced(orderId, more)),
            leads: leads.map(({ leadId, ...more }) => leadRow(leadId, more)),
          }),
          n + 1,
        );
      const orders = (await ledger.orders({}, 100)).map(({ order: row }) => row);
      const orderTotals = await ledger.orderTotals();
      assert.equal(sum(orderTotals), orders.length);
      for (const status of ['created', 'paid', 'refunded'] as const) {
        const some = orders.filter((row) => row.status === status);
        assert.equal(sum(orderTotals.filter((row) => row.status === status)), some.length);
        for (const currency of ['EUR', 'JPY']) {
          const total = orderTotals.find((row) => row.status === status && row.currency === currency);
          const zero = moneyText({ minor: 0n, currency });
          assert.equal(
            total?.total ?? zero,
            moneySum(
              some.map((row) => row.total),
              currency,
            ),
          );
          assert.equal(
            total?.net ?? zero,
            moneySum(
              some.map((row) => row.net),
              currency,
            ),
          );
        }
      }
      const leads = await ledger.leads({}, 100);
      const leadTotals = await ledger.leadTotals();
      assert.equal(sum(leadTotals), leads.length);
      for (const { status, currency, count, value } of leadTotals) {
        const some = leads.filter((row) => row.status === status);
        const alike = some.filter((row) => (row.value?.slice(-3) ?? '') === currency);
        assert.equal(count, alike.length);
        if (currency !== '')
          assert.equal(
            value,
            moneySum(
              alike.map((row) => row.value),
              currency,
            ),
          );
      }
      await ledger.close();
    };
    await fc.assert(fc.asyncProperty(commits, check), { numRuns: 25 });
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

  test('leads are counted by status and by how long they have stood at it, whatever was written', async (t) => {
    const lead = fc.record({
      leadId: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
      status: fc.constantFrom('new', 'qualified'),
      changedAt: fc.integer({ min: 0, max: 60 }),
      value: fc.constantFrom('1.00 EUR' as const, '1 JPY' as const),
    });
    const bounds = fc.constantFrom([], [10], [10, 20, 50]);
    const check = async (told: Parameters<typeof leadRow>[1][], at: number, edges: readonly number[]) => {
      const ledger = await open(t);
      for (const [n, row] of told.entries())
        await ledger.commit(effectsOf({ leads: [leadRow(row?.leadId ?? '', row)] }), n + 1);
      const leads = await ledger.leads({}, 100);
      const bandOf = (changedAt: number) => edges.filter((edge) => at - changedAt >= edge).length;
      const expected = [...new Set(leads.map(({ status }) => status))].sort().map((status) => {
        const own = leads.filter((row) => row.status === status);
        const bands = Array.from({ length: edges.length + 1 }, (_, band) => band);
        return { status, leads: bands.map((band) => own.filter((row) => bandOf(row.changedAt) === band).length) };
      });
      assert.deepEqual(await ledger.leadAges(at, edges), expected);
      await ledger.close();
    };
    await fc.assert(
      fc.asyncProperty(fc.array(lead, { maxLength: 12 }), fc.integer({ min: 40, max: 70 }), bounds, check),
      { numRuns: 25 },
    );
  });

  test('leads are narrowed by since when they have stood at their status, page by page', async (t) => {
    const ledger = await open(t);
    const leads = ['a', 'ab', 'b', 'c', 'd'].map((id, n) =>
      leadRow(id, { createdAt: n % 2, changedAt: 10 * n, status: n === 3 ? 'won' : 'new' }),
    );
    await ledger.commit(effectsOf({ leads }), 1);
    for (const [asked, expected] of [
      [{ changed: {} }, 'c ab d b a'],
      [{ changed: { from: 10, to: 40 } }, 'c ab b'],
      [{ changed: { from: 20 }, status: 'new' }, 'd b'],
      [{ changed: { to: 20 }, leadId: 'a' }, 'ab a'],
      [{ changed: { from: 41 } }, ''],
    ] as const)
      for (const limit of [1, 2, 9]) assert.equal((await leadIds(ledger, asked, limit)).join(' '), expected);
  });

  test('a commit that fails leaves the totals as they were', async (t) => {
    const ledger = await open(t);
    await ledger.commit(effectsOf({ orders: [orderRow('A')], leads: [leadRow('L1')] }), 5);
    const before = [await ledger.orderTotals(), await ledger.leadTotals()];
    await assert.rejects(ledger.commit(effectsOf({ orders: [orderRow('B')], leads: [leadRow('L2')] }), 4));
    assert.deepEqual([await ledger.orderTotals(), await ledger.leadTotals()], before);
  });
}

function sampleOrders(): Pick<Parameters<typeof effectsOf>[0], 'orders' | 'entries'> {
  const told = rows(ORDERS, 3).map(([orderId = '', placed, status]) => ({ orderId, placed: Number(placed), status }));
  return {
    orders: told.map(({ orderId, placed, status }) =>
      orderRow(orderId, { status: status as OrderStatus, ...(status === 'orphan' ? {} : { createdAt: placed }) }),
    ),
    entries: told
      .filter(({ status }) => status === 'orphan')
      .map(({ orderId, placed }) => entryRow(orderId, 'pay-1', { occurredAt: placed })),
  };
}

function sampleLeads(): ReturnType<typeof leadRow>[] {
  return rows(ORDERS, 3).map(([id = '', placed, status = '']) => leadRow(id, { status, createdAt: Number(placed) }));
}

/** An order without a total. */
function unpriced(orderId: string, more: Parameters<typeof orderRow>[1] = {}): ReturnType<typeof orderRow> {
  const { total: _, ...order } = orderRow(orderId, { status: 'orphan' });
  return { ...order, ...more };
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

async function leadIds(ledger: Ledger, asked: LeadsAsked, limit: number): Promise<string[]> {
  const all: string[] = [];
  for (let narrowed = asked; ; ) {
    const page = await ledger.leads(narrowed, limit);
    all.push(...page.map(({ leadId }) => leadId));
    const last = page.at(-1);
    if (!last) return all;
    narrowed = { ...asked, after: { createdAt: last.createdAt, leadId: last.leadId } };
  }
}

/** The rows of a text table; the last of `columns` takes the rest of its line. */
function rows(table: string, columns: number): string[][] {
  return table
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const cells = line.split(/\s+/);
      return [...cells.slice(0, columns - 1), cells.slice(columns - 1).join(' ')];
    });
}

function sum(totals: readonly { count: number }[]): number {
  return totals.reduce((all, { count }) => all + count, 0);
}

function moneySum(texts: readonly (string | undefined)[], currency: string): string {
  const amounts = texts.filter((text) => text !== undefined).map(storedMoney);
  return moneyText(amounts.filter((one) => one.currency === currency).reduce(add, { minor: 0n, currency }));
}
