import { decimalText } from '../../event/decimal.ts';
import { exponentOf } from '../../event/money.ts';
import type { FactKind } from '../../event/order.ts';
import type { ToldPayment } from '../../event/told.ts';
import {
  amountOf,
  carriedOf,
  contentsOf,
  type Fields,
  fieldsOf,
  idOf,
  listOf,
  present,
  quantityOf,
  timeOf,
} from './fields.ts';
import type { HookOrder, Topic } from './provider.ts';
import type { Part } from './topics.ts';

/** An event of Stripe's, with the fields that are read. */
interface StripeEvent {
  id: string;
  /** Unix seconds */
  created: string | number | undefined;
  object: Fields;
  previous: Fields;
}

interface StripeTopic extends Topic {
  read(event: StripeEvent): Part;
}

/**
 * Money comes in by the PaymentIntent: whichever event tells it first, its id is the payment's reference, so that the
 * others change nothing. The first money of a subscription, and each renewal, goes by its invoice.
 */
export const STRIPE_TOPICS: readonly StripeTopic[] = [
  {
    topic: 'checkout.session.completed',
    means: 'the order; a payment, or pending where the money comes later',
    tells: ['order', 'payment', 'pending'],
    read: (event) => session(event, SESSION_PAID.get(event.object['payment_status']) ?? 'pending'),
  },
  {
    topic: 'checkout.session.async_payment_succeeded',
    means: 'the order; a payment, days after the checkout',
    tells: ['order', 'payment'],
    read: (event) => session(event, 'payment'),
  },
  {
    topic: 'checkout.session.async_payment_failed',
    means: 'pending: the attempt failed, and another one may follow',
    tells: ['pending'],
    read: (event) => session(event, 'failed'),
  },
  {
    topic: 'payment_intent.succeeded',
    means: 'payment, whole or part, where its metadata names the order; the order where it names the visitor too',
    tells: ['order', 'payment'],
    read: (event) => intent(event, 'payment'),
  },
  {
    topic: 'payment_intent.processing',
    means: 'pending, where its metadata names the order; the order where it names the visitor too',
    tells: ['order', 'pending'],
    read: (event) => intent(event, 'pending'),
  },
  {
    topic: 'payment_intent.canceled',
    means: 'cancellation, where you or the customer asked for it and its metadata names the order',
    tells: ['cancellation'],
    read: (event) => (CALLED_OFF.has(event.object['cancellation_reason']) ? intent(event, 'cancellation') : 'unused'),
  },
  {
    topic: 'charge.succeeded',
    means: 'the same payment again; pending where the money is only set aside',
    tells: ['payment', 'pending'],
    read: (event) => charge(event),
  },
  {
    topic: 'charge.captured',
    means: 'the same payment again, once the money that was set aside is taken',
    tells: ['payment'],
    read: (event) => (event.object['captured'] === true ? charge(event) : 'body_shape'),
  },
  { topic: 'charge.refunded', means: 'refund, whole or part', tells: ['refund'], read: refund },
  ...['refund.failed', 'refund.updated', 'charge.refund.updated'].map(
    (topic): StripeTopic => ({
      topic,
      means: 'a refund that failed or was called off: its money is the shop’s again',
      tells: ['refundReversed'],
      read: refundBack,
    }),
  ),
  {
    topic: 'charge.dispute.created',
    means: 'dispute',
    tells: ['dispute'],
    read: (event) => dispute(event, 'dispute', ''),
  },
  {
    topic: 'charge.dispute.funds_withdrawn',
    means: 'chargeback, and Stripe’s fee for it',
    tells: ['chargeback', 'fee'],
    read: (event) => dispute(event, 'chargeback', '-withdrawn'),
  },
  {
    topic: 'charge.dispute.funds_reinstated',
    means: 'chargeback reversed, and the fee that came back with it',
    tells: ['chargebackReversed', 'feeReturned'],
    read: (event) => dispute(event, 'chargebackReversed', '-reinstated'),
  },
  {
    topic: 'charge.dispute.closed',
    means: 'dispute won or lost',
    tells: ['disputeWon', 'disputeLost'],
    read: (event) => {
      const end = DISPUTE_ENDS.get(event.object['status']);
      return end ? dispute(event, end, end === 'disputeLost' ? '-lost' : '-won') : 'body_shape';
    },
  },
  {
    topic: 'invoice.paid',
    means: 'the payment of a renewal, booked only; the first one of a subscription whose metadata names the order',
    tells: ['payment'],
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

function session(event: StripeEvent, state: 'payment' | 'pending' | 'failed'): Part {
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
function intent(event: StripeEvent, kind: 'payment' | 'pending' | 'cancellation'): Part {
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

function charge(event: StripeEvent): Part {
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
function refund(event: StripeEvent): Part {
  const { object, previous } = event;
  const [after, before] = [object['amount_refunded'], previous['amount_refunded']];
  const place = placeOf(object, object['id']);
  if (!place || typeof after !== 'number' || typeof before !== 'number') return 'body_shape';
  const returned = sumOf(after - before, object['currency']);
  return returned ? { facts: [{ ...fact(event, '', event.id, 'refund', returned), ...place }] } : 'body_shape';
}

const REFUND_ENDED = new Set<unknown>(['failed', 'canceled']);

/** A refund that did not reach the payer after all: whichever event tells it, it is one fact. */
function refundBack(event: StripeEvent): Part {
  const { object } = event;
  if (!REFUND_ENDED.has(object['status'])) return 'unused';
  const id = idOf(object['id']);
  const sum = sumOf(object['amount'], object['currency']);
  const place = placeOf(object, object['charge']);
  if (!id || !sum || !place) return 'body_shape';
  return { facts: [{ ...fact(event, '', `${id}-failed`, 'refundReversed', sum), ...place }] };
}

/** Where a fact of a payment stands: with the order that its metadata names, or with whichever has the payment. */
function placeOf(
  object: Fields,
  charge: unknown,
): Pick<ToldPayment, 'order_id' | 'payment' | 'by_payment'> | undefined {
  const payment = idOf(object['payment_intent']) ?? idOf(charge);
  const orderId = idOf(metadataOf(object)['order_id']);
  if (!payment) return undefined;
  const own = { payment: `stripe:${payment}` };
  return orderId ? { order_id: orderId, ...own } : { order_id: payment, ...own, by_payment: true };
}

function dispute(
  event: StripeEvent,
  kind: 'dispute' | 'chargeback' | 'chargebackReversed' | 'disputeWon' | 'disputeLost',
  suffix: string,
): Part {
  const { object } = event;
  const id = idOf(object['id']);
  const place = placeOf(object, object['charge']);
  if (!id || !place) return 'body_shape';
  // Facts of one instant go by their references: the opening comes before the end.
  const reference = id + suffix;
  if (kind !== 'chargeback' && kind !== 'chargebackReversed')
    return { facts: [{ ...fact(event, '', reference, kind), ...place }] };
  const moved = sumOf(object['amount'], object['currency']);
  if (!moved) return 'body_shape';
  const fees = disputeFees(event, kind === 'chargeback' ? 'fee' : 'feeReturned');
  if (!fees) return 'body_shape';
  return { facts: [fact(event, '', reference, kind, moved), ...fees].map((one) => ({ ...one, ...place })) };
}

/** A dispute moves money once or twice; more lines than this are none of Stripe’s. */
const TRANSACTIONS_MAX = 20;

/** What Stripe kept for a dispute or, with the money that came again, gave back: a fee below nothing. */
function disputeFees(event: StripeEvent, kind: 'fee' | 'feeReturned'): ToldPayment[] | undefined {
  const transactions = listOf(event.object['balance_transactions']);
  if (transactions.length > TRANSACTIONS_MAX) return undefined;
  // Each event of a dispute lists all of its transactions so far.
  const fees = new Map<string, ToldPayment>();
  for (const { id: told, fee: minor, currency } of transactions) {
    const id = idOf(told);
    const fee = typeof minor === 'number' && minor !== 0 ? sumOf(kind === 'fee' ? minor : -minor, currency) : undefined;
    if (id && fee) fees.set(id, fact(event, '', `${id}-fee`, kind, fee));
  }
  return [...fees.values()];
}

/** Why an invoice was written by itself: nobody was there. */
const RENEWALS = new Set<unknown>([
  'subscription_cycle',
  'subscription_update',
  'subscription_threshold',
  'subscription',
]);

function invoice(event: StripeEvent): Part {
  const { object } = event;
  const reason = object['billing_reason'];
  const id = idOf(object['id']);
  const paid = sumOf(object['amount_paid'], object['currency']);
  if (!id || !paid) return 'body_shape';
  const time = timeOf(fieldsOf(object['status_transitions'])['paid_at']) ?? event.created;
  const intent = idOf(object['payment_intent']);
  const told = (orderId: string): ToldPayment => ({
    ...fact({ ...event, created: time }, orderId, id, 'payment', paid),
    ...(intent ? { payment: `stripe:${intent}` } : {}),
  });
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
    contents: contentsIn(metadataOf(object)['assay_contents']),
    time: timeOf(object['created']),
    visitor: carriedOf(metadataOf(object)['assay_visitor']),
    session: carriedOf(metadataOf(object)['assay_session']),
  });
}

/** Stripe tells no products along, and gives a text of up to 500 characters back: a list as orders have it, in JSON. */
function contentsIn(told: unknown): HookOrder['contents'] {
  if (typeof told !== 'string' || told.length > METADATA_CHARS_MAX) return undefined;
  let list: unknown;
  try {
    list = JSON.parse(told);
  } catch {
    return undefined;
  }
  return contentsOf(list, ({ content_id, quantity, price }) => ({
    content_id: idOf(content_id),
    quantity: quantityOf(quantity),
    price: amountOf(typeof price === 'number' ? String(price) : price),
  }));
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
