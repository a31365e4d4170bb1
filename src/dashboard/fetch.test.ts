import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, send, wrongWith } from './fetch.ts';

const answers =
  (status: number, body: string): typeof fetch =>
  () =>
    Promise.resolve(new Response(body, { status }));
const problem = {
  type: 'about:blank',
  title: 'Bad request',
  status: 400,
  code: 'bad_id',
  detail: 'The id is too long',
};

test('an answer comes back as its JSON', async () => {
  assert.deepEqual(await ask('/v1/reasons', answers(200, '[1]')), { ok: true, value: [1] });
});

test('a problem is told by its first entry, with its fix', async () => {
  const problems = [{ where: 'id', what: 'id has 900 characters', fix: 'Send at most 256.', code: 'too_long' }];
  const answer = await ask('/v1/trace/x', answers(400, JSON.stringify({ ...problem, problems })));
  assert.deepEqual(answer, {
    ok: false,
    failure: {
      kind: 'refused',
      code: 'bad_id',
      what: 'id has 900 characters.',
      fix: 'Send at most 256.',
      problems,
    },
  });
});

test('a problem without entries is told by its detail', async () => {
  const answer = await ask('/v1/trace/x', answers(400, JSON.stringify(problem)));
  assert.equal(!answer.ok && answer.failure.what, 'The id is too long.');
});

test('401 is signed out and 404 is not found', async () => {
  const signedOut = await ask('/v1/reasons', answers(401, '{}'));
  const notFound = await ask('/v1/reasons', answers(404, '{}'));
  assert.equal(!signedOut.ok && signedOut.failure.kind, 'signedOut');
  assert.equal(!notFound.ok && notFound.failure.kind, 'notFound');
});

test('an answer that is no JSON is told by its status', async () => {
  const answer = await ask('/v1/reasons', answers(502, '<h1>Bad gateway</h1>'));
  assert.equal(!answer.ok && answer.failure.what, 'The server answered 502.');
});

test('a 200 that is no JSON is no answer', async () => {
  const answer = await ask('/v1/reasons', answers(200, '<h1>Hotel Wi-Fi</h1>'));
  assert.equal(answer.ok, false);
});

test('a network failure is unreachable', async () => {
  const answer = await ask('/v1/reasons', () => Promise.reject(new TypeError('failed')));
  assert.equal(!answer.ok && answer.failure.kind, 'unreachable');
});

test('a change goes out as JSON, with a body or without', async () => {
  const asked: unknown[] = [];
  const fetcher: typeof fetch = (path, request) => {
    asked.push([path, request?.method, new Headers(request?.headers).get('content-type'), request?.body ?? '-']);
    return Promise.resolve(new Response('{}', { status: 201 }));
  };
  await send('POST', '/v1/keys', { name: 'shop' }, fetcher);
  await send('DELETE', '/v1/keys/key-1', undefined, fetcher);
  assert.deepEqual(asked, [
    ['/v1/keys', 'POST', 'application/json', '{"name":"shop"}'],
    ['/v1/keys/key-1', 'DELETE', 'application/json', '-'],
  ]);
});

test('a problem is found by the field it names, and told with its fix', async () => {
  const problems = [{ where: 'body.name', what: 'name has an @', fix: 'use letters', code: 'body_shape' }];
  const answer = await send('POST', '/v1/keys', {}, answers(422, JSON.stringify({ ...problem, problems })));
  assert.equal(!answer.ok && wrongWith(answer.failure, 'name'), 'Name has an @. Use letters.');
  assert.equal(!answer.ok && wrongWith(answer.failure, 'role'), undefined);
  assert.equal(wrongWith(undefined, 'name'), undefined);
});
