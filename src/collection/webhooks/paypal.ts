import { verify } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { fieldsOf, timeOf } from './fields.ts';
import { certificateHost, PaypalCertificates } from './paypal-certificate.ts';
import { PAYPAL_TOPICS } from './paypal-facts.ts';
import type { Hook, HookWorld, Provider } from './provider.ts';
import { readGenuine } from './signed.ts';
import { readByTopic } from './topics.ts';

const SUMS = [
  ...['amount', 'seller_receivable_breakdown.paypal_fee', 'seller_payable_breakdown.paypal_fee'],
  ...['purchase_units.*.amount', 'purchase_units.*.items.*.unit_amount'],
];
const KEEPS = [
  ...['event_type', 'create_time'],
  ...[
    ...['id', 'create_time', 'update_time', 'custom_id', 'invoice_id', 'supplementary_data.related_ids.order_id'],
    ...SUMS.flatMap((path) => [`${path}.value`, `${path}.currency_code`]),
    ...['purchase_units.*.custom_id', 'purchase_units.*.invoice_id', 'purchase_units.*.items.*.sku'],
    ...['purchase_units.*.items.*.quantity', 'links.*.rel', 'links.*.href', 'dispute_id'],
    ...['dispute_outcome.outcome_code', 'disputed_transactions.*.custom', 'disputed_transactions.*.invoice_number'],
    'disputed_transactions.*.seller_transaction_id',
    // Of the older payments, which subscriptions are made of.
    ...['amount.total', 'amount.currency', 'transaction_fee.value', 'transaction_fee.currency', 'sale_id', 'custom'],
    ...['refund_from_transaction_fee.value', 'refund_from_transaction_fee.currency', 'invoice_number'],
    'billing_agreement_id',
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
    topics: PAYPAL_TOPICS.map(({ read: _read, ...topic }) => topic),
    holes: {
      refundReversed: 'tell it by `POST /v1/orders/:id/entries`: PayPal tells of refunds that reached the payer',
      chargebackReversed: 'PayPal’s report of transactions, imported as facts',
      cancellation: 'the shop: `POST /v1/orders/:id/entries`; an order that is not captured in time is not told',
    },
    lacks: [
      'A dispute’s own fee is in none of these events: take it from PayPal’s reports and import it.',
      'A dispute that is lost moves the money by `PAYMENT.CAPTURE.REVERSED` or `.REFUNDED`: subscribe to both.',
      'A refund or dispute without the shop’s own number stands with the order of its capture, and under the capture’s id until that is known.',
      'Payments of subscriptions are booked by `PAYMENT.SALE.*`, each under its own id and none of them sent: nothing says which of them is the first.',
      'Fees are booked in the currency that PayPal charges them in: where that is not the order’s, they stand beside the order’s net.',
    ],
    proof: {
      signature:
        'RSA with SHA-256 of id, time, webhook id and CRC-32 of the body, by a certificate that leads up to a root',
      time: 'signed, of any age: PayPal repeats a message for days under its first time',
      replay: 'its references are known and it changes nothing',
      test: 'the sandbox, by its certificate: drafts',
    },
    keeps: KEEPS,
    async read(hook, secrets, world) {
      const from = await senderOf(hook, secrets, certificates, world);
      return readGenuine(from !== undefined, hook, KEEPS, (body) => {
        const event = fieldsOf(body);
        const told = readByTopic(PAYPAL_TOPICS, event['event_type'], ({ read }) =>
          read(fieldsOf(event['resource']), timeOf(event['create_time'])),
        );
        return told.kind === 'told' && from === 'sandbox' ? { ...told, draft: true } : told;
      });
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
