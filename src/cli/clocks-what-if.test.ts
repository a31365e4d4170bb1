import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { testIo } from '../../test/io.ts';
import type { EventRow } from '../event/event.ts';
import { DAY, HOUR, MINUTE } from '../event/time.ts';
import { defaultSpec } from '../spec/default.ts';
import { DEFAULT_TRACKING_YAML } from '../spec/default-text.ts';
import { noEffects } from '../store/effects.ts';
import { memoryLedger } from '../store/memory/ledger.ts';
import { dispatchRow, eventRow, verdictRow } from '../store/sample-rows.ts';
import { openLedger } from '../store/sqlite/ledger.ts';
import { temporaryFolder } from '../store/test-folder.ts';
import { CLOCK_LIMITS } from '../tiktok/clocks.ts';
import { type ClocksOptions, clocks } from './clocks.ts';
import { compare } from './clocks-acts.ts';
import { copiesOf, outcomesOf, type Scenario } from './clocks-scenario.ts';

/** Noon of yesterday in Berlin, as of `NOW`. */
const NOON = Date.UTC(2026, 10, 1, 11);
const NOW = NOON + DAY;

/** An event whose pixel copy came at `NOON`, and whose api copy followed after `apiAfter` ms. */
function told(seq: number, apiAfter: number, more: Partial<EventRow> = {}, guarded = false) {
  const at = (ms: number) => [NOON + ms, NOON + ms] as const;
  const receivedAt = NOON;
  const observations = [{ seq, door: 'browser' as const, occurredAt: NOON, receivedAt, verdict: 'admitted' as const }];
  const pixelAt = guarded ? apiAfter + 30_000 : 0;
  return {
    event: eventRow(seq, { receivedAt, observations, ...more }),
    legs: [
      dispatchRow(seq, { leg: 'api', state: 'delivered', money: guarded, copyAt: at(apiAfter) }),
      dispatchRow(seq, { leg: 'pixel', state: 'unknown', money: guarded, copyAt: at(pixelAt) }),
    ],
  };
}

const table: [what: string, api: string, guarded: boolean, scenario: Scenario, becomes: string][] = [
  ['as it is, both legs', '1s', false, {}, 'count merge'],
  ['a delay inside the window', '1s', false, { delay: 3 * MINUTE }, 'count merge'],
  ['a delay at the edge', '1s', false, { delay: 4 * MINUTE }, 'count either'],
  ['a delay past the window', '1s', false, { delay: 10 * MINUTE }, 'count drop'],
  ['a delay past the clock', '1s', false, { delay: 48 * HOUR }, 'count twice'],
  ['ids of their own', '1s', false, { ids: 'random' }, 'count twice'],
  ['no pixel', '1s', false, { pixel: 'off' }, 'count'],
  ['an outage, unguarded', '1s', false, { outage: { from: NOON - HOUR, to: NOON + HOUR } }, 'count drop'],
  ['an outage before it', '1s', false, { outage: { from: NOON - HOUR, to: NOON } }, 'count merge'],
  ['guarded: the page follows the server', '5s', true, { delay: 10 * MINUTE }, 'count merge'],
  ['guarded, an outage', '5s', true, { outage: { from: NOON, to: NOON + HOUR } }, 'count merge'],
  ['guarded, the pixel first and the server late', '5s', true, { pixel: 'first', delay: HOUR }, 'count drop'],
  ['guarded, the pixel first and ids of their own', '5s', true, { pixel: 'first', ids: 'random' }, 'count twice'],
];
for (const [what, api, guarded, scenario, becomes] of table)
  test(`${what}: ${becomes}`, () => {
    const { event, legs } = told(1, Number.parseInt(api, 10) * 1000, {}, guarded);
    const outcomes = outcomesOf(copiesOf(event, legs, guarded, scenario), CLOCK_LIMITS);
    const said = Object.entries(outcomes).flatMap(([name, times]) => Array.from({ length: times }, () => name));
    assert.equal(said.join(' '), becomes);
  });

test('every copy has one outcome, one of them counts, and one id never counts twice within the clock', () => {
  const copy = fc.record({
    leg: fc.constantFrom('api' as const, 'pixel' as const),
    at: fc.integer({ min: 0, max: 40 * HOUR }).map((ms) => [NOON + ms, NOON + ms] as const),
    id: fc.constant('one'),
  });
  fc.assert(
    fc.property(fc.array(copy, { minLength: 1, maxLength: 12 }), (copies) => {
      const { count, merge, drop, either, twice } = outcomesOf(copies, CLOCK_LIMITS);
      assert.deepEqual([count, count + merge + drop + either, twice], [1, copies.length, 0]);
      const own = outcomesOf(
        copies.map((one, n) => ({ ...one, id: String(n) })),
        CLOCK_LIMITS,
      );
      assert.deepEqual([own.count, own.twice], [1, copies.length - 1]);
    }),
  );
});

test('reloads of an unguarded event are repeats by its id, and count again with ids of their own', () => {
  const { event, legs } = told(1, 1000);
  const [first] = event.observations;
  const again = { ...event, observations: [first, { ...first, seq: 2, receivedAt: NOON + MINUTE }] } as EventRow;
  assert.deepEqual(outcomesOf(copiesOf(again, legs, false, {}), CLOCK_LIMITS), {
    ...{ count: 1, merge: 1, drop: 1, either: 0, twice: 0 },
  });
  assert.equal(outcomesOf(copiesOf(again, legs, false, { ids: 'random' }), CLOCK_LIMITS).twice, 2);
});

test('events that tell one order are one act: with the order’s id they are repeats', async () => {
  const ledger = memoryLedger();
  const all = [told(1, 1000, { orderId: '77' }), told(2, 2000, { orderId: '77', eventId: 'another' })];
  await ledger.commit(effects(all), 2);
  const period = { since: NOON - HOUR, until: NOON + HOUR };
  const { lines } = await compare(ledger, { ids: 'order' }, period, () => CLOCK_LIMITS);
  assert.deepEqual(lines, [
    {
      ...{ event: 'AddToCart', destination: 'main', acts: 1, examples: ['another'] },
      now: { count: 1, merge: 2, drop: 0, either: 0, twice: 1 },
      supposed: { count: 1, merge: 2, drop: 1, either: 0, twice: 0 },
    },
  ]);
});

function effects(all: readonly ReturnType<typeof told>[]) {
  return {
    ...noEffects(),
    specs: [{ version: 1, hash: defaultSpec().hash, activatedAt: 1, text: DEFAULT_TRACKING_YAML, rates: null }],
    verdicts: all.map(({ event: { seq, receivedAt } }) => verdictRow(seq, { event: seq, at: receivedAt })),
    events: all.map(({ event }) => event),
    dispatches: all.flatMap(({ legs }) => legs),
  };
}

async function run(t: TestContext, options: ClocksOptions, id?: string) {
  const folder = await temporaryFolder(t);
  const ledger = await openLedger(folder);
  const old = { receivedAt: NOON - 2 * DAY };
  const draft = { namespace: 'draft' as const };
  const many = Array.from({ length: 1200 }, (_, n) => told(n + 3, 1000, { eventId: `e-${n}` }));
  await ledger.commit(effects([told(1, 1000, old), told(2, 1000, draft), ...many]), 1202);
  await ledger.close();
  const io = testIo({ now: NOW });
  const code = await clocks(id, { data: folder, ...options }, io);
  return { code, out: io.out(), err: io.err() };
}

test('yesterday’s live traffic is compared, page by page, and said in words', async (t) => {
  const { code, out } = await run(t, { delay: '10m' });
  assert.equal(code, 0);
  assert.match(out, /^1,200 events from 1 Nov 2026, 00:00:00 to 2 Nov 2026, 00:00:00\.$/m);
  assert.match(out, /^What if: server copies leave 10m later\.$/m);
  assert.match(out, /^AddToCart +main +1,200 +1,200 → 0 \(−1,200\) +0 → 1,200 \(\+1,200\) +0 +0$/m);
  assert.match(out, /^1,200 fewer would be merged: /m);
  assert.match(out, /^ {2}assay trace e-1199 +AddToCart$/m);
});

test('several suppositions hold together, and JSON has all of it', async (t) => {
  const { code, out } = await run(t, { pixel: 'first', ids: 'random', outage: '2h', json: true });
  const answer = JSON.parse(out) as { since: number; scenario: Scenario; lines: { supposed: object }[] };
  assert.equal(code, 0);
  assert.deepEqual(answer.scenario, {
    ...{ ids: 'random', pixel: 'first' },
    outage: { from: NOON, to: NOON + 2 * HOUR },
  });
  assert.deepEqual(answer.lines[0]?.supposed, { count: 1200, merge: 0, drop: 0, either: 0, twice: 1200 });
});

test('a period without traffic is said, and what can’t be read too', async (t) => {
  const { code, out } = await run(t, { delay: '10m', since: '2026-10-01', until: '2026-10-02' });
  assert.equal(code, 1);
  assert.match(out, /^0 events .*\n.*\n\nNo copy of them left/);
  for (const [options, says, id] of [
    [{ delay: 'long' }, /--delay long is not a time span/],
    [{ ids: 'none' }, /--ids random or --ids order/],
    [{ pixel: 'on' }, /--pixel off or --pixel first/],
    [{ outageAt: '2026-11-01' }, /Say with --outage/],
    [{ since: 'noon' }, /--since noon is not a time/],
    [{ since: '2026-11-02', until: '2026-11-01' }, /--since must be earlier/],
    [{ delay: '1m' }, /leave out the id/, 'e-1'],
    [{ delay: '1m', data: 'none' }, /no store in none/],
  ] as [ClocksOptions, RegExp, string?][]) {
    const found = await run(t, options, id);
    assert.deepEqual([found.code, found.out], [2, '']);
    assert.match(found.err, says);
  }
});
