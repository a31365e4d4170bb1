import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { AttemptRow, DispatchRow, DispatchState } from '../event/dispatch.ts';
import { LAG_BOUNDS } from '../event/lag.ts';
import { MINUTE } from '../event/time.ts';
import type { OpenLedger } from './ledger.conformance.ts';
import type { Ledger } from './ledger.ts';
import type { Backlog, DeliveryMinute } from './outbox.ts';
import { attemptRow, dispatchRow, effectsOf } from './sample-rows.ts';

/** state, came, changed (minutes) → what each minute has, and who waits */
const table = `
  held       1 1  1:+1      held
  queued     1 1  1:+1      queued
  inFlight   1 3  1:+1      inFlight
  delivered  1 1  1:+1-1    -
  delivered  1 3  1:+1,3:-1 -
  unknown    1 2  1:+1,2:-1 -
  dead       1 2  1:+1,2:-1 -
  withheld   1 2  1:+1,2:-1 -
  withheld   1 1  -         -
`;

/** What api legs did minute by minute, and what waits of them. */
export function deliveryConformance(open: OpenLedger): void {
  for (const line of table.trim().split('\n')) {
    const [state = '', came, changed, minutes, waits] = line.trim().split(/\s+/);
    test(`a leg that came in minute ${came} and is ${state} since minute ${changed} counts ${minutes}`, async (t) => {
      const ledger = await open(t);
      const row = leg(1, { state: state as DispatchState, came: Number(came), changed: Number(changed) });
      const others = [
        { ...row, event: 2, leg: 'pixel' as const },
        { ...row, event: 3, draft: true as const },
      ];
      await ledger.commit(effectsOf({ dispatches: [row, ...others] }), 3);
      const told = (await ledger.deliveries(0, 9 * MINUTE)).map(
        ({ minute, entered, left }) =>
          `${minute / MINUTE}:${entered > 0 ? `+${entered}` : ''}${left > 0 ? `-${left}` : ''}`,
      );
      assert.equal(told.join(',') || '-', minutes);
      const none = { held: 0, queued: 0, inFlight: 0 };
      const waiting = { destination: 'main', money: false, ...none, oldestReceivedAt: Number(came) * MINUTE };
      assert.deepEqual(await ledger.backlog(), waits === '-' ? [] : [{ ...waiting, [waits ?? '']: 1 }]);
    });
  }

  test('answers are counted by outcome, code and reason, and accepted ones by their lag', async (t) => {
    const ledger = await open(t);
    const accepted = { outcome: 'accepted', why: 'accepted', http: 200, code: 0, answeredAt: 5 * MINUTE + 1 };
    const attempts = [
      attemptRow(1, 1, { ...accepted, lagMs: 80 }),
      attemptRow(2, 1, { ...accepted, lagMs: 100 }),
      attemptRow(3, 1, { ...accepted, lagMs: 90 * 24 * 60 * MINUTE }),
      attemptRow(4, 1, { outcome: 'retry', why: 'no_answer', answeredAt: 5 * MINUTE }),
      attemptRow(5, 1, { ...accepted, draft: true }),
      attemptRow(6, 1),
      attemptRow(7, 1, { ...accepted, leg: 'pixel' }),
      attemptRow(8, 1, { ...accepted, destination: 'second', lagMs: -5 }),
    ];
    await ledger.commit(effectsOf({ attempts }), 1);
    const minute = { minute: 5 * MINUTE, entered: 0, left: 0 };
    const answer = { outcome: 'accepted', why: 'accepted', http: 200, code: 0 };
    const retried = { outcome: 'retry', why: 'no_answer', count: 1 };
    assert.deepEqual(await ledger.deliveries(0, 6 * MINUTE), [
      {
        ...minute,
        destination: 'main',
        answers: [{ ...answer, count: 3 }, retried],
        lags: lags({ 1: 2, [LAG_BOUNDS.length]: 1 }),
      },
      { ...minute, destination: 'second', answers: [{ ...answer, count: 1 }], lags: lags({ 0: 1 }) },
    ]);
    assert.deepEqual(await ledger.deliveries(0, 5 * MINUTE), []);
    assert.deepEqual(await ledger.deliveries(5 * MINUTE + 1, 9 * MINUTE), []);
  });

  test('a leg that an operator replays waits anew, and no minute tells of its first end any more', async (t) => {
    const ledger = await open(t);
    await ledger.commit(effectsOf({ dispatches: [leg(1, { state: 'dead', came: 1, changed: 2 })] }), 1);
    const again = { ...leg(1, { state: 'queued', came: 1, changed: 7 }), replayedAt: 7 * MINUTE };
    await ledger.commit(effectsOf({ dispatches: [again] }), 2);
    const minutes = (await ledger.deliveries(0, 9 * MINUTE)).map(({ minute, entered }) => [minute / MINUTE, entered]);
    assert.deepEqual(minutes, [[7, 1]]);
    assert.equal((await ledger.backlog())[0]?.oldestReceivedAt, 7 * MINUTE);
  });

  test('what waits is told by destination, money first, with the minute of the oldest', async (t) => {
    const ledger = await open(t);
    const dispatches = [
      leg(1, { state: 'queued', came: 4, changed: 4 }),
      leg(2, { state: 'held', came: 3, changed: 8 }),
      leg(3, { state: 'inFlight', came: 6, changed: 6, money: true }),
      { ...leg(4, { state: 'queued', came: 5, changed: 5 }), destination: 'a' },
    ];
    await ledger.commit(effectsOf({ dispatches }), 4);
    const none = { held: 0, queued: 0, inFlight: 0 };
    const expected: Backlog[] = [
      { ...none, destination: 'a', money: false, queued: 1, oldestReceivedAt: 5 * MINUTE },
      { ...none, destination: 'main', money: true, inFlight: 1, oldestReceivedAt: 6 * MINUTE },
      { ...none, destination: 'main', money: false, held: 1, queued: 1, oldestReceivedAt: 3 * MINUTE },
    ];
    assert.deepEqual(await ledger.backlog(), expected);
  });

  test('the sums are those of the rows as they are now, in however many commits they came', async (t) => {
    const dispatch = fc
      .record({
        event: fc.integer({ min: 1, max: 4 }),
        destination: fc.constantFrom('main', 'second'),
        state: fc.constantFrom<DispatchState>('held', 'queued', 'inFlight', 'delivered', 'unknown', 'withheld', 'dead'),
        money: fc.boolean(),
        came: fc.integer({ min: 0, max: 3 }),
        changed: fc.integer({ min: 0, max: 4 }),
      })
      .map(({ event, destination, ...more }) => ({ ...leg(event, more), destination }));
    const attempt = fc
      .record({
        event: fc.integer({ min: 1, max: 3 }),
        outcome: fc.constantFrom('accepted', 'retry', undefined),
        answeredAt: fc.integer({ min: 0, max: 4 * MINUTE }),
        lagMs: fc.integer({ min: -10, max: 300_000 }),
        code: fc.constantFrom(0, 40_100),
      })
      .map(({ event, outcome, ...more }) =>
        outcome ? attemptRow(event, 1, { outcome, ...more }) : attemptRow(event, 1),
      );
    const commits = fc.array(
      fc.record({
        dispatches: fc.uniqueArray(dispatch, { maxLength: 5, selector: (row) => `${row.event} ${row.destination}` }),
        attempts: fc.uniqueArray(attempt, { maxLength: 3, selector: (row) => row.event }),
      }),
      { maxLength: 6 },
    );
    const check = async (written: { dispatches: DispatchRow[]; attempts: AttemptRow[] }[]) => {
      const ledger = await open(t);
      const last = new Map<string, DispatchRow | AttemptRow>();
      for (const [n, { dispatches, attempts }] of written.entries()) {
        await ledger.commit(effectsOf({ dispatches, attempts }), n + 9);
        for (const row of dispatches) last.set(`dispatch ${row.event} ${row.destination}`, row);
        for (const row of attempts) last.set(`attempt ${row.event}`, row);
      }
      const once = await open(t);
      const rows = [...last.values()];
      await once.commit(
        effectsOf({
          dispatches: rows.filter((row): row is DispatchRow => 'state' in row),
          attempts: rows.filter((row): row is AttemptRow => 'n' in row),
        }),
        9,
      );
      const [told, expected] = [await all(ledger), await all(once)];
      assert.deepEqual(told, expected);
      assert.equal(told.entered - told.left, told.waiting);
      await ledger.close();
      await once.close();
    };
    await fc.assert(fc.asyncProperty(commits, check), { numRuns: 40 });
  });

  test('a commit that fails leaves the sums as they were', async (t) => {
    const ledger = await open(t);
    await ledger.commit(effectsOf({ dispatches: [leg(1, { state: 'queued', came: 1, changed: 1 })] }), 5);
    const before = await all(ledger);
    await assert.rejects(
      ledger.commit(effectsOf({ dispatches: [leg(2, { state: 'queued', came: 1, changed: 1 })] }), 4),
    );
    await ledger.commit(effectsOf({}), 6);
    assert.deepEqual(await all(ledger), before);
  });
}

async function all(
  ledger: Ledger,
): Promise<{ minutes: DeliveryMinute[]; backlog: Backlog[]; entered: number; left: number; waiting: number }> {
  const minutes = await ledger.deliveries(0, 99 * MINUTE);
  const backlog = await ledger.backlog();
  return {
    ...{ minutes, backlog },
    entered: minutes.reduce((sum, { entered }) => sum + entered, 0),
    left: minutes.reduce((sum, { left }) => sum + left, 0),
    waiting: backlog.reduce((sum, { held, queued, inFlight }) => sum + held + queued + inFlight, 0),
  };
}

/** An api leg; times are minutes. */
function leg(
  event: number,
  { came, changed, ...more }: Pick<DispatchRow, 'state'> & { came: number; changed: number; money?: boolean },
): DispatchRow {
  return dispatchRow(event, { ...more, receivedAt: came * MINUTE, changedAt: changed * MINUTE });
}

function lags(counts: Record<number, number>): number[] {
  return Array.from({ length: LAG_BOUNDS.length + 1 }, (_, at) => counts[at] ?? 0);
}
