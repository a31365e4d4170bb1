import { hex } from './random-id.ts';

/** A visitor's contacts as the shop knows them: plain, or SHA-256 in hex. */
export interface Contacts {
  email?: string | undefined;
  /** with its country: +49 170 1234567 */
  phone?: string | undefined;
  external_id?: string | undefined;
}

/** The same as SHA-256, under the names that TikTok's pixel has for them; the collector takes these as well. */
export interface HashedContacts {
  sha256_email?: string | undefined;
  sha256_phone_number?: string | undefined;
  external_id?: string | undefined;
}

/** The contacts as SHA-256 by TikTok's rules; what cannot be normalised, or hashed in an insecure page, is left out. */
export async function hashContacts(plain: Contacts): Promise<HashedContacts> {
  return {
    sha256_email: await hash(plain.email?.toLowerCase()),
    sha256_phone_number: await hash(plain.phone?.replace(/[\s().-]/g, '').match(/^(\+[1-9]\d{6,14}|.{64})$/)?.[0]),
    external_id: await hash(plain.external_id),
  };
}

async function hash(contact?: string): Promise<string | undefined> {
  const text = String(contact ?? '').trim();
  if (/^[\da-f]{64}$/i.test(text)) return text.toLowerCase();
  // Pages without TLS have no crypto.subtle.
  if (!text || !crypto.subtle) return undefined;
  return hex(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
}
