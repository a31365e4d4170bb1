import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { readReceipt } from '../../src/collection/receipt.ts';
import { eventsTold, type ToldAnswer } from '../../src/event/told.ts';
import { start as startTwin, TWIN, type TwinProcess } from '../../src/sim/twin/client.ts';
import type { EventView } from '../../src/sim/twin/views.ts';
import { chance } from '../../src/sim/world/random.ts';
import { DEFAULT_TRACKING_YAML } from '../../src/spec/default-text.ts';
import type { JournalReader, JournalRecord } from '../../src/store/journal.ts';
import type { LedgerReader } from '../../src/store/ledger.ts';
import { openJournalReader } from '../../src/store/sqlite/journal-reader.ts';
import { openLedgerReader } from '../../src/store/sqlite/ledger.ts';
import { type Started, startAssay } from '../assay.ts';
import { type Load, openLoad, type Told } from './load.ts';
import { slowRoad } from './slow.ts';

/** Set ASSAY_KILLS for more. */
const KILLS = Number(process.env['ASSAY_KILLS'] ?? 20);
const SEED = Number(process.env['ASSAY_SEED'] ?? 7);
const REQUESTS_A_SECOND = 300;
const DRAIN_MS_MAX = 30_000;

const SPEC = DEFAULT_TRACKING_YAML.replace('delay: 5s', 'delay: 50ms')
  .replace('linger: 1s', 'linger: 50ms')
  .replace('firstRetry: 1s', 'firstRetry: 100ms');

test(`kill -9 at ${KILLS} random points under 200 requests a second loses nothing and counts nothing twice`, {
  timeout: 120_000 + KILLS * 15_000,
}, async (t) => {
  const world = await openWorld(t);
  const { load, twin } = world;
  let server: Server | undefined;
  for (let kill = 0; kill < KILLS; kill++) {
    if (world.chance.in(0.2)) await killWhileStarting(world, world.chance.between(20, 700));
    server = await world.start();
    const stop = new AbortController();
    const running = load.run(server.ready.publicUrl, REQUESTS_A_SECOND, stop.signal);
    await wait(world.chance.between(50, 1800));
    await checkSums(world.folder);
    stop.abort();
    assert.deepEqual(await server.end('SIGKILL'), [null, 'SIGKILL']);
    await running;
    assert.equal(server.said(), '');
  }
  server = await world.start();
  await load.finish(server.ready.publicUrl);
  const journal = await openJournalReader(world.folder);
  const ledger = await openLedgerReader(world.folder);
  t.after(() => Promise.all([journal.close(), ledger.close()]));
  await drained(journal, ledger);
  assert.deepEqual(await server.end('SIGTERM'), [0, null]);

  assert.deepEqual(load.odd, []);
  const rate = Math.round((load.sent * 1000) / load.upMs);
  assert.ok(rate >= 200, `only ${rate} requests a second were sent`);

  const records = await recordsOf(journal);
  await checkBooks(records, ledger);
  for (const [seq, told] of load.acknowledged) {
    const kept = records[seq - 1];
    assert.ok(kept && idOf(kept) === told.id, `record ${seq}, acknowledged as ${told.id}, is ${kept && idOf(kept)}`);
  }

  const counting = new Set([...load.acknowledged.values()].filter((told) => told.counts).map(keyOf));
  const counted = await countedBy(twin);
  for (const key of counting) assert.ok(counted.has(key), `${key} was acknowledged and TikTok never counted it`);
  for (const [key, view] of counted) {
    assert.ok(counting.has(key), `TikTok counted ${key}, which nobody acknowledged`);
    assert.equal(view.counted, 1, key);
  }

  const cut = inFlightAtKills(records);
  let repeats = 0;
  for (const [key, view] of counted) {
    const more = view.arrivals.length - 1;
    assert.ok(more <= (cut.get(key) ?? 0), `${key} came ${more} times more, in flight at ${cut.get(key) ?? 0} kills`);
    repeats += more;
  }
  const inFlight = [...cut.values()].reduce((sum, times) => sum + times, 0);
  assert.ok(
    repeats > 0 && repeats <= inFlight,
    `${repeats} copies came again, ${inFlight} were in flight at the kills`,
  );
  t.diagnostic(
    `${KILLS} kills; ${load.sent} requests, ${rate} a second, ${load.answered} answered; ${records.length} records; ` +
      `${counted.size} events counted once; ${inFlight} copies in flight at the kills, ${repeats} came again`,
  );
});

type Server = Started<{ publicUrl: string }>;

interface World {
  folder: string;
  load: Load;
  twin: TwinProcess;
  chance: ReturnType<typeof chance>;
  start(launched?: (child: ChildProcess) => void): Promise<Server>;
}

async function openWorld(t: TestContext): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'assay-kill-'));
  const twin = await startTwin();
  const moments = chance(SEED);
  const road = await slowRoad(twin.url, () => moments.between(0, 150));
  const secretKey = randomBytes(24).toString('base64');
  const webhookSecret = `whsec_${randomBytes(24).toString('base64')}`;
  const specFile = join(folder, 'tracking.yaml');
  writeFileSync(specFile, SPEC);
  const env = {
    ASSAY_DATA: folder,
    ASSAY_SPEC: specFile,
    ASSAY_PORT: '0',
    ASSAY_ADMIN_PORT: '0',
    ASSAY_SECRET_KEY: secretKey,
    ASSAY_WEBHOOK_SECRET: webhookSecret,
    ASSAY_TIKTOK_API: road.url,
    TIKTOK_TOKEN: TWIN.token,
  };
  let last: ChildProcess | undefined;
  t.after(async () => {
    last?.kill('SIGKILL');
    await road.close();
    await twin.stop();
    rmSync(folder, { recursive: true });
  });
  const read = (receipt: string) => readReceipt(secretKey, receipt);
  return {
    folder,
    twin,
    chance: chance(SEED + 1),
    load: openLoad({ secretKey, webhookSecret, readReceipt: read }, chance(SEED + 2)),
    start: (launched) =>
      startAssay(['serve', '--json'], env, (child) => {
        last = child;
        launched?.(child);
      }),
  };
}

/** A kill before the server is ready, or soon after: recovery must survive its own crash. */
async function killWhileStarting(world: World, afterMs: number): Promise<void> {
  const starting = world.start((child) => setTimeout(() => child.kill('SIGKILL'), afterMs));
  const ready = await starting.catch((error: unknown) => {
    assert.match(String(error), /ended before it was ready: {2}SIGKILL\n$/);
  });
  await ready?.end('SIGKILL');
}

/** Resolves when every record has its verdict and no api leg waits any more. */
async function drained(journal: JournalReader, ledger: LedgerReader): Promise<void> {
  const until = performance.now() + DRAIN_MS_MAX;
  for (; performance.now() < until; await wait(100)) {
    const { offset, dispatches } = await ledger.totals();
    const waiting = dispatches.some(
      ({ leg, state }) => leg === 'api' && ['held', 'queued', 'inFlight'].includes(state),
    );
    if (!waiting && offset === (await journal.last())) return;
  }
  assert.fail(`not drained: ${JSON.stringify(await ledger.totals())}`);
}

async function recordsOf(journal: JournalReader): Promise<JournalRecord[]> {
  const records: JournalRecord[] = [];
  for (let page = await journal.read(0, 10_000); page.length > 0; page = await journal.read(records.length, 10_000))
    records.push(...page);
  return records;
}

/** While requests come in: what is decided adds up to admission's offset, and the rest is lag. */
async function checkSums(folder: string): Promise<void> {
  const ledger = await openLedgerReader(folder);
  const journal = await openJournalReader(folder);
  const { offset, verdicts } = await ledger.totals();
  const lag = (await journal.last()) - offset;
  await Promise.all([ledger.close(), journal.close()]);
  assert.equal(sum(verdicts), offset);
  assert.ok(lag >= 0, `${-lag} verdicts are about records that do not exist`);
}

/** Every record has one current verdict, the totals add up to the records, and each api leg was delivered. */
async function checkBooks(records: JournalRecord[], ledger: LedgerReader): Promise<void> {
  const totals = await ledger.totals();
  assert.equal(totals.offset, records.length);
  assert.equal(sum(totals.verdicts), records.length);
  const verdicts = await ledger.verdicts(1, records.length);
  assert.deepEqual(
    verdicts.map(({ seq }) => seq),
    records.map(({ seq }) => seq),
  );
  assert.deepEqual(
    [...new Set(totals.dispatches.filter(({ leg }) => leg === 'api').map(({ state }) => state))],
    ['delivered'],
  );
  assert.deepEqual(await ledger.findings(10), []);
}

function sum(rows: readonly { count: number }[]): number {
  return rows.reduce((total, { count }) => total + count, 0);
}

function idOf({ kind, body }: JournalRecord): unknown {
  const { properties } = body as { properties?: { order_id?: string } };
  return kind === 'order' ? properties?.order_id : kind === 'payment' ? body['reference'] : body['event_id'];
}

function keyOf({ name, id }: Told): string {
  return name === 'Purchase' ? `${name} demo-${id}` : `${name} ${id}`;
}

async function countedBy(twin: TwinProcess): Promise<Map<string, EventView>> {
  const names = Object.keys(await twin.totals());
  const views = await Promise.all(names.map((event) => twin.events({ event, limit: 1_000_000 })));
  return new Map(views.flat().map((view) => [`${view.event} ${view.event_id}`, view]));
}

/** Event → at how many kills a copy of it was on its way: taken up after the restart as never answered. */
function inFlightAtKills(records: readonly JournalRecord[]): Map<string, number> {
  const times = new Map<string, number>();
  for (const { kind, body } of records) {
    if (kind !== 'answer') continue;
    for (const answer of (body as unknown as ToldAnswer).answers) {
      if (answer.why === 'accepted') continue;
      assert.equal(answer.message, 'the server stopped before an answer came');
      for (const event of eventsTold(answer)) {
        const told = records[event - 1] as JournalRecord;
        const name = told.kind === 'order' ? 'Purchase' : String(told.body['event']);
        const key = keyOf({ name, id: String(idOf(told)), counts: true });
        times.set(key, (times.get(key) ?? 0) + 1);
      }
    }
  }
  return times;
}
