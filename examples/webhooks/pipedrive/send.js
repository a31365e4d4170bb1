// Pipedrive in one file: sends each body with the user and the password that Pipedrive sends along.
//   ASSAY_URL=http://127.0.0.1:8787 ASSAY_PIPEDRIVE_SECRET=user:password node send.js
import { readFile } from 'node:fs/promises';

const { ASSAY_URL = 'http://127.0.0.1:8787', ASSAY_PIPEDRIVE_SECRET = '' } = process.env;

for (const name of ['change.deal-stage', 'change.deal-won', 'change.lead-label']) {
  const body = await readFile(new URL(`${name}.json`, import.meta.url));
  const answer = await fetch(`${ASSAY_URL}/v1/hooks/pipedrive`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Basic ${Buffer.from(ASSAY_PIPEDRIVE_SECRET).toString('base64')}`,
    },
    body,
  });
  console.log(answer.status, name);
  if (!answer.ok) process.exitCode = 1;
}
