import { exponentOf } from '../../event/money.ts';
import type { ToldPayment } from '../../event/told.ts';
import { EVENTS_MAX } from '../schemas.ts';
import {
  amountOf,
  carriedIn,
  contentsOf,
  currencyOf,
  type Fields,
  fieldsOf,
  idOf,
  type Line,
  type Loose,
  listOf,
  nameOf,
  present,
  quantityOf,
  timeOf,
  valueIn,
} from './fields.ts';
import type { HookOrder, Provider, Topic } from './provider.ts';
import { hmacBase64, isSigned, readGenuine } from './signed.ts';
import { type Part, readByTopic } from './topics.ts';

/** Each says the whole order as it is now. */
const TELLS = ['order', 'pending', 'payment', 'fee', 'refund', 'cancellation'] as const;
const TOPICS: readonly Topic[] = [
  { topic: 'order.created', means: 'order, and whether its money is awaited or has come', tells: TELLS },
  {
    topic: 'order.updated',
    means: 'payment and its fee, refund, whole or part, cancellation: whatever is new since the last one',
    tells: TELLS,
  },
];

/** Not yet an order, or no longer one: a cart in the checkout, a draft of the shop’s staff, the bin. */
const NO_ORDER: ReadonlySet<unknown> = new Set(['checkout-draft', 'auto-draft', 'draft', 'trash']);
const AWAITED: ReadonlySet<unknown> = new Set(['pending', 'on-hold', 'processing', 'completed']);
/** How an order came to be where a subscription renews itself; nobody was there to buy. */
const RENEWAL = 'subscription';
const PING = /^webhook_id=\d{1,12}$/;

const KEEPS = [
  ...['id', 'status', 'currency', 'total', 'created_via', 'date_created_gmt', 'date_modified_gmt', 'date_paid_gmt'],
  ...['payment_method', 'transaction_id'],
  ...['refunds.*.id', 'refunds.*.total', 'meta_data.*.key', 'meta_data.*.value'],
  ...['product_id', 'variation_id', 'quantity', 'price', 'name'].map((name) => `line_items.*.${name}`),
];

/**
 * WooCommerce. Each webhook says the whole order as it is now, so its facts are told again and again: their references are
 * made of the order and of what happened, and only what is new changes anything.
 */
export const woocommerce: Provider = {
  name: 'woocommerce',
  title: 'WooCommerce',
  secret: {
    variable: 'ASSAY_WOOCOMMERCE_SECRET',
    means: 'Secret of WooCommerce’s webhooks, the same for each of them; two, separated by a comma, during a rotation.',
    check: (secret) =>
      /^\S{16,}$/.test(secret)
        ? undefined
        : 'write the webhook’s secret, at least 16 characters without spaces, such as the output of: openssl rand -hex 24; two separated by a comma during a rotation',
  },
  topics: TOPICS,
  holes: {
    partlyPaid: 'the payment service’s webhook; WooCommerce says of an order that it is paid, or not',
    refundReversed: 'tell it by `POST /v1/orders/:id/entries` when the payment service does',
    feeReturned: 'the payment service’s report, imported as facts',
    dispute: 'the payment service’s webhook: Stripe’s and PayPal’s plug-ins name their payment in the order',
    disputeWon: 'likewise',
    disputeLost: 'likewise',
    chargeback: 'likewise',
    chargebackReversed: 'likewise',
  },
  lacks: [
    'The fee is that of the plug-in “WooCommerce Stripe Gateway”, as it stands there before the first refund, and is booked in the currency that the plug-in names; other services’ fees come by their own webhooks or by import.',
    'Beside it subscribe Stripe’s or PayPal’s webhook to disputes only: refunds told by both would count twice.',
    'A refund that is deleted again, and a cancelled order that is opened again, are not told as such: what was told stands.',
    'The visitor is not told: a snippet in the shop puts the visitor’s ids into the order.',
  ],
  proof: {
    signature: 'HMAC-SHA256 of the body, in base64; the topic is not signed',
    time: 'none is signed',
    replay: 'its references are known and it changes nothing',
    test: 'none: a shop for tests gets a collector of its own',
  },
  keeps: KEEPS,
  read(hook, secrets) {
    const { 'x-wc-webhook-signature': signature, 'x-wc-webhook-topic': topic } = hook.headers;
    // Saving a webhook sends its number alone, before anything was signed.
    if (signature === undefined && hook.raw.length <= 24 && PING.test(hook.raw.toString('latin1')))
      return { kind: 'ping' };
    const isGenuine = isSigned(signature, secrets, (secret) => hmacBase64(secret, hook.raw));
    return readGenuine(isGenuine, hook, KEEPS, (body) => readByTopic(TOPICS, topic, () => told(fieldsOf(body))));
  },
};

function told(body: Fields): Part {
  const order_id = idOf(body['id']);
  const value = amountOf(body['total']);
  const currency = currencyOf(body['currency']);
  if (order_id === undefined || value === undefined || currency === undefined || typeof body['status'] !== 'string')
    return 'body_shape';
  if (NO_ORDER.has(body['status'])) return 'unused';
  const isRenewal = body['created_via'] === RENEWAL;
  const facts = factsOf(order_id, { amount: value, currency }, body);
  if (!facts) return 'body_shape';
  if (!isRenewal) return { order: orderOf(order_id, { value, currency }, body), facts };
  return { facts: facts.map((fact) => ({ ...fact, origin: 'system' })) };
}

/** What has become of the order so far; undefined where a refund can't be read. */
function factsOf(
  order_id: string,
  paid: { amount: string; currency: string },
  body: Fields,
): ToldPayment[] | undefined {
  const facts: ToldPayment[] = [];
  const fact = (what: string, told: Partial<Loose<ToldPayment>>): void =>
    void facts.push(present({ provider: 'woocommerce', order_id, reference: `wc-${order_id}-${what}`, ...told }));
  const { status } = body;
  const changed = timeOf(body['date_modified_gmt']);
  const paidAt = timeOf(body['date_paid_gmt']);
  // Cash on delivery is in processing before anybody has paid, so the status alone says nothing of money.
  const payment = gatewaysPayment(body);
  if (paidAt !== undefined) fact('paid', { ...paid, time: paidAt, payment });
  else if (AWAITED.has(status)) fact('pending', { fact: 'pending', time: timeOf(body['date_created_gmt']) });
  if (status === 'cancelled') fact('cancelled', { fact: 'cancellation', time: changed });
  const fee = paidAt === undefined ? undefined : stripeFee(body);
  if (fee) fact('fee', { fact: 'fee', ...fee, time: paidAt, payment });
  const known = new Set<string>();
  for (const refund of listOf(body['refunds'])) {
    const id = idOf(refund['id']);
    const amount = amountOf(String(refund['total']).replace(/^-/, ''));
    if (id === undefined || amount === undefined) return undefined;
    if (known.has(id)) continue;
    known.add(id);
    fact(`refund-${id}`, { fact: 'refund', amount, currency: paid.currency, time: changed, payment });
  }
  return facts.length > EVENTS_MAX ? undefined : facts;
}

/** The payment as the service behind the shop calls it, so that what its own webhook tells finds the order. */
function gatewaysPayment(body: Fields): string | undefined {
  const { payment_method: method, meta_data: meta } = body;
  const intent = idOf(valueIn(meta, 'key', '_stripe_intent_id'));
  if (intent !== undefined && /^pi_\w+$/.test(intent)) return `stripe:${intent}`;
  const capture = idOf(body['transaction_id']);
  const isPaypal = typeof method === 'string' && method.startsWith('ppcp-');
  return isPaypal && capture !== undefined && /^\w{10,30}$/.test(capture) ? `paypal:${capture}` : undefined;
}

/** What Stripe kept of the payment. After a refund its plug-in writes another sum there, so it is read before one. */
function stripeFee(body: Fields): { amount: string; currency: string } | undefined {
  const meta = body['meta_data'];
  const amount = amountOf(valueIn(meta, 'key', '_stripe_fee'));
  const currency = currencyOf(valueIn(meta, 'key', '_stripe_currency'));
  if (listOf(body['refunds']).length > 0 || amount === undefined || currency === undefined) return undefined;
  return /[1-9]/.test(amount) && exponentOf(currency) !== undefined ? { amount, currency } : undefined;
}

function orderOf(order_id: string, worth: { value: string; currency: string }, body: Fields): HookOrder {
  return present<HookOrder>({
    order_id,
    ...worth,
    contents: contentsOf(body['line_items'], contentOf),
    time: timeOf(body['date_created_gmt']),
    visitor: carriedIn(body['meta_data'], 'key', '_assay_visitor'),
    session: carriedIn(body['meta_data'], 'key', '_assay_session'),
  });
}

function contentOf(line: Fields): Line {
  return {
    // A product without variations has the variation 0.
    content_id: [line['variation_id'], line['product_id']].map(idOf).find((id) => id !== undefined && id !== '0'),
    quantity: quantityOf(line['quantity']),
    price: amountOf(line['price']),
    content_name: nameOf(line['name']),
  };
}
