// A payment service in one file: signs each body as Standard Webhooks says, and sends it.
//   ASSAY_URL=http://127.0.0.1:8787 ASSAY_WEBHOOK_SECRET=whsec_… node send.js
import { createHmac, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';

const { ASSAY_URL = 'http://127.0.0.1:8787', ASSAY_WEBHOOK_SECRET = '' } = process.env;
const BODIES = [
  ...['order-created', 'payment-succeeded', 'fee-charged', 'payment-refunded'],
  ...['dispute-opened', 'chargeback-created', 'lead-updated'],
];

const key = Buffer.from(ASSAY_WEBHOOK_SECRET.replace(/^whsec_/, ''), 'base64');

for (const name of BODIES) {
  // The bytes that are signed are the bytes that are sent.
  const body = await readFile(new URL(`${name}.json`, import.meta.url));
  const id = `msg_${randomUUID()}`;
  const seconds = String(Math.floor(Date.now() / 1000));
  const signature = createHmac('sha256', key).update(`${id}.${seconds}.`).update(body).digest('base64');
  const answer = await fetch(`${ASSAY_URL}/v1/hooks/standard`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': seconds,
      'webhook-signature': `v1,${signature}`,
    },
    body,
  });
  console.log(answer.status, name);
  if (!answer.ok) process.exitCode = 1;
}
