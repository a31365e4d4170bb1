import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';
import { request } from '../http/request.ts';
import { serve } from '../http/serve.ts';
import { type BankOptions, startBank } from './bank.ts';
import { allowedReturn, readPaymentRequest } from './payment.ts';

const SECRET = `whsec_${Buffer.from('a secret that only tests know of').toString('base64')}`;
const ASKED = {
  order: '10045',
  amount: '59.90',
  currency: 'EUR',
  shop: 'Nugget & Co',
  return: 'http://shop.localhost:8080/thanks?order=10045',
  cancel: 'http://shop.localhost:8080/cart',
};

/** A bank, and a collector that verifies what it gets and answers as told. */
async function surroundings(statuses: number[], options: Partial<BankOptions> = {}) {
  const received: { id: string; body: unknown }[] = [];
  const collector = await serve(0, '127.0.0.1', (asked) => {
    const headers = Object.fromEntries(Object.entries(asked.headers).map(([name, value]) => [name, String(value)]));
    received.push({ id: headers['webhook-id'] ?? '', body: new Webhook(SECRET).verify(asked.body, headers) });
    return { status: statuses.shift() ?? 200 };
  });
  const bank = await startBank({
    port: 0,
    hostName: 'pay.localhost',
    webhookUrl: `${collector.url}/v1/hooks/bank`,
    webhookSecret: SECRET,
    delayMs: () => 0,
    now: Date.now,
    retryWaitsMs: [1, 1],
    ...options,
  });
  const post = (path: string, body: string, type = 'application/x-www-form-urlencoded') =>
    request({ method: 'POST', url: bank.url + path, headers: { 'content-type': type }, body, timeoutMs: 5_000 });
  return {
    bank,
    received,
    get: (fields: Record<string, string>) =>
      request({ method: 'GET', url: `${bank.url}/pay?${new URLSearchParams(fields)}`, timeoutMs: 5_000 }),
    pay: (fields: Record<string, string> = {}) =>
      post('/pay', new URLSearchParams({ ...ASKED, action: 'pay', ...fields }).toString()),
    post,
    async arrived(count: number) {
      for (let n = 0; n < 200 && received.length < count; n += 1) await wait(5);
      assert.equal(received.length, count);
    },
    async stop() {
      await bank.stop();
      await collector.stop();
    },
  };
}

test('paying sends the customer back at once and a signed confirmation later', async () => {
  const { pay, received, arrived, stop, bank } = await surroundings([], { delayMs: () => 40 });
  const answer = await pay();
  assert.deepEqual([answer.status, answer.headers.location, received.length], [303, ASKED.return, 0]);
  await arrived(1);
  const body = received[0]?.body as { type: string; timestamp: string; data: Record<string, string> };
  assert.equal(body.type, 'payment.succeeded');
  assert.ok(Math.abs(Date.parse(body.timestamp) - Date.now()) < 5_000);
  assert.deepEqual(
    { ...body.data, payment_id: '' },
    { payment_id: '', order_id: '10045', amount: '59.90', currency: 'EUR', shop: 'Nugget & Co' },
  );
  assert.equal(body.data['payment_id'], bank.payments[0]?.paymentId);
  await stop();
});

test('a bank may confirm before it sends the customer back', async () => {
  const { pay, received, stop } = await surroundings([], { confirm: 'before', delayMs: () => 60_000 });
  await pay();
  assert.equal(received.length, 1);
  await stop();
});

test('a confirmation may come twice, as the same message, or never', async () => {
  const twice = await surroundings([], { times: () => 2 });
  await twice.pay();
  await twice.arrived(2);
  assert.deepEqual(twice.received[0], twice.received[1]);
  await twice.stop();
  const never = await surroundings([], { times: () => 0 });
  await never.pay();
  await wait(30);
  assert.equal(never.received.length, 0);
  await never.stop();
});

test('a confirmation that was not taken is sent again under the same id', async () => {
  const { pay, received, arrived, stop, bank } = await surroundings([500, 404]);
  await pay();
  await arrived(3);
  assert.equal(new Set(received.map((one) => one.id)).size, 1);
  await wait(20);
  assert.deepEqual(
    bank.payments[0]?.deliveries.map((delivery) => delivery.status),
    [500, 404, 200],
  );
  await stop();
});

test('the same form sent twice pays once', async () => {
  const { pay, arrived, stop, bank } = await surroundings([]);
  await pay();
  assert.equal((await pay()).headers.location, ASKED.return);
  await arrived(1);
  assert.equal(bank.payments.length, 1);
  await stop();
});

test('cancelling pays nothing', async () => {
  const { pay, stop, bank } = await surroundings([]);
  assert.equal((await pay({ action: 'cancel' })).headers.location, ASKED.cancel);
  assert.equal(bank.payments.length, 0);
  await stop();
});

test('a test can order a confirmation, new or old, but a foreign page’s form cannot', async () => {
  const { post, received, stop, bank } = await surroundings([]);
  const json = (body: object) => post('/bank/webhooks', JSON.stringify(body), 'application/json');
  const first = JSON.parse((await json({ order_id: '7', amount: '1.00' })).text) as {
    payment_id: string;
    status: number;
  };
  assert.equal(first.status, 200);
  await json({ payment_id: first.payment_id });
  assert.deepEqual(
    received.map((one) => one.id),
    [`msg_${first.payment_id}`, `msg_${first.payment_id}`],
  );
  assert.equal(bank.payments.length, 1);
  assert.equal((await json({ payment_id: 'pay_other' })).status, 404);
  assert.equal((await json({})).status, 400);
  assert.equal((await post('/bank/webhooks', '{"order_id":"7","amount":"1"}', 'text/plain')).status, 415);
  await stop();
});

test('a payment page shows hostile text as text and lets its form return to the shop alone', async () => {
  const { get, stop } = await surroundings([]);
  const page = await get({ ...ASKED, shop: '<img src=x onerror=alert(1)>' });
  assert.equal(page.status, 200);
  assert.doesNotMatch(page.text, /<img/);
  assert.match(String(page.headers['content-security-policy']), /form-action 'self' http:\/\/shop\.localhost:8080;/);
  const refused = await get({ ...ASKED, order: '<b>', amount: '-1', return: 'http://evil.example/' });
  assert.equal(refused.status, 400);
  assert.equal(refused.text.match(/<li>/g)?.length, 3);
  await stop();
});

const table = `
  # address                                    customers may go there
  http://shop.localhost:1234/thanks?order=1    yes
  https://shop.localhost/                      yes
  http://evil.example/                         no
  http://shop.localhost.evil.example/          no
  http://shop.localhost@evil.example/          no
  http://user@shop.localhost/                  no
  //evil.example/                              no
  /thanks                                      no
  javascript:alert(1)                          no
  data:text/html,x                             no
  http:\\\\evil.example                        no
`;
for (const line of table.trim().split('\n').slice(1)) {
  const [address = '', answer = ''] = line.trim().split(/\s+/);
  test(`customers ${answer === 'yes' ? 'may' : 'may not'} be sent back to ${address}`, () => {
    assert.equal(allowedReturn(address, ['shop.localhost']) !== undefined, answer === 'yes');
    const read = readPaymentRequest(new URLSearchParams({ ...ASKED, return: address }), ['shop.localhost']);
    assert.equal(read.ok, answer === 'yes');
  });
}
