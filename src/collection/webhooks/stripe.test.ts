import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { conformsAsProvider } from './provider.conformance.ts';
import type { HookRead } from './provider.ts';
import { stripe } from './stripe.ts';
import { sumOf } from './stripe-facts.ts';

const SECRET = 'whsec_5WbX5kEWLlfzsGNjH64I8lOOqUB6e8FH';
const OLD = 'whsec_kEWLlfz5WbX5sGNjH64I8FHlOOqUB6e8';
const AT = 1_795_357_960_000;

function example(name: string): { data: { object: Record<string, unknown>; previous_attributes?: object } } {
  return JSON.parse(readFileSync(new URL(`../../../examples/webhooks/stripe/${name}.json`, import.meta.url), 'utf8'));
}

function sign(body: Buffer, secret: string, at: number): Record<string, string> {
  const stamp = Math.floor(at / 1000);
  const v1 = createHmac('sha256', secret).update(`${stamp}.`).update(body).digest('hex');
  return { 'stripe-signature': `t=${stamp},v1=${v1}` };
}

conformsAsProvider(stripe, {
  secrets: [SECRET, OLD],
  body: JSON.stringify(example('checkout.session.completed')),
  at: AT,
  sign,
  timestamped: true,
  examples: stripeExamples(),
  unknown: {
    body: JSON.stringify({ ...example('charge.succeeded'), type: 'customer.source.expiring' }),
    topic: 'customer.source.expiring',
  },
});

const STRIPE = { provider: 'stripe', order_id: '10045' };
const PI = 'pi_3Sa1VtLkdIwHu7ix0xTq5bZc';
const SUM = { amount: '59.90', currency: 'EUR' };
const ORDER = {
  order_id: '10045',
  value: '59.90',
  currency: 'EUR',
  contents: [
    { content_id: 'SKU-1', quantity: 1, price: '34.90' },
    { content_id: 'SKU-2', quantity: 2, price: '10.00' },
  ],
  time: 1_795_357_857,
  visitor: '2f0e6d4c9b8a4e3f9d1c7b5a3e1f0d2c',
  session: '7b5a3e1f0d2c4e3f9d1c2f0e6d4c9b8a',
};

test('a checkout that is paid tells the order, with its visitor, and the payment', async () => {
  assert.deepEqual(await read(example('checkout.session.completed')), {
    kind: 'told',
    topic: 'checkout.session.completed',
    order: ORDER,
    facts: [{ ...STRIPE, reference: PI, fact: 'payment', ...SUM, time: 1_795_357_952 }],
  });
});

test('a checkout without its money yet is pending, and paid or not days later', async () => {
  const pending = { ...STRIPE, reference: `${PI}-pending`, fact: 'pending', time: 1_795_357_952 };
  const later = 1_795_703_552;
  for (const [name, order, facts] of [
    ['checkout.session.completed-unpaid', ORDER, [pending]],
    [
      'checkout.session.async_payment_succeeded',
      ORDER,
      [{ ...STRIPE, reference: PI, fact: 'payment', ...SUM, time: later }],
    ],
    [
      'checkout.session.async_payment_failed',
      undefined,
      [{ ...STRIPE, reference: `${PI}-failed`, fact: 'pending', time: later }],
    ],
  ] as const)
    assert.deepEqual(parts(await read(example(name))), { order, facts }, name);
});

test('whichever event tells the money, it is one payment under one reference', async () => {
  for (const name of ['checkout.session.completed', 'payment_intent.succeeded', 'charge.succeeded']) {
    const [fact, ...others] = parts(await read(example(name))).facts;
    assert.deepEqual(others, []);
    assert.partialDeepStrictEqual(fact, { ...STRIPE, reference: PI, fact: 'payment', ...SUM }, name);
  }
});

test('an order’s number is that of the metadata, then the client’s reference, then the payment’s own id', async () => {
  for (const [change, orderId] of [
    [{}, '10045'],
    [{ client_reference_id: 'cart-9' }, '10045'],
    [{ client_reference_id: 'cart-9', metadata: {} }, 'cart-9'],
    [{ client_reference_id: null, metadata: null }, PI],
    [{ client_reference_id: 'ann@example.com', metadata: { order_id: ' ' } }, PI],
  ] as const) {
    const { order, facts } = parts(await read(changed('checkout.session.completed', change)));
    assert.deepEqual([order?.order_id, facts[0]?.order_id], [orderId, orderId]);
  }
});

test('an intent or a charge without an order’s number leaves the money to its checkout or invoice', async () => {
  for (const name of ['payment_intent.succeeded', 'charge.succeeded'])
    assert.deepEqual(await read(changed(name, { metadata: {} })), {
      kind: 'other',
      reason: 'topic_unused',
      topic: name,
    });
});

test('an intent is a whole order only with its visitor: a deposit sets no total', async () => {
  const { assay_visitor, assay_session } = { assay_visitor: ORDER.visitor, assay_session: ORDER.session };
  const whole = await read(
    changed('payment_intent.succeeded', { metadata: { order_id: '10045', assay_visitor, assay_session } }),
  );
  const { contents: _contents, ...order } = ORDER;
  assert.deepEqual(parts(whole).order, { ...order, time: 1_795_357_932 });
  assert.equal(parts(await read(example('payment_intent.succeeded'))).order, undefined);
});

test('an intent is a cancellation only where somebody asked for it', async () => {
  for (const [cancellation_reason, fact] of [
    ['requested_by_customer', 'cancellation'],
    ['fraudulent', 'cancellation'],
    ['abandoned', undefined],
    ['duplicate', undefined],
    [null, undefined],
  ] as const) {
    const body = changed('payment_intent.succeeded', { cancellation_reason, status: 'canceled' });
    const told = await read({ ...body, type: 'payment_intent.canceled' });
    assert.equal(told.kind === 'told' ? told.facts[0]?.fact : undefined, fact, String(cancellation_reason));
  }
});

test('money that is only set aside is pending until it is captured', async () => {
  const aside = changed('charge.succeeded', { captured: false, amount_captured: 0 });
  assert.deepEqual(parts(await read(aside)).facts, [
    { ...STRIPE, reference: `${PI}-pending`, fact: 'pending', time: 1_795_357_950 },
  ]);
  const taken = { ...changed('charge.succeeded', { amount_captured: 4000 }), type: 'charge.captured' };
  assert.partialDeepStrictEqual(parts(await read(taken)).facts, [{ reference: PI, fact: 'payment', amount: '40.00' }]);
});

test('a refund is what the charge’s sum of refunds grew by', async () => {
  assert.deepEqual(parts(await read(example('charge.refunded'))).facts, [
    {
      ...STRIPE,
      reference: 'evt_3Sa1VtLkdIwHu7ix00000007',
      fact: 'refund',
      amount: '15.00',
      currency: 'EUR',
      time: 1_795_789_952,
      payment: `stripe:${PI}`,
    },
  ]);
  for (const [previous_attributes, change] of [
    [{}, {}],
    [{ amount_refunded: 3000 }, {}],
    [{ amount_refunded: 1000 }, { amount_refunded: '2500' }],
  ] as const) {
    const body = changed('charge.refunded', change);
    const told = await read({ ...body, data: { ...body.data, previous_attributes } });
    assert.partialDeepStrictEqual(told, { kind: 'other', reason: 'body_shape' });
  }
});

test('a refund that failed is money of the shop again, whichever event tells it, and none that succeeded', async () => {
  const back = {
    ...{ provider: 'stripe', order_id: PI, payment: `stripe:${PI}`, by_payment: true },
    ...{ reference: 're_3Sa1VtLkdIwHu7ix0rF2mQwE-failed', fact: 'refundReversed', amount: '15.00', currency: 'EUR' },
  };
  for (const [type, status] of [
    ['refund.failed', 'failed'],
    ['refund.updated', 'failed'],
    ['charge.refund.updated', 'canceled'],
  ] as const)
    assert.partialDeepStrictEqual(parts(await read({ ...changed('refund.failed', { status }), type })).facts, [back]);
  assert.partialDeepStrictEqual(
    await read({ ...changed('refund.failed', { status: 'succeeded' }), type: 'refund.updated' }),
    {
      reason: 'topic_unused',
    },
  );
  const named = changed('refund.failed', { metadata: { order_id: '10045' } });
  assert.partialDeepStrictEqual(parts(await read(named)).facts, [{ order_id: '10045', payment: `stripe:${PI}` }]);
});

test('a fee of a dispute that came back is told with the chargeback that did', async () => {
  const balance_transactions = [
    { id: 'txn_1', fee: 2000, currency: 'eur' },
    { id: 'txn_2', fee: -2000, currency: 'chf' },
  ];
  const { facts } = parts(await read(changed('charge.dispute.funds_reinstated', { balance_transactions })));
  assert.partialDeepStrictEqual(facts.slice(1), [
    { reference: 'txn_2-fee', fact: 'feeReturned', amount: '20.00', currency: 'CHF' },
  ]);
});

test('a dispute names the payment alone, and stands where that does', async () => {
  const about = { provider: 'stripe', order_id: PI, payment: `stripe:${PI}`, by_payment: true };
  const id = 'du_1Sc9QpLkdIwHu7ixT4nVb0Ys';
  for (const [name, facts] of [
    ['created', [{ ...about, reference: id, fact: 'dispute', time: 1_796_221_953 }]],
    [
      'funds_withdrawn',
      [
        { ...about, reference: `${id}-withdrawn`, fact: 'chargeback', ...SUM, time: 1_796_221_954 },
        {
          ...about,
          reference: 'txn_1Sc9QpLkdIwHu7ixZ1fHgKwR-fee',
          fact: 'fee',
          amount: '20.00',
          currency: 'EUR',
          time: 1_796_221_954,
        },
      ],
    ],
    [
      'funds_reinstated',
      [{ ...about, reference: `${id}-reinstated`, fact: 'chargebackReversed', ...SUM, time: 1_797_517_952 }],
    ],
    ['closed', [{ ...about, reference: `${id}-lost`, fact: 'disputeLost', time: 1_797_517_953 }]],
  ] as const)
    assert.deepEqual(parts(await read(example(`charge.dispute.${name}`))).facts, facts, name);
  for (const status of ['won', 'warning_closed', 'prevented'])
    assert.partialDeepStrictEqual(await read(changed('charge.dispute.closed', { status })), {
      facts: [{ reference: `${id}-won`, fact: 'disputeWon' }],
    });
});

test('a renewal is the system’s own and has a number of its own; the first invoice pays the order', async () => {
  const paid = { provider: 'stripe', reference: 'in_1Sm4XcLkdIwHu7ixP6rTq9Uv', fact: 'payment', amount: '19.00' };
  const time = { currency: 'EUR', time: 1_797_953_555 };
  assert.deepEqual(parts(await read(example('invoice.paid'))), {
    order: undefined,
    facts: [{ ...paid, order_id: paid.reference, ...time, origin: 'system' }],
  });
  const first = changed('invoice.paid', { billing_reason: 'subscription_create' });
  assert.deepEqual(parts(await read(first)).facts, [{ ...paid, order_id: '10046', ...time }]);
  const session = changed('checkout.session.completed', {
    ...{ mode: 'subscription', payment_intent: null, invoice: paid.reference, amount_total: 1900 },
    metadata: { order_id: '10046' },
  });
  assert.partialDeepStrictEqual(parts(await read(session)).facts, [{ ...paid, order_id: '10046' }]);
  const byHand = changed('invoice.paid', { billing_reason: 'manual' });
  assert.deepEqual(await read(byHand), { kind: 'other', reason: 'topic_unused', topic: 'invoice.paid' });
});

test('an order that costs nothing is paid by a payment of nothing', async () => {
  const free = changed('checkout.session.completed', {
    ...{ payment_status: 'no_payment_required', amount_total: 0, payment_intent: null },
  });
  assert.partialDeepStrictEqual(parts(await read(free)).facts, [
    { reference: 'cs_live_a1Q7nT5oKzWmBv3sYdRxEuFgHiJkLpNc', fact: 'payment', amount: '0', currency: 'EUR' },
  ]);
});

test('what was bought comes back as it was put into the metadata, and only what has the shape of it', async () => {
  for (const [assay_contents, contents] of [
    ['[{"content_id":"SKU-1","quantity":2,"price":34.9}]', [{ content_id: 'SKU-1', quantity: 2, price: '34.9' }]],
    ['[{"content_id":7,"price":"1,00","quantity":-1,"content_name":"Ann"}]', [{ content_id: '7' }]],
    ['[{"content_id":"ann@example.com"},"x",null]', undefined],
    ['{"content_id":"SKU-1"}', undefined],
    ['[{"content_id":"SKU-1"', undefined],
    [`[${' '.repeat(500)}]`, undefined],
    [null, undefined],
  ] as const) {
    const told = await read(changed('checkout.session.completed', { metadata: { order_id: '10045', assay_contents } }));
    assert.deepEqual(parts(told).order?.contents, contents, String(assay_contents));
  }
});

test('all that does not say it is live is a draft', async () => {
  for (const livemode of [false, undefined, 'true', 1])
    assert.partialDeepStrictEqual(await read({ ...example('checkout.session.completed'), livemode }), { draft: true });
});

test('minor units have the digits that Stripe gives them', () => {
  for (const [minor, currency, amount] of [
    [5990, 'eur', '59.90'],
    [5, 'usd', '0.05'],
    [0, 'eur', '0.00'],
    [5990, 'jpy', '5990'],
    [5990, 'KRW', '5990'],
    [5120, 'kwd', '5.120'],
    [500, 'isk', '5.00'],
    [500, 'ugx', '5.00'],
    [500, 'mga', '500'],
    [5990, 'huf', '59.90'],
    [Number.MAX_SAFE_INTEGER, 'jpy', '9007199254740991'],
  ] as const)
    assert.deepEqual(sumOf(minor, currency), { amount, currency: currency.toUpperCase() });
  for (const [minor, currency] of [
    [59.9, 'eur'],
    [-1, 'eur'],
    ['5990', 'eur'],
    [2 ** 53, 'eur'],
    [5990, 'euro'],
    [5990, 'xau'],
    [5990, null],
  ] as const)
    assert.equal(sumOf(minor, currency), undefined);
});

test('a header of many signatures, or of two times, is refused', async () => {
  const body = Buffer.from(JSON.stringify(example('checkout.session.completed')));
  const good = sign(body, SECRET, AT)['stripe-signature'] ?? '';
  const v1 = /v1=\w+/.exec(good)?.[0] ?? '';
  for (const [header, kind] of [
    [good, 'told'],
    [`${v1},${good}`, 'told'],
    // Another scheme of Stripe's, and those to come, are passed over.
    [`${good},v0=${'0'.repeat(64)},v9=x`, 'told'],
    [`${good},${v1.replace(/.$/, (digit) => (digit === '0' ? '1' : '0'))}`, 'told'],
    [`${good},t=1`, 'refused'],
    [`${good},t=${Math.floor(AT / 1000)}`, 'refused'],
    [`${good},v1=`, 'refused'],
    [good.replace('v1=', 'v1=='), 'refused'],
    [good.replace('v1=', 'v0='), 'refused'],
    [good.replace('t=', 't= '), 'refused'],
    [good.toUpperCase(), 'refused'],
    [Array.from({ length: 9 }, () => v1).join(','), 'refused'],
    [`${good},${Array.from({ length: 8 }, () => v1).join(',')}`, 'refused'],
  ] as const) {
    const hook = { method: 'POST', url: '', headers: { 'stripe-signature': header }, raw: body, receivedAt: AT };
    assert.equal((await stripe.read(hook, [SECRET], WORLD)).kind, kind, header);
  }
});

const WORLD = { fetch: () => Promise.reject(new Error('no network in tests')), roots: () => [] };

/** The example with these fields of its object. */
function changed(name: string, change: object): ReturnType<typeof example> {
  const body = example(name);
  return { ...body, data: { ...body.data, object: { ...body.data.object, ...change } } };
}

async function read(body: object): Promise<HookRead> {
  const raw = Buffer.from(JSON.stringify(body));
  const headers = sign(raw, SECRET, AT);
  return stripe.read({ method: 'POST', url: '', headers, raw, receivedAt: AT }, [SECRET], WORLD);
}

function parts(told: HookRead): Pick<Extract<HookRead, { kind: 'told' }>, 'facts'> & { order: Order } {
  assert.equal(told.kind, 'told');
  assert.ok(told.kind === 'told' && told.draft === undefined);
  return { order: told.order, facts: told.facts };
}

type Order = Extract<HookRead, { kind: 'told' }>['order'];

/** The examples, and what their topics tell in other cases. */
function stripeExamples(): { body: object }[] {
  const folder = new URL('../../../examples/webhooks/stripe/', import.meta.url);
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  const visited = { metadata: { order_id: '10045', assay_visitor: 'v-1', assay_session: 's-1' } };
  const won = changed('charge.dispute.closed', { status: 'won' });
  const transactions = [{ id: 'txn_2', fee: -2000, currency: 'eur' }];
  return [
    ...files.map((file) => example(file.replace('.json', ''))),
    changed('payment_intent.succeeded', visited),
    { ...changed('payment_intent.succeeded', { ...visited, status: 'processing' }), type: 'payment_intent.processing' },
    {
      ...changed('payment_intent.succeeded', { cancellation_reason: 'requested_by_customer' }),
      type: 'payment_intent.canceled',
    },
    changed('charge.succeeded', { captured: false }),
    { ...example('charge.succeeded'), type: 'charge.captured' },
    { ...example('refund.failed'), type: 'refund.updated' },
    { ...example('refund.failed'), type: 'charge.refund.updated' },
    changed('charge.dispute.funds_reinstated', {
      balance_transactions: [{ id: 'txn_1', fee: 2000, currency: 'eur' }, ...transactions],
    }),
    won,
  ].map((body) => ({ body }));
}
