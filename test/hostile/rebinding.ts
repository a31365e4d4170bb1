import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signIn } from '../live.ts';
import type { Stage } from './stage.ts';

const HOSTS: [host: string, status: number][] = [
  ...[
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'evil.example:8788',
    '',
    'localhost@evil.example',
  ].map((host): [string, number] => [host, 403]),
  ...['2130706433', '0x7f000001', 'localhost.', '[::1].evil.example', '127.0.0.1:8788.evil.example'].map(
    (host): [string, number] => [host, 403],
  ),
  ...['localhost', 'LOCALHOST:1', 'shop.localhost', '127.0.0.1', '[::1]:80'].map((host): [string, number] => [
    host,
    200,
  ]),
];

/** Pages of others, open in the browser of somebody who is signed in. */
export function rebinding(stage: () => Stage): void {
  for (const [host, status] of HOSTS)
    test(`the operator’s listener asked as ${JSON.stringify(host)} answers ${status}, whatever token comes along`, async () => {
      const head = [
        'GET /v1/settings HTTP/1.1',
        `host: ${host}`,
        `authorization: Bearer ${stage().token}`,
        'connection: close',
      ];
      const got = await stage().raw([...head, '', ''].join('\r\n'), 'admin');
      assert.ok(got.startsWith(`HTTP/1.1 ${status} `), got.slice(0, 300));
    });

  test('a cookie changes nothing but from a page of its own address, and no link or cookie works twice or longer', async () => {
    const link = stage().server.signInUrl();
    const cookie = await signIn(link);
    const { adminUrl } = stage().server;
    const json = 'application/json';
    const ATTEMPTS: [origin: string | undefined, type: string, status: number][] = [
      [undefined, json, 403],
      ['https://evil.example', json, 403],
      ['null', json, 403],
      ['http://127.0.0.1:1', json, 403],
      [adminUrl.replace('127.0.0.1', 'localhost'), json, 403],
      [`${adminUrl}.evil.example`, json, 403],
      [adminUrl, 'text/plain', 403],
      [adminUrl, 'application/jsonx', 403],
      [adminUrl, 'application/x-www-form-urlencoded; application/json', 403],
      [adminUrl, json, 422],
    ];
    for (const [origin, type, status] of ATTEMPTS) {
      const headers = { cookie, 'content-type': type, ...(origin === undefined ? {} : { origin }) };
      assert.equal((await stage().ask('stranger POST /v1/keys', {}, headers)).status, status, `${origin} ${type}`);
      const ended = await stage().ask('stranger DELETE /v1/keys/key-x', undefined, headers);
      assert.equal(ended.status, status === 422 ? 404 : 403, `${origin} ${type}`);
    }
    assert.equal((await fetch(link)).status, 403);
    const [until = '', mac = ''] = cookie.split('=')[1]?.split('.') ?? [];
    for (const forged of [`${Number(until) + 1}.${mac}`, `${until}.${mac.slice(0, -1)}`, `${until}.`, until])
      assert.equal(
        (await stage().ask('stranger GET /v1/settings', undefined, { cookie: `assay_admin=${forged}` })).status,
        401,
      );
    assert.equal((await stage().ask('stranger GET /v1/settings', undefined, { cookie })).status, 200);
  });
}
