import assert from 'node:assert/strict';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { signIn } from '../../test/live.ts';
import { HOOK_SECRET, SECRET_KEY, SHOP, startTestServer, type TestServer, WRITE_KEY } from '../../test/server.ts';
import type { NewKeyAnswer, SettingsAnswer, SettingsKey } from '../api/answers.ts';
import type { ProblemAnswer } from '../api/wire.ts';
import { readOperator } from './operator.ts';

let server: TestServer;
let token = '';
before(async () => {
  server = await startTestServer('http://127.0.0.1:1', {
    trustedProxies: ['127.0.0.1'],
    rateAddress: { aSecond: 1, burst: 3 },
  });
  token = readOperator(server.folder)?.token ?? '';
});
after(async () => {
  const { folder } = server;
  await server.stop();
  assert.equal(existsSync(join(folder, 'operator.json')), false);
});

test('the settings tell keys, destinations, listeners, limits and files, and no secret', async () => {
  const told = await settings();
  assert.deepEqual(
    told.keys.slice(0, 2).map(({ id, role, name, from }) => [id, role, name, from]),
    [
      ['env-browser', 'browser', 'ASSAY_WRITE_KEY', 'environment'],
      ['env-server', 'server', 'ASSAY_SECRET_KEY', 'environment'],
    ],
  );
  assert.deepEqual(
    told.destinations.map(({ id, token, tokenSet, state }) => [id, token, tokenSet, state]),
    [['main', 'TIKTOK_TOKEN', true, 'healthy']],
  );
  assert.deepEqual(
    told.listeners.map(({ name, url, trustedProxies }) => [name, url, trustedProxies]),
    [
      ['public', server.publicUrl, ['127.0.0.1']],
      ['admin', server.adminUrl, []],
    ],
  );
  const [doors, admin] = told.listeners.map(({ serves }) => serves);
  assert.ok(doors?.includes('POST /v1/events') && !doors.some((route) => route.includes('/v1/keys')));
  assert.ok(admin?.includes('GET /v1/settings') && admin.includes('DELETE /v1/keys/:id'));
  assert.equal(told.limits.find(({ name }) => name === 'ASSAY_RATE_ADDRESS')?.value, '1 a second, 3 at once');
  const journal = told.files.find(({ name }) => name === 'journal.db');
  assert.equal(journal?.bytes, statSync(join(server.folder, 'journal.db')).size);
  assert.deepEqual([told.specVersion, told.timezone, told.retention.personal > 0], [1, 'Europe/Berlin', true]);
  for (const secret of [SECRET_KEY, HOOK_SECRET, 'twin-token', token])
    assert.ok(!JSON.stringify(told).includes(secret), secret);
});

test('what is left for commands opens the admin API, and is its owner’s alone', async () => {
  const left = readOperator(server.folder);
  assert.deepEqual([left?.url, left?.pid], [server.adminUrl, process.pid]);
  assert.equal(statSync(join(server.folder, 'operator.json')).mode & 0o777, 0o600);
  assert.equal((await admin('GET', '/v1/settings', undefined, { authorization: 'Bearer guess' })).status, 401);
});

test('a key that was made tells events, is seen to be used, and tells nothing more once it has ended', async () => {
  const made = (await ok(admin('POST', '/v1/keys', { role: 'server', name: 'shop' }), 201)) as NewKeyAnswer;
  assert.equal((await settings()).keys.find(({ id }) => id === made.id)?.usedAt, undefined);
  assert.equal((await tell(made.key)).status, 202);
  assert.ok((await settings()).keys.find(({ id }) => id === made.id)?.usedAt);
  const later = (await ok(admin('DELETE', `/v1/keys/${made.id}?grace=1h`), 200)) as SettingsKey;
  assert.ok((later.endsAt ?? 0) > Date.now());
  assert.equal((await tell(made.key)).status, 202);
  await ok(admin('DELETE', `/v1/keys/${made.id}`), 200);
  const refused = await tell(made.key);
  assert.deepEqual([refused.status, ((await refused.json()) as ProblemAnswer).code], [401, 'key_unknown']);
});

test('a test session is in the settings until it is closed', async () => {
  await ok(admin('POST', '/v1/tests', { destination: 'main', code: 'TEST77', hours: 2 }), 201);
  const [destination] = (await settings()).destinations;
  assert.equal(destination?.test?.code, 'TEST77');
  assert.ok((destination?.test?.until ?? 0) > Date.now() + 3_600_000);
  await ok(admin('DELETE', '/v1/tests/main'), 200);
  assert.equal((await settings()).destinations[0]?.test, undefined);
});

test('what is wrong with a change is said, and too much of it is not read', async () => {
  for (const [method, path, body, status, code] of [
    ['POST', '/v1/keys', { role: 'king', name: 'shop' }, 422, 'body_shape'],
    ['POST', '/v1/keys', '{', 400, 'body_not_json'],
    ['POST', '/v1/keys', { role: 'server', name: 'x'.repeat(5000) }, 413, 'body_too_large'],
    ['POST', '/v1/tests', { destination: 'none', code: 'TEST1' }, 404, 'destination_unknown'],
    ['DELETE', '/v1/keys/key-none', undefined, 404, 'key_not_found'],
    ['DELETE', '/v1/keys/env-server', undefined, 409, 'key_of_environment'],
    ['DELETE', '/v1/keys/key-none?grace=long', undefined, 422, 'grace_unreadable'],
    ['DELETE', '/v1/tests/main', undefined, 404, 'test_not_open'],
    ['GET', '/v1/keys', undefined, 405, 'method_not_allowed'],
  ] as const) {
    const answer = await admin(method, path, body);
    const told = (await answer.json()) as ProblemAnswer;
    assert.deepEqual([answer.status, told.code], [status, code], `${method} ${path}`);
  }
});

test('a page of ours changes something with the cookie, and a page of another port does not', async () => {
  const cookie = await signIn(server.signInUrl());
  const from = (origin: string) =>
    admin('POST', '/v1/keys', { role: 'import', name: 'page' }, { authorization: '', cookie, origin });
  assert.equal((await from(server.publicUrl)).status, 403);
  assert.equal((await from(server.adminUrl)).status, 201);
});

test('a visitor’s address that floods the doors is told to wait, where its pages can read it', async () => {
  const post = (address: string): Promise<Response> =>
    fetch(`${server.publicUrl}/v1/events`, {
      method: 'POST',
      headers: { origin: SHOP, 'x-forwarded-for': address },
      body: JSON.stringify({ key: WRITE_KEY }),
    });
  const statuses = [];
  for (let n = 0; n < 8; n++) statuses.push((await post('203.0.113.7')).status);
  // Until the burst is used up, the answer is about the body.
  assert.deepEqual(statuses.slice(0, 3), [422, 422, 422]);
  const late = await post('203.0.113.7');
  assert.deepEqual([late.status, late.headers.get('retry-after')], [429, '1']);
  assert.equal(late.headers.get('access-control-allow-origin'), SHOP);
  assert.equal(((await late.json()) as ProblemAnswer).code, 'rate_limited');
  assert.equal((await post('203.0.113.8')).status, 422);
});

async function settings(): Promise<SettingsAnswer> {
  return (await ok(admin('GET', '/v1/settings'), 200)) as SettingsAnswer;
}

function admin(method: string, path: string, body?: object | string, headers: Record<string, string> = {}) {
  return fetch(server.adminUrl + path, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
}

async function ok(asked: Promise<Response>, status: number): Promise<unknown> {
  const answer = await asked;
  const text = await answer.text();
  assert.equal(answer.status, status, text);
  return JSON.parse(text);
}

function tell(key: string): Promise<Response> {
  return fetch(`${server.publicUrl}/v1/server/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
    body: JSON.stringify({ event: 'Contact', page: { url: 'https://shop.example/' }, consent: 'granted' }),
  });
}
