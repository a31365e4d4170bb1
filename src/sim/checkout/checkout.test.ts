import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { request } from '../http/request.ts';
import { type Asked, serve } from '../http/serve.ts';
import { type CheckoutOptions, startCheckout } from './checkout.ts';
import { priceText } from './pages.ts';
import { CHECKOUT_AGENT } from './webhook.ts';

const SECRET = 'whsec_a-secret-that-only-tests-know-of';
const KEY = 'sk_of_the_shop';
const NOW = Date.UTC(2026, 10, 22, 12);
const ASKED = {
  mode: 'payment',
  client_reference_id: '10045',
  success_url: 'http://shop.localhost:8080/thanks?order=10045&session_id={CHECKOUT_SESSION_ID}',
  cancel_url: 'http://shop.localhost:8080/cart',
  'line_items[0][quantity]': '2',
  'line_items[0][price_data][currency]': 'eur',
  'line_items[0][price_data][unit_amount]': '1890',
  'line_items[0][price_data][product_data][name]': '<b>Ember</b> Cup',
  'metadata[order_id]': '10045',
  'metadata[assay_visitor]': 'v-1',
  'payment_intent_data[metadata][order_id]': '10045',
};

interface Told {
  type: string;
  livemode: boolean;
  data: { object: Record<string, unknown> & { metadata: Record<string, string> } };
}

async function surroundings(options: Partial<CheckoutOptions> = {}) {
  const received: { told: Told; asked: Asked }[] = [];
  const collector = await serve(0, '127.0.0.1', (asked) => {
    received.push({ told: JSON.parse(asked.body) as Told, asked });
    return { status: 202 };
  });
  const endpoint = { url: `${collector.url}/hook`, secret: SECRET, from: '127.0.0.8', now: () => NOW };
  const checkout = await startCheckout({
    port: 0,
    hostName: 'checkout.localhost',
    apiKey: KEY,
    endpoint,
    confirm: (_, send) => send(),
    ...options,
  });
  const post = (path: string, fields: Record<string, string>, key = KEY) =>
    request({
      method: 'POST',
      url: checkout.url + path,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(fields).toString(),
      timeoutMs: 5_000,
    });
  return {
    checkout,
    received,
    open: (fields: Record<string, string> = {}, key = KEY) =>
      post('/v1/checkout/sessions', { ...ASKED, ...fields }, key),
    post,
    get: (url: string) => request({ method: 'GET', url, timeoutMs: 5_000 }),
    async stop() {
      await checkout.stop();
      await collector.stop();
    },
  };
}

test('a session that a shop opens is paid once, told with its metadata, and leads back to the shop', async () => {
  const { checkout, open, post, received, get, stop } = await surroundings();
  const { id, url } = JSON.parse((await open()).text) as { id: string; url: string };
  const shown = await get(url);
  assert.match(shown.text, /2 × &lt;b&gt;Ember&lt;\/b&gt; Cup/);
  assert.match(shown.text, /Pay €37\.80/);
  assert.match(String(shown.headers['content-security-policy']), /form-action 'self' http:\/\/shop\.localhost:8080;/);
  const back = `http://shop.localhost:8080/thanks?order=10045&session_id=${id}`;
  for (let times = 0; times < 2; times += 1) {
    const { status, headers } = await post(`/c/pay/${id}`, {});
    assert.deepEqual([status, headers.location], [303, back]);
  }
  assert.deepEqual(
    received.map(({ told }) => [told.type, told.livemode, told.data.object.metadata['order_id']]),
    ['charge.succeeded', 'payment_intent.succeeded', 'checkout.session.completed'].map((type) => [type, true, '10045']),
  );
  const session = received[2]?.told.data.object;
  assert.deepEqual(
    [session?.['amount_total'], session?.['currency'], session?.metadata['assay_visitor']],
    [3780, 'eur', 'v-1'],
  );
  assert.match((await get(url)).text, /is paid already/);
  const [paid] = checkout.sessions;
  assert.deepEqual(paid && (await checkout.send(paid)), [202, 202, 202]);
  await stop();
});

test('each event is signed over its time and its bytes, and comes from the checkout’s own machine', async () => {
  const { checkout, open, received, stop } = await surroundings();
  await open();
  for (const session of checkout.sessions) await checkout.pay(session);
  assert.equal(received.length, 3);
  for (const { asked } of received) {
    const signature = createHmac('sha256', SECRET)
      .update(`${NOW / 1000}.${asked.body}`)
      .digest('hex');
    assert.equal(asked.headers['stripe-signature'], `t=${NOW / 1000},v1=${signature}`);
    assert.deepEqual([asked.ip, asked.headers['user-agent']], ['127.0.0.8', CHECKOUT_AGENT]);
  }
  await stop();
});

test('what makes no session is refused with all that is wrong', async () => {
  const { checkout, open, get, stop } = await surroundings();
  assert.equal((await open({}, 'another key')).status, 401);
  const wrong = await open({
    mode: 'setup',
    success_url: 'http://evil.example/',
    'line_items[0][price_data][unit_amount]': '18.90',
    'metadata[long]': 'x'.repeat(501),
  });
  assert.equal(wrong.status, 400);
  for (const part of ['mode', 'success_url', 'unit_amount', 'metadata']) assert.ok(wrong.text.includes(part), part);
  assert.equal((await get(`${checkout.url}/c/pay/cs_live_none`)).status, 404);
  assert.equal(checkout.sessions.length, 0);
  await stop();
});

test('amounts are shown with the digits of their currency', () => {
  for (const [minor, currency, text] of [
    [3780, 'eur', '€37.80'],
    [5, 'eur', '€0.05'],
    [3780, 'jpy', '¥3,780'],
    [5120, 'kwd', 'KWD 5.120'],
  ] as const)
    assert.equal(priceText(minor, currency).replace('\u00a0', ' '), text);
});
