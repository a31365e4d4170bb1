import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { after, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { MockAgent } from 'undici';
import { openHookWorld } from './hook-world.ts';

const agent = new MockAgent();
agent.disableNetConnect();
const certs = agent.get('https://certs.example');
after(() => agent.close());

test('a small document at an https address is read', async () => {
  certs.intercept({ path: '/a.pem' }).reply(200, 'certificate');
  const document = await openHookWorld(agent).fetch('https://certs.example/a.pem');
  assert.equal(document.toString(), 'certificate');
});

test('the roots are certificates of authorities, read once', () => {
  const world = openHookWorld(agent);
  const roots = world.roots();
  assert.ok(roots.length > 20);
  assert.ok(roots.every((pem) => new X509Certificate(pem).ca));
  assert.equal(world.roots(), roots);
});

test('what is no plain https address is never asked for', async () => {
  for (const url of [
    'http://certs.example/a.pem',
    'https://me:pw@certs.example/a.pem',
    'file:///etc/passwd',
    'data:,x',
    '',
  ])
    await assert.rejects(openHookWorld(agent).fetch(url), /plain https/, url);
});

for (const [name, status, text, says] of [
  ['a redirect', 302, '', /answered 302/],
  ['a redirect with a body', 301, 'elsewhere', /answered 301/],
  ['an error', 500, 'broken', /answered 500/],
  ['more than 64 KiB', 200, 'x'.repeat(64 * 1024 + 1), /more than 65536 bytes/],
] as const)
  test(`${name} is no document`, async () => {
    certs.intercept({ path: '/bad' }).reply(status, text, { headers: { location: 'https://certs.example/a.pem' } });
    await assert.rejects(openHookWorld(agent).fetch('https://certs.example/bad'), says);
  });

test('a document that does not come in five seconds is given up', async (t) => {
  t.mock.method(AbortSignal, 'timeout', (ms: number) => {
    assert.equal(ms, 5000);
    return AbortSignal.abort(new DOMException('too slow', 'TimeoutError'));
  });
  certs.intercept({ path: '/slow' }).reply(200, 'late').delay(50);
  await assert.rejects(openHookWorld(agent).fetch('https://certs.example/slow'), /too slow/);
});

test('four documents are fetched at once, 32 wait, and the others are refused', async () => {
  certs.intercept({ path: '/many' }).reply(200, 'certificate').times(36);
  const held: (() => void)[] = [];
  const gate = {
    dispatch(...asked: Parameters<MockAgent['dispatch']>) {
      held.push(() => agent.dispatch(...asked));
      return true;
    },
  } as unknown as MockAgent;
  const world = openHookWorld(gate);
  const asked = Promise.allSettled(Array.from({ length: 40 }, () => world.fetch('https://certs.example/many')));
  for (let left = 36; left > 0; left--) {
    while (held.length < Math.min(left, 4)) await setImmediate();
    assert.equal(held.length, Math.min(left, 4));
    held.shift()?.();
  }
  assert.equal((await asked).filter(({ status }) => status === 'rejected').length, 4);
  certs.intercept({ path: '/more' }).reply(200, 'again');
  const more = world.fetch('https://certs.example/more');
  while (held.length === 0) await setImmediate();
  held.shift()?.();
  assert.equal(String(await more), 'again', 'places are given back');
});
