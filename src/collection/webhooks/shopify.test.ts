import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { ToldPayment } from '../../event/told.ts';
import { conformsAsProvider } from './provider.conformance.ts';
import type { HookRead, Told } from './provider.ts';
import { shopify } from './shopify.ts';

const SECRET = '5f1d2c7a9be04836a1c7d05e8f42b396';
const OLD = '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';
const NOW = Date.UTC(2026, 10, 23);
const ORDER = '6120448893201';

for (const [name, topic] of [
  ['orders-create', 'orders/create'],
  ['orders-cancelled', 'orders/cancelled'],
  ['order-transactions-create', 'order_transactions/create'],
  ['refunds-create', 'refunds/create'],
  ['disputes-update', 'disputes/update'],
] as const)
  conformsAsProvider(shopify, {
    about: topic,
    secrets: [SECRET, OLD],
    body: example(name),
    at: NOW,
    sign,
    headers: { 'x-shopify-topic': topic, 'x-shopify-webhook-id': 'b54557e4-bdd9-4b37-8a5f-bf7d70bcd043' },
    timestamped: false,
    examples: examples(),
    unknown: { body: example(name), headers: { 'x-shopify-topic': 'orders/fulfilled' }, topic: 'orders/fulfilled' },
  });

test('an order is booked in the currency that the customer paid in, with the visitor of the cart’s attributes', async () => {
  assert.deepEqual(await told('orders/create', example('orders-create')), {
    kind: 'told',
    topic: 'orders/create',
    order: {
      order_id: ORDER,
      value: '9870',
      currency: 'JPY',
      contents: [
        { content_id: '44310098812', quantity: 2, price: '3114', content_name: 'Ember cup' },
        { content_id: '44310098877', quantity: 1, price: '3642', content_name: 'Slate tray' },
      ],
      time: '2026-11-22T18:31:02+01:00',
      visitor: '5f0c1f4e-1a57-4c3e-9f0e-6f2d0c1b7a11',
      session: '0c9b2f0a-77de-4f41-8f6a-2b9f5a1d3e42',
    },
    facts: [
      {
        provider: 'shopify',
        order_id: ORDER,
        reference: `${ORDER}-pending`,
        fact: 'pending',
        time: '2026-11-22T18:31:02+01:00',
      },
    ],
  });
});

test('money is told by transactions alone, each under its own id', async () => {
  for (const [kind, status, fact] of [
    ['sale', 'success', 'payment'],
    ['capture', 'success', 'payment'],
    ['refund', 'success', 'refund'],
    ['authorization', 'success', 'pending'],
    ['sale', 'pending', undefined],
    ['sale', 'failure', undefined],
    ['refund', 'error', undefined],
    ['void', 'success', undefined],
    ['change', 'success', undefined],
    ['emv_authorization', 'success', undefined],
  ] as const) {
    const read = await told('order_transactions/create', withFields('order-transactions-create', { kind, status }));
    if (fact === undefined) {
      assert.deepEqual(read, { kind: 'other', reason: 'topic_unused', topic: 'order_transactions/create' });
      continue;
    }
    const money = fact === 'pending' ? {} : { amount: '9870', currency: 'JPY' };
    assert.deepEqual(factsOf(read), [
      {
        provider: 'shopify',
        order_id: ORDER,
        reference: '7401122398801',
        time: '2026-11-22T18:35:27+01:00',
        ...(fact === 'payment' ? {} : { fact }),
        ...money,
      },
    ]);
  }
  for (const topic of ['orders/create', 'orders/paid', 'orders/partially_paid']) {
    const paid = await told(topic, withFields('orders-create', { financial_status: 'paid' }));
    assert.deepEqual(factsOf(paid), [], topic);
  }
});

test('a refund is told by two topics as one: the transactions that succeeded', async () => {
  const refund = JSON.parse(example('refunds-create'));
  const facts = factsOf(await told('refunds/create', refund));
  assert.deepEqual(facts, factsOf(await told('order_transactions/create', refund.transactions[0])));
  assert.deepEqual(
    facts.map(({ reference, fact, amount, currency }) => [reference, fact, amount, currency]),
    [['7401122399955', 'refund', '3642', 'JPY']],
  );
  const restocked = await told('refunds/create', withFields('refunds-create', { transactions: [] }));
  assert.deepEqual(restocked, { kind: 'other', reason: 'topic_unused', topic: 'refunds/create' });
});

test('an order that costs nothing has no transaction, and is paid by its own word', async () => {
  const free = { financial_status: 'paid', total_price: '0.00', total_price_set: null };
  const facts = factsOf(await told('orders/paid', withFields('orders-create', free)));
  assert.deepEqual(
    facts.map(({ reference, amount, currency }) => [reference, amount, currency]),
    [[`${ORDER}-free`, '0.00', 'EUR']],
  );
});

test('a cancellation is read from the order, whatever the topic is called', async () => {
  const cancelled = { fact: 'cancellation', reference: '6120448893388-cancelled', time: '2026-11-23T20:40:02+01:00' };
  for (const topic of ['orders/cancelled', 'orders/paid', 'orders/create'])
    assert.deepEqual(factsOf(await told(topic, example('orders-cancelled'))), [
      { provider: 'shopify', order_id: '6120448893388', ...cancelled },
    ]);
  const fine = await told('orders/cancelled', withFields('orders-cancelled', { cancelled_at: null }));
  assert.deepEqual(factsOf(fine), []);
});

test('a dispute tells all that it has come to, under the same references each time', async () => {
  for (const [type, status, ends] of [
    ['chargeback', 'needs_response', ['dispute', 'chargeback']],
    ['chargeback', 'under_review', ['dispute', 'chargeback']],
    ['chargeback', 'won', ['dispute', 'chargeback', 'disputeWon', 'chargebackReversed']],
    ['chargeback', 'lost', ['dispute', 'chargeback', 'disputeLost']],
    ['chargeback', 'accepted', ['dispute', 'chargeback', 'disputeLost']],
    ['inquiry', 'needs_response', ['dispute']],
    ['inquiry', 'won', ['dispute', 'disputeWon']],
    ['inquiry', 'charge_refunded', ['dispute', 'disputeWon']],
  ] as const) {
    const facts = factsOf(await told('disputes/update', withFields('disputes-update', { type, status })));
    assert.deepEqual(
      facts.map(({ fact }) => fact),
      ends,
    );
    assert.ok(facts.every(({ reference }) => reference >= (facts[0]?.reference ?? '')));
    assert.ok(
      facts.every(({ order_id, reference }) => order_id === ORDER && /^dispute-598735659(?:-|$)/.test(reference)),
    );
  }
  const opened = factsOf(await told('disputes/create', example('disputes-create')));
  assert.deepEqual(factsOf(await told('disputes/update', example('disputes-update'))).slice(0, 2), opened);
});

test('what is marked as a test is a draft', async () => {
  const draft = async (topic: string, body: string, headers?: Record<string, string>) => {
    const read = await told(topic, body, headers);
    assert.ok(read.kind === 'told');
    return read.draft;
  };
  assert.equal(await draft('orders/create', withFields('orders-create', { test: true })), true);
  assert.equal(await draft('order_transactions/create', withFields('order-transactions-create', { test: true })), true);
  assert.equal(await draft('orders/create', example('orders-create'), { 'x-shopify-test': 'true' }), true);
  assert.equal(await draft('orders/create', example('orders-create'), { 'x-shopify-test': 'false' }), undefined);
  const refund = example('refunds-create').replaceAll('"test": false', '"test": true');
  assert.equal(await draft('refunds/create', refund), true);
});

test('the renewal of a subscription is nobody’s order, and its money is the machine’s', async () => {
  const source_name = 'subscription_contract';
  const paid = await told('order_transactions/create', withFields('order-transactions-create', { source_name }));
  assert.equal(factsOf(paid)[0]?.origin, 'system');
  const order = await told('orders/create', withFields('orders-create', { source_name, financial_status: 'paid' }));
  assert.deepEqual(order, { kind: 'other', reason: 'topic_unused', topic: 'orders/create' });
});

test('the ids of Shopify’s own samples are longer than a double, and keep their digits', async () => {
  const body = example('order-transactions-create').replace(ORDER, '820982911946154508');
  assert.equal(factsOf(await told('order_transactions/create', body))[0]?.order_id, '820982911946154508');
});

test('amounts keep the digits of their currency', async () => {
  for (const [amount, currency] of [
    ['5990', 'JPY'],
    ['5.990', 'KWD'],
    ['59.90', 'EUR'],
    ['0.00', 'EUR'],
  ])
    assert.deepEqual(
      factsOf(
        await told('order_transactions/create', withFields('order-transactions-create', { amount, currency })),
      ).map((fact) => [fact.amount, fact.currency]),
      [[amount, currency]],
    );
});

test('a body that is not of its topic’s shape says so', async () => {
  for (const [topic, body] of [
    ['orders/create', {}],
    ['orders/create', []],
    ['orders/create', withFields('orders-create', { id: 'mara@lindqvist.example' })],
    ['order_transactions/create', withFields('order-transactions-create', { amount: '1,299.00' })],
    ['order_transactions/create', withFields('order-transactions-create', { currency: null })],
    ['order_transactions/create', withFields('order-transactions-create', { order_id: null })],
    ['refunds/create', withFields('refunds-create', { order_id: '+46 8 465 004 42' })],
    ['disputes/create', withFields('disputes-create', { amount: null })],
  ] as const)
    assert.deepEqual(await told(topic, body), { kind: 'other', reason: 'body_shape', topic });
  assert.deepEqual(await told('orders/create', '{'), { kind: 'other', reason: 'body_not_json' });
  for (const topic of ['', 'constructor', 'mara@lindqvist.example'])
    assert.equal((await told(topic, example('orders-create'))).kind, 'other');
});

function example(name: string): string {
  return readFileSync(new URL(`../../../examples/webhooks/shopify/${name}.json`, import.meta.url), 'utf8');
}

function withFields(name: string, fields: object): string {
  return JSON.stringify({ ...JSON.parse(example(name)), ...fields });
}

function sign(body: Buffer, secret: string): Record<string, string> {
  return { 'x-shopify-hmac-sha256': createHmac('sha256', secret).update(body).digest('base64') };
}

async function told(topic: string, body: unknown, more: Record<string, string> = {}): Promise<HookRead> {
  const raw = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  const headers = { ...sign(raw, SECRET), 'x-shopify-topic': topic, ...more };
  const hook = { method: 'POST', url: 'https://collect.shop.example/v1/hooks/shopify', headers, raw, receivedAt: NOW };
  return shopify.read(hook, [SECRET], {
    fetch: () => Promise.reject(new Error('no network in tests')),
    roots: () => [],
  });
}

function factsOf(read: HookRead): ToldPayment[] {
  assert.equal(read.kind, 'told', JSON.stringify(read));
  return (read as Told).facts;
}

/** Every topic with the bodies that it may have. */
function examples(): { body: object; headers: Record<string, string> }[] {
  const body = (name: string, change: object = {}): object => ({ ...JSON.parse(example(name)), ...change });
  const free = {
    financial_status: 'paid',
    total_price: '0.00',
    total_price_set: { presentment_money: { amount: '0', currency_code: 'JPY' } },
  };
  const orders = [body('orders-create'), body('orders-cancelled'), body('orders-create', free)];
  const disputes = [body('disputes-create'), body('disputes-update'), body('disputes-update', { status: 'lost' })];
  const transactions = ['sale', 'refund', 'authorization'].map((kind) => body('order-transactions-create', { kind }));
  return Object.entries({
    'orders/create': orders,
    'orders/paid': orders,
    'orders/partially_paid': orders,
    'orders/cancelled': orders,
    'order_transactions/create': transactions,
    'refunds/create': [body('refunds-create')],
    'disputes/create': disputes,
    'disputes/update': disputes,
  }).flatMap(([topic, bodies]) => bodies.map((one) => ({ body: one, headers: { 'x-shopify-topic': topic } })));
}
