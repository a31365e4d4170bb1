import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DispatchRow, DispatchState } from '../event/dispatch.ts';
import type { EventRow } from '../event/event.ts';
import { outgoing } from '../event/outgoing.ts';
import type { OpenLedger } from './ledger.conformance.ts';
import type { Ledger } from './ledger.ts';
import { dispatchRow, effectsOf, eventRow } from './sample-rows.ts';

/** leg, state → is it due, does it expire, is it in flight; each with `dueAt` and `expiresAt` at 10 */
const table = `
  api   held      due  expires -
  api   queued    due  expires -
  api   inFlight  -    expires flies
  api   delivered -    -       -
  api   unknown   -    -       -
  api   withheld  -    -       -
  api   dead      -    -       -
  pixel held      -    expires -
  pixel queued    -    expires -
  pixel inFlight  -    expires -
  pixel delivered -    -       -
  pixel unknown   -    -       -
  pixel withheld  -    -       -
  pixel dead      -    -       -
`;

/** What waits: due, expired, in flight, and when to look again. */
export function outboxConformance(open: OpenLedger): void {
  for (const line of table.trim().split('\n')) {
    const [leg, state, due, expires, flies] = line.trim().split(/\s+/);
    test(`a dispatch of the ${leg} leg in state ${state}: ${[due, expires, flies].join(' ')}`, async (t) => {
      const row = dispatchRow(1, {
        leg: leg as DispatchRow['leg'],
        state: state as DispatchState,
        dueAt: 10,
        expiresAt: 10,
      });
      const ledger = await withDispatches(open(t), [row]);
      const sendable = { dispatch: row, event: outgoing(eventRow(1)), pixel: undefined };
      assert.deepEqual(await ledger.due(10, 5), due === 'due' ? [sendable] : []);
      assert.deepEqual(await ledger.expired(10, 5), expires === 'expires' ? [row] : []);
      assert.deepEqual(await ledger.inFlight(), flies === 'flies' ? [row] : []);
      assert.equal(await ledger.nextDueAt(), due === 'due' || expires === 'expires' ? 10 : undefined);
      assert.deepEqual(await ledger.due(9, 5), []);
      assert.deepEqual(await ledger.expired(9, 5), []);

      // Whatever it was, nothing waits once it is delivered.
      await ledger.commit(effectsOf({ dispatches: [{ ...row, state: 'delivered' }] }), 2);
      assert.deepEqual(await ledger.due(10, 5), []);
      assert.deepEqual(await ledger.expired(10, 5), []);
      assert.deepEqual(await ledger.inFlight(), []);
      assert.equal(await ledger.nextDueAt(), undefined);
    });
  }

  test('money is due first, then what has been due longest, up to the limit', async (t) => {
    const ledger = await withDispatches(open(t), [
      dispatchRow(1, { dueAt: 1 }),
      dispatchRow(2, { dueAt: 30, money: true }),
      dispatchRow(3, { dueAt: 5, state: 'held' }),
      dispatchRow(4, { dueAt: 20, money: true, state: 'held' }),
      dispatchRow(5, { dueAt: 99, money: true }),
      dispatchRow(6, { dueAt: 99 }),
      dispatchRow(7, { dueAt: 5 }),
    ]);
    const due = async (now: number, limit: number) =>
      (await ledger.due(now, limit)).map(({ dispatch, event }) => {
        assert.equal(dispatch.event, event.seq);
        return event.seq;
      });
    assert.deepEqual(await due(30, 10), [4, 2, 1, 3, 7]);
    assert.deepEqual(await due(30, 3), [4, 2, 1]);
    assert.deepEqual(await due(30, 1), [4]);
    assert.deepEqual(await due(29, 10), [4, 1, 3, 7]);
    assert.deepEqual(await due(0, 10), []);
  });

  test('a hold without a time is not due, but ends when it expires', async (t) => {
    const hold = dispatchRow(1, { state: 'held', expiresAt: 50 });
    const ledger = await withDispatches(open(t), [hold, dispatchRow(2, { state: 'held' })]);
    assert.deepEqual(await ledger.due(1000, 10), []);
    assert.deepEqual(await ledger.expired(1000, 10), [hold]);
    assert.equal(await ledger.nextDueAt(), 50);
  });

  test('what is due comes with the event’s pixel leg to the same destination, whatever became of that', async (t) => {
    const pixels = (['delivered', 'unknown', 'held'] as const).map((state, n) =>
      dispatchRow(1, { destination: `place-${n}`, leg: 'pixel', state, copyAt: [5, 6 + n] }),
    );
    const ledger = await withDispatches(open(t), [
      ...pixels,
      ...pixels.map(({ destination }) => dispatchRow(1, { destination, dueAt: 10 })),
      dispatchRow(1, { destination: 'place-3', dueAt: 10 }),
    ]);
    assert.deepEqual(
      (await ledger.due(10, 9)).map(({ pixel }) => pixel),
      [...pixels, undefined],
    );
  });

  test('an event that is due has all that TikTok gets of it', async (t) => {
    const odd = 'say "hi", \\ {[ü😀]}';
    const parts: Partial<EventRow>[] = [
      { personal: null, properties: {}, name: odd, eventId: odd },
      { personal: {} },
      { personal: { page: { url: odd, referrer: odd }, user: { email: ['a', 'b'], user_agent: odd } } },
      { source: 'app', app: { app_id: odd }, ad: { campaign: [1, [2]] }, limitedDataUse: false },
      { source: 'crm', lead: { lead_id: odd, more: { deep: [{}] } }, limitedDataUse: true },
      { sendValue: null, rate: { rate: '1.1', date: '2026-01-01' } },
      { sendValue: '7.00 USD', orderId: odd, properties: { [odd]: odd, description: odd } },
      {
        observations: [
          ...eventRow(1).observations,
          { seq: 9, door: 'server', occurredAt: 1, receivedAt: 2, verdict: 'paired', toldName: odd },
        ],
      },
    ];
    for (const more of parts) {
      const { value: _, ...free } = eventRow(1, more);
      for (const event of [eventRow(1, more), free]) {
        const ledger = await open(t);
        await ledger.commit(effectsOf({ events: [event], dispatches: [dispatchRow(1, { dueAt: 10 })] }), 1);
        assert.deepEqual(
          (await ledger.due(10, 9)).map((due) => due.event),
          [outgoing(event)],
        );
      }
    }
  });

  test('each destination of an event waits on its own', async (t) => {
    const ledger = await withDispatches(open(t), [
      dispatchRow(1, { destination: 'main', dueAt: 10 }),
      dispatchRow(1, { destination: 'second', dueAt: 20 }),
    ]);
    assert.deepEqual(
      (await ledger.due(20, 10)).map(({ dispatch }) => dispatch.destination),
      ['main', 'second'],
    );
  });

  test('a lane is left out whole: one destination’s money, or all else of it', async (t) => {
    const ledger = await withDispatches(open(t), [
      dispatchRow(1, { destination: 'first', dueAt: 10, money: true }),
      dispatchRow(1, { destination: 'second', dueAt: 10, money: true }),
      dispatchRow(2, { destination: 'first', dueAt: 9 }),
      dispatchRow(3, { destination: 'second', dueAt: 8 }),
      dispatchRow(4, { destination: 'third', dueAt: 7 }),
    ]);
    const lane = (destination: string, money: boolean) => ({ destination, money });
    for (const [without, expected, next] of [
      [[], ['1 first', '1 second', '4 third', '3 second', '2 first'], 7],
      [[lane('first', true)], ['1 second', '4 third', '3 second', '2 first'], 7],
      [[lane('third', false)], ['1 first', '1 second', '3 second', '2 first'], 8],
      [[lane('second', true), lane('second', false), lane('third', false)], ['1 first', '2 first'], 9],
      [['first', 'second', 'third'].flatMap((id) => [lane(id, true), lane(id, false)]), [], undefined],
      [[lane('of nobody', true)], ['1 first', '1 second', '4 third', '3 second', '2 first'], 7],
    ] as const) {
      const due = await ledger.due(10, 9, without);
      assert.deepEqual(
        due.map(({ dispatch }) => `${dispatch.event} ${dispatch.destination}`),
        expected,
      );
      assert.deepEqual(await ledger.due(10, 2, without), due.slice(0, 2));
      assert.equal(await ledger.nextDueAt(undefined, without), next);
    }
  });

  test('the expired come oldest first, up to the limit', async (t) => {
    const ledger = await withDispatches(open(t), [
      dispatchRow(1, { expiresAt: 30 }),
      dispatchRow(2, { expiresAt: 10, leg: 'pixel', state: 'inFlight' }),
      dispatchRow(3, { expiresAt: 20, state: 'held' }),
      dispatchRow(4, { expiresAt: 31 }),
    ]);
    const expired = async (limit: number) => (await ledger.expired(30, limit)).map(({ event }) => event);
    assert.deepEqual(await expired(10), [2, 3, 1]);
    assert.deepEqual(await expired(2), [2, 3]);
  });

  test('the next look is at the earliest due time or expiry, of money or not', async (t) => {
    const earliest = async (...rows: DispatchRow[]) => (await withDispatches(open(t), rows)).nextDueAt();
    assert.equal(await earliest(dispatchRow(1, { dueAt: 7 }), dispatchRow(2, { dueAt: 5, money: true })), 5);
    assert.equal(await earliest(dispatchRow(1, { dueAt: 4 }), dispatchRow(2, { dueAt: 5, money: true })), 4);
    assert.equal(await earliest(dispatchRow(1, { dueAt: 7 }), dispatchRow(2, { leg: 'pixel', expiresAt: 3 })), 3);
    assert.equal(await earliest(dispatchRow(1, { dueAt: 7, expiresAt: 9 })), 7);
  });

  test('the next look passes over what has come already, and over the due of a lane that is left out', async (t) => {
    const ledger = await withDispatches(open(t), [
      dispatchRow(1, { dueAt: 7, expiresAt: 20 }),
      dispatchRow(2, { dueAt: 9, money: true }),
      dispatchRow(3, { destination: 'second', dueAt: 8 }),
    ]);
    const main = [true, false].map((money) => ({ destination: 'main', money }));
    for (const [after, without, next] of [
      [undefined, [], 7],
      [6, [], 7],
      [7, [], 8],
      [8, [], 9],
      [9, [], 20],
      [20, [], undefined],
      [0, main, 8],
      [8, main, 20],
    ] as const)
      assert.equal(await ledger.nextDueAt(after, without), next);
  });

  test('in flight are all api dispatches under way, in order', async (t) => {
    const flying = [1, 2, 3].map((event) => dispatchRow(event, { state: 'inFlight' }));
    const ledger = await withDispatches(open(t), [...flying].reverse());
    assert.deepEqual(await ledger.inFlight(), flying);
  });
}

async function withDispatches(opening: Promise<Ledger>, dispatches: DispatchRow[]): Promise<Ledger> {
  const ledger = await opening;
  const seqs = [...new Set(dispatches.map(({ event }) => event))];
  await ledger.commit(effectsOf({ events: seqs.map((seq) => eventRow(seq)), dispatches }), 1);
  return ledger;
}
