import { createHmac } from 'node:crypto';
import type { JsonObject } from '../../event/event.ts';
import type { FactKind } from '../../event/order.ts';
import { type Message, type Request, seconds } from './message.ts';
import { majorText, type Sum } from './money.ts';
import type { Fact, Story } from './story.ts';

/** What Stripe's webhook endpoint tells of an order: several events of one payment among them, as Stripe sends them. */
export function stripeMessages(story: Story): Message[] {
  const messages: Message[] = [];
  const { way, orderId, n, inParts, placedAt } = story;
  const send = (type: string, at: number, object: JsonObject, facts: Fact[], more: Partial<Told> = {}): void => {
    const id = `evt_month${n}x${more.id ?? messages.length}`;
    const event = eventOf(id, type, at, object, more.previous);
    messages.push({
      ...{ door: 'stripe', at, facts, wants: 202 },
      ...(more.order ? { order: story } : {}),
      write: (now, keys) => signed(JSON.stringify(event()), keys.stripe, now),
    });
  };
  const charge = (payment: string, sum: Sum, refunded = 0n): JsonObject => ({
    ...{ id: `ch_${payment}`, object: 'charge', payment_intent: payment, paid: true, captured: true },
    ...{ ...priced('amount', sum), amount_captured: Number(sum.minor), amount_refunded: Number(refunded) },
    ...{ created: seconds(placedAt), livemode: true, metadata: { order_id: orderId }, status: 'succeeded' },
    billing_details: { name: 'Mara Lindqvist', email: 'mara@lindqvist.example', phone: '+46846500442' },
  });

  let paid: Fact | undefined;
  let returned = 0n;
  const [firstPayment] = story.facts.filter(({ kind }) => kind === 'payment');
  const whole = firstPayment?.id ?? `pi_month${n}x0`;
  for (const fact of story.facts) {
    const { kind, at, id, sum } = fact;
    const intent = (payment: string, of: Sum, more: JsonObject): JsonObject => ({
      ...{ id: payment, object: 'payment_intent', ...priced('amount', of), created: seconds(placedAt), livemode: true },
      ...{ metadata: { order_id: orderId }, receipt_email: 'mara@lindqvist.example', ...more },
    });
    switch (kind) {
      case 'pending':
        if (inParts)
          send('payment_intent.processing', at, intent(whole, story.total, { status: 'processing' }), [fact]);
        else {
          send('checkout.session.completed', at, session(story, whole, 'unpaid'), [fact], { order: true });
          if (!firstPayment)
            send('checkout.session.async_payment_failed', at + 60_000, session(story, whole, 'unpaid'), [fact]);
        }
        break;
      case 'payment': {
        if (!sum) break;
        paid = fact;
        const received = { status: 'succeeded', amount_received: Number(sum.minor), latest_charge: `ch_${id}` };
        if (way === 'stripeRenewal') send('invoice.paid', at, invoice(fact, sum), [fact]);
        else {
          if (n % 2 === 0) send('charge.succeeded', at, charge(id, sum), [fact]);
          send('payment_intent.succeeded', at + 1000, intent(id, sum, received), [fact]);
          const type = story.awaited ? 'checkout.session.async_payment_succeeded' : 'checkout.session.completed';
          if (!inParts) send(type, at + 2000, session(story, id, 'paid'), [fact], { order: true });
        }
        break;
      }
      case 'refund': {
        if (!sum || !paid?.sum) break;
        const previous = { amount_refunded: Number(returned) };
        returned += sum.minor;
        const of = { minor: story.total.minor, currency: sum.currency };
        send('charge.refunded', at, charge(paid.id, of, returned), [fact], { id, previous });
        break;
      }
      case 'cancellation':
        // Of an order that was paid Stripe knows no cancellation: the shop tells it.
        if (!paid)
          send(
            'payment_intent.canceled',
            at,
            intent(whole, story.total, { status: 'canceled', cancellation_reason: 'requested_by_customer' }),
            [fact],
          );
        break;
      case 'dispute':
        send('charge.dispute.created', at, dispute(story, fact, whole, 'needs_response', []), [fact]);
        break;
      case 'chargeback': {
        const fee = feeOfDispute(story, 'fee');
        const object = dispute(story, fact, whole, 'needs_response', movements(story, false));
        send('charge.dispute.funds_withdrawn', at, object, fee ? [fact, fee] : [fact]);
        break;
      }
      case 'chargebackReversed': {
        const fee = feeOfDispute(story, 'feeReturned');
        const object = dispute(story, fact, whole, 'won', movements(story, true));
        send('charge.dispute.funds_reinstated', at, object, fee ? [fact, fee] : [fact]);
        break;
      }
      case 'refundReversed':
        if (sum && paid) send('refund.failed', at, failedRefund(fact, sum, paid.id), [fact]);
        break;
      case 'disputeWon':
      case 'disputeLost': {
        const object = dispute(story, fact, whole, kind === 'disputeWon' ? 'won' : 'lost', []);
        send('charge.dispute.closed', at, object, [fact]);
        break;
      }
      case 'fee':
      case 'feeReturned':
        // Payouts tell those of payments, and disputes their own.
        break;
    }
  }
  return messages;
}

interface Told {
  /** of the event, where a fact has that of its event */
  id: string;
  order: boolean;
  previous: JsonObject;
}

function eventOf(id: string, type: string, at: number, object: JsonObject, previous?: JsonObject): () => JsonObject {
  return () => ({
    ...{ id, object: 'event', api_version: '2025-09-30.clover', created: seconds(at), livemode: true },
    data: { object, ...(previous ? { previous_attributes: previous } : {}) },
    ...{ pending_webhooks: 1, request: { id: null, idempotency_key: null }, type },
  });
}

function session(story: Story, payment: string, status: 'paid' | 'unpaid'): JsonObject {
  const { orderId, total, lines, placedAt, way, visitor } = story;
  const contents = lines.map(({ product, quantity, price }) => ({
    content_id: product,
    quantity,
    price: majorText(price),
  }));
  return {
    ...{ id: `cs_live_${orderId}`, object: 'checkout.session', client_reference_id: orderId, mode: 'payment' },
    ...{ ...priced('amount_total', total), created: seconds(placedAt), livemode: true, invoice: null },
    ...{ payment_intent: payment, payment_status: status, status: 'complete', subscription: null },
    customer_details: { email: 'mara@lindqvist.example', name: 'Mara Lindqvist', phone: null },
    metadata: {
      order_id: orderId,
      ...(way === 'stripeAlone'
        ? {
            assay_visitor: visitor.visitor,
            assay_session: visitor.session,
            assay_contents: JSON.stringify(contents),
          }
        : {}),
    },
  };
}

function dispute(story: Story, { sum }: Fact, payment: string, status: string, lines: JsonObject[]): JsonObject {
  const of = sum ?? story.total;
  return {
    ...{ id: `du_${story.n}`, object: 'dispute', charge: `ch_${payment}`, payment_intent: payment, livemode: true },
    ...{ ...priced('amount', of), balance_transactions: lines, reason: 'product_not_received', status },
    metadata: {},
  };
}

function feeOfDispute({ facts }: Story, wanted: 'fee' | 'feeReturned'): Fact | undefined {
  return facts.find(({ kind, id }) => kind === wanted && id.startsWith('du_'));
}

/** Each event of a dispute lists what it has moved so far: the withdrawal, and the money that came again. */
function movements(story: Story, isReturned: boolean): JsonObject[] {
  const moved = (kind: FactKind, feeKind: 'fee' | 'feeReturned', sign: bigint): JsonObject[] => {
    const fact = story.facts.find((one) => one.kind === kind);
    const fee = feeOfDispute(story, feeKind)?.sum;
    if (!fact?.sum) return [];
    const { minor, currency } = fee ?? { minor: 0n, currency: 'EUR' };
    return [
      {
        ...{ id: `txn_${fact.id}`, object: 'balance_transaction', type: 'adjustment', reporting_category: 'dispute' },
        ...{ amount: Number(-sign * fact.sum.minor), fee: Number(sign * minor), currency: currency.toLowerCase() },
      },
    ];
  };
  return [...moved('chargeback', 'fee', 1n), ...(isReturned ? moved('chargebackReversed', 'feeReturned', -1n) : [])];
}

function failedRefund({ id }: Fact, sum: Sum, payment: string): JsonObject {
  return {
    ...{ id, object: 'refund', ...priced('amount', sum), charge: `ch_${payment}`, payment_intent: payment },
    ...{ metadata: {}, failure_reason: 'lost_or_stolen_card', status: 'failed' },
  };
}

function invoice({ id, at }: Fact, sum: Sum): JsonObject {
  return {
    ...{ id, object: 'invoice', billing_reason: 'subscription_cycle', livemode: true, status: 'paid' },
    ...{ ...priced('amount_paid', sum), status_transitions: { paid_at: seconds(at) } },
  };
}

/** Stripe's own whole minor units, as a number. */
function priced(name: string, { minor, currency }: Sum): JsonObject {
  return { [name]: Number(minor), currency: currency.toLowerCase() };
}

/** Signed as Stripe does, when it is sent. */
export function signed(body: string, secret: string, now: number): Request {
  const stamp = String(seconds(now));
  const signature = createHmac('sha256', secret).update(`${stamp}.${body}`).digest('hex');
  return {
    path: '/v1/hooks/stripe',
    headers: { 'content-type': 'application/json', 'stripe-signature': `t=${stamp},v1=${signature}` },
    body,
  };
}
