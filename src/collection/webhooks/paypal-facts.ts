import { exponentOf } from '../../event/money.ts';
import type { FactKind } from '../../event/order.ts';
import type { ToldPayment } from '../../event/told.ts';
import { CONTENTS_MAX } from './bounds.ts';
import {
  amountOf,
  carriedOf,
  currencyOf,
  type Fields,
  fieldsOf,
  idOf,
  listOf,
  present,
  quantityOf,
  timeOf,
} from './fields.ts';
import type { HookOrder, Topic } from './provider.ts';

/** What one of PayPal's events tells; `unused` where it says nothing here. */
type PaypalRead = { order?: HookOrder; facts: ToldPayment[] } | 'unused' | 'body_shape';

interface PaypalTopic extends Topic {
  /** `sentAt`: when PayPal wrote the event */
  read(resource: Fields, sentAt: string | number | undefined): PaypalRead;
}

/** Money comes in by captures alone: an approved order is a promise, and its capture is the payment. */
export const PAYPAL_TOPICS: readonly PaypalTopic[] = [
  { topic: 'CHECKOUT.ORDER.APPROVED', means: 'the order; pending until it is captured', read: approved },
  {
    topic: 'PAYMENT.CAPTURE.COMPLETED',
    means: 'payment, whole or part, and PayPal’s fee',
    read: captured,
  },
  {
    topic: 'PAYMENT.CAPTURE.PENDING',
    means: 'pending, such as an e-check',
    read: (resource, sentAt) => wordOf(resource, sentAt, 'pending'),
  },
  {
    topic: 'PAYMENT.CAPTURE.DENIED',
    means: 'pending: the attempt failed, and another one may follow',
    read: (resource, sentAt) => wordOf(resource, sentAt, 'denied'),
  },
  {
    topic: 'PAYMENT.CAPTURE.REFUNDED',
    means: 'refund, whole or part',
    read: (resource, sentAt) => returned(resource, sentAt, 'refund', ''),
  },
  {
    topic: 'PAYMENT.CAPTURE.REVERSED',
    means: 'chargeback',
    read: (resource, sentAt) => returned(resource, sentAt, 'chargeback', '-reversed'),
  },
  {
    topic: 'CUSTOMER.DISPUTE.CREATED',
    means: 'dispute',
    read: (resource, sentAt) => disputed(resource, timeOf(resource['create_time']) ?? sentAt, 'dispute'),
  },
  { topic: 'CUSTOMER.DISPUTE.RESOLVED', means: 'dispute won or lost', read: resolved },
];

function approved(resource: Fields, sentAt: string | number | undefined): PaypalRead {
  const id = idOf(resource['id']);
  const units = listOf(resource['purchase_units']);
  if (!id || units.length === 0 || units.length > UNITS_MAX) return 'body_shape';
  const time = timeOf(resource['create_time']) ?? sentAt;
  const facts = units.map((unit) => fact(orderIdOf(unit) ?? id, `${id}-approved`, 'pending', time));
  const [only, second] = units;
  // Several parts of one basket go to several payees: none of them is the order.
  const order = only && !second ? orderOf(only, orderIdOf(only) ?? id, time) : undefined;
  return { ...(order ? { order } : {}), facts: facts.filter(isFirstOfOrder) };
}

/** What PayPal allows in an order, and more than it disputes at once. */
const UNITS_MAX = 20;

function orderOf(unit: Fields, orderId: string, time: string | number | undefined): HookOrder | undefined {
  const total = sumOf(unit['amount']);
  if (!total) return undefined;
  const contents = listOf(unit['items'])
    .slice(0, CONTENTS_MAX)
    .flatMap((item) => {
      const content_id = idOf(item['sku']);
      if (!content_id) return [];
      return [
        present({ content_id, quantity: quantityOf(item['quantity']), price: sumOf(item['unit_amount'])?.amount }),
      ];
    });
  const [, visitor, session] = CUSTOM.exec(textOf(unit['custom_id']))?.[2]?.match(CARRIED) ?? [];
  return present<HookOrder>({
    order_id: orderId,
    value: total.amount,
    currency: total.currency,
    contents: contents.length > 0 ? contents : undefined,
    time,
    visitor: carriedOf(visitor),
    session: carriedOf(session),
  });
}

function captured(resource: Fields, sentAt: string | number | undefined): PaypalRead {
  const id = idOf(resource['id']);
  const paid = sumOf(resource['amount']);
  if (!id || !paid) return 'body_shape';
  const orderId = orderIdOf(resource) ?? id;
  const time = timeOf(resource['update_time']) ?? timeOf(resource['create_time']) ?? sentAt;
  const fee = sumOf(fieldsOf(resource['seller_receivable_breakdown'])['paypal_fee']);
  const isCharged = fee && /[1-9]/.test(fee.amount);
  return {
    facts: [
      fact(orderId, id, 'payment', time, paid),
      ...(isCharged ? [fact(orderId, `${id}-fee`, 'fee', time, fee)] : []),
    ],
  };
}

function wordOf(resource: Fields, sentAt: string | number | undefined, word: 'pending' | 'denied'): PaypalRead {
  const id = idOf(resource['id']);
  if (!id) return 'body_shape';
  const time = timeOf(resource['update_time']) ?? timeOf(resource['create_time']) ?? sentAt;
  return { facts: [fact(orderIdOf(resource) ?? id, `${id}-${word}`, 'pending', time)] };
}

function returned(
  resource: Fields,
  sentAt: string | number | undefined,
  kind: 'refund' | 'chargeback',
  suffix: string,
): PaypalRead {
  const id = idOf(resource['id']);
  const sum = sumOf(resource['amount']);
  if (!id || !sum) return 'body_shape';
  const orderId = orderIdOf(resource) ?? captureOf(resource) ?? id;
  const time = timeOf(resource['update_time']) ?? timeOf(resource['create_time']) ?? sentAt;
  return { facts: [fact(orderId, id + suffix, kind, time, sum)] };
}

/** The capture that was paid back, by the link to it. */
function captureOf(resource: Fields): string | undefined {
  const up = listOf(resource['links']).find(({ rel }) => rel === 'up');
  return /\/captures\/(\w{1,40})$/.exec(textOf(up?.['href']))?.[1];
}

const OUTCOMES = new Map<unknown, 'disputeWon' | 'disputeLost'>([
  ['RESOLVED_SELLER_FAVOUR', 'disputeWon'],
  ['RESOLVED_SELLER_FAVOR', 'disputeWon'],
  // PayPal pays the customer out of its own pocket.
  ['RESOLVED_WITH_PAYOUT', 'disputeWon'],
  ['CANCELED_BY_BUYER', 'disputeWon'],
  ['DENIED', 'disputeWon'],
  ['RESOLVED_BUYER_FAVOUR', 'disputeLost'],
  ['RESOLVED_BUYER_FAVOR', 'disputeLost'],
  ['ACCEPTED', 'disputeLost'],
]);

function resolved(resource: Fields, sentAt: string | number | undefined): PaypalRead {
  const outcome = OUTCOMES.get(fieldsOf(resource['dispute_outcome'])['outcome_code']);
  return outcome ? disputed(resource, timeOf(resource['update_time']) ?? sentAt, outcome) : 'unused';
}

const DISPUTE_SUFFIXES = { dispute: '-opened', disputeWon: '-won', disputeLost: '-lost' } as const;

/** A decision that an appeal turns round is told again: each word of it has a reference of its own. */
function disputed(
  resource: Fields,
  time: string | number | undefined,
  kind: 'dispute' | 'disputeWon' | 'disputeLost',
): PaypalRead {
  const id = idOf(resource['dispute_id']);
  const transactions = listOf(resource['disputed_transactions']);
  if (!id || transactions.length === 0 || transactions.length > UNITS_MAX) return 'body_shape';
  const facts = transactions.flatMap((transaction) => {
    const named = orderIdOf({ custom_id: transaction['custom'], invoice_id: transaction['invoice_number'] });
    const orderId = named ?? idOf(transaction['seller_transaction_id']);
    return orderId ? [fact(orderId, id + DISPUTE_SUFFIXES[kind], kind, time)] : [];
  });
  return facts.length > 0 ? { facts: facts.filter(isFirstOfOrder) } : 'body_shape';
}

function isFirstOfOrder({ order_id }: ToldPayment, n: number, facts: readonly ToldPayment[]): boolean {
  return facts.findIndex((other) => other.order_id === order_id) === n;
}

/** `<order>` or `<order>|<visitor>.<session>`, as the guide has shops write it; a plugin's own JSON is neither. */
const CUSTOM = /^([^{}|]{1,200})(?:\|([^|]*))?$/;
const CARRIED = /^([\w-]+)\.([\w-]+)$/;

/** The order's number: invoice ids must differ for each attempt, so shops give them suffixes, and the custom id is better. */
function orderIdOf(resource: Fields): string | undefined {
  const related = fieldsOf(fieldsOf(resource['supplementary_data'])['related_ids']);
  return (
    idOf(CUSTOM.exec(textOf(resource['custom_id']))?.[1]) ?? idOf(resource['invoice_id']) ?? idOf(related['order_id'])
  );
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

interface Sum {
  amount: string;
  currency: string;
}

/** PayPal's money: major units as text, beside their currency. */
function sumOf(told: unknown): Sum | undefined {
  const { value, currency_code } = fieldsOf(told);
  const amount = amountOf(value);
  const currency = currencyOf(currency_code);
  const isMoney = amount !== undefined && currency && exponentOf(currency) !== undefined;
  return isMoney ? { amount, currency } : undefined;
}

function fact(
  orderId: string,
  reference: string,
  kind: FactKind,
  time: string | number | undefined,
  sum?: Sum,
): ToldPayment {
  return present<ToldPayment>({ provider: 'paypal', order_id: orderId, reference, fact: kind, ...sum, time });
}
