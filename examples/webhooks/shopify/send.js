// Shopify in one file: signs each body as Shopify does, and sends it.
//   ASSAY_URL=http://127.0.0.1:8787 ASSAY_SHOPIFY_SECRET=… node send.js
import { createHmac, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';

const { ASSAY_URL = 'http://127.0.0.1:8787', ASSAY_SHOPIFY_SECRET = '' } = process.env;
const TOPICS = {
  'orders-create': 'orders/create',
  'order-transactions-create': 'order_transactions/create',
  'refunds-create': 'refunds/create',
  'disputes-create': 'disputes/create',
  'disputes-update': 'disputes/update',
  'orders-cancelled': 'orders/cancelled',
};

for (const [name, topic] of Object.entries(TOPICS)) {
  const body = await readFile(new URL(`${name}.json`, import.meta.url));
  const answer = await fetch(`${ASSAY_URL}/v1/hooks/shopify`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-shopify-topic': topic,
      'x-shopify-hmac-sha256': createHmac('sha256', ASSAY_SHOPIFY_SECRET).update(body).digest('base64'),
      'x-shopify-shop-domain': 'ember.myshopify.com',
      'x-shopify-webhook-id': randomUUID(),
    },
    body,
  });
  console.log(answer.status, topic);
  if (!answer.ok) process.exitCode = 1;
}
