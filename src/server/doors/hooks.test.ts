import assert from 'node:assert/strict';
import { createHmac, sign, X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { crc32 } from 'node:zlib';
import { Webhook } from 'standardwebhooks';
import { openDoor, type Told } from '../../../test/door.ts';
import { HOOK_SECRET, startTestServer } from '../../../test/server.ts';
import { CERTIFICATES, SIGNING_KEY } from '../../collection/webhooks/paypal-keys.conformance.ts';
import { PROVIDERS } from '../../collection/webhooks/providers.ts';

const WOO_SECRET = 'a-secret-of-the-woocommerce-webhook';
const { ask, written } = openDoor({
  providers: ['standard', 'woocommerce'],
  hookSecrets: { standard: [HOOK_SECRET], woocommerce: [WOO_SECRET] },
});

const CUSTOMER = { name: 'Jane Roe', email: 'jane@mail.example', phone: '+4930901820' };
const PAID = { payment_id: 'p-1', order_id: '10045', amount: '59.90', currency: 'EUR', customer: CUSTOMER };

function tell(told: object, secret = HOOK_SECRET): Promise<Told> {
  const body = JSON.stringify(told);
  const at = new Date();
  const headers = {
    'webhook-id': 'msg-1',
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign('msg-1', at, body),
  };
  return ask('POST', '/v1/hooks/standard', headers, body);
}

test('a payment is written down by its door, without anything else of its webhook', async () => {
  await written();
  const answer = await tell({ type: 'payment.succeeded', timestamp: '2026-08-01T12:00:00Z', data: PAID });
  assert.deepEqual([answer.status, answer.json['accepted']], [202, 1], answer.text);
  const [record, ...more] = await written();
  const { payment_id: reference, customer: _customer, ...rest } = PAID;
  assert.deepEqual(
    [record?.kind, record?.door, record?.personal, record?.body, more],
    [
      ...['payment', 'webhook:standard', null],
      { provider: 'standard', ...rest, reference, time: '2026-08-01T12:00:00Z' },
      [],
    ],
  );
});

test('an order that a webhook tells has the visitor’s ids, and no address, user agent or handout of the request', async () => {
  await written();
  const data = {
    order_id: '10046',
    value: '59.90',
    currency: 'EUR',
    visitor: 'v-1',
    session: 's-1',
    customer: CUSTOMER,
  };
  assert.equal((await tell({ type: 'order.created', data })).status, 202);
  const [record] = await written('order');
  assert.deepEqual([record?.door, record?.personal], ['webhook:standard', null]);
  const { visitor, session, capability, consent } = record?.body ?? {};
  assert.deepEqual(
    { visitor, session, capability, consent },
    { visitor: 'v-1', session: 's-1', capability: undefined, consent: 'unknown' },
  );
  assert.doesNotMatch(JSON.stringify(record), /jane|roe|901820|127\.0\.0\.1/i);
});

test('a test mode tells drafts', async () => {
  await written();
  await tell({ type: 'payment.succeeded', test: true, data: PAID });
  await tell({ type: 'lead.updated', test: true, data: { lead_id: 'L-1', status: 'qualified' } });
  assert.deepEqual(
    (await written('payment', 'lead')).map(({ kind, door, body }) => [kind, door, body['draft']]),
    [
      ['payment', 'webhook:standard', true],
      ['lead', 'webhook:standard', true],
    ],
  );
});

test('a topic without a meaning is kept by its name and its fields’ names, and nothing else of it', async () => {
  await written();
  for (const type of ['payment.paused', 'jane@mail.example'])
    assert.equal((await tell({ type, data: { payment_id: 'p-1', customer: CUSTOMER, n4930901820: 1 } })).status, 202);
  const records = await written();
  assert.deepEqual(
    records.map(({ kind, door, body }) => [kind, door, body['reason'], body['topic'], body['skeleton']]),
    [
      ['unread', 'webhook:standard', 'topic_unknown', 'payment.paused', FIELDS],
      ['unread', 'webhook:standard', 'topic_unknown', undefined, FIELDS],
    ],
  );
  assert.doesNotMatch(JSON.stringify(records), /jane|roe|901820|p-1/i);
});

const FIELDS = ['type', 'data', 'data.payment_id', 'data.customer'];

test('an order and what became of it come in one webhook, and are written down together', async () => {
  await written();
  const paidAt = '2026-08-01T12:00:00';
  const told = {
    id: 77,
    status: 'processing',
    currency: 'EUR',
    total: '59.90',
    date_paid_gmt: paidAt,
    billing: CUSTOMER,
  };
  const body = JSON.stringify({ ...told, refunds: [{ id: 5, total: '-9.90' }], customer_ip_address: '203.0.113.77' });
  const signature = createHmac('sha256', WOO_SECRET).update(body).digest('base64');
  const headers = { 'x-wc-webhook-topic': 'order.updated', 'x-wc-webhook-signature': signature };
  const answer = await ask('POST', '/v1/hooks/woocommerce', headers, body);
  assert.deepEqual([answer.status, answer.json['accepted']], [202, 3], answer.text);
  const records = await written();
  assert.deepEqual(
    records.map(({ kind, door, personal, body: { fact } }) => [kind, door, personal, fact]),
    [
      ['order', 'webhook:woocommerce', null, undefined],
      ['payment', 'webhook:woocommerce', null, undefined],
      ['payment', 'webhook:woocommerce', null, 'refund'],
    ],
  );
  assert.doesNotMatch(JSON.stringify(records), /jane|roe|901820|203\.0\.113/i);
});

test('a provider that only tries the address is told that it is right, and nothing is kept', async () => {
  await written();
  const answer = await ask('POST', '/v1/hooks/woocommerce', {}, 'webhook_id=7');
  assert.deepEqual([answer.status, answer.json], [200, { ok: true }]);
  assert.deepEqual(await written(), []);
});

test('every refusal is the same answer: a wrong signature, a provider that is off, one that nobody knows', async () => {
  await written();
  const other = `whsec_${Buffer.from('another secret of that length').toString('base64')}`;
  const answers = [await tell({ type: 'payment.succeeded', data: PAID }, other)];
  const off = [...PROVIDERS.keys()].filter((name) => name !== 'standard' && name !== 'woocommerce');
  for (const name of [...off, 'paypigeon', 'constructor'])
    answers.push(await ask('POST', `/v1/hooks/${name}`, {}, JSON.stringify(PAID)));
  assert.deepEqual([...new Set(answers.map(({ status, text }) => `${status} ${text}`))].length, 1);
  assert.equal(answers[0]?.status, 401);
  assert.deepEqual(
    new Set((await written()).map(({ kind, door, body }) => `${kind} ${door} ${body['reason']}`)),
    new Set(['unread webhook:standard signature_wrong', 'unread webhook:unknown signature_wrong']),
  );
});

test('PayPal’s certificate is fetched by the running server, and a root that it does not trust opens nothing', async (t) => {
  const url = 'https://api.paypal.com/v1/notifications/certs/CERT-served-here';
  const asked: string[] = [];
  let roots: readonly string[] = [CERTIFICATES.root];
  const server = await startTestServer(
    'http://127.0.0.1:1',
    { providers: ['paypal'], hookSecrets: { paypal: ['8PT597110X687430L'] } },
    {
      hooks: {
        roots: () => roots,
        async fetch(address) {
          asked.push(address);
          const issuer = new X509Certificate(CERTIFICATES.intermediate).raw;
          return address.startsWith(url) ? Buffer.from(CERTIFICATES.bare) : issuer;
        },
      },
    },
  );
  t.after(() => server.stop());
  const post = async (certificate: string): Promise<number> => {
    const body = Buffer.from('{"event_type":"CUSTOMER.DISPUTE.CREATED","resource":{}}');
    const [id, time] = ['103e3700-8b0c-11ee-8695-6b62a8a99ac4', new Date().toISOString()];
    const signed = Buffer.from(`${id}|${time}|8PT597110X687430L|${crc32(body)}`);
    const headers = {
      'paypal-transmission-id': id,
      'paypal-transmission-time': time,
      'paypal-transmission-sig': sign('sha256', signed, SIGNING_KEY).toString('base64'),
      'paypal-cert-url': certificate,
      'paypal-auth-algo': 'SHA256withRSA',
    };
    return (await fetch(`${server.publicUrl}/v1/hooks/paypal`, { method: 'POST', headers, body })).status;
  };
  assert.equal(await post(url), 202);
  assert.equal(await post(url), 202);
  assert.deepEqual(asked, [url, 'https://cacerts.digicert.com/TestIntermediate.crt']);
  assert.equal(await post('https://api.paypal.com.example.net/v1/notifications/certs/CERT-1'), 401);
  assert.equal(asked.length, 2);
  roots = [CERTIFICATES.issuer];
  assert.equal(await post(`${url}-2`), 401);
});
