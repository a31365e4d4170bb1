import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DispatchState } from '../event/dispatch.ts';
import type { Personal } from '../event/event.ts';
import type { OpenLedger } from './ledger.conformance.ts';
import type { Ledger } from './ledger.ts';
import { dispatchRow, effectsOf, entryRow, eventRow, leadRow, orderRow, touchRow, verdictRow } from './sample-rows.ts';

const PERSONAL: Personal = { user: { ip: '192.0.2.1' }, page: { url: 'https://shop.example/' } };

const TOUCHED = (n: number) => ({ personal: { user: { ttclid: `c${n}` } }, target: 'https://a.example/' });

/** What retention takes from every engine of the ledger, and what it leaves. */
export function forgetConformance(open: OpenLedger): void {
  test('retention empties what is older and keeps what is not, with all keys and facts', async (t) => {
    const ledger = await open(t);
    const ages = [1, 2, 3, 4];
    await ledger.commit(
      effectsOf({
        verdicts: ages.map((n) => verdictRow(n, { event: n })),
        events: ages.map((n) => eventRow(n, { receivedAt: n * 1000, orderId: `o${n}` })),
        orders: ages.map((n) => orderRow(`o${n}`, { event: n, createdAt: n * 1000, personal: PERSONAL })),
        entries: ages.map((n) => entryRow(`o${n}`, 'pay')),
        leads: ages.map((n) => leadRow(`l${n}`, { changedAt: n * 1000, personal: PERSONAL })),
        // What an import tells happened long before; it is as old as its receipt.
        touches: ages.map((n) => touchRow(`t${n}`, n, { ...TOUCHED(n), at: 1, receivedAt: n * 1000 })),
      }),
      4,
    );
    assert.deepEqual(await ledger.forget(3000), { count: 8, next: 'nothing' });
    assert.deepEqual(await ledger.forget(3000), { count: 0, next: 'nothing' });
    assert.deepEqual(await personalOf(ledger), [
      ...['event 3', 'event 4', 'order o3', 'order o4', 'lead l3', 'lead l4', 'touch t3', 'touch t4'],
    ]);
    const { orders, entries, events } = await ledger.load({ events: [1], orders: [{ shop: 'demo', orderId: 'o1' }] });
    assert.deepEqual([orders.length, entries.length, events[0]?.orderId], [1, 1, 'o1']);
    assert.deepEqual(await ledger.find('o1', 5), [1]);
    assert.equal((await ledger.orderTotals())[0]?.count, 4);
    const byClick = await Promise.all(ages.map(async (n) => (await ledger.lineage([], [`c${n}`])).touches.length));
    assert.deepEqual(byClick, [0, 0, 1, 1]);
  });

  test('an order that nobody told is as old as its first fact', async (t) => {
    const ledger = await open(t);
    await ledger.commit(
      effectsOf({
        orders: [orderRow('o1', { personal: PERSONAL }), orderRow('o2', { personal: PERSONAL })],
        entries: [entryRow('o1', 'pay', { occurredAt: 1000 }), entryRow('o2', 'pay', { occurredAt: 5000 })],
      }),
      1,
    );
    assert.equal((await ledger.forget(3000)).count, 1);
    assert.deepEqual(await personalOf(ledger), ['order o2']);
  });

  for (const state of ['held', 'queued', 'inFlight', 'delivered', 'unknown', 'dead', 'withheld'] as DispatchState[])
    test(`an event whose leg is ${state} ${WAITS.has(state) ? 'keeps' : 'loses'} its personal fields`, async (t) => {
      const ledger = await open(t);
      await ledger.commit(
        effectsOf({
          events: [eventRow(1, { orderId: 'o1' }), eventRow(2)],
          orders: [orderRow('o1', { event: 1, createdAt: 1000, personal: PERSONAL })],
          dispatches: [dispatchRow(1, { state }), dispatchRow(2, { state: 'delivered' })],
        }),
        2,
      );
      await ledger.forget(9000);
      assert.deepEqual(await personalOf(ledger), WAITS.has(state) ? ['event 1', 'order o1'] : []);
      await ledger.commit(effectsOf({ dispatches: [dispatchRow(1, { state: 'delivered' })] }), 3);
      await ledger.forget(9000);
      assert.deepEqual(await personalOf(ledger), []);
    });

  test('a row that is written with personal fields again loses them again', async (t) => {
    const ledger = await open(t);
    await ledger.commit(effectsOf({ events: [eventRow(1), eventRow(2)] }), 2);
    await ledger.forget(9000);
    await ledger.commit(effectsOf({ events: [eventRow(1)] }), 3);
    assert.deepEqual(await personalOf(ledger), ['event 1']);
    assert.equal((await ledger.forget(9000)).count, 1);
  });

  test('however many rows are due, step after step comes to an end', async (t) => {
    const ledger = await open(t);
    const many = Array.from({ length: 5000 }, (_, n) => eventRow(n + 1));
    await ledger.commit(effectsOf({ events: many, dispatches: [dispatchRow(3)] }), many.length);
    let count = 0;
    for (let steps = 0; ; steps++) {
      assert.ok(steps < 10);
      const step = await ledger.forget(1e9);
      count += step.count;
      if (step.next !== 'more') break;
    }
    assert.equal(count, many.length - 1);
    assert.equal((await ledger.forget(1e9)).count, 0);
  });
}

const WAITS: ReadonlySet<DispatchState> = new Set(['held', 'queued', 'inFlight']);

/** The rows that still have personal fields. */
async function personalOf(ledger: Ledger): Promise<string[]> {
  const found = await ledger.lineage([1, 2, 3, 4], ['o1', 'o2', 't1', 't2', 't3', 't4', 'c1', 'l1', 'l2', 'l3', 'l4']);
  const orders = await ledger.orders({}, 9);
  const leads = await ledger.leads({}, 9);
  return [
    ...found.events.filter(({ personal }) => personal !== null).map(({ seq }) => `event ${seq}`),
    ...orders.filter(({ order }) => order.personal !== null).map(({ order }) => `order ${order.orderId}`),
    ...leads.filter(({ personal }) => personal !== null).map(({ leadId }) => `lead ${leadId}`),
    ...found.touches.filter(({ personal, target }) => personal ?? target).map(({ touch }) => `touch ${touch}`),
  ].sort((a, b) => KINDS.indexOf(a.split(' ')[0] ?? '') - KINDS.indexOf(b.split(' ')[0] ?? '') || (a < b ? -1 : 1));
}

const KINDS = ['event', 'order', 'lead', 'touch'];
