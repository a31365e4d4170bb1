import { isContactId, looksLikeContact, scrubUrl } from '../contacts/scrub.ts';
import type { JsonObject, Personal } from '../event/event.ts';
import type { ToldTouch } from '../event/told.ts';
import type { NewRecord } from '../store/journal.ts';
import { mintedId } from './usable.ts';

const NAMES_MAX = 40;
/** TikTok takes no longer values in an ad's address. */
const VALUE_CHARS_MAX = 600;
const TTCLID_CHARS_MAX = 4096;

/** Ids and names that an ad may write into an address: its own, and every channel's utm. */
const AD = /^(?:(?:campaign|adgroup|ad|creative)(?:_id|_name)?|placement|(?:utm|tt)_[a-z_]{1,32})$/;
/** A macro that TikTok did not expand, because it was mistyped, arrives as its own name. */
export const MACRO = /^_{1,2}[A-Z_]+_{1,2}$/;

/** The record of a click that went through our redirect. */
export function clickRecord(
  query: URLSearchParams,
  target: URL,
  who: { visitor?: string; session?: string },
  receivedAt: number,
): NewRecord {
  const ttclid = query.get('ttclid')?.trim() ?? '';
  const known = ttclid !== '' && ttclid.length <= TTCLID_CHARS_MAX && !MACRO.test(ttclid) && !isContactId(ttclid);
  const address = scrubUrl(target.href, []);
  const told: Partial<ToldTouch> = { ...who, ...(address === undefined ? {} : { target: address }) };
  return touchRecord('click', query, told, known ? { user: { ttclid } } : null, receivedAt);
}

/** The record of a view that loaded our picture: which ad, and when. Nothing of the person. */
export function viewRecord(query: URLSearchParams, receivedAt: number): NewRecord {
  return touchRecord('view', query, {}, null, receivedAt);
}

function touchRecord(
  type: ToldTouch['type'],
  query: URLSearchParams,
  more: Partial<ToldTouch>,
  personal: Personal | null,
  receivedAt: number,
): NewRecord {
  const ad = adOf(query);
  const told = {
    touch: mintedId(),
    type,
    ...more,
    ...(Object.keys(ad).length > 0 ? { ad } : {}),
  } satisfies ToldTouch;
  return { kind: 'touch', door: 'browser', keyId: '', receivedAt, body: told, personal };
}

function adOf(query: URLSearchParams): JsonObject {
  const ad: JsonObject = {};
  for (const [name, value] of adParameters(query)) {
    const kept = adText(name, value);
    if (kept !== undefined) ad[name] = kept;
  }
  return ad;
}

/** What an ad says under a name, if it may be kept: undefined for other names, contacts, and what says nothing. */
export function adText(name: string, value: string): string | undefined {
  const isKept =
    AD.test(name) && value !== '' && value.length <= VALUE_CHARS_MAX && !MACRO.test(value) && !looksLikeContact(value);
  return isKept ? value : undefined;
}

/** The target with the ad's parameters that it lacks. Its own text stays as it is. */
export function withAdParameters(target: URL, query: URLSearchParams): string {
  const url = new URL(target);
  for (const [name, value] of adParameters(query))
    if (PASSED_ON.test(name) && value.length <= TTCLID_CHARS_MAX && !target.searchParams.has(name))
      url.search += `${url.search === '' ? '?' : '&'}${name}=${encodeURIComponent(value)}`;
  return url.href;
}

const PASSED_ON = /^(?:ttclid|(?:utm|tt)_[\w.-]{1,32})$/;

/** What says something, each name once. */
function adParameters(query: URLSearchParams): Map<string, string> {
  const found = new Map<string, string>();
  for (const [name, value] of query) {
    if (found.size >= NAMES_MAX) break;
    if (value !== '' && !MACRO.test(value) && !found.has(name)) found.set(name, value);
  }
  return found;
}
