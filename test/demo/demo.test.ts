import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import type { LiveCounts, TraceAnswer } from '../../src/api/answers.ts';
import { type Got, request } from '../../src/sim/http/request.ts';
import type { EventView } from '../../src/sim/twin/views.ts';
import { runAssay, type Started, startAssay } from '../assay.ts';
import { signIn, watchLive } from '../live.ts';

/** In this world the first three visitors agree, buy and stay for the thank-you page. */
const SEED = '105914';

interface Ready {
  signInUrl: string;
  adminUrl: string;
  publicUrl: string;
  shopUrl: string;
  adLink: string;
  payUrl: string;
  twinUrl: string;
}

let folder = '';
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'assay-demo-'));
});
after(() => rmSync(folder, { recursive: true }));

let boughtEarlier = '';

test('a visitor’s order goes from the shop to TikTok’s count, and can be followed', { timeout: 120_000 }, async (t) => {
  const demo = await startDemo(t, '--fresh', '--seed', SEED);
  const { ready } = demo;
  const cookie = await signIn(ready.signInUrl);
  assert.match(cookie, /^assay_admin=/);
  assert.equal((await fetch(ready.signInUrl)).status, 403, 'a sign-in link works once');
  assert.equal((await fetch(`${ready.adminUrl}/v1/live`)).status, 401);

  for (const [address, says] of [
    [ready.adLink, /<script async[^>]*src="http:\/\/collect\.localhost:\d+\/a\.js"/],
    [`${ready.publicUrl}/a.js`, /ttclid/],
    [`${ready.payUrl}/pay`, /<html/],
    [ready.twinUrl, /TikTok's twin/],
    [`${ready.adminUrl}/live`, /<html/],
  ] as const)
    assert.match((await get(address)).text, says, address);

  const bought = await until(60_000, 'no Purchase reached TikTok', async () => {
    const { events } = JSON.parse((await get(`${ready.twinUrl}/twin/events?event=Purchase`)).text) as {
      events: EventView[];
    };
    // The pixel's copy comes from a page that stayed until the handout.
    return events.find(({ arrivals }) => arrivals.some(({ channel }) => channel === 'pixel'));
  });
  assert.equal(bought.counted, 1);
  boughtEarlier = bought.order_id ?? '';
  assert.equal(bought.event_id, `demo-${boughtEarlier}`);

  const live = await watchLive(ready.adminUrl, cookie, ({ counts }) => counts.lag === 0, 20_000);
  checkSums(live.counts);
  assert.ok(live.rows.some(({ orderId }) => orderId === boughtEarlier));

  const trace = await until(20_000, 'the order’s trace stays incomplete', async () => {
    const answer = await traceOf(boughtEarlier);
    return answer.events[0]?.dispatches.every(({ state }) => state === 'delivered' || state === 'unknown')
      ? answer
      : undefined;
  });
  const [event] = trace.events;
  assert.ok(event);
  assert.equal(trace.order?.status, 'paid');
  const doors = new Set(event.hops.flatMap(({ door }) => door ?? []));
  for (const door of ['server', 'browser', 'webhook:standard'] as const)
    assert.ok(doors.has(door), `no ${door} among ${[...doors].join()}`);
  assert.deepEqual(event.dispatches.map(({ leg, state }) => `${leg} ${state}`).sort(), [
    'api delivered',
    'pixel unknown',
  ]);
  const api = bought.arrivals.find(({ channel }) => channel === 'api');
  assert.ok(event.hops.some(({ leg, requestId }) => leg === 'api' && requestId === api?.request_id));

  await endDemo(demo);
});

test('the same folder goes on where it stopped, on plain hosts too, and a crash leaves no process', {
  timeout: 60_000,
}, async (t) => {
  const demo = await startDemo(t, '--no-visitors', '--plain-hosts');
  assert.match(demo.ready.shopUrl, /^http:\/\/localhost:/);
  assert.equal((await get(demo.ready.adLink)).status, 200);
  const cookie = await signIn(demo.ready.signInUrl);
  const { counts, rows } = await watchLive(demo.ready.adminUrl, cookie, () => true, 10_000);
  checkSums(counts);
  assert.ok(rows.some(({ orderId }) => orderId === boughtEarlier));
  assert.equal((await traceOf(boughtEarlier)).order?.status, 'paid');

  const children = childrenOf(demo.pid);
  assert.equal(children.length, 1);
  await demo.end('SIGKILL');
  await until(10_000, 'TikTok’s twin outlives its parent', async () => (children.some(lives) ? undefined : true));
});

test('--fresh empties the folder first', { timeout: 60_000 }, async (t) => {
  const demo = await startDemo(t, '--fresh', '--no-visitors');
  const { code, stderr } = await runAssay(['trace', boughtEarlier, '--data', folder]);
  assert.deepEqual([code, stderr], [1, `Nothing is known about "${boughtEarlier}".\n`]);
  const { events } = JSON.parse((await get(`${demo.ready.twinUrl}/twin/events`)).text) as { events: EventView[] };
  assert.deepEqual(events, []);
  await endDemo(demo);
});

async function startDemo(t: TestContext, ...options: string[]): Promise<Started<Ready>> {
  let child: ChildProcess | undefined;
  t.after(() => child?.kill('SIGKILL'));
  const args = ['demo', '--json', '--no-open', '--data', folder, ...options];
  return startAssay<Ready>(args, {}, (launched) => {
    child = launched;
  });
}

/** An interrupt ends it within 10 s: no process is left, and every port is free. */
async function endDemo(demo: Started<Ready>): Promise<void> {
  const children = childrenOf(demo.pid);
  assert.equal(children.length, 1);
  const startedAt = performance.now();
  assert.deepEqual(await demo.end('SIGINT'), [0, null], demo.said());
  assert.ok(performance.now() - startedAt < 10_000);
  assert.equal(demo.said(), '');
  assert.deepEqual(children.filter(lives), []);
  const { signInUrl: _signInUrl, adLink: _adLink, ...addresses } = demo.ready;
  for (const address of Object.values(addresses).filter((value) => String(value).startsWith('http')))
    assert.equal(await listens(Number(new URL(address).port)), false, address);
}

async function traceOf(id: string): Promise<TraceAnswer> {
  const { code, stdout, stderr } = await runAssay(['trace', id, '--data', folder, '--json']);
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout) as TraceAnswer;
}

function checkSums(counts: LiveCounts): void {
  const sum = (numbers: number[]): number => numbers.reduce((total, n) => total + n, 0);
  assert.ok(counts.records > 0);
  assert.equal(counts.records, sum(Object.values(counts.byVerdict)) + counts.lag);
  assert.equal(sum(counts.byDoor.map(({ total }) => total)), sum(Object.values(counts.byVerdict)));
}

function get(url: string): Promise<Got> {
  return request({ method: 'GET', url, timeoutMs: 10_000 });
}

async function until<T>(msMax: number, otherwise: string, look: () => Promise<T | undefined>): Promise<T> {
  for (const end = performance.now() + msMax; performance.now() < end; await wait(300)) {
    const seen = await look();
    if (seen !== undefined) return seen;
  }
  return assert.fail(otherwise);
}

function childrenOf(pid: number): number[] {
  const table = execFileSync('ps', ['-A', '-o', 'pid=', '-o', 'ppid=', '-o', 'comm='], { encoding: 'utf8' });
  const lines = table.split('\n').map((line) => line.trim().split(/\s+/));
  return lines
    .filter(([, parent, command]) => Number(parent) === pid && command !== 'ps')
    .map(([child]) => Number(child));
}

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
