import { createHmac, sign as rsa } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { hookRecords } from '../../src/collection/hook.ts';
import { sitesOf } from '../../src/collection/tell.ts';
import { CERTIFICATES, SIGNING_KEY } from '../../src/collection/webhooks/paypal-keys.conformance.ts';
import type { Hook, HookWorld } from '../../src/collection/webhooks/provider.ts';
import { PROVIDERS } from '../../src/collection/webhooks/providers.ts';
import type { Json } from '../../src/event/event.ts';
import { defaultSpec } from '../../src/spec/default.ts';
import { type Fuzzed, jsonParser } from './parser.ts';
import { SOMEBODY } from './words.ts';

const NOW = Date.UTC(2026, 7, 1, 12);
const SECRET = 'whsec_5WbX5kEWLlfzsGNjH64I8lOOqUB6e8FH';
const CERTIFICATE = 'https://api.paypal.com/v1/notifications/certs/CERT-fuzzed';
const sites = sitesOf(defaultSpec());

/** PayPal's host alone, and the one root that its certificate leads up to. */
const WORLD: HookWorld = {
  roots: () => [CERTIFICATES.issuer],
  fetch: (url) =>
    url === CERTIFICATE ? Promise.resolve(Buffer.from(CERTIFICATES.live)) : Promise.reject(new Error(`${url}?`)),
};

function hmac(parts: readonly (string | Buffer)[], form: 'base64' | 'hex'): string {
  const made = createHmac('sha256', SECRET);
  for (const part of parts) made.update(part);
  return made.digest(form);
}

/** How each signs a body of a topic. */
const PROOFS: Readonly<Record<string, (raw: Buffer, topic: string, url: string) => Hook['headers']>> = {
  shopify: (raw, topic) => ({ 'x-shopify-hmac-sha256': hmac([raw], 'base64'), 'x-shopify-topic': topic }),
  woocommerce: (raw, topic) => ({ 'x-wc-webhook-signature': hmac([raw], 'base64'), 'x-wc-webhook-topic': topic }),
  stripe: (raw) => ({ 'stripe-signature': `t=${NOW / 1000},v1=${hmac([`${NOW / 1000}.`, raw], 'hex')}` }),
  paypal: (raw) => ({
    'paypal-transmission-id': 'fuzzed',
    'paypal-transmission-time': '2026-08-01T12:00:00Z',
    'paypal-transmission-sig': rsa(
      'sha256',
      Buffer.from(`fuzzed|2026-08-01T12:00:00Z|${SECRET}|${crc32(raw)}`),
      SIGNING_KEY,
    ).toString('base64'),
    'paypal-cert-url': CERTIFICATE,
    'paypal-auth-algo': 'SHA256withRSA',
  }),
  hubspot: (raw, _topic, url) => ({
    'x-hubspot-signature-v3': hmac(['POST', url, raw, String(NOW)], 'base64'),
    'x-hubspot-request-timestamp': String(NOW),
  }),
  pipedrive: () => ({ authorization: `Basic ${Buffer.from(SECRET).toString('base64')}` }),
};

/** The examples of a provider, each with somebody's contacts in it. */
function examplesOf(name: string): { topic: string; body: Json }[] {
  const folder = new URL(`../../examples/webhooks/${name}/`, import.meta.url);
  const topics = PROVIDERS.get(name)?.topics.map(({ topic }) => topic) ?? [];
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .flatMap((file) => {
      const body = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Json;
      const all = Array.isArray(body) ? body : { ...(body as object), customer: SOMEBODY };
      const own = topics.filter((topic) => file.startsWith(topic.replaceAll('/', '-').replaceAll('_', '-')));
      return (own.length > 0 ? own : topics.slice(0, 2)).map((topic) => ({ topic, body: all as Json }));
    });
}

/** Every provider's reader, with bodies that are rightly signed, whatever they hold. */
export const HOOKS: readonly Fuzzed[] = Object.entries(PROOFS).map(([name, prove]) =>
  jsonParser(`webhook ${name}`, 40, examplesOf(name), async (told) => {
    const provider = PROVIDERS.get(name);
    const { topic, body } = (typeof told === 'object' && told !== null ? told : {}) as Record<string, Json>;
    const raw = Buffer.from(JSON.stringify(body ?? null));
    const url = `https://collect.shop.example/v1/hooks/${name}`;
    const called = typeof topic === 'string' ? topic : '';
    const hook = { method: 'POST', url, headers: prove(raw, called, url), raw, receivedAt: NOW };
    const read = await provider?.read(hook, [SECRET], WORLD);
    if (!read || read.kind === 'refused') throw new Error('what is rightly signed was refused');
    if (read.kind !== 'told') return { accepted: false, kept: read };
    const records = hookRecords(read, `webhook:${name}`, NOW, sites);
    return records.ok ? { accepted: true, kept: records.value } : { accepted: false, kept: records.problems };
  }),
);
