import { type Fields, fieldsOf, idOf, timeOf } from './fields.ts';
import type { Provider } from './provider.ts';
import { readGenuine } from './signed.ts';
import { STRIPE_TOPICS } from './stripe-facts.ts';
import { isSignedByStripe } from './stripe-signature.ts';
import { type Part, readByTopic } from './topics.ts';

const OBJECT_KEEPS = [
  ...['id', 'mode', 'status', 'payment_status', 'created', 'currency', 'client_reference_id', 'payment_intent'],
  ...['invoice', 'charge', 'captured', 'cancellation_reason', 'billing_reason', 'amount', 'amount_total'],
  ...['amount_received', 'amount_captured', 'amount_refunded', 'amount_paid', 'status_transitions.paid_at'],
  ...['metadata.order_id', 'metadata.assay_visitor', 'metadata.assay_session', 'metadata.assay_contents'],
  ...['subscription_details.metadata.order_id', 'parent.subscription_details.metadata.order_id'],
  ...['balance_transactions.*.id', 'balance_transactions.*.fee', 'balance_transactions.*.currency'],
];

const KEEPS = [
  ...['id', 'type', 'created', 'livemode', 'data.previous_attributes.amount_refunded'],
  ...OBJECT_KEEPS.map((path) => `data.object.${path}`),
];

/** Stripe, by the events of one webhook endpoint. */
export const stripe: Provider = {
  name: 'stripe',
  title: 'Stripe',
  secret: {
    variable: 'ASSAY_STRIPE_SECRET',
    means: 'Signing secret of Stripe’s webhook endpoint, `whsec_…`; two, separated by a comma, during a rotation.',
    check: (secret) =>
      /^whsec_[\w+/=-]{16,200}$/.test(secret)
        ? undefined
        : 'copy the signing secret of the webhook endpoint, which begins with whsec_; it is not the API key',
  },
  topics: STRIPE_TOPICS.map(({ read: _read, ...topic }) => topic),
  holes: {
    paymentFee:
      'Stripe’s report of balance transactions, imported as facts: its events name the transaction, and never its fee',
  },
  lacks: [
    'What was bought is in none of these events: tell the order before the redirect, or put it into `metadata.assay_contents`.',
    'The one fee that is told is that of a dispute, in the currency of your Stripe account: where that is not the order’s, it stands beside the order’s net.',
    'A dispute, a refund and its failure name the payment: they stand with its order as soon as any event names both, and under `pi_…` until then.',
    'From version 2025-03-31 of Stripe’s API on, an invoice does not name its payment: a refund or dispute of a renewal then stays under `pi_…`.',
    'Nothing says that an order will never be paid: tell its cancellation with `POST /v1/orders/:id/entries`.',
  ],
  proof: {
    signature: 'HMAC-SHA256 of time and body, in hexadecimal',
    time: 'signed: five minutes',
    replay: 'refused after five minutes; before, its references are known and it changes nothing',
    test: '`livemode: false`: drafts',
  },
  keeps: KEEPS,
  read: (hook, secrets) =>
    readGenuine(isSignedByStripe(hook, secrets), hook, KEEPS, (body) => {
      const event = fieldsOf(body);
      const told = readByTopic(STRIPE_TOPICS, event['type'], ({ read }) => partOf(event, read));
      // Only what says that it is live is money.
      return told.kind === 'told' && event['livemode'] !== true ? { ...told, draft: true } : told;
    }),
};

function partOf(body: Fields, read: (typeof STRIPE_TOPICS)[number]['read']): Part {
  const id = idOf(body['id']);
  if (id === undefined) return 'body_shape';
  const { object, previous_attributes: previous } = fieldsOf(body['data']);
  return read({ id, created: timeOf(body['created']), object: fieldsOf(object), previous: fieldsOf(previous) });
}
