import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { signIn, watchLive } from '../../test/live.ts';
import { SECRET_KEY, startTestServer, type TestServer } from '../../test/server.ts';
import type { ReasonAnswer, TraceAnswer } from '../api/answers.ts';
import type { ProblemAnswer, Receipt } from '../api/wire.ts';

let server: TestServer;
let cookie = '';
before(async () => {
  // Nobody listens there: what is sent waits for its next try.
  server = await startTestServer('http://127.0.0.1:1');
  cookie = await signIn(server.signInUrl());
});
after(() => server.stop());

test('Live lists what came and its figures add up, at once and after each commit', async () => {
  await tell('a-1');
  const first = await watching('a-1');
  const seen = first.rows.find(({ eventId }) => eventId === 'a-1');
  assert.deepEqual([seen?.event, seen?.door, seen?.verdict], ['Contact', 'server', 'admitted']);
  const later = watching('a-2');
  await tell('a-2');
  const { counts, rows } = await later;
  const decided = Object.values(counts.byVerdict).reduce((sum, count) => sum + count, 0);
  assert.equal(counts.records, decided + counts.lag);
  const sequences = rows.map(({ seq }) => seq);
  assert.deepEqual(
    sequences,
    [...new Set(sequences)].toSorted((a, b) => a - b),
  );
  assert.deepEqual([counts.timezone, counts.specVersion], ['Europe/Berlin', 1]);
});

test('everybody who watches sees every row, whoever else comes in between', async () => {
  const watchers = [watching('z-9')];
  for (let n = 0; n < 10; n++) {
    await tell(`z-${n}`);
    watchers.push(watching('z-9'));
    await wait(60);
  }
  for (const { rows } of await Promise.all(watchers)) {
    const ids = rows.flatMap(({ eventId }) => (eventId?.startsWith('z-') ? [eventId] : []));
    assert.deepEqual(
      ids,
      Array.from({ length: 10 }, (_, n) => `z-${n}`),
    );
  }
});

test('a trace is told by event id and by sequence, and what nobody knows is 404', async () => {
  await tell('b-1');
  await watching('b-1');
  const answer = (await (await ask('/v1/trace/b-1')).json()) as TraceAnswer;
  assert.deepEqual([answer.id, answer.cut, answer.events.length], ['b-1', false, 1]);
  const [event] = answer.events;
  assert.deepEqual([event?.eventId, event?.hops[0]?.door, event?.dispatches[0]?.leg], ['b-1', 'server', 'api']);
  const bySequence = (await (await ask(`/v1/trace/${event?.seq}`)).json()) as TraceAnswer;
  assert.equal(bySequence.events[0]?.eventId, 'b-1');
  for (const id of ['nobody', '999999', '%22%3E%3Cscript%3E', "'; DROP TABLE event; --"]) {
    const unknown = await ask(`/v1/trace/${id}`);
    assert.deepEqual([unknown.status, ((await unknown.json()) as ProblemAnswer).code], [404, 'unknown_id'], id);
  }
});

test('every reason has a code of its own and a meaning', async () => {
  const reasons = (await (await ask('/v1/reasons')).json()) as ReasonAnswer[];
  assert.ok(reasons.length > 40);
  assert.equal(new Set(reasons.map(({ code }) => code)).size, reasons.length);
  for (const { code, means } of reasons) assert.match(`${code}: ${means}`, /^[a-z_]+: .+\.$/);
});

test('without the cookie only pages and readiness answer', async () => {
  for (const [path, status] of [
    ['/readyz', 200],
    ['/', 200],
    ['/live', 200],
    ['/trace/10045', 200],
    ['/assets/dashboard.js', 200],
    ['/assets/dashboard.css', 200],
    ['/v1/live', 401],
    ['/v1/trace/a-1', 401],
    ['/v1/reasons', 401],
    ['/v1/reports/orders', 401],
    ['/v1/reports/orders.csv', 401],
    ['/sign-in?token=guess', 403],
  ] as const)
    assert.equal((await fetch(server.adminUrl + path)).status, status, path);
  assert.equal((await ask('/v1/events')).status, 404, 'the doors are not here');
});

test('a page may load nothing from elsewhere and be framed by nobody', async () => {
  const page = await fetch(`${server.adminUrl}/live`);
  const policy = page.headers.get('content-security-policy') ?? '';
  for (const part of ["default-src 'none'", "frame-ancestors 'none'", "script-src 'self'"])
    assert.ok(policy.includes(part), part);
  assert.equal(page.headers.get('referrer-policy'), 'no-referrer');
});

test('a foreign host name gets nothing, even with the cookie', async () => {
  const status = await new Promise((resolve, reject) => {
    const { port } = new URL(server.adminUrl);
    const headers = { host: `rebind.example:${port}`, cookie };
    request({ host: '127.0.0.1', port, path: '/v1/reasons', headers, agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    })
      .on('error', reject)
      .end();
  });
  assert.equal(status, 403);
});

test('readiness tells how far admission is and how each destination does', async () => {
  const ready = (await (await fetch(`${server.adminUrl}/readyz`)).json()) as Record<string, unknown>;
  assert.equal(ready['ok'], true);
  assert.ok(Number(ready['offset']) >= 1);
  assert.deepEqual(
    (ready['destinations'] as { id: string }[]).map(({ id }) => id),
    ['main'],
  );
});

/** What a watcher has seen once the event is listed. */
function watching(id: string) {
  return watchLive(server.adminUrl, cookie, ({ rows }) => rows.some(({ eventId }) => eventId === id), 10_000);
}

function ask(path: string): Promise<Response> {
  return fetch(server.adminUrl + path, { headers: { cookie } });
}

async function tell(eventId: string): Promise<Receipt> {
  const event = { event: 'Contact', event_id: eventId, page: { url: 'https://shop.example/' }, consent: 'granted' };
  const answer = await fetch(`${server.publicUrl}/v1/server/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${SECRET_KEY}` },
    body: JSON.stringify({ ...event, time: new Date().toISOString() }),
  });
  assert.equal(answer.status, 202);
  return (await answer.json()) as Receipt;
}
