import { timingSafeEqual } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { isContactId, looksLikeContact } from '../../contacts/scrub.ts';
import { MINUTE } from '../../event/time.ts';
import { parser, paymentHook } from '../schemas.ts';
import { keepOnly, plainTopic } from './keep.ts';
import type { Hook, HookRead, Provider } from './provider.ts';

/** Older or newer than this, a signed message may be a replay (Standard Webhooks, "Verifying timestamps"). */
const TOLERANCE_MS = 5 * MINUTE;

const readPayment = parser(paymentHook);

const KEEPS = ['type', 'timestamp', 'data.payment_id', 'data.order_id', 'data.amount', 'data.currency'];

/** Any payment provider that signs as Standard Webhooks says. */
export const standard: Provider = {
  name: 'standard',
  keeps: KEEPS,
  read(hook, secrets) {
    if (!isGenuine(hook, secrets)) return { kind: 'refused', reason: 'signature_wrong' };
    return paymentOf(hook.raw);
  },
};

function isGenuine(hook: Hook, secrets: readonly string[]): boolean {
  const { 'webhook-id': id, 'webhook-timestamp': stamp, 'webhook-signature': signatures } = hook.headers;
  if (!id || !stamp || !signatures || !/^\d{1,12}$/.test(stamp)) return false;
  const sentAt = Number(stamp) * 1000;
  if (Math.abs(hook.receivedAt - sentAt) > TOLERANCE_MS) return false;
  const given = signatures.split(' ').slice(0, 8);
  let genuine = false;
  for (const secret of secrets) {
    const expected = Buffer.from(new Webhook(secret).sign(id, new Date(sentAt), hook.raw));
    for (const signature of given) {
      const bytes = Buffer.from(signature);
      if (bytes.length === expected.length && timingSafeEqual(bytes, expected)) genuine = true;
    }
  }
  return genuine;
}

function paymentOf(raw: Buffer): HookRead {
  let body: unknown;
  try {
    body = keepOnly(JSON.parse(raw.toString('utf8')), KEEPS);
  } catch {
    return { kind: 'other', reason: 'body_not_json' };
  }
  const type = typeof body === 'object' && body !== null && 'type' in body ? body.type : undefined;
  if (type !== 'payment.succeeded') {
    const topic = plainTopic(type);
    return { kind: 'other', reason: 'topic_unknown', ...(topic === undefined ? {} : { topic }) };
  }
  const parsed = readPayment(body);
  if (!parsed.ok) return { kind: 'other', reason: 'body_shape' };
  const { data, timestamp } = parsed.value;
  const ids = [data.order_id, data.payment_id].map((id) => String(id).trim());
  if (ids.some(isContactId) || looksLikeContact(String(timestamp))) return { kind: 'other', reason: 'body_shape' };
  return {
    kind: 'payment',
    payment: {
      provider: 'standard',
      order_id: ids[0] ?? '',
      reference: ids[1] ?? '',
      amount: data.amount,
      currency: data.currency.trim().toUpperCase(),
      ...(timestamp === undefined ? {} : { time: timestamp }),
    },
  };
}
