import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { DispatchState } from '../event/dispatch.ts';
import type { Verdict } from '../event/event.ts';
import type { OpenLedger } from './ledger.conformance.ts';
import { differenceRow, dispatchRow, effectsOf, eventRow, findingRow, specRow, verdictRow } from './sample-rows.ts';

/** What pages list, and totals that add up. */
export function listConformance(open: OpenLedger): void {
  test('a record has one current verdict, its latest, and the lists show that one', async (t) => {
    const ledger = await open(t);
    const first = verdictRow(2, { verdict: 'quarantined' });
    const second = verdictRow(2, { n: 2, event: 2 });
    await ledger.commit(effectsOf({ verdicts: [verdictRow(1), first, verdictRow(3)] }), 3);
    assert.deepEqual(await ledger.verdicts(1, 3), [verdictRow(1), first, verdictRow(3)]);
    await ledger.commit(effectsOf({ verdicts: [second], events: [eventRow(2)] }), 4);
    assert.deepEqual(await ledger.verdicts(1, 3), [verdictRow(1), second, verdictRow(3)]);
    assert.deepEqual(await ledger.verdicts(2, 2), [second]);
    assert.deepEqual(await ledger.verdicts(4, 9), []);
    assert.deepEqual((await ledger.lineage([2], [])).verdicts, [first, second]);
  });

  test('the recent are newest first, page by page, with the events they belong to', async (t) => {
    const ledger = await open(t);
    await ledger.commit(
      effectsOf({
        events: [eventRow(1)],
        verdicts: [
          verdictRow(1, { event: 1 }),
          verdictRow(2, { verdict: 'refused' }),
          verdictRow(3, { event: 1, verdict: 'paired' }),
          verdictRow(3, { event: 1, n: 2, verdict: 'duplicate' }),
          verdictRow(4, { event: 99 }),
        ],
      }),
      4,
    );
    const third = { verdict: verdictRow(3, { event: 1, n: 2, verdict: 'duplicate' }), event: eventRow(1) };
    const second = { verdict: verdictRow(2, { verdict: 'refused' }) };
    assert.deepEqual(await ledger.recent(9e15, 3), [{ verdict: verdictRow(4, { event: 99 }) }, third, second]);
    assert.deepEqual(await ledger.recent(4, 2), [third, second]);
    assert.deepEqual(await ledger.recent(2, 10), [{ verdict: verdictRow(1, { event: 1 }), event: eventRow(1) }]);
  });

  test('a changed verdict moves its record from one total to another', async (t) => {
    const ledger = await open(t);
    await ledger.commit(
      effectsOf({
        verdicts: [
          verdictRow(1),
          verdictRow(2, { verdict: 'quarantined' }),
          verdictRow(3, { door: 'server', verdict: 'paired' }),
        ],
      }),
      3,
    );
    assert.deepEqual((await ledger.totals()).verdicts, [
      { door: 'browser', verdict: 'admitted', draft: false, count: 1 },
      { door: 'browser', verdict: 'quarantined', draft: false, count: 1 },
      { door: 'server', verdict: 'paired', draft: false, count: 1 },
    ]);
    await ledger.commit(effectsOf({ verdicts: [verdictRow(2, { n: 2 })] }), 4);
    assert.deepEqual((await ledger.totals()).verdicts, [
      { door: 'browser', verdict: 'admitted', draft: false, count: 2 },
      { door: 'server', verdict: 'paired', draft: false, count: 1 },
    ]);
  });

  test('totals are the current verdicts and states, whatever was written in whatever order', async (t) => {
    const verdicts: Verdict[] = ['admitted', 'paired', 'duplicate', 'quarantined', 'refused'];
    const states: DispatchState[] = ['held', 'queued', 'inFlight', 'delivered', 'unknown', 'withheld', 'dead'];
    const verdict = fc.record({
      seq: fc.integer({ min: 1, max: 6 }),
      n: fc.integer({ min: 1, max: 3 }),
      verdict: fc.constantFrom(...verdicts),
    });
    const dispatch = fc.record({
      event: fc.integer({ min: 1, max: 3 }),
      leg: fc.constantFrom('api', 'pixel'),
      state: fc.constantFrom(...states),
    });
    const dispatches = fc.uniqueArray(dispatch, { selector: ({ event, leg }) => `${event} ${leg}` });
    const commits = fc.array(fc.record({ verdicts: fc.array(verdict), dispatches }), {
      maxLength: 6,
    });
    const check = async (written: typeof commits extends fc.Arbitrary<infer T> ? T : never) => {
      const ledger = await open(t);
      const current = new Map<number, { n: number; verdict: Verdict }>();
      const stateOf = new Map<string, DispatchState>();
      for (const [n, commit] of written.entries()) {
        await ledger.commit(
          effectsOf({
            verdicts: commit.verdicts.map(({ seq, ...more }) => verdictRow(seq, more)),
            dispatches: commit.dispatches.map(({ event, ...more }) => dispatchRow(event, more)),
          }),
          6 + n,
        );
        for (const row of commit.verdicts) if (row.n >= (current.get(row.seq)?.n ?? 0)) current.set(row.seq, row);
        for (const row of commit.dispatches) stateOf.set(`${row.event} ${row.leg}`, row.state);
      }
      const totals = await ledger.totals();
      for (const name of verdicts)
        assert.equal(
          totals.verdicts.find((row) => row.verdict === name)?.count ?? 0,
          [...current.values()].filter((row) => row.verdict === name).length,
        );
      for (const state of states)
        assert.equal(
          totals.dispatches.filter((row) => row.state === state).reduce((sum, row) => sum + row.count, 0),
          [...stateOf.values()].filter((value) => value === state).length,
        );
      for (const { count } of [...totals.verdicts, ...totals.dispatches]) assert.ok(count > 0);
      await ledger.close();
    };
    await fc.assert(fc.asyncProperty(commits, check), { numRuns: 25 });
  });

  test('dispatch totals are by destination, leg and state', async (t) => {
    const ledger = await open(t);
    await ledger.commit(
      effectsOf({
        dispatches: [
          dispatchRow(1),
          dispatchRow(1, { leg: 'pixel' }),
          dispatchRow(2),
          dispatchRow(2, { destination: 'second' }),
        ],
      }),
      2,
    );
    await ledger.commit(effectsOf({ dispatches: [dispatchRow(2, { state: 'delivered' })] }), 3);
    assert.deepEqual(await ledger.totals(), {
      offset: 3,
      verdicts: [],
      dispatches: [
        { destination: 'main', leg: 'api', state: 'delivered', draft: false, count: 1 },
        { destination: 'main', leg: 'api', state: 'queued', draft: false, count: 1 },
        { destination: 'main', leg: 'pixel', state: 'queued', draft: false, count: 1 },
        { destination: 'second', leg: 'api', state: 'queued', draft: false, count: 1 },
      ],
    });
  });

  test('drafts are totalled apart', async (t) => {
    const ledger = await open(t);
    const draft = { draft: true } as const;
    await ledger.commit(
      effectsOf({
        verdicts: [verdictRow(1), verdictRow(2, draft)],
        dispatches: [dispatchRow(1), dispatchRow(2, draft)],
      }),
      2,
    );
    await ledger.commit(effectsOf({ dispatches: [dispatchRow(2, { ...draft, state: 'delivered' })] }), 3);
    const { verdicts, dispatches } = await ledger.totals();
    assert.deepEqual(verdicts, [
      { door: 'browser', verdict: 'admitted', draft: false, count: 1 },
      { door: 'browser', verdict: 'admitted', draft: true, count: 1 },
    ]);
    assert.deepEqual(dispatches, [
      { destination: 'main', leg: 'api', state: 'delivered', draft: true, count: 1 },
      { destination: 'main', leg: 'api', state: 'queued', draft: false, count: 1 },
    ]);
  });

  test('specs come by version, findings by when they were last seen', async (t) => {
    const ledger = await open(t);
    const findings = [findingRow('a', { lastSeenAt: 5 }), findingRow('b', { lastSeenAt: 9 }), findingRow('c')];
    await ledger.commit(effectsOf({ specs: [specRow(10), specRow(2)], findings }), 1);
    await ledger.commit(
      effectsOf({ specs: [specRow(1)], findings: [findingRow('c', { lastSeenAt: 7, times: 2 })] }),
      2,
    );
    assert.deepEqual(await ledger.specs(), [specRow(1), specRow(2), specRow(10)]);
    const seen = async (limit: number) => (await ledger.findings(limit)).map(({ id, times }) => `${id} ${times}`);
    assert.deepEqual(await seen(10), ['b 1', 'c 2', 'a 1']);
    assert.deepEqual(await seen(2), ['b 1', 'c 2']);
  });

  test('differences come by when they were told, the last one first', async (t) => {
    const ledger = await open(t);
    const differences = [differenceRow(1, 'value', 4), differenceRow(1, 'currency', 4), differenceRow(2, 'value', 3)];
    await ledger.commit(effectsOf({ differences }), 4);
    await ledger.commit(effectsOf({ differences: [differenceRow(1, 'value', 9)] }), 9);
    const seen = async (limit: number) =>
      (await ledger.differences(limit)).map(({ event, field, seq }) => `${event} ${field} ${seq}`);
    assert.deepEqual(await seen(10), ['1 value 9', '1 currency 4', '1 value 4', '2 value 3']);
    assert.deepEqual(await seen(1), ['1 value 9']);
  });
}
