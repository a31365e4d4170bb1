// WooCommerce in one file: the ping of a webhook that was just saved, then each body, signed as WooCommerce does.
//   ASSAY_URL=http://127.0.0.1:8787 ASSAY_WOOCOMMERCE_SECRET=… node send.js
import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';

const { ASSAY_URL = 'http://127.0.0.1:8787', ASSAY_WOOCOMMERCE_SECRET = '' } = process.env;
const BODIES = ['order-created', 'order-updated-paid', 'order-updated-refunded', 'order-updated-cancelled'];

await send('the ping', { 'content-type': 'application/x-www-form-urlencoded' }, Buffer.from('webhook_id=12'));

for (const name of BODIES) {
  const body = await readFile(new URL(`${name}.json`, import.meta.url));
  await send(
    name,
    {
      'content-type': 'application/json',
      'x-wc-webhook-topic': name.startsWith('order-created') ? 'order.created' : 'order.updated',
      'x-wc-webhook-signature': createHmac('sha256', ASSAY_WOOCOMMERCE_SECRET).update(body).digest('base64'),
    },
    body,
  );
}

async function send(name, headers, body) {
  const answer = await fetch(`${ASSAY_URL}/v1/hooks/woocommerce`, { method: 'POST', headers, body });
  console.log(answer.status, name);
  if (!answer.ok) process.exitCode = 1;
}
