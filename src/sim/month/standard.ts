import { createHmac } from 'node:crypto';
import type { FactKind } from '../../event/order.ts';
import { type Message, type Request, seconds } from './message.ts';
import { majorText } from './money.ts';
import type { Fact, Story } from './story.ts';

const TOPICS: Readonly<Record<FactKind, [type: string, id: string]>> = {
  payment: ['payment.succeeded', 'payment_id'],
  pending: ['payment.pending', 'payment_id'],
  refund: ['payment.refunded', 'refund_id'],
  refundReversed: ['refund.failed', 'refund_id'],
  cancellation: ['order.cancelled', 'order_id'],
  dispute: ['dispute.opened', 'dispute_id'],
  disputeWon: ['dispute.won', 'dispute_id'],
  disputeLost: ['dispute.lost', 'dispute_id'],
  chargeback: ['chargeback.created', 'chargeback_id'],
  chargebackReversed: ['chargeback.reversed', 'chargeback_id'],
  fee: ['fee.charged', 'fee_id'],
  feeReturned: ['fee.returned', 'fee_id'],
};

/** What a payment service tells that signs as Standard Webhooks says: each fact by a message of its own. */
export function standardMessages({ facts }: Story): Message[] {
  return facts.map((fact) => ({
    ...{ door: 'standard', at: fact.at, facts: [fact], wants: 202 },
    write: (now, keys) => signed(`msg_${fact.kind}_${fact.id}`, bodyOf(fact), keys.standard, now),
  }));
}

function bodyOf({ kind, id, orderId, at, sum }: Fact): string {
  const [type, idName] = TOPICS[kind];
  return JSON.stringify({
    type,
    timestamp: new Date(at).toISOString(),
    data: {
      ...{ order_id: orderId, [idName]: id, card: { last4: '4242', name: 'Mara Lindqvist' } },
      ...(sum ? { amount: majorText(sum), currency: sum.currency } : {}),
    },
  });
}

/** Signed when it is sent; a repetition keeps its id. */
export function signed(id: string, body: string, secret: string, now: number): Request {
  const stamp = String(seconds(now));
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  return {
    path: '/v1/hooks/standard',
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': stamp,
      'webhook-signature': `v1,${createHmac('sha256', key).update(`${id}.${stamp}.${body}`).digest('base64')}`,
    },
    body,
  };
}
