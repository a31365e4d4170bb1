import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { conformsAsProvider } from './provider.conformance.ts';
import type { HookRead } from './provider.ts';
import { standard } from './standard.ts';

const SECRET = `whsec_${Buffer.from('a secret of twenty-four b').toString('base64')}`;
const OLD = `whsec_${Buffer.from('an older secret of 24 byt').toString('base64')}`;
const NOW = 1_785_585_600_000;
const PAYMENT = {
  type: 'payment.succeeded',
  timestamp: '2026-08-01T12:00:00Z',
  data: { payment_id: 'p-1', order_id: ' 77 ', amount: '59.90', currency: 'eur' },
};

for (const name of ['order-created', 'payment-succeeded', 'lead-updated'])
  conformsAsProvider(standard, {
    about: name,
    secrets: [SECRET, OLD],
    wrong: `whsec_${Buffer.from('a secret that nobody has').toString('base64')}`,
    body: example(name),
    at: NOW,
    sign,
    timestamped: true,
    examples: examples(),
    unknown: { body: JSON.stringify({ ...PAYMENT, type: 'payment.authorised' }), topic: 'payment.authorised' },
  });

test('the vector of the Standard Webhooks specification is genuine', async () => {
  const headers = {
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  };
  const raw = Buffer.from('{"test": 2432232314}');
  assert.deepEqual(await read(raw, headers, ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'], 1_614_265_330_000), {
    kind: 'other',
    reason: 'topic_unknown',
  });
});

test('one good signature among several is enough, and a time is Unix seconds and nothing else', async () => {
  const raw = Buffer.from(JSON.stringify(PAYMENT));
  const proof = sign(raw, SECRET, NOW);
  const good = proof['webhook-signature'] ?? '';
  for (const [change, kind] of [
    [{ 'webhook-signature': `v1,AAAA v1a,x ${good}` }, 'told'],
    [{ 'webhook-signature': `${'v1,AAAA '.repeat(8)}${good}` }, 'refused'],
    [{ 'webhook-signature': good.slice(3) }, 'refused'],
    [{ 'webhook-id': 'msg_2' }, 'refused'],
    [{ 'webhook-timestamp': `${NOW / 1000}.0` }, 'refused'],
    [{ 'webhook-timestamp': String(NOW) }, 'refused'],
    [{ 'webhook-timestamp': '999999999999' }, 'refused'],
  ] as const)
    assert.equal((await read(raw, { ...proof, ...change })).kind, kind, JSON.stringify(change));
});

test('each topic tells its fact', async () => {
  const about = { order_id: '10045', amount: '59.90', currency: 'EUR' };
  const money = { amount: '59.90', currency: 'EUR' };
  for (const [type, id, fact] of [
    ['payment.succeeded', 'payment_id', { reference: 'x-1', ...money }],
    ['payment.pending', 'payment_id', { reference: 'x-1-pending', fact: 'pending', payment: 'standard:x-1' }],
    ['payment.refunded', 'refund_id', { reference: 'x-1', fact: 'refund', ...money }],
    ['refund.failed', 'refund_id', { reference: 'x-1-failed', fact: 'refundReversed', ...money }],
    ['order.cancelled', undefined, { reference: '10045-cancelled', fact: 'cancellation' }],
    ['dispute.opened', 'dispute_id', { reference: 'x-1', fact: 'dispute' }],
    ['dispute.won', 'dispute_id', { reference: 'x-1-won', fact: 'disputeWon' }],
    ['dispute.lost', 'dispute_id', { reference: 'x-1-lost', fact: 'disputeLost' }],
    ['chargeback.created', 'chargeback_id', { reference: 'x-1', fact: 'chargeback', ...money }],
    ['chargeback.reversed', 'chargeback_id', { reference: 'x-1-reversed', fact: 'chargebackReversed', ...money }],
    ['fee.charged', 'fee_id', { reference: 'x-1', fact: 'fee', ...money }],
    ['fee.returned', 'fee_id', { reference: 'x-1-returned', fact: 'feeReturned', ...money }],
  ] as const) {
    const body = { type, timestamp: 1_785_585_600, data: { ...about, ...(id ? { [id]: 'x-1' } : {}) } };
    assert.deepEqual(
      await told(body),
      { kind: 'told', topic: type, facts: [{ provider: 'standard', order_id: '10045', time: 1_785_585_600, ...fact }] },
      type,
    );
    if (id)
      assert.deepEqual(await told({ ...body, data: about }), { kind: 'other', reason: 'body_shape', topic: type });
  }
});

test('a payment’s ids are trimmed, its currency is upper-case, and its time may be left out', async () => {
  const fact = { provider: 'standard', order_id: '77', reference: 'p-1', amount: '59.90', currency: 'EUR' };
  const wanted = { kind: 'told', topic: 'payment.succeeded' };
  assert.deepEqual(await told(PAYMENT), { ...wanted, facts: [{ ...fact, time: PAYMENT.timestamp }] });
  assert.deepEqual(await told({ ...PAYMENT, timestamp: null }), { ...wanted, facts: [fact] });
});

test('an order comes with what was bought and who bought it, and with nothing else of the customer', async () => {
  assert.deepEqual(await told(JSON.parse(example('order-created'))), {
    kind: 'told',
    topic: 'order.created',
    facts: [],
    order: {
      order_id: '10045',
      value: '59.90',
      currency: 'EUR',
      contents: [
        { content_id: 'ember-cup', content_name: 'Ember cup', quantity: 2, price: '18.90' },
        { content_id: 'slate-tray', content_name: 'Slate tray', quantity: 1, price: '22.10' },
      ],
      time: '2026-11-22T17:31:02Z',
      visitor: '5f0c1f4e-1a57-4c3e-9f0e-6f2d0c1b7a11',
      session: '0c9b2f0a-77de-4f41-8f6a-2b9f5a1d3e42',
    },
  });
});

test('a step of a lead, a renewal and a try-out are told as such', async () => {
  const lead = { type: 'lead.updated', data: { lead_id: 'L-1', status: 'qualified', source: 'crm' } };
  assert.deepEqual(await told(lead), {
    kind: 'told',
    topic: 'lead.updated',
    facts: [],
    steps: [{ lead_id: 'L-1', status: 'qualified', source: 'crm' }],
  });
  const renewal = await told({ ...PAYMENT, data: { ...PAYMENT.data, origin: 'system' } });
  assert.ok(renewal.kind === 'told' && renewal.facts[0]?.origin === 'system' && renewal.draft === undefined);
  const tried = await told({ ...PAYMENT, test: true });
  assert.ok(tried.kind === 'told' && tried.draft);
});

test('a genuine message that tells nothing usable says so', async () => {
  const shape = { kind: 'other', reason: 'body_shape', topic: 'payment.succeeded' };
  const unknown = { kind: 'other', reason: 'topic_unknown' };
  const { data } = PAYMENT;
  for (const [body, answer] of [
    ['{"type":', { kind: 'other', reason: 'body_not_json' }],
    ['', { kind: 'other', reason: 'body_not_json' }],
    ['null', unknown],
    ['[]', unknown],
    [{ ...PAYMENT, type: 'jane@doe.example' }, unknown],
    [{ ...PAYMENT, type: ['payment.succeeded'] }, unknown],
    [
      { ...PAYMENT, type: 'constructor' },
      { ...unknown, topic: 'constructor' },
    ],
    [{ ...PAYMENT, data: {} }, shape],
    [{ ...PAYMENT, data: { ...data, amount: 'jane@doe.example' } }, shape],
    [{ ...PAYMENT, data: { ...data, amount: '-5.00' } }, shape],
    [{ ...PAYMENT, data: { ...data, amount: '1.299,00' } }, shape],
    [{ ...PAYMENT, data: { ...data, order_id: '' } }, shape],
    [{ ...PAYMENT, data: { ...data, order_id: 'jane@doe.example' } }, shape],
    [{ ...PAYMENT, data: { ...data, order_id: '+49 30 901820' } }, shape],
    [{ ...PAYMENT, data: { ...data, payment_id: 'jane@doe.example' } }, shape],
    [{ ...PAYMENT, data: { ...data, currency: 'jane@doe.example' } }, shape],
    [{ ...PAYMENT, timestamp: 'jane@doe.example' }, shape],
    [{ ...PAYMENT, timestamp: '+49 30 901820' }, shape],
  ] as const)
    assert.deepEqual(await told(body), answer, JSON.stringify(body));
});

test('an amount or id that came as a number keeps every digit', async () => {
  const text = JSON.stringify(PAYMENT).replace('"59.90"', '0.10').replace('" 77 "', '82098291194615450812345');
  const read = await told(text);
  assert.ok(read.kind === 'told');
  assert.deepEqual([read.facts[0]?.amount, read.facts[0]?.order_id], ['0.10', '82098291194615450812345']);
});

test('a secret is whsec_ and base64 of 12 bytes or more', () => {
  for (const right of [SECRET, OLD, SECRET.slice(6)]) assert.equal(standard.secret.check(right), undefined);
  for (const wrong of ['hello', 'whsec_', `${SECRET}A=`, 'whsec_AAAA', 'not base64!'])
    assert.match(standard.secret.check(wrong) ?? '', /^write whsec_/);
});

function example(name: string): string {
  return readFileSync(new URL(`../../../examples/webhooks/standard/${name}.json`, import.meta.url), 'utf8');
}

function sign(body: Buffer, secret: string, at: number): Record<string, string> {
  const stamp = new Date(Math.floor(at / 1000) * 1000);
  return {
    'webhook-id': 'msg_1',
    'webhook-timestamp': String(stamp.getTime() / 1000),
    'webhook-signature': new Webhook(secret).sign('msg_1', stamp, body),
  };
}

function told(body: unknown): Promise<HookRead> {
  const raw = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  return read(raw, sign(raw, SECRET, NOW));
}

async function read(
  raw: Buffer,
  headers: Record<string, string>,
  secrets: readonly string[] = [SECRET],
  receivedAt = NOW,
): Promise<HookRead> {
  const hook = { method: 'POST', url: 'https://collect.shop.example/v1/hooks/standard', headers, raw, receivedAt };
  return standard.read(hook, secrets, {
    fetch: () => Promise.reject(new Error('no network in tests')),
    roots: () => [],
  });
}

/** One body for each topic. */
function examples(): { body: object }[] {
  const ids = ['payment_id', 'refund_id', 'dispute_id', 'chargeback_id', 'fee_id'].map((name) => [name, 'x-1']);
  const data = { order_id: '77', amount: '1.00', currency: 'EUR', value: '1.00', lead_id: 'L-1', status: 'new' };
  return standard.topics.map(({ topic }) => ({ body: { type: topic, data: { ...data, ...Object.fromEntries(ids) } } }));
}

test('what names its payment and no order stands where the payment does; a payment itself needs its order', async () => {
  const data = { payment_id: 'p-1', refund_id: 're-1', amount: '1.00', currency: 'EUR' };
  assert.deepEqual(await told({ type: 'payment.refunded', data }), {
    kind: 'told',
    topic: 'payment.refunded',
    facts: [
      {
        ...{ provider: 'standard', order_id: 'p-1', payment: 'standard:p-1', by_payment: true },
        ...{ reference: 're-1', fact: 'refund', amount: '1.00', currency: 'EUR' },
      },
    ],
  });
  assert.partialDeepStrictEqual(await told({ type: 'payment.refunded', data: { ...data, order_id: '77' } }), {
    facts: [{ order_id: '77', payment: 'standard:p-1' }],
  });
  assert.partialDeepStrictEqual(await told({ type: 'payment.succeeded', data }), { reason: 'body_shape' });
});
