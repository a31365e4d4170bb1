import { looksLikeContact } from '../../contacts/scrub.ts';
import { cleanId, cleanText } from '../../tiktok/text.ts';
import { isUsableAmount, isUsableId } from '../usable.ts';
import type { HookOrder } from './provider.ts';

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

/** Products of one order that are kept, as at the doors of orders. */
export const CONTENTS_MAX = 200;
/** Not told: what is missing, or null as some write it. */
export function isAbsent(value: unknown): value is undefined | null {
  return value === undefined || value === null;
}

const NAME_CHARS_MAX = 200;
const QUANTITY_MAX = 1_000_000;

/** An id as text, where it is one and no contact. */
export function idOf(value: unknown): string | undefined {
  const text = typeof value === 'string' ? cleanId(value) : Number.isSafeInteger(value) ? String(value) : '';
  return isUsableId(text) ? text : undefined;
}

/** An id of a visitor or a session, as our script makes them. */
export function carriedOf(value: unknown): string | undefined {
  return typeof value === 'string' && /^[\w-]{1,128}$/.test(value) ? value : undefined;
}

/** Major units, zero or more, with the digits as they were written: `readKept` keeps those of numbers. */
export function amountOf(value: unknown): string | undefined {
  const text = typeof value === 'string' ? value.trim() : Number.isSafeInteger(value) ? String(value) : '';
  return isUsableAmount(text) ? text : undefined;
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

type Content = NonNullable<HookOrder['contents']>[number];
/** A line of an order as it was read, with an id or without. */
export type Line = Loose<Content>;

/** What was bought, of a list of its lines: those without an id are left out. None where nothing is left. */
export function contentsOf(lines: unknown, read: (line: Fields) => Line): HookOrder['contents'] {
  const contents = listOf(lines)
    .slice(0, CONTENTS_MAX)
    .map(read)
    .filter(({ content_id }) => content_id !== undefined);
  return contents.length > 0 ? contents.map((content) => present<Content>(content)) : undefined;
}

/** An id of a visitor or session out of a list of named values, such as `{ name, value }`. */
export function carriedIn(list: unknown, called: string, wanted: string): string | undefined {
  return carriedOf(valueIn(list, called, wanted));
}

/** The value of the first of a list that has this name. */
export function valueIn(list: unknown, called: string, wanted: string): unknown {
  return listOf(list).find((one) => one[called] === wanted)?.['value'];
}
