import { Webhook } from 'standardwebhooks';
import { looksLikeContact } from '../../contacts/scrub.ts';
import type { FactKind } from '../../event/order.ts';
import { MINUTE } from '../../event/time.ts';
import {
  amountOf,
  carriedOf,
  contentsOf,
  currencyOf,
  type Fields,
  fieldsOf,
  idOf,
  isAbsent,
  type Line,
  nameOf,
  present,
  quantityOf,
  timeOf,
} from './fields.ts';
import type { Hook, HookOrder, HookStep, Provider, Topic } from './provider.ts';
import { isSigned, readGenuine } from './signed.ts';
import { type Parts, readByTopic } from './topics.ts';

/** Older or newer than this, a signed message may be a replay (Standard Webhooks, "Verifying timestamps"). */
const TOLERANCE_MS = 5 * MINUTE;
const SIGNATURES_MAX = 8;

/** Base64 of 12 bytes or more, with its padding or without. */
const SECRET = /^(?:whsec_)?(?:[A-Za-z\d+/]{4}){4,}(?:[A-Za-z\d+/]{2}(?:==)?|[A-Za-z\d+/]{3}=?)?$/;

/**
 * Where a fact's own id stands, and what makes it another than that of the fact before it. Facts of one instant are taken
 * in the order of their references, so what opens comes without a suffix, before what ends.
 */
interface FactRule {
  fact: FactKind;
  id: 'payment_id' | 'refund_id' | 'dispute_id' | 'chargeback_id' | 'fee_id' | 'order_id';
  suffix?: string;
  money?: true;
  means: string;
}

const FACTS: Readonly<Record<string, FactRule>> = {
  'payment.succeeded': { fact: 'payment', id: 'payment_id', money: true, means: 'payment, whole or part' },
  'payment.pending': { fact: 'pending', id: 'payment_id', suffix: '-pending', means: 'the money is awaited' },
  'payment.refunded': { fact: 'refund', id: 'refund_id', money: true, means: 'refund, whole or part' },
  'refund.failed': {
    fact: 'refundReversed',
    id: 'refund_id',
    suffix: '-failed',
    money: true,
    means: 'a refund that failed: its money is the shop’s again',
  },
  'order.cancelled': { fact: 'cancellation', id: 'order_id', suffix: '-cancelled', means: 'cancellation' },
  'dispute.opened': { fact: 'dispute', id: 'dispute_id', means: 'dispute' },
  'dispute.won': { fact: 'disputeWon', id: 'dispute_id', suffix: '-won', means: 'dispute, decided for the shop' },
  'dispute.lost': { fact: 'disputeLost', id: 'dispute_id', suffix: '-lost', means: 'dispute, decided for the payer' },
  'chargeback.created': { fact: 'chargeback', id: 'chargeback_id', money: true, means: 'chargeback' },
  'chargeback.reversed': {
    fact: 'chargebackReversed',
    id: 'chargeback_id',
    suffix: '-reversed',
    money: true,
    means: 'chargeback, reversed',
  },
  'fee.charged': { fact: 'fee', id: 'fee_id', money: true, means: 'fee' },
  'fee.returned': {
    fact: 'feeReturned',
    id: 'fee_id',
    suffix: '-returned',
    money: true,
    means: 'fee, or a part of it, given back',
  },
};

const TOPICS: readonly Topic[] = [
  { topic: 'order.created', means: 'order', tells: ['order'] },
  ...Object.entries(FACTS).map(([topic, { means, fact }]) => ({ topic, means, tells: [fact] })),
  { topic: 'lead.updated', means: 'step of a lead', tells: ['step'] },
];

const KEEPS = [
  ...['type', 'timestamp', 'test', 'data.order_id', 'data.origin', 'data.amount', 'data.currency'],
  ...['data.payment_id', 'data.refund_id', 'data.dispute_id', 'data.chargeback_id', 'data.fee_id'],
  ...['data.value', 'data.visitor', 'data.session', 'data.contents.*.content_id', 'data.contents.*.content_name'],
  ...['data.contents.*.quantity', 'data.contents.*.price', 'data.lead_id', 'data.status', 'data.source'],
];

/** Anybody who signs as Standard Webhooks says: a payment service, a shop of your own, a CRM. */
export const standard: Provider = {
  name: 'standard',
  title: 'Standard Webhooks',
  secret: {
    variable: 'ASSAY_WEBHOOK_SECRET',
    means: 'Signing secret of webhooks that follow Standard Webhooks; two, separated by a comma, during a rotation.',
    check: (secret) =>
      SECRET.test(secret) ? undefined : 'write whsec_ and base64, two separated by a comma during a rotation',
  },
  topics: TOPICS,
  holes: {},
  lacks: [
    'What names its `payment_id` and no `order_id` stands with the order of that payment, as soon as one fact names both.',
  ],
  proof: {
    signature: 'HMAC-SHA256 of id, time and body, in base64',
    time: 'signed: five minutes',
    replay: 'refused after five minutes; before, its references are known and it changes nothing',
    test: '`test: true`: drafts',
  },
  keeps: KEEPS,
  read: (hook, secrets) =>
    readGenuine(isGenuine(hook, secrets), hook, KEEPS, (body) => {
      const { type } = fieldsOf(body);
      return readByTopic(TOPICS, type, ({ topic }) => told(topic, fieldsOf(body)));
    }),
};

function isGenuine(hook: Hook, secrets: readonly string[]): boolean {
  const { 'webhook-id': id, 'webhook-timestamp': stamp, 'webhook-signature': signatures } = hook.headers;
  if (!id || !stamp || !signatures || !/^\d{1,12}$/.test(stamp)) return false;
  const sentAt = new Date(Number(stamp) * 1000);
  if (!(Math.abs(hook.receivedAt - sentAt.getTime()) <= TOLERANCE_MS)) return false;
  const sign = (secret: string): string => new Webhook(secret).sign(id, sentAt, hook.raw);
  // All are compared, and none stops the others.
  const held = signatures.split(' ', SIGNATURES_MAX).map((signature) => isSigned(signature, secrets, sign));
  return held.includes(true);
}

function told(topic: string, body: Fields): Read {
  const time = timeOf(body['timestamp']);
  if (time === undefined && !isAbsent(body['timestamp'])) return 'body_shape';
  const data = fieldsOf(body['data']);
  const rule = FACTS[topic];
  const part = rule ? factOf(rule, data, time) : topic === 'order.created' ? orderOf(data, time) : stepOf(data, time);
  return part === 'body_shape' || body['test'] !== true ? part : { ...part, draft: true };
}

type Time = string | number | undefined;
type Read = Parts | 'body_shape';

function factOf(rule: FactRule, data: Fields, time: Time): Read {
  const payment = idOf(data['payment_id']);
  const order_id = idOf(data['order_id']);
  const place = order_id ?? (rule.fact === 'payment' ? undefined : payment);
  const id = idOf(data[rule.id]);
  const amount = rule.money && amountOf(data['amount']);
  const currency = rule.money && currencyOf(data['currency']);
  if (place === undefined || id === undefined) return 'body_shape';
  if (rule.money && (amount === undefined || currency === undefined)) return 'body_shape';
  return {
    facts: [
      present({
        provider: 'standard',
        order_id: place,
        reference: id + (rule.suffix ?? ''),
        fact: rule.fact === 'payment' ? undefined : rule.fact,
        payment: rule.fact === 'payment' || payment === undefined ? undefined : `standard:${payment}`,
        by_payment: order_id === undefined ? (true as const) : undefined,
        amount,
        currency,
        time,
        origin: data['origin'] === 'system' ? ('system' as const) : undefined,
      }),
    ],
  };
}

function orderOf(data: Fields, time: Time): Read {
  const order_id = idOf(data['order_id']);
  const value = amountOf(data['value']);
  const currency = currencyOf(data['currency']);
  if (order_id === undefined || value === undefined || currency === undefined) return 'body_shape';
  return {
    order: present<HookOrder>({
      order_id,
      value,
      currency,
      contents: contentsOf(data['contents'], contentOf),
      time,
      visitor: carriedOf(data['visitor']),
      session: carriedOf(data['session']),
    }),
  };
}

function contentOf(told: Fields): Line {
  return {
    content_id: idOf(told['content_id']),
    quantity: quantityOf(told['quantity']),
    price: amountOf(told['price']),
    content_name: nameOf(told['content_name']),
  };
}

const STATUS = /^[\p{L}\p{N}_. -]{1,64}$/u;

function stepOf(data: Fields, time: Time): Read {
  const lead_id = idOf(data['lead_id']);
  const status = typeof data['status'] === 'string' ? data['status'].trim() : '';
  const { source } = data;
  if (lead_id === undefined || !STATUS.test(status) || looksLikeContact(status)) return 'body_shape';
  return {
    steps: [
      present<HookStep>({ lead_id, status, time, source: source === 'crm' || source === 'web' ? source : undefined }),
    ],
  };
}
