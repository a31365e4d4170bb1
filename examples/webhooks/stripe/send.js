// Stripe in one file: signs each body as Stripe does, and sends it.
//   ASSAY_URL=http://127.0.0.1:8787 ASSAY_STRIPE_SECRET=whsec_… node send.js
import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';

const { ASSAY_URL = 'http://127.0.0.1:8787', ASSAY_STRIPE_SECRET = '' } = process.env;
const BODIES = [
  ...['checkout.session.completed-unpaid', 'checkout.session.async_payment_succeeded', 'payment_intent.succeeded'],
  ...['charge.succeeded', 'charge.refunded', 'charge.dispute.created', 'charge.dispute.funds_withdrawn'],
  ...['charge.dispute.closed', 'refund.failed', 'invoice.paid'],
];

for (const name of BODIES) {
  // The bytes that are signed are the bytes that are sent.
  const body = await readFile(new URL(`${name}.json`, import.meta.url));
  const seconds = String(Math.floor(Date.now() / 1000));
  const signature = createHmac('sha256', ASSAY_STRIPE_SECRET).update(`${seconds}.`).update(body).digest('hex');
  const answer = await fetch(`${ASSAY_URL}/v1/hooks/stripe`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'stripe-signature': `t=${seconds},v1=${signature}` },
    body,
  });
  console.log(answer.status, name);
  if (!answer.ok) process.exitCode = 1;
}
