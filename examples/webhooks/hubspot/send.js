// HubSpot in one file: signs each body as HubSpot does, and sends it.
//   ASSAY_URL=http://127.0.0.1:8787 ASSAY_HUBSPOT_SECRET=… node send.js
// Where the collector has a public address, HubSpot signs that one: give it as ASSAY_PUBLIC_URL.
import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';

const { ASSAY_URL = 'http://127.0.0.1:8787', ASSAY_HUBSPOT_SECRET = '' } = process.env;
const { ASSAY_PUBLIC_URL = ASSAY_URL } = process.env;

for (const name of ['contact.propertyChange', 'object.propertyChange']) {
  const body = await readFile(new URL(`${name}.json`, import.meta.url));
  const stamp = String(Date.now());
  const signature = createHmac('sha256', ASSAY_HUBSPOT_SECRET)
    .update(`POST${ASSAY_PUBLIC_URL}/v1/hooks/hubspot`)
    .update(body)
    .update(stamp)
    .digest('base64');
  const answer = await fetch(`${ASSAY_URL}/v1/hooks/hubspot`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-hubspot-request-timestamp': stamp,
      'x-hubspot-signature-v3': signature,
    },
    body,
  });
  console.log(answer.status, name);
  if (!answer.ok) process.exitCode = 1;
}
