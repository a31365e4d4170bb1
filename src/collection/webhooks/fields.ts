import { isContactId, looksLikeContact } from '../../contacts/scrub.ts';
import { cleanId, cleanText } from '../../tiktok/text.ts';

/** An object of a body, not yet looked at. */
export type Fields = Readonly<Record<string, unknown>>;

/** A value whose fields may be told as undefined. */
export type Loose<T> = { [Name in keyof T]: T[Name] | undefined };

/** The same without the fields that are undefined. */
export function present<T extends object>(told: Loose<T>): T {
  return Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined)) as T;
}

/** The fields of an object; none where it is none. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

/** The objects of a list; none where it is no list. */
export function listOf(value: unknown): Fields[] {
  return Array.isArray(value) ? value.map(fieldsOf) : [];
}

const ID_CHARS_MAX = 512;
const NAME_CHARS_MAX = 200;
const QUANTITY_MAX = 1_000_000;

/** An id as text, where it is one and no contact. */
export function idOf(value: unknown): string | undefined {
  const text = typeof value === 'string' ? cleanId(value) : Number.isSafeInteger(value) ? String(value) : '';
  return text === '' || text.length > ID_CHARS_MAX || isContactId(text) ? undefined : text;
}

/** An id of a visitor or a session, as our script makes them. */
export function carriedOf(value: unknown): string | undefined {
  return typeof value === 'string' && /^[\w-]{1,128}$/.test(value) ? value : undefined;
}

/** Major units, zero or more, with the digits as they were written: `readKept` keeps those of numbers. */
export function amountOf(value: unknown): string | undefined {
  const text = typeof value === 'string' ? value.trim() : Number.isSafeInteger(value) ? String(value) : '';
  return /^\d{1,30}(?:\.\d{1,10})?$/.test(text) ? text : undefined;
}

export function currencyOf(value: unknown): string | undefined {
  const text = typeof value === 'string' ? value.trim().toUpperCase() : '';
  return /^[A-Z]{3}$/.test(text) ? text : undefined;
}

export function quantityOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d{1,7}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 && number <= QUANTITY_MAX
    ? number
    : undefined;
}

/** The name of a product; none where it holds a contact. */
export function nameOf(value: unknown): string | undefined {
  const text = typeof value === 'string' ? cleanText(value).slice(0, NAME_CHARS_MAX) : '';
  return text === '' || looksLikeContact(text) ? undefined : text;
}

const ISO = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?$/;
const SECONDS = /^\d{1,13}(?:\.\d{1,9})?$/;

/** ISO 8601, or Unix seconds as a number or text. */
export function timeOf(value: unknown): string | number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  const text = typeof value === 'string' ? value.trim() : '';
  return ISO.test(text) || SECONDS.test(text) ? text : undefined;
}
