import type { ToldPayment } from '../../event/told.ts';
import { EVENTS_MAX } from '../schemas.ts';
import { CONTENTS_MAX } from './bounds.ts';
import {
  amountOf,
  carriedOf,
  currencyOf,
  type Fields,
  fieldsOf,
  idOf,
  type Loose,
  listOf,
  nameOf,
  present,
  quantityOf,
  timeOf,
} from './fields.ts';
import { plainTopic, readKept } from './keep.ts';
import type { HookOrder, HookRead, Provider } from './provider.ts';
import { hmacBase64, isSigned, REFUSED } from './signed.ts';

const TOPICS = [
  { topic: 'order.created', means: 'order, and whether its money is awaited or has come' },
  { topic: 'order.updated', means: 'payment, refund, whole or part, cancellation: whatever is new since the last one' },
];

/** Not yet an order, or no longer one: a cart in the checkout, a draft of the shop’s staff, the bin. */
const NO_ORDER: ReadonlySet<unknown> = new Set(['checkout-draft', 'auto-draft', 'draft', 'trash']);
const AWAITED: ReadonlySet<unknown> = new Set(['pending', 'on-hold', 'processing', 'completed']);
/** How an order came to be where a subscription renews itself; nobody was there to buy. */
const RENEWAL = 'subscription';
const PING = /^webhook_id=\d{1,12}$/;

const KEEPS = [
  ...['id', 'status', 'currency', 'total', 'created_via', 'date_created_gmt', 'date_modified_gmt', 'date_paid_gmt'],
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
  lacks: [
    'Fees, disputes and chargebacks are not told: the payment service knows them. Tell them with `POST /v1/orders/:id/entries`, or import them.',
    'A payment in parts is not told: an order is paid or it is not.',
    'A refund that is deleted again, and a cancelled order that is opened again, are not told as such: what was told stands.',
    'There is no test mode: a shop for tests gets a collector of its own.',
    'No time is signed, so an old message can be sent again: its references are known and it changes nothing.',
    'The visitor is not told: a snippet in the shop puts the visitor’s ids into the order.',
  ],
  keeps: KEEPS,
  read(hook, secrets) {
    const { 'x-wc-webhook-signature': signature, 'x-wc-webhook-topic': header } = hook.headers;
    // Saving a webhook sends its number alone, before anything was signed.
    if (signature === undefined && hook.raw.length <= 24 && PING.test(hook.raw.toString('latin1')))
      return { kind: 'ping' };
    if (!isSigned(signature, secrets, (secret) => hmacBase64(secret, hook.raw))) return REFUSED;
    const read = readKept(hook.raw, KEEPS);
    if (!read) return { kind: 'other', reason: 'body_not_json' };
    return told(header, fieldsOf(read.body));
  },
};

function told(header: string | undefined, body: Fields): HookRead {
  const topic = plainTopic(header);
  const named = topic === undefined ? {} : { topic };
  if (topic === undefined || !TOPICS.some((known) => known.topic === topic))
    return { kind: 'other', reason: 'topic_unknown', ...named };
  const order_id = idOf(body['id']);
  const value = amountOf(body['total']);
  const currency = currencyOf(body['currency']);
  if (order_id === undefined || value === undefined || currency === undefined || typeof body['status'] !== 'string')
    return { kind: 'other', reason: 'body_shape', topic };
  if (NO_ORDER.has(body['status'])) return { kind: 'other', reason: 'topic_unused', topic };
  const isRenewal = body['created_via'] === RENEWAL;
  const facts = factsOf(order_id, { amount: value, currency }, body);
  if (!facts) return { kind: 'other', reason: 'body_shape', topic };
  if (!isRenewal) return { kind: 'told', topic, order: orderOf(order_id, { value, currency }, body), facts };
  if (facts.length === 0) return { kind: 'other', reason: 'topic_unused', topic };
  return { kind: 'told', topic, facts: facts.map((fact) => ({ ...fact, origin: 'system' })) };
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
  if (paidAt !== undefined) fact('paid', { ...paid, time: paidAt });
  else if (AWAITED.has(status)) fact('pending', { fact: 'pending', time: timeOf(body['date_created_gmt']) });
  if (status === 'cancelled') fact('cancelled', { fact: 'cancellation', time: changed });
  const known = new Set<string>();
  for (const refund of listOf(body['refunds'])) {
    const id = idOf(refund['id']);
    const amount = amountOf(String(refund['total']).replace(/^-/, ''));
    if (id === undefined || amount === undefined) return undefined;
    if (known.has(id)) continue;
    known.add(id);
    fact(`refund-${id}`, { fact: 'refund', amount, currency: paid.currency, time: changed });
  }
  return facts.length > EVENTS_MAX ? undefined : facts;
}

function orderOf(order_id: string, worth: { value: string; currency: string }, body: Fields): HookOrder {
  const contents = listOf(body['line_items']).slice(0, CONTENTS_MAX).flatMap(contentOf);
  return present<HookOrder>({
    order_id,
    ...worth,
    contents: contents.length > 0 ? contents : undefined,
    time: timeOf(body['date_created_gmt']),
    visitor: metaOf(body, '_assay_visitor'),
    session: metaOf(body, '_assay_session'),
  });
}

function contentOf(line: Fields): NonNullable<HookOrder['contents']> {
  // A product without variations has the variation 0.
  const content_id = [line['variation_id'], line['product_id']].map(idOf).find((id) => id !== undefined && id !== '0');
  if (content_id === undefined) return [];
  return [
    present({
      content_id,
      quantity: quantityOf(line['quantity']),
      price: amountOf(line['price']),
      content_name: nameOf(line['name']),
    }),
  ];
}

function metaOf(body: Fields, wanted: string): string | undefined {
  return carriedOf(listOf(body['meta_data']).find(({ key }) => key === wanted)?.['value']);
}
