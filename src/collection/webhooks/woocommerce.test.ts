import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { ToldPayment } from '../../event/told.ts';
import { conformsAsProvider } from './provider.conformance.ts';
import type { HookRead, Told } from './provider.ts';
import { woocommerce } from './woocommerce.ts';

const SECRET = 'b7e1f0c94d2a86537f1e0d9c8b7a6958';
const OLD = 'x|4Jz8&kQ}wT2mP?rY6vB1nC5';
const NOW = Date.UTC(2026, 10, 29, 15);
const PROVIDER = { provider: 'woocommerce', order_id: '77' };

for (const name of ['order-created', 'order-updated-paid', 'order-updated-refunded', 'order-updated-cancelled'])
  conformsAsProvider(woocommerce, {
    about: name,
    secrets: [SECRET, OLD],
    body: example(name),
    at: NOW,
    sign,
    headers: { 'x-wc-webhook-topic': 'order.updated', 'x-wc-webhook-delivery-id': '0c2f' },
    timestamped: false,
    examples: examples(),
    unknown: { body: '{"id":77}', headers: { 'x-wc-webhook-topic': 'order.deleted' }, topic: 'order.deleted' },
  });

test('an order comes with what was bought and the visitor that the shop wrote into it', async () => {
  const read = await told('order.created', example('order-created'));
  assert.ok(read.kind === 'told');
  assert.deepEqual(read.order, {
    order_id: '77',
    value: '59.90',
    currency: 'EUR',
    contents: [
      { content_id: '94', quantity: 2, content_name: 'Ember cup - Red', price: '15.882353' },
      { content_id: '22', quantity: 1, content_name: 'Slate tray', price: '14.453782' },
    ],
    time: '2026-11-22T17:31:02',
    visitor: '5f0c1f4e-1a57-4c3e-9f0e-6f2d0c1b7a11',
    session: '0c9b2f0a-77de-4f41-8f6a-2b9f5a1d3e42',
  });
});

const table = `
  # status         paid  tells
  pending          no    pending
  on-hold          no    pending
  processing       no    pending
  processing       yes   paid
  completed        yes   paid
  completed        no    pending
  failed           no    -
  cancelled        no    cancelled
  cancelled        yes   paid cancelled
  refunded         yes   paid
  wc-in-the-oven   no    -
`;
for (const line of table.trim().split('\n').slice(1)) {
  const [status, paid, ...tells] = line.trim().split(/\s+/);
  test(`an order that is ${status}, paid: ${paid}, tells ${tells.join(' and ')}`, async () => {
    const fields = { status, date_paid_gmt: paid === 'yes' ? '2026-11-25T09:02:10' : null };
    const facts = factsOf(await told('order.updated', withFields('order-created', fields)));
    assert.deepEqual(
      facts.map(({ reference }) => reference),
      tells.filter((what) => what !== '-').map((what) => `wc-77-${what}`),
    );
  });
}

test('an order on its way tells the same facts each time, and what is new', async () => {
  const paid = { ...PROVIDER, reference: 'wc-77-paid', amount: '59.90', currency: 'EUR', time: '2026-11-25T09:02:10' };
  assert.deepEqual(factsOf(await told('order.updated', example('order-updated-paid'))), [paid]);
  assert.deepEqual(factsOf(await told('order.updated', example('order-updated-refunded'))), [
    paid,
    {
      ...PROVIDER,
      reference: 'wc-77-refund-81',
      fact: 'refund',
      amount: '17.20',
      currency: 'EUR',
      time: '2026-11-29T14:20:00',
    },
  ]);
});

test('refunds are told one by one, each with the digits of the currency', async () => {
  const refunds = [
    { id: 81, total: '-1000' },
    { id: 82, total: '-4990' },
    { id: 82, total: '-4990' },
  ];
  const facts = factsOf(
    await told('order.updated', withFields('order-updated-paid', { currency: 'JPY', total: '5990', refunds })),
  );
  assert.deepEqual(
    facts.map(({ reference, amount, currency }) => [reference, amount, currency]),
    [
      ['wc-77-paid', '5990', 'JPY'],
      ['wc-77-refund-81', '1000', 'JPY'],
      ['wc-77-refund-82', '4990', 'JPY'],
    ],
  );
  const odd = await told('order.updated', withFields('order-updated-paid', { refunds: [{ id: 81, total: null }] }));
  assert.deepEqual(odd, { kind: 'other', reason: 'body_shape', topic: 'order.updated' });
});

test('the ping of a webhook that was just saved is answered, and nothing like it opens anything', async () => {
  const headers = { 'user-agent': 'WooCommerce/10.3.0 Hookshot (WordPress/6.9)' };
  assert.deepEqual(await read(Buffer.from('webhook_id=12'), headers), { kind: 'ping' });
  for (const body of [
    'webhook_id=',
    'webhook_id=12&x=1',
    'webhook_id=mara@lindqvist.example',
    'webhook_id=1234567890123',
    '',
  ])
    assert.equal((await read(Buffer.from(body), headers)).kind, 'refused', body);
  assert.equal((await read(Buffer.from('webhook_id=12'), { 'x-wc-webhook-signature': 'AAAA' })).kind, 'refused');
});

test('a cart in the checkout, a draft and an order in the bin are no orders', async () => {
  for (const status of ['checkout-draft', 'auto-draft', 'draft', 'trash'])
    assert.deepEqual(await told('order.updated', withFields('order-created', { status })), {
      kind: 'other',
      reason: 'topic_unused',
      topic: 'order.updated',
    });
});

test('the renewal of a subscription is nobody’s order, and its money is the machine’s', async () => {
  const renewed = await told('order.updated', withFields('order-updated-refunded', { created_via: 'subscription' }));
  assert.ok(renewed.kind === 'told' && renewed.order === undefined);
  assert.deepEqual(
    renewed.facts.map(({ reference, origin }) => [reference, origin]),
    [
      ['wc-77-paid', 'system'],
      ['wc-77-refund-81', 'system'],
    ],
  );
});

test('a body that is no order says so', async () => {
  for (const body of ['{}', '[]', 'null', '{"id":77}', withFields('order-created', { total: '59,90' })])
    assert.deepEqual(await told('order.updated', body), {
      kind: 'other',
      reason: 'body_shape',
      topic: 'order.updated',
    });
  assert.deepEqual(await told('order.updated', 'webhook_id=12'), { kind: 'other', reason: 'body_not_json' });
  assert.deepEqual(await told('product.updated', '{}'), {
    kind: 'other',
    reason: 'topic_unknown',
    topic: 'product.updated',
  });
});

function example(name: string): string {
  return readFileSync(new URL(`../../../examples/webhooks/woocommerce/${name}.json`, import.meta.url), 'utf8');
}

function withFields(name: string, fields: object): string {
  return JSON.stringify({ ...JSON.parse(example(name)), ...fields });
}

function sign(body: Buffer, secret: string): Record<string, string> {
  return { 'x-wc-webhook-signature': createHmac('sha256', secret).update(body).digest('base64') };
}

function told(topic: string, body: string): Promise<HookRead> {
  const raw = Buffer.from(body);
  return read(raw, { ...sign(raw, SECRET), 'x-wc-webhook-topic': topic });
}

async function read(raw: Buffer, headers: Record<string, string>): Promise<HookRead> {
  const hook = {
    method: 'POST',
    url: 'https://collect.shop.example/v1/hooks/woocommerce',
    headers,
    raw,
    receivedAt: NOW,
  };
  return woocommerce.read(hook, [SECRET], {
    fetch: () => Promise.reject(new Error('no network in tests')),
    roots: () => [],
  });
}

function factsOf(read: HookRead): ToldPayment[] {
  assert.equal(read.kind, 'told', JSON.stringify(read));
  return (read as Told).facts;
}

/** Both topics with the bodies that they may have. */
function examples(): { body: object; headers: Record<string, string> }[] {
  const names = ['order-created', 'order-updated-paid', 'order-updated-refunded', 'order-updated-cancelled'];
  const bodies = [...names.map((name): object => JSON.parse(example(name))), byStripe({ _stripe_fee: '1.14' })];
  return ['order.created', 'order.updated'].flatMap((topic) =>
    bodies.map((body) => ({ body, headers: { 'x-wc-webhook-topic': topic } })),
  );
}

/** A paid order with what the plug-in of Stripe writes into it. */
function byStripe(meta: Record<string, string>, change: object = {}): object {
  const all = { _stripe_currency: 'EUR', _stripe_intent_id: 'pi_3Sa1VtLkdIwHu7ix0xTq5bZc', ...meta };
  const meta_data = Object.entries(all).map(([key, value]) => ({ key, value }));
  return { ...JSON.parse(example('order-updated-paid')), payment_method: 'stripe', meta_data, ...change };
}

test('a payment is known by the payment service’s own id, and its fee is told until something is refunded', async () => {
  const payment = 'stripe:pi_3Sa1VtLkdIwHu7ix0xTq5bZc';
  const facts = async (body: object): Promise<ToldPayment[]> => {
    const read = await told('order.updated', JSON.stringify(body));
    return read.kind === 'told' ? read.facts : assert.fail();
  };
  const [paid, fee] = await facts(byStripe({ _stripe_fee: '1.14' }));
  assert.partialDeepStrictEqual(paid, { reference: 'wc-77-paid', payment });
  assert.partialDeepStrictEqual(fee, { reference: 'wc-77-fee', fact: 'fee', amount: '1.14', currency: 'EUR', payment });
  for (const [meta, change] of [
    [{ _stripe_fee: '0.00' }, {}],
    [{ _stripe_fee: '1.14', _stripe_currency: 'euro' }, {}],
    [{ _stripe_fee: '0.90' }, { refunds: [{ id: 81, total: '-17.20' }] }],
    [{ _stripe_fee: '1.14' }, { date_paid_gmt: null }],
  ] as const)
    assert.ok(
      (await facts(byStripe(meta, change))).every((fact) => fact.fact !== 'fee'),
      JSON.stringify([meta, change]),
    );
  const paypal = { payment_method: 'ppcp-gateway', transaction_id: '2GG279541U471931P' };
  assert.equal((await facts(byStripe({ _stripe_intent_id: '' }, paypal)))[0]?.payment, 'paypal:2GG279541U471931P');
  assert.equal(
    (await facts(byStripe({ _stripe_intent_id: 'seti_1' }, { transaction_id: 'ch_1' })))[0]?.payment,
    undefined,
  );
});
