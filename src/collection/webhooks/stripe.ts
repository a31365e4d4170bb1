import { type Fields, fieldsOf, idOf, timeOf } from './fields.ts';
import { plainTopic, readKept } from './keep.ts';
import type { HookRead, Provider } from './provider.ts';
import { REFUSED } from './signed.ts';
import { STRIPE_TOPICS } from './stripe-facts.ts';
import { isSignedByStripe } from './stripe-signature.ts';

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
  topics: STRIPE_TOPICS.map(({ topic, means }) => ({ topic, means })),
  lacks: [
    'What was bought is in none of these events: tell the order before the redirect, or put it into `metadata.assay_contents`.',
    'Stripe’s fee for a payment is in none of these events: tell it with `POST /v1/orders/:id/entries`, or import it.',
    'A dispute names the payment and not the order: it stands in the books under the payment’s own id, `pi_…`.',
    'A refund has the order’s number only where the payment’s metadata has it; else it stands under `pi_…` too.',
    'A refund that fails later is told by `refund.failed`, which is kept by name and not booked: tell it yourself.',
    'Nothing says that an order will never be paid: tell its cancellation with `POST /v1/orders/:id/entries`.',
  ],
  keeps: KEEPS,
  read(hook, secrets) {
    if (!isSignedByStripe(hook, secrets)) return REFUSED;
    const read = readKept(hook.raw, KEEPS);
    return read ? told(fieldsOf(read.body)) : { kind: 'other', reason: 'body_not_json' };
  },
};

function told(body: Fields): HookRead {
  const type = plainTopic(body['type']);
  const named = type === undefined ? {} : { topic: type };
  const known = STRIPE_TOPICS.find(({ topic }) => topic === type);
  if (!known) return { kind: 'other', reason: 'topic_unknown', ...named };
  const id = idOf(body['id']);
  if (id === undefined) return { kind: 'other', reason: 'body_shape', ...named };
  const { object, previous_attributes: previous } = fieldsOf(body['data']);
  const event = { id, created: timeOf(body['created']), object: fieldsOf(object), previous: fieldsOf(previous) };
  const read = known.read(event);
  if (read === 'unused') return { kind: 'other', reason: 'topic_unused', ...named };
  if (read === 'body_shape') return { kind: 'other', reason: 'body_shape', ...named };
  // Only what says that it is live is money.
  return { kind: 'told', topic: known.topic, ...read, ...(body['livemode'] === true ? {} : { draft: true }) };
}
