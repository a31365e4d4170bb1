import { createHmac, timingSafeEqual } from 'node:crypto';
import { MINUTE } from '../../event/time.ts';
import type { Hook } from './provider.ts';

/** Older or newer than this, a signed message may be a replay: what Stripe's own libraries allow. */
const TOLERANCE_MS = 5 * MINUTE;
/** Stripe signs with each live secret during a rotation, so with two. */
const SIGNATURES_MAX = 8;

/**
 * Is it signed with one of these secrets? `Stripe-Signature: t=<seconds>,v1=<hex>[,v1=…]`, each an HMAC-SHA256 of
 * `<t>.<body>` by the whole text of the secret. Stripe's library does the same in these lines and several megabytes.
 */
export function isSignedByStripe({ headers, raw, receivedAt }: Hook, secrets: readonly string[]): boolean {
  const signed = partsOf(headers['stripe-signature']);
  if (!signed || Math.abs(receivedAt - Number(signed.stamp) * 1000) > TOLERANCE_MS) return false;
  let genuine = false;
  for (const secret of secrets) {
    const expected = createHmac('sha256', secret).update(`${signed.stamp}.`).update(raw).digest();
    for (const signature of signed.signatures) if (timingSafeEqual(signature, expected)) genuine = true;
  }
  return genuine;
}

function partsOf(header: string | undefined): { stamp: string; signatures: Buffer[] } | undefined {
  let stamp: string | undefined;
  const signatures: Buffer[] = [];
  for (const part of (header ?? '').slice(0, 2000).split(',')) {
    const [scheme, value = ''] = part.split('=', 2);
    if (scheme === 't') {
      if (stamp !== undefined || !/^\d{1,12}$/.test(value) || part !== `t=${value}`) return undefined;
      stamp = value;
    } else if (scheme === 'v1') {
      if (!/^v1=[0-9a-f]{64}$/.test(part) || signatures.length >= SIGNATURES_MAX) return undefined;
      signatures.push(Buffer.from(value, 'hex'));
    }
  }
  return stamp === undefined || signatures.length === 0 ? undefined : { stamp, signatures };
}
