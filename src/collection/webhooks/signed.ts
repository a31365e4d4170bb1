import { createHmac, timingSafeEqual } from 'node:crypto';
import { readKept } from './keep.ts';
import type { Hook, HookRead } from './provider.ts';

/** The one refusal: from outside they all look the same. */
const REFUSED = { kind: 'refused', reason: 'signature_wrong' } as const satisfies HookRead;

/** HMAC-SHA256 of the untouched body, in base64. */
export function hmacBase64(secret: string, raw: Buffer): string {
  return createHmac('sha256', secret).update(raw).digest('base64');
}

/**
 * Is the header what one of the live secrets makes of the message? Text is compared with text, never decoded first: base64
 * has several spellings of the same bytes. Every secret is tried, so the time tells nothing of which one fits.
 */
export function isSigned(
  given: string | undefined,
  secrets: readonly string[],
  sign: (secret: string) => string,
): boolean {
  if (!given) return false;
  const bytes = Buffer.from(given);
  let genuine = false;
  for (const secret of secrets) {
    const expected = Buffer.from(sign(secret));
    if (bytes.length === expected.length && timingSafeEqual(bytes, expected)) genuine = true;
  }
  return genuine;
}

/** A webhook whose sender is proven or not: refused, or what `told` makes of the fields of its body that are kept. */
export function readGenuine(
  isGenuine: boolean,
  { raw }: Pick<Hook, 'raw'>,
  keeps: readonly string[],
  told: (body: unknown) => HookRead,
): HookRead {
  if (!isGenuine) return REFUSED;
  const read = readKept(raw, keeps);
  return read ? told(read.body) : { kind: 'other', reason: 'body_not_json' };
}
