import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { background, retry } from './background.ts';
import { readCookies, setCookie } from './cookies.ts';
import { request } from './request.ts';
import { serve } from './serve.ts';

test('a request reaches a *.localhost name, with its host, cookies and body', async () => {
  const door = await serve(0, 'here.localhost', (asked) => ({
    status: 200,
    body: JSON.stringify([asked.method, asked.headers.host, asked.url.pathname, asked.cookies.get('a'), asked.body]),
  }));
  const got = await request({
    method: 'POST',
    url: `${door.url}/x?y=1`,
    headers: { cookie: 'a=1%202' },
    body: 'é',
    timeoutMs: 2_000,
  });
  await door.stop();
  assert.deepEqual(JSON.parse(got.text), ['POST', new URL(door.url).host, '/x', '1 2', 'é']);
});

test('an oversized body and an over-long address are answered, not read', async () => {
  const door = await serve(0, 'here.localhost', () => ({ status: 200 }));
  const big = await request({ method: 'POST', url: door.url, body: 'x'.repeat(17 * 1024), timeoutMs: 2_000 });
  const long = await request({ method: 'GET', url: `${door.url}/${'x'.repeat(5_000)}`, timeoutMs: 2_000 });
  await door.stop();
  assert.deepEqual([big.status, long.status], [413, 413]);
});

test('a target such as //evil.example stays an address of the door itself', async () => {
  const seen = Promise.withResolvers<string>();
  const door = await serve(0, 'here.localhost', (asked) => {
    seen.resolve(asked.url.origin);
    return { status: 200 };
  });
  const socket = connect(Number(new URL(door.url).port), '127.0.0.1');
  socket.end('GET //evil.example/ HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n');
  assert.equal(await seen.promise, door.url);
  socket.destroy();
  await door.stop();
});

test('an answer that throws becomes a 500 and the door stays open', async () => {
  let calls = 0;
  const door = await serve(0, 'here.localhost', () => {
    calls += 1;
    if (calls === 1) throw new Error('first');
    return { status: 204 };
  });
  const first = await request({ method: 'GET', url: door.url, timeoutMs: 2_000 });
  const second = await request({ method: 'GET', url: door.url, timeoutMs: 2_000 });
  await door.stop();
  assert.deepEqual([first.status, second.status], [500, 204]);
});

test('stopping background work ends its waits at once and tells nobody of it', async () => {
  const failures: unknown[] = [];
  const work = background((cause) => failures.push(cause));
  work.run((signal) => wait(60_000, undefined, { signal }));
  const startedAt = performance.now();
  await work.stop();
  assert.ok(performance.now() - startedAt < 1_000);
  assert.deepEqual(failures, []);
});

test('what fails in the background is told', async () => {
  const failures: unknown[] = [];
  const work = background((cause) => failures.push(cause));
  work.run(() => Promise.reject(new Error('lost')));
  await wait(1);
  await work.stop();
  assert.equal(String(failures[0]), 'Error: lost');
});

test('a retry goes on until it works or the pauses are used up', async () => {
  const { signal } = new AbortController();
  let calls = 0;
  const third = (): Promise<boolean> => Promise.resolve(++calls === 3);
  assert.equal(await retry(third, [0, 0, 0], signal), true);
  assert.equal(calls, 3);
  assert.equal(await retry(() => Promise.resolve(false), [0], signal), false);
});

test('cookies that do not decode are left out; what is set comes back', () => {
  assert.deepEqual([...readCookies('a=%E0%A4%A; b=2; c')], [['b', '2']]);
  assert.deepEqual([...readCookies(setCookie('cart', 'a:1,b;=', 60).split(';')[0] ?? '')], [['cart', 'a:1,b;=']]);
});
