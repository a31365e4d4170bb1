// Builds the script that pages load, with the client part of the default spec, and fails when it outgrows its budget.
import { gzipSync } from 'node:zlib';
import { type ClientConfig, writeParts } from '../src/event/client-spec.ts';
import { clientSpec } from '../src/spec/client.ts';
import { defaultSpec } from '../src/spec/default.ts';
import { bundleScript } from './sdk.ts';

const BUDGET_BYTES = 4000;

const client: ClientConfig = {
  ...clientSpec(defaultSpec(), 1),
  key: 'wk_9f2c41d07be85a36',
  collector: 'https://collector.shop.example',
  pixelScript: 'https://analytics.tiktok.com/i18n/pixel/events.js',
};

const gzipBytes = (text: string): number => gzipSync(text, { level: 9 }).length;

const { text, parts } = await bundleScript();
const total = gzipBytes(writeParts(text, client));
for (const [file, bytes] of parts) console.log(`${String(bytes).padStart(6)} B joined ${file}`);
console.log(`${String(gzipBytes(text)).padStart(6)} B gzip   script`);
console.log(`${String(total - gzipBytes(text)).padStart(6)} B gzip   client part`);
console.log(`${String(total).padStart(6)} B gzip   in all, of ${BUDGET_BYTES}`);
if (total > BUDGET_BYTES) {
  console.error(`The served script is ${total - BUDGET_BYTES} bytes over its budget.`);
  process.exitCode = 1;
}
