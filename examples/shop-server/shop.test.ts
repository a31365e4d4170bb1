import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import { WITH_CLIENT } from '../../test/node-with-client.ts';
import { SECRET_KEY, startTestServer } from '../../test/server.ts';

test('the shop tells an order with its visitor before the payment, and its page gets the handout', async (t) => {
  const server = await startTestServer('http://127.0.0.1:1');
  t.after(() => server.stop());
  const shop = await startShop(t, server.publicUrl);
  const bought = await fetch(`${shop.url}/buy`, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie: 'ads=yes; _assay=v1.s1; _ttp=p1', referer: `${shop.url}/?ttclid=E.C.P.x` },
  });
  assert.equal(bought.status, 303);
  const thanks = await (await fetch(shop.url + bought.headers.get('location'))).text();
  const [, handout = ''] = /"handout":"([\w-]{22})"/.exec(thanks) ?? [];
  const answer = await fetch(`${server.publicUrl}/v1/handouts/${handout}?wait=1`);
  assert.deepEqual([answer.status, ((await answer.json()) as { fire: boolean }).fire], [200, false]);
  assert.deepEqual(await shop.end(), [0, null]);
  assert.equal(shop.said(), '');
});

test('a collector that is away costs no sale', async (t) => {
  const shop = await startShop(t, 'http://127.0.0.1:1');
  // The client waits five seconds for the collector, and the shop then goes on.
  const bought = await fetch(`${shop.url}/buy`, { method: 'POST', redirect: 'manual' });
  assert.equal(bought.status, 303);
  assert.equal((await fetch(shop.url + bought.headers.get('location'))).status, 200);
  assert.match(shop.said(), /^assay: The collector has not answered in time/);
  assert.equal((await fetch(`${shop.url}/thanks/none`)).status, 404);
});

async function startShop(t: TestContext, collector: string) {
  const child = spawn(process.execPath, [new URL('shop.js', import.meta.url).pathname], {
    env: { ...process.env, NODE_OPTIONS: WITH_CLIENT, ASSAY_URL: collector, ASSAY_SECRET_KEY: SECRET_KEY, PORT: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'exit');
  t.after(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (part: string) => {
    said += part;
  });
  const [url] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return {
    url,
    said: () => said,
    end: () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}
