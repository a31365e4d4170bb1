import { Webhook } from 'standardwebhooks';
import { HOOK_SECRET } from '../server.ts';
import type { Row } from './outcome.ts';

const PAID = {
  type: 'payment.succeeded',
  data: { payment_id: 'p-hostile', order_id: 'H-paid', amount: '59.90', currency: 'EUR' },
};
const TO = 'nobody POST /v1/hooks/standard';
const OTHER_SECRET = `whsec_${Buffer.from('another secret of some length').toString('base64')}`;

/** The headers of a webhook as its sender signs it; `ageS` seconds ago, which may be to come. */
function signed(body: string, { ageS = 0, secret = HOOK_SECRET, id = 'msg_1' } = {}): Record<string, string> {
  const at = new Date(Date.now() - ageS * 1000);
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign(id, at, body),
  };
}

const text = JSON.stringify(PAID);
const hook = (name: string, outcome: string, body: string, headers = signed(body)): Row => [
  name,
  TO,
  body,
  outcome,
  headers,
];
const { 'webhook-id': _id, ...withoutId } = signed(text);
const { 'webhook-timestamp': _at, ...withoutTime } = signed(text);
const { 'webhook-signature': _signature, ...withoutSignature } = signed(text);

/** Webhooks that are not what they say. */
export const HOOKS: readonly Row[] = [
  hook('a genuine payment', '202 admitted', text),
  hook('the same payment again', '202 duplicate', text, signed(text, { id: 'msg_2' })),
  hook('no headers', '401 signature_wrong', text, {}),
  hook('no id', '401 signature_wrong', text, withoutId),
  hook('no time', '401 signature_wrong', text, withoutTime),
  hook('no signature', '401 signature_wrong', text, withoutSignature),
  hook('a signature of another secret', '401 signature_wrong', text, signed(text, { secret: OTHER_SECRET })),
  hook('a signature of another body', '401 signature_wrong', text.replace('59.90', '0.01'), signed(text)),
  hook('a signature of another id', '401 signature_wrong', text, { ...signed(text), 'webhook-id': 'msg_x' }),
  hook('a time that was not signed', '401 signature_wrong', text, {
    ...signed(text),
    'webhook-timestamp': String(Math.floor(Date.now() / 1000) - 1),
  }),
  hook('a message of six minutes ago', '401 signature_wrong', text, signed(text, { ageS: 360 })),
  hook('a message of six minutes to come', '401 signature_wrong', text, signed(text, { ageS: -360 })),
  hook('a time in milliseconds', '401 signature_wrong', text, {
    ...signed(text),
    'webhook-timestamp': String(Date.now()),
  }),
  hook('a time that is no number', '401 signature_wrong', text, { ...signed(text), 'webhook-timestamp': 'NaN' }),
  hook('a time before all times', '401 signature_wrong', text, { ...signed(text), 'webhook-timestamp': '-1' }),
  hook('an asymmetric signature’s name', '401 signature_wrong', text, {
    ...signed(text),
    'webhook-signature': signed(text)['webhook-signature']?.replace('v1,', 'v1a,') ?? '',
  }),
  hook('an empty signature', '401 signature_wrong', text, { ...signed(text), 'webhook-signature': 'v1,' }),
  hook('a thousand signatures', '401 signature_wrong', text, {
    ...signed(text),
    'webhook-signature': 'v1,AAAA '.repeat(1000),
  }),
  hook('a signed body that is not JSON', '202 quarantined body_not_json', '{"type":'),
  hook('a signed number', '202 quarantined topic_unknown', '7'),
  hook('a signed body without fields', '202 quarantined body_shape', '{"type":"payment.succeeded"}'),
  hook('a signed topic of its own', '202 quarantined topic_unknown', '{"type":"__proto__"}'),
  hook(
    'a signed amount that is negative',
    '202',
    JSON.stringify({ ...PAID, data: { ...PAID.data, payment_id: 'p-minus', amount: '-59.90' } }),
  ),
  hook(
    'a signed amount with a comma',
    '202 quarantined body_shape',
    JSON.stringify({ ...PAID, data: { ...PAID.data, amount: '59,90' } }),
  ),
  hook(
    'a signed amount that is a number',
    '202 admitted',
    JSON.stringify({ ...PAID, data: { ...PAID.data, payment_id: 'p-number', amount: 59.9 } }),
  ),
  hook(
    'a signed amount that is a list',
    '202 quarantined body_shape',
    JSON.stringify({ ...PAID, data: { ...PAID.data, amount: ['59.90'] } }),
  ),
  hook(
    'a signed order that is worth nothing readable',
    '202 quarantined body_shape',
    JSON.stringify({ type: 'order.created', data: { order_id: 'H-hooked', value: '1e400', currency: 'EUR' } }),
  ),
  hook(
    'a signed order of 5,000 products',
    '202 admitted',
    JSON.stringify({
      type: 'order.created',
      data: {
        ...{ order_id: 'H-many-hooked', value: '1.00', currency: 'EUR' },
        contents: Array.from({ length: 5000 }, (_, n) => ({ content_id: `SKU-${n}` })),
      },
    }),
  ),
  hook(
    'a signed test order, which is a draft',
    '202 admitted',
    JSON.stringify({ type: 'payment.succeeded', test: true, data: { ...PAID.data, payment_id: 'p-test' } }),
  ),
  hook(
    'a signed currency that is none',
    '202 quarantined',
    JSON.stringify({ ...PAID, data: { ...PAID.data, payment_id: 'p-abc', currency: 'ABC' } }),
  ),
  hook(
    'signed fields of a prototype',
    '202 quarantined body_shape',
    '{"type":"payment.succeeded","__proto__":{"data":{"payment_id":"p"}},"data":{"__proto__":{"payment_id":"p","order_id":"H"}}}',
  ),
  hook(
    'signed, and nested 10,000 deep',
    '202 quarantined',
    `{"type":"payment.succeeded","data":${'['.repeat(10_000)}${']'.repeat(10_000)}}`,
  ),
  ['a provider nobody knows', 'nobody POST /v1/hooks/nobody', text, '401 signature_wrong', signed(text)],
  ['a provider with an inherited name', 'nobody POST /v1/hooks/constructor', text, '401 signature_wrong', signed(text)],
  [
    'a provider with a path in its name',
    'nobody POST /v1/hooks/..%2Fstandard',
    text,
    '401 signature_wrong',
    signed(text),
  ],
  ['a webhook by GET', 'nobody GET /v1/hooks/standard', undefined, '405 method_not_allowed'],
];
