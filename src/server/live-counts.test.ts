import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Door, Verdict } from '../event/event.ts';
import { memoryLedger } from '../store/memory/ledger.ts';
import { dispatchRow, effectsOf, verdictRow } from '../store/sample-rows.ts';
import { countsOf, readCounts } from './live-counts.ts';

const line = fc.record({
  door: fc.constantFrom<Door>('browser', 'server', 'webhook:bank', 'answer'),
  verdict: fc.constantFrom<Verdict>('admitted', 'paired', 'duplicate', 'quarantined', 'refused'),
  draft: fc.boolean(),
  count: fc.integer({ min: 0, max: 1e9 }),
});
const sum = (counts: readonly (number | undefined)[]): number =>
  counts.reduce<number>((total, count) => total + (count ?? 0), 0);

test('records are always the sum of the verdicts and the lag, with drafts apart', () => {
  fc.assert(
    fc.property(fc.array(line), fc.nat(), (verdicts, lag) => {
      const counts = countsOf({ verdicts, dispatches: [] }, lag);
      assert.equal(counts.records, sum(Object.values(counts.byVerdict)) + counts.lag);
      assert.equal(sum(counts.byDoor.map((door) => door.total)) + counts.lag, counts.records);
      for (const door of counts.byDoor) assert.equal(sum(Object.values(door.byVerdict)), door.total);
      assert.equal(counts.drafts.records, sum(Object.values(counts.drafts.byVerdict)));
      assert.equal(counts.records + counts.drafts.records, sum(verdicts.map((row) => row.count)) + lag);
    }),
  );
});

test('dispatches of drafts are in no figure', () => {
  const row = { destination: 'main', leg: 'api', state: 'delivered', count: 3 } as const;
  const both = [false, true].map((draft) => ({ ...row, draft }));
  assert.deepEqual(countsOf({ verdicts: [], dispatches: both }, 0).dispatches, [row]);
});

test('lag is told as how many records wait, and how long the oldest has', async () => {
  const ledger = memoryLedger();
  await ledger.commit(effectsOf({ verdicts: [verdictRow(1), verdictRow(2)] }), 2);
  const journal = {
    last: async () => 5,
    read: async (after: number) => [{ seq: after + 1, receivedAt: 7_000 }] as never,
  };
  const counts = await readCounts(ledger, journal, 9_500);
  assert.deepEqual([counts.records, counts.lag, counts.lagMs], [5, 3, 2_500]);
  const caughtUp = await readCounts(ledger, { ...journal, last: async () => 2 }, 9_500);
  assert.deepEqual([caughtUp.records, caughtUp.lag, caughtUp.lagMs], [2, 0, 0]);
});

test('what is overdue is told by the one that was due first', async () => {
  const ledger = memoryLedger();
  const journal = { last: async () => 1, read: async () => [] };
  await ledger.commit(effectsOf({ dispatches: [dispatchRow(1, { dueAt: 4_000 })] }), 1);
  assert.equal((await readCounts(ledger, journal, 9_000)).overdueMs, 5_000);
  assert.equal((await readCounts(ledger, journal, 3_000)).overdueMs, 0);
});
