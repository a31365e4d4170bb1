import assert from 'node:assert/strict';
import { test } from 'node:test';
import { adReportKey } from '../event/ad-report.ts';
import type { Keys } from './known.ts';
import type { OpenLedger } from './ledger.conformance.ts';
import {
  adReportRow,
  dispatchRow,
  effectsOf,
  entryRow,
  eventRow,
  findingRow,
  leadRow,
  orderRow,
  touchRow,
  verdictRow,
} from './sample-rows.ts';

/** What is asked for by key: known rows, the handout's order, the guard's keys. */
export function keyConformance(open: OpenLedger): void {
  test('load gives each row asked for once, with all entries and dispatches, and leaves out what is unknown', async (t) => {
    const ledger = await open(t);
    await ledger.commit(
      effectsOf({
        events: [eventRow(1), eventRow(2), eventRow(3)],
        orders: [orderRow('A'), orderRow('B'), orderRow('A', { shop: 'other' })],
        entries: [
          entryRow('A', 'pay-2'),
          entryRow('A', 'pay-1'),
          entryRow('A', 'pay-1', { shop: 'other' }),
          entryRow('B', 'pay-1'),
        ],
        dispatches: [dispatchRow(1), dispatchRow(1, { leg: 'pixel' }), dispatchRow(2), dispatchRow(3)],
      }),
      3,
    );
    const known = await ledger.load({
      events: [2, 1, 99, 1],
      orders: [
        { shop: 'demo', orderId: 'A' },
        { shop: 'demo', orderId: 'A' },
        { shop: 'nowhere', orderId: 'B' },
      ],
    });
    assert.deepEqual(known.events, [eventRow(2), eventRow(1)]);
    assert.deepEqual(known.orders, [orderRow('A')]);
    assert.deepEqual(known.entries, [entryRow('A', 'pay-1'), entryRow('A', 'pay-2')]);
    assert.deepEqual(known.dispatches, [dispatchRow(2), dispatchRow(1), dispatchRow(1, { leg: 'pixel' })]);
  });

  test('the entries of a payment come from whichever order they stand in', async (t) => {
    const ledger = await open(t);
    const pay = entryRow('A', 'pi_1', { provider: 'stripe' });
    const refund = entryRow('A', 're_1', { kind: 'refund', provider: 'stripe', payment: 'stripe:pi_1' });
    const waiting = entryRow('pi_1', 'dp_1', { kind: 'dispute', payment: 'stripe:pi_1', byPayment: true });
    const others = [
      entryRow('B', 'pi_1', { provider: 'paypal' }),
      entryRow('B', 'fee_1', { kind: 'fee', provider: 'stripe' }),
      entryRow('C', 'pi_1', { provider: 'stripe', shop: 'other' }),
      entryRow('D', 'pi_1'),
    ];
    await ledger.commit(effectsOf({ entries: [waiting, refund, ...others, pay] }), 1);
    const paid = async (...payments: string[]) =>
      (await ledger.load({ events: [], orders: [], payments: payments.map((payment) => ({ shop: 'demo', payment })) }))
        .paid;
    assert.deepEqual(await paid('stripe:pi_1', 'stripe:pi_1'), [pay, refund, waiting]);
    assert.deepEqual(await paid('stripe:pi_2', 'paypal:pi_1'), [others[0]]);
    assert.deepEqual(await paid(), []);
  });

  test('what moved elsewhere is removed, and counts for nothing any more', async (t) => {
    const ledger = await open(t);
    const orphan = orderRow('pi_1', { status: 'orphan', net: '-15.00 EUR' });
    const waiting = entryRow('pi_1', 'dp_1', { kind: 'chargeback', payment: 'stripe:pi_1', byPayment: true });
    const staying = [entryRow('A', 'pay-1'), entryRow('A', 'fee-1', { kind: 'fee' })];
    await ledger.commit(effectsOf({ orders: [orphan, orderRow('A')], entries: [waiting, ...staying] }), 1);
    const { orders, entries } = await ledger.load({ events: [], orders: [{ shop: 'demo', orderId: 'pi_1' }] });
    assert.deepEqual([orders, entries], [[orphan], [waiting]]);
    const moved = { ...waiting, orderId: 'A' };
    const gone = [
      { shop: 'demo', orderId: 'pi_1' },
      { shop: 'demo', orderId: 'A', reference: 'fee-1' },
      { shop: 'other', orderId: 'A', reference: 'pay-1' },
      { shop: 'demo', orderId: 'nobody' },
    ];
    const paid = orderRow('A', { status: 'disputed', net: '44.90 EUR' });
    await ledger.commit(effectsOf({ moved: gone, orders: [paid], entries: [moved] }), 2);
    const keys = ['pi_1', 'A'].map((orderId) => ({ shop: 'demo', orderId }));
    const known = await ledger.load({ events: [], orders: keys });
    assert.deepEqual([known.orders, known.entries], [[paid], [moved, staying[0]]]);
    assert.deepEqual(
      (await ledger.orders({}, 10)).map(({ order }) => order.orderId),
      ['A'],
    );
    assert.deepEqual(await ledger.orderTotals(), [
      { status: 'disputed', currency: 'EUR', count: 1, total: '59.90 EUR', net: '44.90 EUR' },
    ]);
    assert.deepEqual(await ledger.orderMarks(), [
      { kind: 'currency', name: 'EUR', orders: 1 },
      { kind: 'shop', name: 'demo', orders: 1 },
    ]);
  });

  test('load gives findings by id, once each, and none where none are asked for', async (t) => {
    const ledger = await open(t);
    await ledger.commit(effectsOf({ findings: [findingRow('a:1'), findingRow('b:2', { times: 3 })] }), 1);
    const none = { events: [], orders: [] };
    assert.deepEqual((await ledger.load({ ...none, findings: ['b:2', 'x', 'b:2'] })).findings, [
      findingRow('b:2', { times: 3 }),
    ]);
    assert.deepEqual((await ledger.load(none)).findings, []);
  });

  test('load gives an event by its own key, however old, with its dispatches', async (t) => {
    const ledger = await open(t);
    const { sourceId, name, eventId } = eventRow(1);
    const others = [eventRow(2, { eventId, name: 'Other' }), eventRow(3, { eventId, sourceId: 'other/web' })];
    await ledger.commit(effectsOf({ events: [eventRow(1), ...others], dispatches: [dispatchRow(1)] }), 3);
    const known = await ledger.load({ events: [], orders: [], named: [{ sourceId, name, eventId }] });
    assert.deepEqual(known.events, [eventRow(1)]);
    assert.deepEqual(known.dispatches, [dispatchRow(1)]);
    const unknown = { sourceId, name, eventId: 'nobody' };
    assert.deepEqual((await ledger.load({ events: [], orders: [], named: [unknown] })).events, []);
  });

  test('an order id may be any text', async (t) => {
    const ledger = await open(t);
    const ids = ['10045', '#10/45', "o'clock", 'ü 😀', '', '["demo","A"]'];
    await ledger.commit(effectsOf({ orders: ids.map((id) => orderRow(id)) }), 1);
    for (const orderId of ids)
      assert.deepEqual((await ledger.load({ events: [], orders: [{ shop: 'demo', orderId }] })).orders, [
        orderRow(orderId),
      ]);
  });

  test('a capability opens its order with the event and its dispatches', async (t) => {
    const ledger = await open(t);
    const order = orderRow('A', { event: 1, capabilities: ['c1', 'c2'] });
    await ledger.commit(
      effectsOf({
        events: [eventRow(1)],
        orders: [order, orderRow('B', { capabilities: ['c3'] })],
        dispatches: [dispatchRow(1), dispatchRow(1, { leg: 'pixel' })],
      }),
      1,
    );
    const opened = { order, event: eventRow(1), dispatches: [dispatchRow(1), dispatchRow(1, { leg: 'pixel' })] };
    assert.deepEqual(await ledger.capability('c1'), opened);
    assert.deepEqual(await ledger.capability('c2'), opened);
    assert.deepEqual(await ledger.capability('c3'), { order: orderRow('B', { capabilities: ['c3'] }), dispatches: [] });
    assert.equal(await ledger.capability('c4'), undefined);
  });

  test('a capability that the order lost opens nothing', async (t) => {
    const ledger = await open(t);
    await ledger.commit(effectsOf({ orders: [orderRow('A', { capabilities: ['c1'] })] }), 1);
    await ledger.commit(effectsOf({ orders: [orderRow('A', { capabilities: ['c2'] })] }), 2);
    assert.equal(await ledger.capability('c1'), undefined);
    assert.equal((await ledger.capability('c2'))?.order.orderId, 'A');
  });

  test('the guard gets keys and doors since a time, oldest first, page by page', async (t) => {
    const ledger = await open(t);
    const seen = { occurredAt: 1, receivedAt: 1, verdict: 'paired' } as const;
    const paired = eventRow(4, {
      observations: [
        { seq: 4, door: 'server', ...seen },
        { seq: 5, door: 'browser', ...seen },
        { seq: 6, door: 'server', ...seen },
        { seq: 7, door: 'webhook:shopify', ...seen },
      ],
    });
    // The clock stepped back between 2 and 3: the sequence is the order, the time is only a bound.
    const events = [
      eventRow(1),
      eventRow(2, { receivedAt: 2000 }),
      eventRow(3, { receivedAt: 1500 }),
      paired,
      eventRow(8),
    ];
    const verdicts = events.map(({ seq, receivedAt }) => verdictRow(seq, { event: seq, at: receivedAt }));
    await ledger.commit(effectsOf({ events, verdicts }), 8);
    const seqs = async (since: number, after: number, limit: number) =>
      (await ledger.guard(since, after, limit)).map(({ seq }) => seq);
    assert.deepEqual(await seqs(0, 0, 10), [1, 2, 3, 4, 8]);
    assert.deepEqual(await seqs(1004, 0, 2), [2, 3]);
    assert.deepEqual(await seqs(1004, 3, 2), [4, 8]);
    assert.deepEqual(await seqs(1004, 8, 2), []);
    assert.deepEqual(await seqs(1600, 0, 10), [2]);
    assert.deepEqual(await seqs(2000, 0, 10), [2]);
    assert.deepEqual(await seqs(2001, 0, 10), []);
    assert.deepEqual(await ledger.guard(0, 3, 1), [
      {
        seq: 4,
        sourceId: 'demo/main',
        name: 'AddToCart',
        eventId: 'id-4',
        receivedAt: 1004,
        doors: ['server', 'browser', 'webhook:shopify'],
      },
    ]);
  });
  test("a visitor's events come while a leg of theirs has not ended", async (t) => {
    const ledger = await open(t);
    const events = [1, 2, 3, 5].map((seq) => eventRow(seq, { visitor: 'v1' }));
    const dispatches = [
      dispatchRow(1, { state: 'held' }),
      dispatchRow(2, { state: 'delivered' }),
      dispatchRow(3, { state: 'delivered' }),
      dispatchRow(3, { leg: 'pixel', state: 'held' }),
      dispatchRow(4),
      dispatchRow(5, { state: 'inFlight' }),
    ];
    await ledger.commit(effectsOf({ events: [...events, eventRow(4, { visitor: 'v2' })], dispatches }), 5);
    const known = await ledger.load({ events: [], orders: [], visitors: ['v1', 'nobody'] });
    assert.deepEqual(new Set(known.events.map(({ seq }) => seq)), new Set([1, 3, 5]));
    assert.equal(known.dispatches.length, 4);
  });

  test('a visitor’s context is their newest live event that knows its page', async (t) => {
    const ledger = await open(t);
    const pageless = { user: { ip: '192.0.2.1' } };
    const events = [
      eventRow(1, { visitor: 'v1' }),
      eventRow(2, { visitor: 'v1', personal: { page: { url: 'https://shop.example/2' } } }),
      eventRow(3, { visitor: 'v1', namespace: 'draft' }),
      eventRow(4, { visitor: 'v1', personal: pageless }),
      eventRow(5, { visitor: 'v1', personal: null }),
      eventRow(6, { visitor: 'v2', personal: { ...pageless, page: { referrer: 'https://shop.example/' } } }),
      eventRow(7, { session: 'v1' }),
      eventRow(8, { visitor: 'v3' }),
    ];
    await ledger.commit(effectsOf({ events, dispatches: [dispatchRow(2)] }), 8);
    const known = await ledger.load({ events: [], orders: [], contexts: ['v3', 'v1', 'v2', 'nobody', 'v1'] });
    assert.deepEqual(known.contexts, [eventRow(8, { visitor: 'v3' }), events[1]]);
    assert.deepEqual([known.events, known.dispatches], [[], []]);
    await ledger.commit(effectsOf({ events: [eventRow(9, { visitor: 'v1' })] }), 9);
    const later = await ledger.load({ events: [], orders: [], contexts: ['v1'] });
    assert.deepEqual(later.contexts, [eventRow(9, { visitor: 'v1' })]);
  });

  test('a visitor’s newest click comes along, where another event than the context knows it', async (t) => {
    const ledger = await open(t);
    const clicked = (seq: number, visitor: string, more = {}) =>
      eventRow(seq, { visitor, personal: { user: { ttclid: `click-${seq}` } }, ...more });
    const many = Array.from({ length: 100 }, (_, n) => eventRow(20 + n, { visitor: 'v4' }));
    const events = [
      ...[clicked(1, 'v1'), clicked(2, 'v1'), clicked(3, 'v1', { namespace: 'draft' }), eventRow(4, { visitor: 'v1' })],
      ...[clicked(5, 'v2', { personal: { user: { ttclid: 'c' }, page: { url: 'https://shop.example/' } } })],
      ...[clicked(6, 'v3'), clicked(7, 'v4'), ...many],
    ];
    await ledger.commit(effectsOf({ events }), 200);
    for (const [visitor, seqs] of [
      ['v1', [4, 2]],
      ['v2', [5]],
      ['v3', [6]],
      // Too many events ago.
      ['v4', [119]],
    ] as const) {
      const { contexts } = await ledger.load({ events: [], orders: [], contexts: [visitor] });
      assert.deepEqual(
        contexts.map(({ seq }) => seq),
        seqs,
        visitor,
      );
    }
  });

  test('leads come by their ids, as they were last written', async (t) => {
    const ledger = await open(t);
    const personal = { user: { ttclid: 'E.C.P.1' } };
    await ledger.commit(effectsOf({ leads: [leadRow('L1'), leadRow('L2', { personal })] }), 1);
    await ledger.commit(effectsOf({ leads: [leadRow('L1', { status: 'qualified', value: '40.00 EUR' })] }), 2);
    const { leads } = await ledger.load({ events: [], orders: [], leads: ['L2', 'nobody', 'L1', 'L2'] });
    assert.deepEqual(leads, [leadRow('L2', { personal }), leadRow('L1', { status: 'qualified', value: '40.00 EUR' })]);
    assert.deepEqual((await ledger.load({ events: [], orders: [] })).leads, []);
  });

  test('a visitor’s leads come with what the visitor chose, and no one else’s', async (t) => {
    const ledger = await open(t);
    const leads = [
      leadRow('L1', { visitor: 'v1' }),
      leadRow('L2', { visitor: 'v2' }),
      leadRow('L3'),
      leadRow('L4', { visitor: 'v1', session: 'v2' }),
    ];
    await ledger.commit(effectsOf({ leads }), 1);
    const ids = async (keys: Partial<Keys>) =>
      new Set((await ledger.load({ events: [], orders: [], ...keys })).leads.map(({ leadId }) => leadId));
    assert.deepEqual(await ids({ visitors: ['v1', 'nobody'] }), new Set(['L1', 'L4']));
    assert.deepEqual(await ids({ visitors: ['v1'], leads: ['L3', 'L1'] }), new Set(['L1', 'L3', 'L4']));
    await ledger.commit(effectsOf({ leads: [leadRow('L3', { visitor: 'v1' })] }), 2);
    assert.deepEqual(await ids({ visitors: ['v1'] }), new Set(['L1', 'L3', 'L4']));
  });

  test('touches come by their ids', async (t) => {
    const ledger = await open(t);
    await ledger.commit(effectsOf({ touches: [touchRow('t1', 1), touchRow('t2', 2)] }), 2);
    const { touches } = await ledger.load({ events: [], orders: [], touches: ['t2', 'nobody', 't2'] });
    assert.deepEqual(touches, [touchRow('t2', 2)]);
  });

  test('rows of reports come by level, id, day and basis', async (t) => {
    const ledger = await open(t);
    const rows = [
      adReportRow('7', 1),
      adReportRow('7', 2, { level: 'campaign', viewConversions: 2, viewValue: '5.00 EUR' }),
      adReportRow('7', 3, { day: '2026-08-02' }),
      adReportRow('7', 4, { basis: 'conversion' }),
    ];
    await ledger.commit(effectsOf({ adReports: rows }), 4);
    const load = async (...adReports: string[]): Promise<unknown> =>
      (await ledger.load({ events: [], orders: [], adReports })).adReports;
    assert.deepEqual(await load(...rows.map(adReportKey)), rows);
    assert.deepEqual(await load('ad|7|2026-08-02|impression', 'ad|9|2026-08-02|impression'), rows.slice(2, 3));
    assert.deepEqual(await load(), []);
  });

  test('of visitors’ choices a no is known, until their next yes', async (t) => {
    const ledger = await open(t);
    const refusers = async (...choosers: string[]): Promise<string[]> =>
      (await ledger.load({ events: [], orders: [], choosers })).refusers;
    const choice = (visitor: string, said: 'granted' | 'denied', at: number) => ({ visitor, choice: said, at });
    await ledger.commit(effectsOf({ choices: [choice('v1', 'denied', 1), choice('v2', 'granted', 2)] }), 1);
    assert.deepEqual(await refusers('v3', 'v2', 'v1', 'v1'), ['v1']);
    assert.deepEqual((await ledger.load({ events: [], orders: [] })).refusers, []);
    const turns = [choice('v1', 'granted', 3), choice('v2', 'denied', 4), choice('v2', 'denied', 5)];
    await ledger.commit(effectsOf({ choices: turns }), 2);
    assert.deepEqual(await refusers('v1', 'v2'), ['v2']);
    await ledger.commit(effectsOf({ choices: [choice('v2', 'granted', 6), choice('v2', 'denied', 7)] }), 3);
    assert.deepEqual(await refusers('v1', 'v2'), ['v2']);
  });
}
