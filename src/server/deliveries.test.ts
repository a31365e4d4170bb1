import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import type { DeliveriesAnswer } from '../api/deliveries.ts';
import type { ProblemAnswer } from '../api/wire.ts';
import type { AttemptRow, DispatchRow, DispatchState } from '../event/dispatch.ts';
import { LAG_BOUNDS } from '../event/lag.ts';
import { DAY, HOUR, MINUTE } from '../event/time.ts';
import { DEFAULT_TRACKING_YAML } from '../spec/default-text.ts';
import type { Effects } from '../store/effects.ts';
import type { LedgerReader } from '../store/ledger.ts';
import { memoryLedger } from '../store/memory/ledger.ts';
import { attemptRow, dispatchRow, effectsOf, specRow } from '../store/sample-rows.ts';
import { adminRoutes } from './admin.ts';
import type { Standing } from './deliveries/answer.ts';
import { deliveryRoutes } from './deliveries.ts';
import { listen } from './http.ts';
import { Specs } from './specs.ts';

const NOW = Date.parse('2026-11-22T13:03:26Z');
const HEALTHY: Standing = { state: 'healthy', until: 0, why: '', ratePerSecond: 10 };

/** An api leg that came and last changed so long before now, ms. */
const leg = (event: number, state: DispatchState, came: number, changed: number, more: Partial<DispatchRow> = {}) =>
  dispatchRow(event, { state, receivedAt: NOW - came, changedAt: NOW - changed, ...more });
const answered = (event: number, ago: number, more: Partial<AttemptRow>) =>
  attemptRow(event, 1, { http: 200, answeredAt: NOW - ago, ...more });

test('a report says how each destination stands, what waits, and what became of all so far', async (t) => {
  const { report } = await serving(
    t,
    {
      dispatches: [
        leg(1, 'held', 8 * DAY, 8 * DAY, { money: true }),
        leg(2, 'queued', HOUR, MINUTE),
        leg(3, 'inFlight', MINUTE, 0, { money: true }),
        leg(4, 'delivered', HOUR, HOUR),
        leg(5, 'dead', HOUR, HOUR),
        leg(6, 'unknown', HOUR, HOUR),
        leg(7, 'delivered', HOUR, HOUR, { draft: true }),
        leg(8, 'unknown', HOUR, HOUR, { leg: 'pixel' }),
      ],
    },
    { ...HEALTHY, state: 'paused', since: NOW - HOUR, until: NOW + MINUTE, why: '40105 wrong', ratePerSecond: 4.5 },
  );
  const told = await report('');
  assert.deepEqual([told.asOf, told.to, told.timezone, told.specVersion], [NOW, NOW, 'Europe/Berlin', 1]);
  assert.deepEqual(told.destinations, [
    {
      ...{ id: 'main', pixel: told.destinations[0]?.pixel, state: 'paused', why: '40105 wrong', ratePerSecond: 4.5 },
      ...{ since: NOW - HOUR, until: NOW + MINUTE },
      backlog: {
        ...{ held: 1, queued: 1, inFlight: 1, money: 2, overWarnAge: true },
        oldestReceivedAt: Math.floor((NOW - 8 * DAY) / MINUTE) * MINUTE,
      },
      ...{ delivered: 1, dead: 1, unknown: 1 },
    },
  ]);
});

test('a destination that is well has no time to wait for', async (t) => {
  const { report } = await serving(t, {}, { ...HEALTHY, until: NOW - 1 });
  const [destination] = (await report('')).destinations;
  assert.ok(destination && !('until' in destination) && !('since' in destination));
  assert.deepEqual(destination.backlog, { held: 0, queued: 0, inFlight: 0, money: 0, overWarnAge: false });
});

for (const [hours, stretches, stretchMs] of [
  ['1', 60, MINUTE],
  ['6', 72, 5 * MINUTE],
  ['24', 96, 15 * MINUTE],
  ['168', 84, 2 * HOUR],
] as const)
  test(`${hours} hours are told in ${stretches} stretches, empty ones too, the last of which is under way`, async (t) => {
    const { report } = await serving(t, { dispatches: [leg(1, 'queued', 0, 0)] });
    const { series, from, stretchMs: told } = await report(`?hours=${hours}`);
    assert.deepEqual([series.length, told, series[0]?.at], [stretches, stretchMs, from]);
    const last = series.at(-1);
    assert.ok(last && last.at <= NOW && NOW < last.at + stretchMs);
    assert.deepEqual(last, { destination: 'main', at: last.at, backlog: 1, delivered: 0, failed: 0 });
  });

test('what waited at the end of each stretch is what had come by then and had not left', async () => {
  const ago = fc.integer({ min: 0, max: 80 * MINUTE });
  const row = fc.record({ came: ago, took: ago, ended: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(row, { maxLength: 12 }), async (rows) => {
      const dispatches = rows.map(({ came, took, ended }, n) =>
        leg(n + 1, ended && took <= came ? 'delivered' : 'queued', came, Math.max(0, came - took)),
      );
      const { report, close } = await serve({ dispatches }, HEALTHY);
      try {
        for (const { at, backlog } of (await report('?hours=1')).series) {
          const end = at + MINUTE;
          const waited = dispatches.filter(
            ({ receivedAt = 0, changedAt, state }) => receivedAt < end && (state === 'queued' || changedAt >= end),
          );
          assert.equal(backlog, waited.length);
        }
      } finally {
        await close();
      }
    }),
    { numRuns: 20 },
  );
});

test('lags are told as the bound of their class, and one that no bound holds as longer than the last', async (t) => {
  const accepted = { outcome: 'accepted', why: 'accepted', code: 0 };
  const { report } = await serving(t, {
    attempts: [
      ...Array.from({ length: 18 }, (_, n) => answered(n + 1, 0, { ...accepted, lagMs: 80 })),
      answered(19, 0, { ...accepted, lagMs: 1500 }),
      answered(20, 0, { ...accepted, lagMs: 2500 }),
      answered(21, 5 * MINUTE, { ...accepted, lagMs: 90 * DAY }),
      answered(22, 5 * MINUTE, { outcome: 'retry', why: 'no_answer' }),
    ],
  });
  const told = (await report('?hours=1')).series.filter(({ delivered }) => delivered > 0);
  const beyond = (LAG_BOUNDS.at(-1) ?? 0) + 1;
  assert.deepEqual(
    told.map(({ delivered, failed, lagP50, lagP95 }) => [delivered, failed, lagP50, lagP95]),
    [
      [1, 1, beyond, beyond],
      [20, 0, 100, 2000],
    ],
  );
});

test('answers are told by code, most frequent first, with TikTok’s meaning and what to do', async (t) => {
  const paused = { outcome: 'paused', why: 'destination_paused', code: 40_105 };
  const { report } = await serving(t, {
    attempts: [
      answered(1, 0, { outcome: 'accepted', why: 'accepted', code: 0 }),
      answered(2, HOUR, paused),
      answered(3, 2 * HOUR, paused),
      answered(4, 2 * DAY, paused),
      answered(5, 0, { outcome: 'odd', why: 'of_another_version' }),
    ],
  });
  const { outcomes } = await report('?hours=24');
  const [first, ...others] = outcomes;
  assert.deepEqual([first?.code, first?.count, first?.outcome], [40_105, 2, 'paused']);
  assert.match(first?.means ?? '', /^TikTok: Access token wrong or revoked\. .*everything is kept\.$/);
  assert.match(first?.next ?? '', /token/);
  assert.deepEqual(
    others.map(({ why, means, next }) => [why, means, next]),
    [
      ['accepted', 'TikTok’s answer says that it took the event.', ''],
      ['of_another_version', 'A reason that this version does not know.', ''],
    ],
  );
});

test('the figures and the answers come as files too', async (t) => {
  const { ask } = await serving(t, {
    dispatches: [leg(1, 'queued', 0, 0)],
    attempts: [answered(1, 0, { outcome: 'accepted', why: 'accepted', code: 0, lagMs: 80 })],
  });
  const series = await ask('/v1/reports/deliveries.csv?hours=1');
  assert.match(series.headers.get('content-type') ?? '', /^text\/csv/);
  assert.match(series.headers.get('content-disposition') ?? '', /filename="deliveries-20261122T130326Z\.csv"/);
  const rows = (await series.text()).trimEnd().split('\r\n');
  assert.deepEqual(
    [rows.length, rows[0], rows.at(-1)],
    [
      61,
      'destination,at,backlog,delivered,failed,lag_p50_ms_max,lag_p95_ms_max',
      'main,2026-11-22T13:03:00.000Z,1,1,0,100,100',
    ],
  );
  const outcomes = (await (await ask('/v1/reports/deliveries-outcomes.csv')).text()).trimEnd().split('\r\n');
  assert.deepEqual(outcomes, [
    'destination,outcome,reason,code,http,count,means,next',
    'main,accepted,accepted,0,200,1,TikTok’s answer says that it took the event.,',
  ]);
});

test('a span that the report has not is refused with those that it has, at every address', async (t) => {
  const { ask } = await serving(t, {});
  for (const path of ['deliveries', 'deliveries.csv', 'deliveries-outcomes.csv'])
    for (const hours of ['2', 'day', '-1', '1e3', '']) {
      const answer = await ask(`/v1/reports/${path}?hours=${hours}`);
      const { code, problems = [] } = (await answer.json()) as ProblemAnswer;
      assert.deepEqual([answer.status, code, problems[0]?.where], [422, 'query_unreadable', 'hours']);
      assert.match(problems[0]?.fix ?? '', /1, 6, 24, 168/);
    }
});

test('the admin listener serves them', () => {
  const served = adminRoutes({} as Parameters<typeof adminRoutes>[0]).map(({ path }) => path);
  for (const path of ['deliveries', 'deliveries.csv', 'deliveries-outcomes.csv'])
    assert.ok(served.includes(`/v1/reports/${path}`), path);
});

type Serving = Awaited<ReturnType<typeof serve>>;

/** The routes over a ledger with these rows, until the test ends. */
async function serving(t: TestContext, effects: Partial<Effects>, standing = HEALTHY): Promise<Serving> {
  const server = await serve(effects, standing);
  t.after(server.close);
  return server;
}

async function serve(effects: Partial<Effects>, standing: Standing) {
  const ledger = memoryLedger();
  await ledger.commit(effectsOf({ ...effects, specs: [specRow(1, { text: DEFAULT_TRACKING_YAML })] }), 99);
  const reader: LedgerReader = ledger;
  const specs = new Specs();
  specs.learn(await reader.specs());
  const failed = (error: unknown): void => assert.fail(String(error));
  const routes = deliveryRoutes({ reader, specs, standing: () => standing, now: () => NOW });
  const listener = await listen({ host: '127.0.0.1', port: 0 }, routes, { failed });
  const ask = (path: string): Promise<Response> => fetch(`http://127.0.0.1:${listener.port}${path}`);
  return {
    ...{ ask, close: listener.close },
    async report(query: string): Promise<DeliveriesAnswer> {
      const answer = await ask(`/v1/reports/deliveries${query}`);
      assert.equal(answer.status, 200);
      return (await answer.json()) as DeliveriesAnswer;
    },
  };
}
