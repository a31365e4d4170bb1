import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { bodies, words } from '../bench/body.ts';
import { built, eventRows, texts } from '../bench/building.ts';
import { ready, start } from '../bench/children.ts';
import { type Running, startAssay, startPeer } from '../bench/contestants.ts';
import { between, SENDING, section, sendingSection } from '../bench/docs.ts';
import { Marks } from '../bench/fill.ts';
import { bytesNeeded, checkSpace } from '../bench/folders.ts';
import { goalsOf, isMet } from '../bench/goals.ts';
import { ackedGraph, fillGraph } from '../bench/graph.ts';
import { measureGuard } from '../bench/guard-memory.ts';
import { FULL, QUICK, readOptions } from '../bench/options.ts';
import { median, type Result, type Sent, type Windows } from '../bench/result.ts';
import { shoot } from '../bench/shoot.ts';
import { report } from '../bench/table.ts';
import { threadOf } from '../bench/threads.ts';
import type { SendReport } from '../bench/transport-order.ts';
import { openOutbox } from '../bench/transport-outbox.ts';
import { sendSpec } from '../bench/transport-spec.ts';
import { defaultSpec } from '../src/spec/default.ts';
import { openJournalReader } from '../src/store/sqlite/journal-reader.ts';
import { trackItem } from '../src/tiktok/body.ts';
import { startTransport } from '../src/transport/dispatch.ts';

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'assay-bench-test-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test('what the load process counts as acknowledged is in the journal, each with an id of its own', async (t) => {
  const folder = folderOf(t);
  const assay = await startAssay(folder);
  const before = (await assay.progress()).journal;
  const { report: found } = await shoot(assay, { eventsPerRequest: 10, seconds: 0, warmSeconds: 0, requests: 40 });
  await assay.settle();
  const { journal, ledger } = await assay.progress();
  await assay.close();
  assert.equal(found.requestsInAll, 40);
  assert.equal(journal - before, 400);
  assert.equal(ledger, journal);
  const reader = await openJournalReader(folder);
  const records = await reader.read(before, 1000);
  await reader.close();
  assert.deepEqual([...new Set(records.map(({ kind, door }) => `${kind} ${door}`))], ['event server']);
  assert.equal(new Set(records.map(({ body }) => body['event_id'])).size, 400);
});

test('a request that waits for its verdicts gets them', async (t) => {
  const assay = await startAssay(folderOf(t));
  const order = { eventsPerRequest: 2, seconds: 0, warmSeconds: 0, rate: 100, verdictEvery: 2, connections: 16 };
  const { report: found } = await shoot(assay, { ...order, requests: 50 });
  await assay.close();
  assert.ok(found.ackMs.count > 0);
  // A request waits for 2 seconds at most, and a machine with too much to do may need them for the first.
  assert.ok(found.undecided < found.verdictMs.count);
});

test('the usual design keeps each id once, and one seed gives the same ids again', async (t) => {
  const file = join(folderOf(t), 'usual.db');
  const usual = await startPeer('unique-index', file);
  const order = { eventsPerRequest: 5, seconds: 0, warmSeconds: 0, requests: 20, seed: 7 };
  await shoot(usual, order);
  assert.deepEqual(await tell(usual, { event_id: 'a' }), { status: 202, body: { accepted: 1, new: 1 } });
  assert.deepEqual(await tell(usual, { events: [{ event_id: 'a' }, { event_id: 'b' }] }), {
    status: 202,
    body: { accepted: 2, new: 1 },
  });
  await shoot(usual, order);
  await usual.close();
  const db = new DatabaseSync(file, { readOnly: true });
  const { kept, whole } = db
    .prepare("SELECT count(*) AS kept, sum(body ->> 'event' = 'AddToCart') AS whole FROM event")
    .get() as Record<string, number>;
  db.close();
  assert.deepEqual({ kept, whole }, { kept: 102, whole: 100 });
});

test('the bare server answers 202 and says how many events it parsed', async () => {
  const bare = await startPeer('bare');
  assert.deepEqual(await tell(bare, { events: [{}, {}, {}] }), { status: 202, body: { accepted: 3 } });
  await bare.close();
});

async function tell(at: Running, body: object): Promise<{ status: number; body: unknown }> {
  const answer = await fetch(`http://127.0.0.1:${at.port}${at.path}`, { method: 'POST', body: JSON.stringify(body) });
  return { status: answer.status, body: await answer.json() };
}

test('a load process whose requests are refused fails the run', async (t) => {
  const assay = await startAssay(folderOf(t));
  const wrong = { ...assay, key: 'not-the-key' };
  await assert.rejects(shoot(wrong, { eventsPerRequest: 1, seconds: 0, warmSeconds: 0, requests: 3 }), /refused/);
  await assay.close();
});

test('each peer fits in 40 lines', () => {
  for (const name of ['bare', 'unique-index', 'sink', 'undici-loop', 'attribution-bare', 'attribution-duckdb']) {
    const text = readFileSync(new URL(`../bench/peers/${name}.ts`, import.meta.url), 'utf8');
    assert.ok(text.trimEnd().split('\n').length <= 40, name);
  }
});

test('a request says how long its body is and gets new ids each time', () => {
  const made = bodies({ path: '/x', host: 'h', key: 'k', header: 'prefer: wait=2\r\n' }, 3, words(1));
  const request = made.request();
  const read = (): { events: { event_id: string; visitor: string }[] } => {
    const [, body = ''] = request.toString().split('\r\n\r\n');
    assert.equal(Buffer.byteLength(body), made.bodyBytes);
    return JSON.parse(body) as ReturnType<typeof read>;
  };
  made.renew(request);
  const first = read().events;
  made.renew(request);
  const ids = [...first, ...read().events].flatMap(({ event_id, visitor }) => [event_id, visitor]);
  assert.equal(new Set(ids).size, 12);
  for (const id of ids) assert.match(id, /^[\da-f]{32}$/);
  assert.match(request.toString(), /^POST \/x HTTP\/1\.1\r\n(?:.+\r\n)*content-length: \d+\r\n\r\n\{/);
});

test('a thread’s times are found behind a name with brackets', () => {
  const stat = `12 (a (b) c) S 1 1 1 0 -1 4194560 5 0 0 0 150 50 0 0 20 0 1 0 100 0 0`;
  assert.deepEqual(threadOf(12, stat), { id: 12, name: 'a (b) c', seconds: 2 });
});

test('the item that is timed has hashed contacts and everything else of the event', () => {
  const item = built(texts(1)[0] ?? '', { ...defaultSpec(), version: 1 });
  assert.match(String(item.user?.['email']), /^[\da-f]{64}$/);
  assert.match(String(item.user?.['phone']), /^[\da-f]{64}$/);
  assert.equal(item.properties?.['value'], 29.95);
  assert.ok(item.page?.['url']);
});

test('the guard’s memory is measured with all of its ids in it', () => {
  const found = measureGuard(20_000);
  assert.equal(found.ids, 20_000);
  assert.ok(found.samples.length > 0 && Number.isFinite(found.bytesPerId));
});

test('tenths that pass between two looks share their time', () => {
  const marks = new Marks(100, 0);
  marks.reach(9, 500);
  marks.reach(31, 3000);
  marks.reach(40, 4000);
  assert.deepEqual(marks.seconds(), [1, 1, 1, 1]);
});

test('what transport sends from memory is delivered, and due again', async () => {
  const { rows } = eventRows(20, sendSpec(5));
  const outbox = openOutbox(rows, (offset) => transport?.wake(offset));
  const posted: number[] = [];
  let transport: Awaited<ReturnType<typeof startTransport>> | undefined;
  let enough = (): void => {};
  const sentTwice = new Promise<void>((resolve) => {
    enough = resolve;
  });
  transport = await startTransport({
    ...{
      reader: outbox.reader,
      journal: outbox.journal,
      specOf: () => sendSpec(5),
      now: Date.now,
      random: Math.random,
    },
    alarm: (destination, what) => assert.fail(`${destination} ${what}`),
    async post(_, body) {
      posted.push((JSON.parse(body.toString()) as { data: unknown[] }).data.length);
      if (posted.length >= 8) enough();
      return { kind: 'http', status: 200, body: '{"code":0,"message":"OK","request_id":"r","data":{}}' };
    },
  });
  await sentTwice;
  await transport.stop();
  // The last answers take effect in the next turn.
  await new Promise((done) => setImmediate(done));
  assert.ok(posted.every((events) => events === 5));
  assert.equal(outbox.delivered(), posted.length * 5);
});

test('both senders reach the sink, and it answers each of their requests once', async (t) => {
  const folder = folderOf(t);
  const [items, kept] = [join(folder, 'items.json'), join(folder, 'rows.json')];
  const { rows } = eventRows(200, sendSpec(1));
  writeFileSync(kept, JSON.stringify(rows));
  writeFileSync(items, JSON.stringify(rows.map((row) => trackItem(row, 'current', false))));
  const sink = start('peers/sink.ts');
  const { port } = await ready<{ port: number }>(sink, 'the sink');
  const order = { port, events: 50, atOnce: 2, warmSeconds: 0.2, seconds: 0.5, items, rows: kept };
  for (const file of ['peers/undici-loop.ts', 'transport-loop.ts']) {
    const child = start(file, { args: [JSON.stringify(order)] });
    const { events } = await ready<SendReport>(child, file);
    await child.ended;
    assert.ok(events > 0 && events % 50 === 0, `${file} sent ${events}`);
  }
  await sink.end();
});

test('a median is the middle, or the mean of the two there', () => {
  assert.deepEqual([median([3, 1, 2]), median([4, 1, 3, 2]), median([])], [2, 2.5, 0]);
});

test('too small a disk ends the run with one sentence', () => {
  assert.throws(
    () => checkSpace(tmpdir(), 1e18),
    /free and this run may need .*: give it a folder elsewhere with --keep/,
  );
  checkSpace(tmpdir(), 1);
  assert.ok(bytesNeeded(new Set(['known']), FULL) > (10 * bytesNeeded(new Set(['known']), QUICK)) / 2);
});

test('options are read, and a part that does not exist is named', () => {
  const { parts, plan, keep, json } = readOptions(['--quick', '--only', 'acked,guard', '--keep', 'x', '--json']);
  assert.deepEqual([[...parts], plan, keep, json], [['acked', 'guard'], QUICK, 'x', true]);
  assert.throws(() => readOptions(['--only', 'speed']), /no part "speed"/);
  assert.throws(() => readOptions(['--only', 'acked', '--write-docs']), /one whole run/);
});

function window(eventsPerSecond: number, mainShare = 0.95): Windows {
  const ackMs = { p50: 1, p99: 2, max: 3, count: 4 };
  const threads = [{ name: 'main', share: mainShare, microsecondsPerEvent: 7 }];
  return {
    ...{ eventsPerSecond, low: eventsPerSecond, high: eventsPerSecond },
    mainShare,
    loadShare: 0.5,
    threads,
    ackMs,
  };
}

const sizes = [1, 10, 50].map((events) => ({
  ...{ events, bare: window(100_000), empty: window(60_000) },
  ...{ known: window(58_000), usual: window(15_000) },
}));
const tenths = Array.from({ length: 10 }, (_, n) => n + 1);
const latency = { p50: 5, p99: 20, max: 30, count: 100 };
const found: Result = {
  ...{ at: '2026-11-22T12:00:00.000Z', quick: false, commit: 'abc', bodyBytes: 770 },
  machine: { cpu: 'A <fast> one', cores: 2, memoryGigabytes: 8, kernel: 'Linux 6', node: '24', loadAtStart: 0.1 },
  acked: sizes,
  filled: { ids: 1000, usual: { seconds: tenths }, acked: { seconds: tenths }, committed: { seconds: tenths } },
  committed: { bare: window(100_000), eventsPerSecond: 25_000, lagMs: 80, lagRecords: 900, windows: window(25_000) },
  latency: {
    verdict: { eventsPerSecond: 12_500, ms: latency },
    door: { requestsPerSecond: 20_000, bare: { ...latency, p99: 6 }, assay: latency },
  },
  guard: { ids: 10, constantBytes: 1, bytesPerId: 27, worstAt: 5, residentBytesPerId: 30, samples: [] },
  building: { loopMicroseconds: 3, buildMicroseconds: 9, ratio: 0.33, stages: [{ name: 'parse', microseconds: 2 }] },
  sending: [1, 50, 1000].map((events) => ({ events, bare: sent(10_000), assay: sent(8000), store: sent(3000) })),
  walBytes: { journal: 70 * 2 ** 20, ledger: 80 * 2 ** 20 },
};

function sent(eventsPerSecond: number): Sent {
  return { eventsPerSecond, low: eventsPerSecond, high: eventsPerSecond, cpuMicroseconds: 10 };
}

test('a result that keeps every promise misses none, and each promise can be missed', () => {
  const goals = goalsOf(found);
  assert.deepEqual(
    goals.filter((goal) => !isMet(goal)),
    [],
  );
  assert.match(report(found, goals), /Every goal is met\./);
  const slow = { ...window(1000, 0.5) };
  const bad: Result = {
    ...found,
    acked: sizes.map((row) => ({ ...row, bare: { ...row.bare, mainShare: 0.5 }, empty: slow, known: window(100) })),
    committed: { ...(found.committed as NonNullable<Result['committed']>), bare: slow, eventsPerSecond: 1 },
    latency: {
      verdict: { eventsPerSecond: 1, ms: { ...latency, p99: 251 } },
      door: { requestsPerSecond: 1, bare: { ...latency, p99: 1 }, assay: latency },
    },
    guard: { ...(found.guard as NonNullable<Result['guard']>), bytesPerId: 33 },
    building: { ...(found.building as NonNullable<Result['building']>), ratio: 0.2 },
    sending: (found.sending ?? []).map((row) => ({ ...row, assay: sent(6999) })),
    walBytes: { journal: 300 * 2 ** 20, ledger: 0 },
  };
  const missed = goalsOf(bad).filter((goal) => !isMet(goal));
  assert.equal(missed.length, goals.length);
  assert.match(
    report(bad, missed),
    /- acknowledged, share of bare node:http, 10 events a request: 0\.01×, goal ≥ 0\.30×\..*main 7\.0 µs/,
  );
});

test('the graphs are well-formed, name their machine and stay inside their frame', () => {
  const graphs = [ackedGraph(found, sizes), fillGraph(found, found.filled as NonNullable<Result['filled']>)];
  for (const graph of graphs) {
    assert.equal(openTags(graph), 0);
    assert.match(graph, /A &#60;fast&#62; one/);
    assert.match(graph, /prefers-color-scheme: dark/);
    assert.doesNotMatch(graph, /NaN|undefined|Infinity/);
    for (const [, x = ''] of graph.matchAll(/ x="([^"]*)"/g)) assert.ok(Number(x) >= 0 && Number(x) <= 760, x);
    for (const [, y = ''] of graph.matchAll(/ y="([^"]*)"/g)) assert.ok(Number(y) >= 0 && Number(y) <= 416, y);
  }
  assert.equal([...(graphs[0] ?? '').matchAll(/<rect class="(?:bare|empty|known|usual)"/g)].length, 4 * 3 + 4);
  assert.equal([...(graphs[1] ?? '').matchAll(/<polyline /g)].length, 3);
});

/** Opening tags less closing ones; throws where a tag is closed that is not the last one opened. */
function openTags(xml: string): number {
  const open: string[] = [];
  const rest = xml.replace(
    /<(\/?)([a-z]+)((?: [\w:-]+="[^"<]*")*)(\/?)>/g,
    (_, closes: string, name: string, __, alone: string) => {
      if (closes) assert.equal(open.pop(), name);
      else if (!alone) open.push(name);
      return '';
    },
  );
  assert.doesNotMatch(rest, /[<>]/);
  return open.length;
}

test('figures replace what stood between the page’s markers, and only that', () => {
  const page = readFileSync(new URL('../docs/performance.md', import.meta.url), 'utf8');
  const once = between(page, section(found));
  assert.equal(between(once, section(found)), once);
  assert.match(once, /\| with known ids, times the usual design, 50 events a request +\| 3\.87× +\| ≥ 3\.00× +\| yes/);
  assert.equal(once.split('<!--').length, page.split('<!--').length);
  const sent = between(once, sendingSection({ ...found, acked: [] }), SENDING);
  assert.match(sent, /\| sent, share of a bare undici loop, 50 events a request +\| 0\.80× +\| ≥ 0\.70× +\| yes/);
  assert.throws(() => between('no markers', ''), /lost the markers/);
});
