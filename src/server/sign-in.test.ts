import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Answered, Asked } from './http.ts';
import { openSignIn, type SignIn } from './sign-in.ts';

const HOUR_MS = 3_600_000;

test('a link works once and gives a cookie that opens the API', () => {
  const signIn = openSignIn(() => 0);
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
  const signIn = openSignIn(() => now);
  const mine = cookieOf(ask(signIn, signIn.link())).split(';')[0] ?? '';
  const [until = '', signature = ''] = mine.replace('assay_admin=', '').split('.');
  const elsewhere = openSignIn(() => now);
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
  const signIn = openSignIn(() => 0);
  signIn.link();
  for (const link of ['/sign-in', '/sign-in?token=', '/sign-in?token=AAAA'])
    assert.equal(codeOf(ask(signIn, link)), 'link_used');
});

test('pages, their files and the readiness check load without a cookie, and what they show does not', () => {
  const signIn = openSignIn(() => 0);
  for (const path of ['/', '/live', '/trace/7', '/assets/dashboard.js', '/readyz'])
    assert.equal(ask(signIn, path), undefined, path);
  for (const path of ['/v1/live', '/v1/trace/7', '/v1/reasons'])
    assert.equal(codeOf(ask(signIn, path)), 'not_signed_in', path);
});

test('a host name that another site could point here is refused, even with a cookie', () => {
  const signIn = openSignIn(() => 0);
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

function ask(
  signIn: SignIn,
  path: string,
  headers: { cookie?: string | undefined; host?: string } = {},
): Answered | undefined {
  const request = { headers: { host: '127.0.0.1:8788', ...headers } };
  return signIn.before({ url: new URL(path, 'http://127.0.0.1'), request } as unknown as Asked);
}

function codeOf(answer: Answered | undefined): string | undefined {
  if (answer === undefined || answer === 'answered' || 'json' in answer || answer.status === 200) return undefined;
  return (JSON.parse(String(answer.text)) as { code: string }).code;
}

function cookieOf(answer: Answered | undefined): string {
  return answer === undefined || answer === 'answered' ? '' : (answer.headers?.['set-cookie'] ?? '');
}
