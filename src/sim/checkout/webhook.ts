import { createHmac, randomBytes } from 'node:crypto';
import { request } from '../http/request.ts';
import type { CheckoutSession } from './session.ts';

const REQUEST_MS_MAX = 10_000;
/** The checkout's own user agent, which must never be taken for a customer's. */
export const CHECKOUT_AGENT = 'Quill-Checkout/1.0 (webhooks)';

export interface Endpoint {
  url: string;
  /** `whsec_…`: the key is its whole text */
  secret: string;
  /** address of this machine that webhooks leave from */
  from?: string | undefined;
  now(): number;
}

/**
 * What the provider tells of a paid session, in the order in which it comes: the charge, its intent, the session. All
 * of it in Stripe's shapes.
 */
export function paidEvents(session: CheckoutSession): object[] {
  const paid = Math.floor((session.paidAt ?? session.createdAt) / 1000);
  const created = Math.floor(session.createdAt / 1000);
  const { paymentIntent, charge, currency, total, paymentMetadata, metadata } = session;
  return [
    event('charge.succeeded', paid, {
      ...{ id: charge, object: 'charge', payment_intent: paymentIntent, currency, created: paid },
      ...{ amount: total, amount_captured: total, amount_refunded: 0, captured: true, paid: true, status: 'succeeded' },
      metadata: paymentMetadata,
    }),
    event('payment_intent.succeeded', paid, {
      ...{ id: paymentIntent, object: 'payment_intent', latest_charge: charge, currency, created },
      ...{ amount: total, amount_received: total, status: 'succeeded' },
      metadata: paymentMetadata,
    }),
    event('checkout.session.completed', paid, {
      ...{ id: session.id, object: 'checkout.session', mode: 'payment', currency, created },
      ...{ amount_subtotal: total, amount_total: total, payment_intent: paymentIntent, invoice: null },
      ...{ payment_status: 'paid', status: 'complete', client_reference_id: session.reference || null },
      ...{ success_url: session.successUrl, cancel_url: session.cancelUrl },
      metadata,
    }),
  ];
}

function event(type: string, created: number, object: Record<string, unknown>): object {
  return {
    id: `evt_${randomBytes(12).toString('hex')}`,
    object: 'event',
    api_version: '2025-09-30.clover',
    ...{ type, created, livemode: true, pending_webhooks: 1 },
    data: { object: { ...object, livemode: true } },
    request: { id: null, idempotency_key: null },
  };
}

/** Signs and sends one event. The status that came back; undefined when nobody answered. */
export async function sendEvent(told: object, { url, secret, from, now }: Endpoint): Promise<number | undefined> {
  const body = JSON.stringify(told);
  const seconds = Math.floor(now() / 1000);
  const signature = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
  const headers = {
    'content-type': 'application/json',
    'user-agent': CHECKOUT_AGENT,
    'stripe-signature': `t=${seconds},v1=${signature}`,
  };
  try {
    return (await request({ method: 'POST', url, headers, body, timeoutMs: REQUEST_MS_MAX, from })).status;
  } catch {
    return undefined;
  }
}
