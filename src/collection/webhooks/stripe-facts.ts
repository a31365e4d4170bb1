import { decimalText } from '../../event/decimal.ts';
import { exponentOf } from '../../event/money.ts';
import type { FactKind } from '../../event/order.ts';
import type { ToldPayment } from '../../event/told.ts';
import { amountOf, carriedOf, type Fields, fieldsOf, idOf, listOf, present, quantityOf, timeOf } from './fields.ts';
import type { HookOrder, Topic } from './provider.ts';

/** What one of Stripe's events tells; `unused` where it leaves that to another one. */
type StripeRead = { order?: HookOrder; facts: ToldPayment[] } | 'unused' | 'body_shape';

/** An event of Stripe's, with the fields that are read. */
interface StripeEvent {
  id: string;
  /** Unix seconds */
  created: string | number | undefined;
  object: Fields;
  previous: Fields;
}

interface StripeTopic extends Topic {
  read(event: StripeEvent): StripeRead;
}

/**
 * Money comes in by the PaymentIntent: whichever event tells it first, its id is the payment's reference, so that the
 * others change nothing. The first money of a subscription, and each renewal, goes by its invoice.
 */
export const STRIPE_TOPICS: readonly StripeTopic[] = [
  {
    topic: 'checkout.session.completed',
    means: 'the order; a payment, or pending where the money comes later',
    read: (event) => session(event, SESSION_PAID.get(event.object['payment_status']) ?? 'pending'),
  },
  {
    topic: 'checkout.session.async_payment_succeeded',
    means: 'the order; a payment, days after the checkout',
    read: (event) => session(event, 'payment'),
  },
  {
    topic: 'checkout.session.async_payment_failed',
    means: 'pending: the attempt failed, and another one may follow',
    read: (event) => session(event, 'failed'),
  },
  {
    topic: 'payment_intent.succeeded',
    means: 'payment, whole or part, where its metadata names the order',
    read: (event) => intent(event, 'payment'),
  },
  {
    topic: 'payment_intent.processing',
    means: 'pending, where its metadata names the order',
    read: (event) => intent(event, 'pending'),
  },
  {
    topic: 'payment_intent.canceled',
    means: 'cancellation, where you or the customer asked for it and its metadata names the order',
    read: (event) => (CALLED_OFF.has(event.object['cancellation_reason']) ? intent(event, 'cancellation') : 'unused'),
  },
  {
    topic: 'charge.succeeded',
    means: 'the same payment again; pending where the money is only set aside',
    read: (event) => charge(event),
  },
  {
    topic: 'charge.captured',
    means: 'the same payment again, once the money that was set aside is taken',
    read: (event) => charge(event),
  },
  { topic: 'charge.refunded', means: 'refund, whole or part', read: refund },
  {
    topic: 'charge.dispute.created',
    means: 'dispute',
    read: (event) => dispute(event, 'dispute', ''),
  },
  {
    topic: 'charge.dispute.funds_withdrawn',
    means: 'chargeback, and Stripe’s fee for it',
    read: (event) => dispute(event, 'chargeback', '-withdrawn'),
  },
  {
    topic: 'charge.dispute.funds_reinstated',
    means: 'chargeback reversed',
    read: (event) => dispute(event, 'chargebackReversed', '-reinstated'),
  },
  {
    topic: 'charge.dispute.closed',
    means: 'dispute won or lost',
    read: (event) => {
      const end = DISPUTE_ENDS.get(event.object['status']);
      return end ? dispute(event, end, end === 'disputeLost' ? '-lost' : '-won') : 'body_shape';
    },
  },
  {
    topic: 'invoice.paid',
    means: 'the payment of a renewal, booked only; the first one of a subscription whose metadata names the order',
    read: invoice,
  },
];

const SESSION_PAID = new Map<unknown, 'payment'>([
  ['paid', 'payment'],
  // A voucher for all of it, or a trial: an order without money.
  ['no_payment_required', 'payment'],
]);
/** Stripe and shops cancel intents that were merely left behind; the order may still be paid by another one. */
const CALLED_OFF = new Set<unknown>(['requested_by_customer', 'fraudulent']);
const DISPUTE_ENDS = new Map<unknown, 'disputeWon' | 'disputeLost'>([
  ['won', 'disputeWon'],
  // An inquiry of the bank that never became a dispute, and one that was settled before it could.
  ['warning_closed', 'disputeWon'],
  ['prevented', 'disputeWon'],
  ['lost', 'disputeLost'],
]);

function session(event: StripeEvent, state: 'payment' | 'pending' | 'failed'): StripeRead {
  const { object } = event;
  const { mode } = object;
  if (mode === 'setup') return 'unused';
  const id = idOf(object['id']);
  const reference = idOf(object[mode === 'subscription' ? 'invoice' : 'payment_intent']) ?? id;
  const total = sumOf(object['amount_total'], object['currency']);
  if (!id || !reference || !total) return 'body_shape';
  const orderId = idOf(metadataOf(object)['order_id']) ?? idOf(object['client_reference_id']) ?? reference;
  if (state === 'failed') return { facts: [fact(event, orderId, `${reference}-failed`, 'pending')] };
  const order = orderOf(orderId, total, object);
  const isFree = object['payment_status'] === 'no_payment_required';
  const paid = isFree ? { ...total, amount: '0' } : total;
  return {
    order,
    facts: [
      state === 'payment'
        ? fact(event, orderId, reference, 'payment', paid)
        : fact(event, orderId, `${reference}-pending`, 'pending'),
    ],
  };
}

/**
 * An intent without an order’s number is one of a checkout session or an invoice, which tell more. With the visitor
 * it is a whole order, without one a payment of an order that is told elsewhere: a deposit must not set the total.
 */
function intent(event: StripeEvent, kind: 'payment' | 'pending' | 'cancellation'): StripeRead {
  const { object } = event;
  const reference = idOf(object['id']);
  const orderId = idOf(metadataOf(object)['order_id']);
  if (!reference) return 'body_shape';
  if (!orderId) return 'unused';
  if (kind === 'cancellation') return { facts: [fact(event, orderId, `${reference}-canceled`, kind)] };
  const currency = object['currency'];
  const paid = sumOf(object[kind === 'payment' ? 'amount_received' : 'amount'], currency);
  if (!paid) return 'body_shape';
  const told =
    kind === 'payment'
      ? fact(event, orderId, reference, kind, paid)
      : fact(event, orderId, `${reference}-pending`, kind);
  const isWhole = carriedOf(metadataOf(object)['assay_visitor']) !== undefined;
  return { ...(isWhole ? { order: orderOf(orderId, paid, object) } : {}), facts: [told] };
}

function charge(event: StripeEvent): StripeRead {
  const { object } = event;
  const reference = idOf(object['payment_intent']) ?? idOf(object['id']);
  const orderId = idOf(metadataOf(object)['order_id']);
  if (!reference) return 'body_shape';
  if (!orderId) return 'unused';
  if (object['captured'] !== true) return { facts: [fact(event, orderId, `${reference}-pending`, 'pending')] };
  const paid = sumOf(object['amount_captured'] ?? object['amount'], object['currency']);
  return paid ? { facts: [fact(event, orderId, reference, 'payment', paid)] } : 'body_shape';
}

/**
 * The charge has the order’s number, which a refund has not; it tells the sum of its refunds, and what that was before.
 * Each event is one refund, so its id is the reference.
 */
function refund(event: StripeEvent): StripeRead {
  const { object, previous } = event;
  const [after, before] = [object['amount_refunded'], previous['amount_refunded']];
  const payment = idOf(object['invoice']) ?? idOf(object['payment_intent']) ?? idOf(object['id']);
  if (!payment || typeof after !== 'number' || typeof before !== 'number') return 'body_shape';
  const returned = sumOf(after - before, object['currency']);
  const orderId = idOf(metadataOf(object)['order_id']) ?? payment;
  return returned ? { facts: [fact(event, orderId, event.id, 'refund', returned)] } : 'body_shape';
}

function dispute(
  event: StripeEvent,
  kind: 'dispute' | 'chargeback' | 'chargebackReversed' | 'disputeWon' | 'disputeLost',
  suffix: string,
): StripeRead {
  const { object } = event;
  const id = idOf(object['id']);
  const payment = idOf(object['payment_intent']) ?? idOf(object['charge']);
  if (!id || !payment) return 'body_shape';
  const orderId = idOf(metadataOf(object)['order_id']) ?? payment;
  // Facts of one instant go by their references: the opening comes before the end.
  const reference = id + suffix;
  if (kind !== 'chargeback' && kind !== 'chargebackReversed') return { facts: [fact(event, orderId, reference, kind)] };
  const moved = sumOf(object['amount'], object['currency']);
  if (!moved) return 'body_shape';
  const fees = kind === 'chargeback' ? disputeFees(event, orderId) : [];
  return fees ? { facts: [fact(event, orderId, reference, kind, moved), ...fees] } : 'body_shape';
}

/** A dispute moves money once or twice; more lines than this are none of Stripe’s. */
const TRANSACTIONS_MAX = 20;

function disputeFees(event: StripeEvent, orderId: string): ToldPayment[] | undefined {
  const transactions = listOf(event.object['balance_transactions']);
  if (transactions.length > TRANSACTIONS_MAX) return undefined;
  return transactions.flatMap((transaction) => {
    const id = idOf(transaction['id']);
    const fee = sumOf(transaction['fee'], transaction['currency']);
    return id && fee && transaction['fee'] !== 0 ? [fact(event, orderId, `${id}-fee`, 'fee', fee)] : [];
  });
}

/** Why an invoice was written by itself: nobody was there. */
const RENEWALS = new Set<unknown>([
  'subscription_cycle',
  'subscription_update',
  'subscription_threshold',
  'subscription',
]);

function invoice(event: StripeEvent): StripeRead {
  const { object } = event;
  const reason = object['billing_reason'];
  const id = idOf(object['id']);
  const paid = sumOf(object['amount_paid'], object['currency']);
  if (!id || !paid) return 'body_shape';
  const time = timeOf(fieldsOf(object['status_transitions'])['paid_at']) ?? event.created;
  const told = (orderId: string): ToldPayment => fact({ ...event, created: time }, orderId, id, 'payment', paid);
  if (RENEWALS.has(reason)) return { facts: [{ ...told(id), origin: 'system' }] };
  const first =
    idOf(metadataOf(fieldsOf(fieldsOf(object['parent'])['subscription_details']))['order_id']) ??
    idOf(metadataOf(fieldsOf(object['subscription_details']))['order_id']);
  return reason === 'subscription_create' && first ? { facts: [told(first)] } : 'unused';
}

interface Sum {
  amount: string;
  currency: string;
}

function orderOf(orderId: string, total: Sum, object: Fields): HookOrder {
  return present<HookOrder>({
    order_id: orderId,
    value: total.amount,
    currency: total.currency,
    contents: contentsOf(metadataOf(object)['assay_contents']),
    time: timeOf(object['created']),
    visitor: carriedOf(metadataOf(object)['assay_visitor']),
    session: carriedOf(metadataOf(object)['assay_session']),
  });
}

/** Stripe tells no products along, and gives a text of up to 500 characters back: a list as orders have it, in JSON. */
function contentsOf(told: unknown): HookOrder['contents'] | undefined {
  if (typeof told !== 'string' || told.length > METADATA_CHARS_MAX) return undefined;
  let list: unknown;
  try {
    list = JSON.parse(told);
  } catch {
    return undefined;
  }
  const contents = listOf(list).flatMap((product) => {
    const content_id = idOf(product['content_id']);
    const price = amountOf(typeof product['price'] === 'number' ? String(product['price']) : product['price']);
    return content_id ? [present({ content_id, quantity: quantityOf(product['quantity']), price })] : [];
  });
  return contents.length > 0 ? contents : undefined;
}

const METADATA_CHARS_MAX = 500;

function fact(event: StripeEvent, orderId: string, reference: string, kind: FactKind, sum?: Sum): ToldPayment {
  const { created: time } = event;
  return present<ToldPayment>({ provider: 'stripe', order_id: orderId, reference, fact: kind, ...sum, time });
}

const metadataOf = (object: Fields): Fields => fieldsOf(object['metadata']);

// Stripe's own table: MGA has two digits by ISO and none here; ISK and UGX have none by ISO and two here.
const NO_DIGITS = new Set('BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF'.split(' '));
const THREE_DIGITS = new Set('BHD JOD KWD OMR TND'.split(' '));

/** Stripe's whole minor units in major ones: `5990`, `eur` are 59.90 EUR. */
export function sumOf(minor: unknown, currency: unknown): Sum | undefined {
  if (!Number.isSafeInteger(minor) || (minor as number) < 0 || typeof currency !== 'string') return undefined;
  const code = currency.trim().toUpperCase();
  if (exponentOf(code) === undefined) return undefined;
  const digits = NO_DIGITS.has(code) ? 0 : THREE_DIGITS.has(code) ? 3 : 2;
  return { amount: decimalText(BigInt(minor as number), digits), currency: code };
}
