import { verify } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { type Fields, fieldsOf, timeOf } from './fields.ts';
import { plainTopic, readKept } from './keep.ts';
import { certificateHost, PaypalCertificates } from './paypal-certificate.ts';
import { PAYPAL_TOPICS } from './paypal-facts.ts';
import type { Hook, HookRead, HookWorld, Provider } from './provider.ts';
import { REFUSED } from './signed.ts';

const SUMS = ['amount', 'seller_receivable_breakdown.paypal_fee', 'purchase_units.*.amount'].concat(
  'purchase_units.*.items.*.unit_amount',
);
const KEEPS = [
  ...['event_type', 'create_time'],
  ...[
    ...['id', 'create_time', 'update_time', 'custom_id', 'invoice_id', 'supplementary_data.related_ids.order_id'],
    ...SUMS.flatMap((path) => [`${path}.value`, `${path}.currency_code`]),
    ...['purchase_units.*.custom_id', 'purchase_units.*.invoice_id', 'purchase_units.*.items.*.sku'],
    ...['purchase_units.*.items.*.quantity', 'links.*.rel', 'links.*.href', 'dispute_id'],
    ...['dispute_outcome.outcome_code', 'disputed_transactions.*.custom', 'disputed_transactions.*.invoice_number'],
    'disputed_transactions.*.seller_transaction_id',
  ].map((path) => `resource.${path}`),
];

/** PayPal, which signs with certificates that it serves itself: `certificates` are those fetched so far. */
export function paypalWith(certificates: PaypalCertificates): Provider {
  return {
    name: 'paypal',
    title: 'PayPal',
    secret: {
      variable: 'ASSAY_PAYPAL_WEBHOOK_ID',
      means:
        'Id of the webhook in PayPal’s developer dashboard, which PayPal signs along; two, such as the sandbox’s, separated by a comma.',
      check: (secret) =>
        /^[A-Z\d]{10,50}$/i.test(secret)
          ? undefined
          : 'copy the webhook id from PayPal’s developer dashboard, such as 8PT597110X687430L; it is not the client id',
    },
    topics: PAYPAL_TOPICS.map(({ topic, means }) => ({ topic, means })),
    lacks: [
      'A fee that PayPal gives back with a refund is not told as such: take it from PayPal’s reports and import it.',
      'A dispute that is lost moves the money by `PAYMENT.CAPTURE.REVERSED` or `.REFUNDED`: subscribe to both.',
      'Payments of subscriptions are told by `PAYMENT.SALE.*`, which is kept by name and not booked: tell them yourself.',
      'Nothing says that an order will never be paid: tell its cancellation with `POST /v1/orders/:id/entries`.',
      'PayPal repeats a message for days under its first time, so an old one is taken: its references change nothing.',
    ],
    keeps: KEEPS,
    async read(hook, secrets, world) {
      const from = await senderOf(hook, secrets, certificates, world);
      if (!from) return REFUSED;
      const read = readKept(hook.raw, KEEPS);
      return read ? told(fieldsOf(read.body), from) : { kind: 'other', reason: 'body_not_json' };
    },
  };
}

export const paypal = paypalWith(new PaypalCertificates());

/** An RSA signature of 4096 bits in base64 is 684 characters. */
const SIGNATURE_CHARS_MAX = 1400;
const SIGNED_HEADER = /^[\x21-\x7e]{1,100}$/;

/** Which of PayPal's worlds signed this, for one of these webhook ids; undefined where none did. */
async function senderOf(
  { headers, raw, receivedAt }: Hook,
  webhookIds: readonly string[],
  certificates: PaypalCertificates,
  world: HookWorld,
): Promise<'live' | 'sandbox' | undefined> {
  const { 'paypal-transmission-id': id = '', 'paypal-transmission-time': time = '' } = headers;
  const { 'paypal-transmission-sig': given = '', 'paypal-cert-url': url = '' } = headers;
  if (headers['paypal-auth-algo'] !== 'SHA256withRSA' || webhookIds.length === 0) return undefined;
  // All that costs nothing is checked before anything is fetched.
  const from = certificateHost(url);
  if (!from || !SIGNED_HEADER.test(id) || !SIGNED_HEADER.test(time) || timeOf(time) === undefined) return undefined;
  const signature = given.length > SIGNATURE_CHARS_MAX ? undefined : Buffer.from(given, 'base64');
  // Base64 has several spellings of the same bytes; PayPal writes one of them.
  if (!signature || signature.length === 0 || signature.toString('base64') !== given) return undefined;
  const key = await certificates.keyAt(url, receivedAt, world);
  if (!key) return undefined;
  const signed = webhookIds.map((webhook) =>
    verify('sha256', Buffer.from(`${id}|${time}|${webhook}|${crc32(raw)}`), key, signature),
  );
  return signed.includes(true) ? from : undefined;
}

function told(body: Fields, from: 'live' | 'sandbox'): HookRead {
  const type = plainTopic(body['event_type']);
  const named = type === undefined ? {} : { topic: type };
  const known = PAYPAL_TOPICS.find(({ topic }) => topic === type);
  if (!known) return { kind: 'other', reason: 'topic_unknown', ...named };
  const read = known.read(fieldsOf(body['resource']), timeOf(body['create_time']));
  if (read === 'unused') return { kind: 'other', reason: 'topic_unused', ...named };
  if (read === 'body_shape') return { kind: 'other', reason: 'body_shape', ...named };
  return { kind: 'told', topic: known.topic, ...read, ...(from === 'sandbox' ? { draft: true } : {}) };
}
