import type { ToldPayment } from '../../event/told.ts';
import {
  amountOf,
  carriedIn,
  contentsOf,
  currencyOf,
  type Fields,
  fieldsOf,
  idOf,
  isAbsent,
  type Line,
  type Loose,
  listOf,
  nameOf,
  present,
  quantityOf,
  timeOf,
} from './fields.ts';
import type { HookOrder, Provider, Topic } from './provider.ts';
import { hmacBase64, isSigned, readGenuine } from './signed.ts';
import { type Part, readByTopic } from './topics.ts';

interface ShopifyTopic extends Topic {
  read(body: Fields): Part;
}

/** A body is the order as it is now, whatever its topic: an order that is cancelled at once may be `orders/create` too. */
const OF_ORDER = ['order', 'pending', 'payment', 'cancellation'] as const;
const OF_DISPUTE = ['dispute', 'chargeback', 'disputeWon', 'disputeLost', 'chargebackReversed'] as const;

const TOPICS: readonly ShopifyTopic[] = [
  { topic: 'orders/create', means: 'order, and whether its money is awaited', tells: OF_ORDER, read: orderOf },
  { topic: 'orders/paid', means: 'order; the payment of an order that costs nothing', tells: OF_ORDER, read: orderOf },
  { topic: 'orders/partially_paid', means: 'order', tells: OF_ORDER, read: orderOf },
  { topic: 'orders/cancelled', means: 'cancellation', tells: OF_ORDER, read: orderOf },
  {
    topic: 'order_transactions/create',
    means: 'payment, refund, or a payment that is authorised and awaited',
    tells: ['payment', 'refund', 'pending'],
    read: transactionOf,
  },
  { topic: 'refunds/create', means: 'refund, whole or part', tells: ['refund'], read: refundOf },
  { topic: 'disputes/create', means: 'dispute, and its chargeback', tells: OF_DISPUTE, read: disputeOf },
  { topic: 'disputes/update', means: 'dispute, decided; a chargeback reversed', tells: OF_DISPUTE, read: disputeOf },
];

const TRANSACTION = ['id', 'order_id', 'kind', 'status', 'amount', 'currency', 'processed_at', 'created_at', 'test'];
const KEEPS = [
  ...TRANSACTION,
  ...['source_name', 'total_price', 'total_price_set.presentment_money.amount', 'financial_status', 'cancelled_at'],
  ...['total_price_set.presentment_money.currency_code', 'note_attributes.*.name', 'note_attributes.*.value'],
  ...['variant_id', 'product_id', 'quantity', 'price', 'title'].map((name) => `line_items.*.${name}`),
  'line_items.*.price_set.presentment_money.amount',
  ...TRANSACTION.map((name) => `transactions.*.${name}`),
  ...['type', 'initiated_at', 'finalized_on'],
];

/**
 * Shopify. Its order transactions are the one source of money: `orders/paid` tells no sum of its own, and a refund tells
 * the same transactions again, under the same ids. The topic is not part of what is signed, so no fact rests on it alone:
 * each is read from the body.
 */
export const shopify: Provider = {
  name: 'shopify',
  title: 'Shopify',
  secret: {
    variable: 'ASSAY_SHOPIFY_SECRET',
    means:
      'Secret that Shopify signs webhooks with: the shop’s, or an app’s client secret; two, separated by a comma, during a rotation.',
    check: (secret) =>
      /^\w{16,}$/.test(secret) ? undefined : 'copy the secret from Shopify, two separated by a comma during a rotation',
  },
  topics: TOPICS.map(({ read: _read, ...topic }) => topic),
  holes: {
    refundReversed: 'tell it by `POST /v1/orders/:id/entries` when the payment service does',
    fee: 'Shopify’s payout report, imported as facts',
    feeReturned: 'Shopify’s payout report, imported as facts',
  },
  lacks: [
    'An order is booked in the currency that the customer paid in: totals, transactions and prices are read as presentment money; fees of a payout report are in the currency of the payout, and stand beside it.',
    'Disputes are told of Shopify Payments only: another payment service tells its own, by its webhook.',
    'The visitor is not told: the theme puts the visitor’s ids into the cart’s attributes.',
  ],
  proof: {
    signature: 'HMAC-SHA256 of the body, in base64; the topic is not signed',
    time: 'none is signed',
    replay: 'its references are known and it changes nothing',
    test: '`test` of an order or transaction, or the header `X-Shopify-Test`: drafts',
  },
  keeps: KEEPS,
  read(hook, secrets) {
    const { 'x-shopify-hmac-sha256': signature, 'x-shopify-topic': topic, 'x-shopify-test': test } = hook.headers;
    const isGenuine = isSigned(signature, secrets, (secret) => hmacBase64(secret, hook.raw));
    return readGenuine(isGenuine, hook, KEEPS, (body) => {
      const told = readByTopic(TOPICS, topic, ({ read }) => read(fieldsOf(body)));
      // Shopify marks the samples of its "send test notification" in a header.
      return told.kind === 'told' && test === 'true' ? { ...told, draft: true } : told;
    });
  },
};

/** An order's source where a subscription renews itself; nobody was there to buy. */
const RENEWAL = 'subscription_contract';

function orderOf(body: Fields): Part {
  const order_id = idOf(body['id']);
  // Transactions are told in the currency that the customer paid in, so orders are booked in that one.
  const paidIn = fieldsOf(fieldsOf(body['total_price_set'])['presentment_money']);
  const value = amountOf(paidIn['amount']) ?? amountOf(body['total_price']);
  const currency =
    amountOf(paidIn['amount']) === undefined ? currencyOf(body['currency']) : currencyOf(paidIn['currency_code']);
  if (order_id === undefined || value === undefined || currency === undefined) return 'body_shape';
  const time = timeOf(body['created_at']);
  const isRenewal = body['source_name'] === RENEWAL;
  const order = present<HookOrder>({
    order_id,
    value,
    currency,
    contents: contentsOf(body['line_items'], contentOf),
    time,
    visitor: carriedIn(body['note_attributes'], 'name', '_assay_visitor'),
    session: carriedIn(body['note_attributes'], 'name', '_assay_session'),
  });
  const facts: ToldPayment[] = [];
  const fact = (reference: string, told: Partial<Loose<ToldPayment>>): void =>
    void facts.push(
      present({
        provider: 'shopify',
        order_id,
        reference: `${order_id}-${reference}`,
        ...told,
        ...(isRenewal ? SYSTEM : {}),
      }),
    );
  switch (body['financial_status']) {
    case 'pending':
    case 'authorized':
      fact('pending', { fact: 'pending', time });
      break;
    case 'paid':
      // What costs nothing has no transaction.
      if (/^[0.]+$/.test(value)) fact('free', { amount: value, currency, time });
  }
  if (!isAbsent(body['cancelled_at'])) fact('cancelled', { fact: 'cancellation', time: timeOf(body['cancelled_at']) });
  return { ...(isRenewal ? {} : { order }), facts, ...draftIf(body['test'] === true) };
}

function contentOf(line: Fields): Line {
  const paidIn = fieldsOf(fieldsOf(line['price_set'])['presentment_money']);
  return {
    content_id: idOf(line['variant_id']) ?? idOf(line['product_id']),
    quantity: quantityOf(line['quantity']),
    price: amountOf(paidIn['amount']) ?? amountOf(line['price']),
    content_name: nameOf(line['title']),
  };
}

function transactionOf(body: Fields): Part {
  const fact = factOf(body, body['order_id']);
  if (fact === 'body_shape') return 'body_shape';
  return { facts: fact ? [fact] : [], ...draftIf(body['test'] === true) };
}

function refundOf(body: Fields): Part {
  const facts: ToldPayment[] = [];
  const transactions = listOf(body['transactions']);
  for (const transaction of transactions) {
    const fact = factOf(transaction, body['order_id']);
    if (fact === 'body_shape') return 'body_shape';
    if (fact && !facts.some(({ reference }) => reference === fact.reference)) facts.push(fact);
  }
  return { facts, ...draftIf(transactions.some(({ test }) => test === true)) };
}

/** What a transaction that succeeded did to the order's money; nothing where it failed, or moved none. */
function factOf(transaction: Fields, order: unknown): ToldPayment | 'body_shape' | undefined {
  const { kind, status } = transaction;
  const fact =
    kind === 'sale' || kind === 'capture'
      ? 'payment'
      : kind === 'refund' || kind === 'authorization'
        ? kind
        : undefined;
  if (status !== 'success' || fact === undefined) return undefined;
  const reference = idOf(transaction['id']);
  const order_id = idOf(order);
  const amount = amountOf(transaction['amount']);
  const currency = currencyOf(transaction['currency']);
  if (reference === undefined || order_id === undefined || amount === undefined || currency === undefined)
    return 'body_shape';
  const time = timeOf(transaction['processed_at']) ?? timeOf(transaction['created_at']);
  const common = {
    provider: 'shopify',
    order_id,
    reference,
    time,
    ...(transaction['source_name'] === RENEWAL ? SYSTEM : {}),
  };
  if (fact === 'authorization') return present<ToldPayment>({ ...common, fact: 'pending' });
  return present<ToldPayment>({ ...common, ...(fact === 'refund' ? { fact } : {}), amount, currency });
}

/**
 * A dispute, as far as it has come: an update tells all of it again, under the same references. A chargeback has taken the
 * money at once, and an inquiry has not. Facts of one instant are taken in the order of their references: the opening first.
 */
function disputeOf(body: Fields): Part {
  const id = idOf(body['id']);
  const order_id = idOf(body['order_id']);
  const amount = amountOf(body['amount']);
  const currency = currencyOf(body['currency']);
  // A dispute of a payment without an order is none of ours.
  if (id !== undefined && isAbsent(body['order_id'])) return { facts: [] };
  if (id === undefined || order_id === undefined || amount === undefined || currency === undefined) return 'body_shape';
  const opened = timeOf(body['initiated_at']);
  const decided = timeOf(body['finalized_on']);
  const isChargeback = body['type'] === 'chargeback';
  const facts: ToldPayment[] = [];
  const fact = (what: string, told: Partial<Loose<ToldPayment>>): void =>
    void facts.push(present({ provider: 'shopify', order_id, reference: `dispute-${id}${what}`, ...told }));
  fact('', { fact: 'dispute', time: opened });
  if (isChargeback) fact('-taken', { fact: 'chargeback', amount, currency, time: opened });
  switch (body['status']) {
    case 'won':
      fact('-won', { fact: 'disputeWon', time: decided });
      if (isChargeback) fact('-returned', { fact: 'chargebackReversed', amount, currency, time: decided });
      break;
    case 'lost':
    case 'accepted':
      fact('-lost', { fact: 'disputeLost', time: decided });
      break;
    case 'charge_refunded':
      // The shop gave the money back by itself: the refund's transaction says so, and the dispute is over.
      fact('-settled', { fact: 'disputeWon', time: decided });
  }
  return { facts };
}

const SYSTEM = { origin: 'system' } as const;
const draftIf = (isTest: boolean): { draft?: true } => (isTest ? { draft: true } : {});
