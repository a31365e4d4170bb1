import { hash } from 'node:crypto';
import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { plainE164 } from './e164.ts';
import { looksLikeContact } from './scrub.ts';

// RFC 5321: 64 octets before the @, 254 for the whole address.
const LOCAL_BYTES_MAX = 64;
const EMAIL_BYTES_MAX = 254;

/** SHA-256 of the trimmed, lower-cased address. Dots and plus tags stay: TikTok's rule does not strip them. */
export function hashEmail(input: string): string | undefined {
  const email = input.trim().toLowerCase();
  return hashedAlready(email) ?? (isEmail(email) ? sha256(email) : undefined);
}

/** SHA-256 of the E.164 number with its plus. A national number needs the ISO region that it is dialled in. */
export function hashPhone(input: string, region?: string): string | undefined {
  const phone = input.trim().replace(/^\(\+(\d{1,3})\)/, '+$1 ');
  const known = hashedAlready(phone);
  if (known) return known;
  const e164 = plainE164(phone) ?? e164Of(phone, region);
  return e164 && sha256(e164);
}

/** SHA-256 of the trimmed id. Its case stays, so that browser and server agree on the bytes. */
export function hashExternalId(input: string): string | undefined {
  const id = input.trim();
  return hashedAlready(id) ?? hashText(id);
}

/** SHA-256 of the name's letters and digits of any script, in lower case: `O'Neill-Śmith` is hashed as `oneillśmith`. */
export function hashName(input: string): string | undefined {
  return (
    hashedAlready(input.trim()) ??
    hashText(
      input
        .normalize('NFC')
        .toLowerCase()
        .replace(/[^\p{L}\p{M}\p{N}]/gu, ''),
    )
  );
}

/** SHA-256 of the postal code in lower case without spaces and dashes. */
export function hashZip(input: string): string | undefined {
  return hashedAlready(input.trim()) ?? hashText(input.toLowerCase().replace(/[\s\p{Pd}]/gu, ''));
}

/** A city, state or country as TikTok takes it, plain: `São Paulo` becomes `saopaulo`. */
export function plainPlace(input: string): string | undefined {
  // A contact in the wrong field would stay readable without its signs.
  if (input.includes('@') || looksLikeContact(input)) return undefined;
  const place = input
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');
  return place === '' ? undefined : place;
}

/** Words and hashes that say "unknown": senders produce them by mistake, and TikTok's diagnostics complain of them. */
export function saysNothing(text: string): boolean {
  const chars = text.length;
  if (chars !== HASH_CHARS && chars > NOTHING_CHARS_MAX && text.trim().length === chars) return false;
  const value = text.trim().toLowerCase();
  return NOTHING.has(value) || NOTHING_HASHED.has(value);
}

const HASH_CHARS = 64;
const NOTHING_CHARS_MAX = 'undefined'.length;

const NOTHING = new Set(['', 'undefined', 'null']);
const NOTHING_HASHED = new Set([...NOTHING].map(sha256));

function sha256(text: string): string {
  return hash('sha256', text);
}

function hashText(text: string): string | undefined {
  return saysNothing(text) ? undefined : sha256(text);
}

function hashedAlready(text: string): string | undefined {
  if (text.length !== HASH_CHARS || !/^[0-9a-f]+$/i.test(text) || saysNothing(text)) return undefined;
  return text.toLowerCase();
}

function isEmail(email: string): boolean {
  if (ORDINARY.test(email)) return email.length <= EMAIL_BYTES_MAX && email.indexOf('@') <= LOCAL_BYTES_MAX;
  const at = email.lastIndexOf('@');
  const local = email.slice(0, at);
  const domain = email.slice(at + 1);
  return (
    at > 0 &&
    Buffer.byteLength(email) <= EMAIL_BYTES_MAX &&
    Buffer.byteLength(local) <= LOCAL_BYTES_MAX &&
    (ATOMS.test(local) || QUOTED.test(local)) &&
    // Full-width letters look like a domain and are none.
    domain.normalize('NFKC') === domain.normalize('NFC') &&
    DOMAIN.test(domain)
  );
}

/** Nearly every address: the rules below in ASCII, a quarter of their time. */
const ORDINARY =
  /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;
const ATOMS = /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u;
const QUOTED = /^"(?:[^"\\\p{Cc}]|\\[^\p{Cc}])+"$/u;
const LABEL = '[\\p{L}\\p{N}](?:[\\p{L}\\p{M}\\p{N}-]{0,61}[\\p{L}\\p{M}\\p{N}])?';
const DOMAIN = new RegExp(`^(?:${LABEL}\\.)+(?:[\\p{L}\\p{M}]{2,63}|xn--[a-z0-9-]{2,59})$`, 'u');

function e164Of(phone: string, region: string | undefined): string | undefined {
  const defaultCountry = countryOf(region);
  return (
    validNumber(phone, defaultCountry) ??
    // 00 is the exit code of most countries, and people write it everywhere.
    (phone.startsWith('00') ? validNumber(`+${phone.slice(2)}`, defaultCountry) : undefined)
  );
}

function validNumber(phone: string, defaultCountry: CountryCode | undefined): string | undefined {
  // Without `extract` a number is looked for inside any text.
  const options = defaultCountry ? { defaultCountry, extract: false } : { extract: false };
  const parsed = parsePhoneNumberFromString(phone, options);
  return parsed?.isValid() ? parsed.number : undefined;
}

function countryOf(region: string | undefined): CountryCode | undefined {
  const code = region?.trim().toUpperCase();
  return code && isSupportedCountry(code) ? code : undefined;
}
