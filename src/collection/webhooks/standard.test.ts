import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { MINUTE } from '../../event/time.ts';
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

test('the vector of the Standard Webhooks specification is genuine', () => {
  const headers = {
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  };
  const raw = Buffer.from('{"test": 2432232314}');
  const read = standard.read({ headers, raw, receivedAt: 1_614_265_330_000 }, [
    'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  ]);
  assert.deepEqual(read, { kind: 'other', reason: 'topic_unknown' });
});

test('a genuine payment is read', () => {
  const wanted = {
    provider: 'standard',
    order_id: '77',
    reference: 'p-1',
    amount: '59.90',
    currency: 'EUR',
    time: PAYMENT.timestamp,
  };
  assert.deepEqual(hook({}), { kind: 'payment', payment: wanted });
  assert.deepEqual(hook({ body: JSON.stringify({ ...PAYMENT, timestamp: undefined }) }), {
    kind: 'payment',
    payment: (({ time: _time, ...rest }) => rest)(wanted),
  });
});

test('during a rotation both secrets sign, and one good signature among several is enough', () => {
  assert.equal(hook({ secret: OLD, known: [SECRET, OLD] }).kind, 'payment');
  assert.equal(hook({ signature: (good) => `v1,AAAA v1a,x ${good}` }).kind, 'payment');
  assert.equal(hook({ secret: OLD, known: [SECRET] }).kind, 'refused');
});

test('what is not genuine is refused, without a word on why', () => {
  const refused = { kind: 'refused', reason: 'signature_wrong' };
  for (const [name, change] of Object.entries({
    'a tampered body': { sent: JSON.stringify({ ...PAYMENT, data: { ...PAYMENT.data, amount: '1.00' } }) },
    'a byte more': { sent: `${JSON.stringify(PAYMENT)} ` },
    'another id': { headers: { 'webhook-id': 'msg_2' } },
    'another time': { headers: { 'webhook-timestamp': String(NOW / 1000 + 1) } },
    'a wrong secret': { secret: OLD },
    'no secret': { known: [] },
    'no id': { headers: { 'webhook-id': undefined } },
    'no time': { headers: { 'webhook-timestamp': undefined } },
    'no signature': { headers: { 'webhook-signature': undefined } },
    'an empty signature': { signature: () => '' },
    'a short signature': { signature: (good: string) => good.slice(0, -1) },
    'a longer signature': { signature: (good: string) => `${good}A` },
    'a signature without its version': { signature: (good: string) => good.slice(3) },
    'a time that is no number': { headers: { 'webhook-timestamp': '1785585600.0' } },
    'a time in milliseconds': { at: NOW * 1000 },
    'a stale message': { at: NOW - 5 * MINUTE - 1000 },
    'a message from the future': { at: NOW + 5 * MINUTE + 1000 },
  }))
    assert.deepEqual(hook(change), refused, name);
  assert.equal(hook({ at: NOW - 5 * MINUTE }).kind, 'payment');
  assert.equal(hook({ at: NOW + 5 * MINUTE }).kind, 'payment');
});

test('a genuine message that tells no payment says so', () => {
  const other = (body: unknown): HookRead => hook({ body: typeof body === 'string' ? body : JSON.stringify(body) });
  for (const [body, reason] of [
    ['{"type":', 'body_not_json'],
    ['', 'body_not_json'],
    ['null', 'topic_unknown'],
    ['[]', 'topic_unknown'],
    [{ ...PAYMENT, type: 'jane@doe.example' }, 'topic_unknown'],
    [{ ...PAYMENT, type: ['payment.succeeded'] }, 'topic_unknown'],
    [{ ...PAYMENT, data: {} }, 'body_shape'],
    [{ ...PAYMENT, data: { ...PAYMENT.data, amount: 59.9 } }, 'body_shape'],
    [{ ...PAYMENT, data: { ...PAYMENT.data, amount: 'jane@doe.example' } }, 'body_shape'],
    [{ ...PAYMENT, data: { ...PAYMENT.data, order_id: '' } }, 'body_shape'],
    [{ ...PAYMENT, data: { ...PAYMENT.data, order_id: 'jane@doe.example' } }, 'body_shape'],
    [{ ...PAYMENT, data: { ...PAYMENT.data, payment_id: 'jane@doe.example' } }, 'body_shape'],
    [{ ...PAYMENT, data: { ...PAYMENT.data, currency: 'jane@doe.example' } }, 'body_shape'],
    [{ ...PAYMENT, data: { ...PAYMENT.data, order_id: '+49 30 901820' } }, 'body_shape'],
    [{ ...PAYMENT, timestamp: 'jane@doe.example' }, 'body_shape'],
    [{ ...PAYMENT, timestamp: '+49 30 901820' }, 'body_shape'],
  ] as const)
    assert.deepEqual(other(body), { kind: 'other', reason }, JSON.stringify(body));
});

test('a topic that means nothing here is named where its name is plain', () => {
  for (const [type, topic] of [
    ['payment.refunded', 'payment.refunded'],
    ['orders/paid', 'orders/paid'],
    ['CHECKOUT.ORDER-APPROVED', 'CHECKOUT.ORDER-APPROVED'],
    ['Jane Roe', undefined],
    ['jane@doe.example', undefined],
    ['call.4930901820', undefined],
    ['x'.repeat(65), undefined],
    ['a.', undefined],
    ['<b>', undefined],
  ] as const)
    assert.deepEqual(
      hook({ body: JSON.stringify({ ...PAYMENT, type }) }),
      { kind: 'other', reason: 'topic_unknown', ...(topic === undefined ? {} : { topic }) },
      type,
    );
});

test('a provider’s list is all that is read of its body', () => {
  assert.deepEqual(standard.keeps, [
    ...['type', 'timestamp', 'data.payment_id', 'data.order_id', 'data.amount', 'data.currency'],
  ]);
  const customer = { name: 'Jane Roe', email: 'jane@doe.example', address: { city: 'Berlin' } };
  const data = { ...PAYMENT.data, customer, card: { last4: '4242' }, note: 'jane' };
  const read = hook({ body: JSON.stringify({ ...PAYMENT, customer, data }) });
  assert.deepEqual(read, hook({}));
  assert.doesNotMatch(JSON.stringify(read), /jane|Berlin|4242/i);
});

interface Change {
  body?: string;
  /** the body that arrives, where it is not the one that was signed */
  sent?: string;
  secret?: string;
  known?: readonly string[];
  at?: number;
  headers?: Record<string, string | undefined>;
  signature?(good: string): string;
}

function hook({
  body = JSON.stringify(PAYMENT),
  sent = body,
  secret = SECRET,
  known = [SECRET],
  at = NOW,
  headers = {},
  signature = (good) => good,
}: Change): HookRead {
  const stamp = String(Math.floor(at / 1000));
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const good = `v1,${createHmac('sha256', key).update(`msg_1.${stamp}.${body}`).digest('base64')}`;
  const all = { 'webhook-id': 'msg_1', 'webhook-timestamp': stamp, 'webhook-signature': signature(good), ...headers };
  return standard.read({ headers: all, raw: Buffer.from(sent), receivedAt: NOW }, known);
}
