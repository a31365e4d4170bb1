import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { AssayError } from '../event/error.ts';
import { type Answered, HttpProblem, listen, problem, type Route, readBody } from './http.ts';

const ROUTES: Route[] = [
  { method: 'GET', path: '/plain', answer: () => ({ status: 200, text: 'Hällo', type: 'text/plain' }) },
  {
    method: 'POST',
    path: '/size',
    answer: async ({ request }) => ({ status: 200, json: { bytes: (await readBody(request, 10)).length } }),
  },
  {
    method: 'POST',
    path: '/large',
    answer: async ({ request }) => ({ status: 200, json: { bytes: (await readBody(request, 200_000)).length } }),
  },
  { method: 'GET', path: '/of/:id/is/:name', answer: ({ parameters }) => ({ status: 200, json: { ...parameters } }) },
  { method: 'GET', path: '/fails/:code', answer: ({ parameters }) => fail(parameters['code'] ?? '') },
];

function fail(code: string): never {
  if (code === 'problem') throw new HttpProblem(problem(429, 'too_many', 'Wait a little.', [], { 'retry-after': '7' }));
  throw code === 'bug' ? new Error('secret detail') : new AssayError(code, 'the disk is full');
}

test('requests are answered by the table of routes', async (t) => {
  const { url } = await open(t);
  for (const [method, path, body, status, says] of [
    ['GET', '/plain', undefined, 200, 'Hällo'],
    ['GET', '/plain?more=1', undefined, 200, 'Hällo'],
    ['HEAD', '/plain', undefined, 200, ''],
    ['POST', '/size', '0123456789', 200, '{"bytes":10}'],
    ['POST', '/size', '0123456789a', 413, 'body_too_large'],
    ['GET', '/of/a%2Fb/is/%C3%A4', undefined, 200, '{"id":"a/b","name":"ä"}'],
    ['GET', '/of/%E0%A4/is/x', undefined, 404, 'not_found'],
    ['GET', '/of//is/x', undefined, 404, 'not_found'],
    ['GET', '/nowhere', undefined, 404, 'not_found'],
    ['GET', `/plain?${'x'.repeat(8_200)}`, undefined, 414, 'url_too_long'],
    ['DELETE', '/plain', undefined, 405, 'method_not_allowed'],
    ['HEAD', '/size', undefined, 405, ''],
    ['GET', '/fails/problem', undefined, 429, 'too_many'],
    ['GET', '/fails/journal_unwritable', undefined, 503, 'journal_unwritable'],
    ['GET', '/fails/journal_behind', undefined, 503, 'journal_behind'],
    ['GET', '/fails/other', undefined, 500, 'failed'],
    ['GET', '/fails/bug', undefined, 500, 'failed'],
  ] as const) {
    const answer = await fetch(url + path, { method, ...(body === undefined ? {} : { body }) });
    const text = await answer.text();
    const line = `${method} ${path.slice(0, 40)}: ${text}`;
    assert.equal(answer.status, status, line);
    assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
    assert.equal(answer.headers.get('cache-control'), 'no-store');
    assert.ok(!text.includes('secret detail'));
    if (status === 200 || method === 'HEAD') {
      assert.equal(text, says, line);
      continue;
    }
    assert.equal(answer.headers.get('content-type'), 'application/problem+json; charset=utf-8');
    const told = JSON.parse(text) as Record<string, unknown>;
    assert.deepEqual([told['status'], told['code']], [status, says]);
    assert.match(String(told['detail']), /^[A-Z].*\.$/);
  }
});

test('an answer says what else the sender must know', async (t) => {
  const { url } = await open(t);
  for (const [path, header, value] of [
    ['/size', 'allow', 'POST'],
    ['/fails/problem', 'retry-after', '7'],
    ['/fails/journal_unwritable', 'retry-after', '5'],
    ['/plain', 'content-length', '6'],
  ] as const) {
    const answer = await fetch(url + path);
    await answer.text();
    assert.equal(answer.headers.get(header), value, path);
  }
});

test('what breaks in a handler is told to the operator with its route, and to nobody else', async (t) => {
  const { url, failed } = await open(t);
  await fetch(`${url}/fails/bug`);
  await fetch(`${url}/fails/journal_unwritable`);
  assert.deepEqual(failed, ['GET /fails/:code: secret detail']);
});

test('a check may answer before any route', async (t) => {
  const before = (): Answered => problem(401, 'not_signed_in', 'Sign in first.');
  const { url } = await open(t, before);
  for (const path of ['/plain', '/nowhere']) assert.equal((await fetch(url + path)).status, 401);
});

test('a body that never ends is cut off once it is too large', async (t) => {
  const { port } = await open(t);
  const socket = connect(port, '127.0.0.1');
  socket.write('POST /size HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\nb\r\n0123456789a\r\n');
  assert.match(await text(socket), /^HTTP\/1\.1 413 /);
});

test('a gzip body is unpacked, up to the same limit', async (t) => {
  const { url } = await open(t);
  for (const [encoding, body, status, says] of [
    ['gzip', gzipSync('0123456789'), 200, '{"bytes":10}'],
    ['identity', Buffer.from('0123456789'), 200, '{"bytes":10}'],
    ['gzip', gzipSync('0'.repeat(100_000_000)), 413, 'body_too_large'],
    ['gzip', Buffer.from('0123'), 400, 'body_not_gzip'],
    ['gzip', gzipSync('0123456789').subarray(0, 9), 400, 'body_not_gzip'],
    ['br', Buffer.from('0123'), 415, 'encoding_unknown'],
    ['gzip, gzip', gzipSync(gzipSync('0')), 415, 'encoding_unknown'],
  ] as const) {
    const answer = await fetch(`${url}/large`, { method: 'POST', headers: { 'content-encoding': encoding }, body });
    const text = await answer.text();
    assert.equal(answer.status, status, text);
    assert.ok(text.includes(says), text);
  }
});

test('a target that is no address is answered, not crashed on', async (t) => {
  const { port } = await open(t);
  for (const target of ['//', '*', 'http://[', '/%']) {
    const socket = connect(port, '127.0.0.1');
    socket.write(`GET ${target} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n`);
    assert.match(await text(socket), /^HTTP\/1\.1 404 /, target);
  }
});

test('a sender who goes away is noticed', async (t) => {
  const left = Promise.withResolvers<void>();
  const routes: Route[] = [
    {
      method: 'GET',
      path: '/slow',
      answer: async ({ gone }) => {
        await once(gone, 'abort');
        left.resolve();
        return { status: 200, json: {} };
      },
    },
  ];
  const { url } = await open(t, undefined, routes);
  const leave = new AbortController();
  const asked = fetch(`${url}/slow`, { signal: leave.signal }).catch(() => 'left');
  setTimeout(() => leave.abort(), 100);
  assert.equal(await asked, 'left');
  await left.promise;
});

async function open(t: TestContext, before?: () => Answered, routes = ROUTES) {
  const failed: string[] = [];
  const listener = await listen({ host: '127.0.0.1', port: 0 }, routes, {
    ...(before ? { before } : {}),
    failed: (error, where) => failed.push(`${where}: ${error instanceof Error ? error.message : ''}`),
  });
  t.after(() => listener.close());
  return { url: `http://127.0.0.1:${listener.port}`, port: listener.port, failed };
}
