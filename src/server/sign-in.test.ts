import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Answered, Asked } from './http.ts';
import { openSignIn, type SignIn } from './sign-in.ts';

const HOUR_MS = 3_600_000;
const TOKEN = 'token-of-the-commands';

test('a link works once and gives a cookie that opens the API', () => {
  const signIn = openSignIn(() => 0, TOKEN);
  const link = signIn.link();
  assert.equal(codeOf(ask(signIn, '/v1/live')), 'not_signed_in');
  const cookie = cookieOf(ask(signIn, link));
  assert.match(cookie, /; HttpOnly; SameSite=Strict; /);
  assert.equal(ask(signIn, '/v1/live', { cookie: cookie.split(';')[0] }), undefined);
  assert.equal(ask(signIn, '/v1/live', { cookie: `other=1; ${cookie.split(';')[0]}` }), undefined);
  assert.equal(codeOf(ask(signIn, link)), 'link_used');
  assert.notEqual(signIn.link(), link);
});

test('a cookie that was never given, changed, foreign or too old opens nothing', () => {
  let now = 1_000;
  const signIn = openSignIn(() => now, TOKEN);
  const mine = cookieOf(ask(signIn, signIn.link())).split(';')[0] ?? '';
  const [until = '', signature = ''] = mine.replace('assay_admin=', '').split('.');
  const elsewhere = openSignIn(() => now, TOKEN);
  const theirs = cookieOf(ask(elsewhere, elsewhere.link())).split(';')[0];
  for (const cookie of [
    undefined,
    '',
    'assay_admin=',
    'assay_admin=.',
    `assay_admin=${until}`,
    `assay_admin=${Number(until) + 1}.${signature}`,
    `assay_admin=${until}.${signature.slice(0, -1)}`,
    `assay_admin=${until}.${signature}x`,
    `xassay_admin=${until}.${signature}`,
    theirs,
  ])
    assert.equal(codeOf(ask(signIn, '/v1/live', { cookie })), 'not_signed_in', String(cookie));
  assert.equal(ask(signIn, '/v1/live', { cookie: mine }), undefined);
  now += 12 * HOUR_MS;
  assert.equal(codeOf(ask(signIn, '/v1/live', { cookie: mine })), 'not_signed_in');
});

test('links that were never given are refused', () => {
  const signIn = openSignIn(() => 0, TOKEN);
  signIn.link();
  for (const link of ['/sign-in', '/sign-in?token=', '/sign-in?token=AAAA'])
    assert.equal(codeOf(ask(signIn, link)), 'link_used');
});

test('pages, their files and the readiness check load without a cookie, and what they show does not', () => {
  const signIn = openSignIn(() => 0, TOKEN);
  for (const path of ['/', '/live', '/trace/7', '/assets/dashboard.js', '/readyz'])
    assert.equal(ask(signIn, path), undefined, path);
  for (const path of ['/v1/live', '/v1/trace/7', '/v1/reasons'])
    assert.equal(codeOf(ask(signIn, path)), 'not_signed_in', path);
});

test('a host name that another site could point here is refused, even with a cookie', () => {
  const signIn = openSignIn(() => 0, TOKEN);
  const cookie = cookieOf(ask(signIn, signIn.link())).split(';')[0];
  for (const [host, good] of [
    ['127.0.0.1:8788', true],
    ['localhost:8788', true],
    ['localhost', true],
    ['admin.localhost:8788', true],
    ['[::1]:8788', true],
    ['10.1.2.3', true],
    ['rebind.example:8788', false],
    ['localhost.rebind.example', false],
    ['127.0.0.1.rebind.example', false],
    ['a.b.localhost.example', false],
    ['', false],
  ] as const)
    assert.equal(codeOf(ask(signIn, '/v1/live', { cookie, host })), good ? undefined : 'host_foreign', host);
});

test('the token of the commands on this machine opens what the cookie opens, and nothing like it does', () => {
  const signIn = openSignIn(() => 0, TOKEN);
  for (const method of ['GET', 'POST', 'DELETE'])
    assert.equal(ask(signIn, '/v1/keys', { authorization: `Bearer ${TOKEN}` }, method), undefined, method);
  for (const authorization of ['', 'Bearer ', TOKEN, `bearer ${TOKEN}`, `Bearer ${TOKEN} `, `Bearer ${TOKEN}x`])
    assert.equal(codeOf(ask(signIn, '/v1/keys', { authorization })), 'not_signed_in', authorization);
  const rebound = { authorization: `Bearer ${TOKEN}`, host: 'rebind.example' };
  assert.equal(codeOf(ask(signIn, '/v1/keys', rebound)), 'host_foreign');
});

const changing = `
  # origin                        content-type                      host              may change
  http://127.0.0.1:8788           application/json                  127.0.0.1:8788    yes
  http://localhost:8788           application/json                  localhost:8788    yes
  http://localhost:9000           application/json                  localhost:9000    yes
  http://LOCALHOST:8788           application/json; charset=utf-8   LOCALHOST:8788    yes
  http://127.0.0.1:9999           application/json                  127.0.0.1:8788    no
  http://localhost:8788           application/json                  127.0.0.1:8788    no
  http://evil.localhost:8788      application/json                  localhost:8788    no
  https://shop.example            application/json                  127.0.0.1:8788    no
  null                            application/json                  127.0.0.1:8788    no
  -                               application/json                  127.0.0.1:8788    no
  http://127.0.0.1:8788           text/plain                        127.0.0.1:8788    no
  http://127.0.0.1:8788           application/x-www-form-urlencoded 127.0.0.1:8788    no
  http://127.0.0.1:8788           application/jsonp                 127.0.0.1:8788    no
  http://127.0.0.1:8788           -                                 127.0.0.1:8788    no
`;
for (const row of changing.trim().split('\n').slice(1)) {
  const [origin = '', type = '', host = '', may] = row.trim().split(/ {2,}| (?=127)/);
  test(`with the cookie, a page of ${origin} that sends ${type} to ${host} may ${may === 'yes' ? '' : 'not '}change something`, () => {
    const signIn = openSignIn(() => 0, TOKEN);
    const cookie = cookieOf(ask(signIn, signIn.link())).split(';')[0];
    const given = {
      cookie,
      host,
      ...(origin === '-' ? {} : { origin }),
      ...(type === '-' ? {} : { 'content-type': type }),
    };
    for (const method of ['POST', 'DELETE', 'PUT', 'PATCH'])
      assert.equal(codeOf(ask(signIn, '/v1/keys', given, method)), may === 'yes' ? undefined : 'not_our_page', method);
    for (const method of ['GET', 'HEAD']) assert.equal(ask(signIn, '/v1/settings', given, method), undefined, method);
  });
}

function ask(
  signIn: SignIn,
  path: string,
  headers: Record<string, string | undefined> = {},
  method = 'GET',
): Answered | undefined {
  const request = { method, headers: { host: '127.0.0.1:8788', ...headers } };
  return signIn.before({ url: new URL(path, 'http://127.0.0.1'), request } as unknown as Asked);
}

function codeOf(answer: Answered | undefined): string | undefined {
  if (answer === undefined || answer === 'answered' || 'json' in answer || answer.status === 200) return undefined;
  return (JSON.parse(String(answer.text)) as { code: string }).code;
}

function cookieOf(answer: Answered | undefined): string {
  return answer === undefined || answer === 'answered' ? '' : (answer.headers?.['set-cookie'] ?? '');
}
