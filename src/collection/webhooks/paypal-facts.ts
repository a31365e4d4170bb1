import { exponentOf } from '../../event/money.ts';
import type { FactKind } from '../../event/order.ts';
import type { ToldPayment } from '../../event/told.ts';
import {
  amountOf,
  carriedOf,
  contentsOf,
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
import type { Part } from './topics.ts';

type Time = string | number | undefined;

interface PaypalTopic extends Topic {
  /** `sentAt`: when PayPal wrote the event */
  read(resource: Fields, sentAt: Time): Part;
}

/**
 * Money comes in by captures alone: an approved order is a promise, and its capture is the payment. What was paid by the
 * older payments, as subscriptions are, is told by sales.
 */
export const PAYPAL_TOPICS: readonly PaypalTopic[] = [
  {
    topic: 'CHECKOUT.ORDER.APPROVED',
    means: 'the order; pending until it is captured',
    tells: ['order', 'pending'],
    read: approved,
  },
  {
    topic: 'PAYMENT.CAPTURE.COMPLETED',
    means: 'payment, whole or part, and PayPal’s fee',
    tells: ['payment', 'fee'],
    read: captured,
  },
  {
    topic: 'PAYMENT.CAPTURE.PENDING',
    means: 'pending, such as an e-check',
    tells: ['pending'],
    read: (resource, sentAt) => wordOf(resource, sentAt, 'pending'),
  },
  {
    topic: 'PAYMENT.CAPTURE.DENIED',
    means: 'pending: the attempt failed, and another one may follow',
    tells: ['pending'],
    read: (resource, sentAt) => wordOf(resource, sentAt, 'denied'),
  },
  {
    topic: 'PAYMENT.CAPTURE.REFUNDED',
    means: 'refund, whole or part, and the part of the fee that came back',
    tells: ['refund', 'feeReturned'],
    read: (resource, sentAt) => returned(resource, sentAt, 'refund', ''),
  },
  {
    topic: 'PAYMENT.CAPTURE.REVERSED',
    means: 'chargeback, and the part of the fee that came back',
    tells: ['chargeback', 'feeReturned'],
    read: (resource, sentAt) => returned(resource, sentAt, 'chargeback', '-reversed'),
  },
  {
    topic: 'PAYMENT.SALE.COMPLETED',
    means: 'payment and PayPal’s fee; of a subscription booked only',
    tells: ['payment', 'fee'],
    read: (resource, sentAt) => captured(ofSale(resource), sentAt),
  },
  {
    topic: 'PAYMENT.SALE.PENDING',
    means: 'pending',
    tells: ['pending'],
    read: (resource, sentAt) => wordOf(ofSale(resource), sentAt, 'pending'),
  },
  {
    topic: 'PAYMENT.SALE.DENIED',
    means: 'pending: the attempt failed, and another one may follow',
    tells: ['pending'],
    read: (resource, sentAt) => wordOf(ofSale(resource), sentAt, 'denied'),
  },
  {
    topic: 'PAYMENT.SALE.REFUNDED',
    means: 'refund, whole or part, and the part of the fee that came back',
    tells: ['refund', 'feeReturned'],
    read: (resource, sentAt) => returned(ofSale(resource), sentAt, 'refund', ''),
  },
  {
    topic: 'PAYMENT.SALE.REVERSED',
    means: 'chargeback',
    tells: ['chargeback'],
    read: (resource, sentAt) => returned(ofSale(resource), sentAt, 'chargeback', '-reversed'),
  },
  {
    topic: 'CUSTOMER.DISPUTE.CREATED',
    means: 'dispute',
    tells: ['dispute'],
    read: (resource, sentAt) => disputed(resource, timeOf(resource['create_time']) ?? sentAt, 'dispute'),
  },
  {
    topic: 'CUSTOMER.DISPUTE.RESOLVED',
    means: 'dispute won or lost',
    tells: ['disputeWon', 'disputeLost'],
    read: resolved,
  },
];

/** A sale, or what was given back of one, under the names that captures have. */
function ofSale(sale: Fields): Fields {
  const sum = (told: unknown): Fields => {
    const { total, value, currency } = fieldsOf(told);
    const amount = total ?? value;
    return { value: typeof amount === 'string' ? amount.replace(/^-/, '') : amount, currency_code: currency };
  };
  const isRenewal = idOf(sale['billing_agreement_id']) !== undefined;
  return {
    ...{ id: sale['id'], create_time: sale['create_time'], update_time: sale['update_time'], sale_id: sale['sale_id'] },
    // A subscription's own number is the same in each of its payments.
    ...(isRenewal ? { isRenewal } : { custom_id: sale['custom'], invoice_id: sale['invoice_number'] }),
    amount: sum(sale['amount']),
    seller_receivable_breakdown: { paypal_fee: sum(sale['transaction_fee']) },
    seller_payable_breakdown: { paypal_fee: sum(sale['refund_from_transaction_fee']) },
  };
}

function approved(resource: Fields, sentAt: Time): Part {
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

function orderOf(unit: Fields, orderId: string, time: Time): HookOrder | undefined {
  const total = sumOf(unit['amount']);
  if (!total) return undefined;
  const [, visitor, session] = CUSTOM.exec(textOf(unit['custom_id']))?.[2]?.match(CARRIED) ?? [];
  return present<HookOrder>({
    order_id: orderId,
    value: total.amount,
    currency: total.currency,
    contents: contentsOf(unit['items'], ({ sku, quantity, unit_amount }) => ({
      content_id: idOf(sku),
      quantity: quantityOf(quantity),
      price: sumOf(unit_amount)?.amount,
    })),
    time,
    visitor: carriedOf(visitor),
    session: carriedOf(session),
  });
}

function captured(resource: Fields, sentAt: Time): Part {
  const id = idOf(resource['id']);
  const paid = sumOf(resource['amount']);
  if (!id || !paid) return 'body_shape';
  const orderId = orderIdOf(resource) ?? id;
  const time = timeOf(resource['update_time']) ?? timeOf(resource['create_time']) ?? sentAt;
  const fee = sumOf(fieldsOf(resource['seller_receivable_breakdown'])['paypal_fee']);
  const facts = [fact(orderId, id, 'payment', time, paid), ...feeOf(fee, orderId, `${id}-fee`, 'fee', time)];
  return { facts: resource['isRenewal'] === true ? facts.map((one) => ({ ...one, origin: 'system' })) : facts };
}

function wordOf(resource: Fields, sentAt: Time, word: 'pending' | 'denied'): Part {
  const id = idOf(resource['id']);
  if (!id) return 'body_shape';
  const time = timeOf(resource['update_time']) ?? timeOf(resource['create_time']) ?? sentAt;
  return { facts: [fact(orderIdOf(resource) ?? id, `${id}-${word}`, 'pending', time)] };
}

function returned(resource: Fields, sentAt: Time, kind: 'refund' | 'chargeback', suffix: string): Part {
  const id = idOf(resource['id']);
  const sum = sumOf(resource['amount']);
  if (!id || !sum) return 'body_shape';
  const place = placeOf(orderIdOf(resource), captureOf(resource));
  const orderId = place?.order_id ?? id;
  const time = timeOf(resource['update_time']) ?? timeOf(resource['create_time']) ?? sentAt;
  const fee = sumOf(fieldsOf(resource['seller_payable_breakdown'])['paypal_fee']);
  const facts = [
    fact(orderId, id + suffix, kind, time, sum),
    ...feeOf(fee, orderId, `${id}-fee-returned`, 'feeReturned', time),
  ];
  return { facts: facts.map((one) => ({ ...one, ...place })) };
}

function feeOf(fee: Sum | undefined, orderId: string, reference: string, kind: FactKind, time: Time): ToldPayment[] {
  return fee && /[1-9]/.test(fee.amount) ? [fact(orderId, reference, kind, time, fee)] : [];
}

/** Where a fact of a payment stands: with the order that it names, or with whichever has the payment. */
function placeOf(
  orderId: string | undefined,
  payment: string | undefined,
): Pick<ToldPayment, 'order_id' | 'payment' | 'by_payment'> | undefined {
  const own = payment === undefined ? {} : { payment: `paypal:${payment}` };
  if (orderId !== undefined) return { order_id: orderId, ...own };
  return payment === undefined ? undefined : { order_id: payment, ...own, by_payment: true };
}

/** The payment that was paid back: a sale by its id, a capture by the link to it. */
function captureOf(resource: Fields): string | undefined {
  const sale = idOf(resource['sale_id']);
  if (sale !== undefined) return sale;
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

function resolved(resource: Fields, sentAt: Time): Part {
  const outcome = OUTCOMES.get(fieldsOf(resource['dispute_outcome'])['outcome_code']);
  return outcome ? disputed(resource, timeOf(resource['update_time']) ?? sentAt, outcome) : 'unused';
}

const DISPUTE_SUFFIXES = { dispute: '-opened', disputeWon: '-won', disputeLost: '-lost' } as const;

/** A decision that an appeal turns round is told again: each word of it has a reference of its own. */
function disputed(resource: Fields, time: Time, kind: 'dispute' | 'disputeWon' | 'disputeLost'): Part {
  const id = idOf(resource['dispute_id']);
  const transactions = listOf(resource['disputed_transactions']);
  if (!id || transactions.length === 0 || transactions.length > UNITS_MAX) return 'body_shape';
  const facts = transactions.flatMap((transaction) => {
    const named = orderIdOf({ custom_id: transaction['custom'], invoice_id: transaction['invoice_number'] });
    const place = placeOf(named, idOf(transaction['seller_transaction_id']));
    return place ? [{ ...fact('', id + DISPUTE_SUFFIXES[kind], kind, time), ...place }] : [];
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

function fact(orderId: string, reference: string, kind: FactKind, time: Time, sum?: Sum): ToldPayment {
  return present<ToldPayment>({ provider: 'paypal', order_id: orderId, reference, fact: kind, ...sum, time });
}
