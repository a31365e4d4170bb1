const URL_CHARS_MAX = 2048;
const TTCLID_CHARS_MAX = 4096;

/**
 * A page address fit to be kept: http(s), without user, fragment, parameters that are not `allowed` and contacts.
 * Allowed names may end in `*`. The click id is kept whole, beside the limit for the rest.
 */
export function scrubUrl(url: string, allowed: readonly string[]): string | undefined {
  const parsed = plainParts(url) ?? parsedParts(url);
  if (!parsed) return undefined;
  const { origin, pathname, search } = parsed;
  const path = looksLikeContact(decoded(pathname)) ? pathname.split('/').map(withoutContact).join('/') : pathname;
  const address = cut(origin + path);
  if (search === '') return address;
  const kept: string[] = [];
  let chars = address.length;
  for (const pair of search.slice(1).split('&')) {
    const [name, value] = parameterOf(pair);
    if (!isAllowed(name, allowed)) continue;
    if (name === 'ttclid') {
      if (value.length <= TTCLID_CHARS_MAX && !isContactId(value)) kept.push(pair);
    } else if (
      !looksLikeContact(value) &&
      !looksLikeContact(decoded(pair)) &&
      chars + pair.length + 1 <= URL_CHARS_MAX
    ) {
      kept.push(pair);
      chars += pair.length + 1;
    }
  }
  return kept.length === 0 ? address : `${address}?${kept.join('&')}`;
}

interface Parts {
  origin: string;
  pathname: string;
  search: string;
}

function parsedParts(url: string): Parts | undefined {
  const parsed = URL.parse(url);
  return parsed && (parsed.protocol === 'https:' || parsed.protocol === 'http:') ? parsed : undefined;
}

/**
 * Nearly every address is written as a parser would write it again: no port, no escape in its path, nothing for it to
 * change. Taking such a one apart is a fraction of parsing it. Any other is parsed.
 */
export function plainParts(url: string): Parts | undefined {
  const found = url.length <= URL_CHARS_MAX ? PLAIN_URL.exec(url) : null;
  // A segment that begins with a dot may stand for another one; a host may be written in another alphabet.
  if (!found || url.includes('/.') || url.includes('xn--')) return undefined;
  const [, origin = '', path = '', search = ''] = found;
  return { origin, pathname: path === '' ? '/' : path, search: search === '?' ? '' : search };
}

const PLAIN_URL = /^(https?:\/\/(?:[a-z0-9-]+\.)*[a-z][a-z0-9-]*)((?:\/[\w.~-]*)*)(\?[\w.~!$()*+,;:@/=&%-]*)?$/;

/** What URLSearchParams makes of one pair; most need no decoding. */
export function parameterOf(pair: string): [name: string, value: string] {
  if (/[%+?]/.test(pair)) return new URLSearchParams(pair).entries().next().value ?? ['', ''];
  const sign = pair.indexOf('=');
  return sign < 0 ? [pair, ''] : [pair.slice(0, sign), pair.slice(sign + 1)];
}

/** Is the id a contact? Ids may begin with zeros and be grouped, as phone numbers are, but never begin with a plus. */
export function isContactId(id: string): boolean {
  return looksLikeEmail(id) || (id.indexOf('+') >= 0 && id.trimStart().startsWith('+') && looksLikeContact(id));
}

/** Does the text hold something shaped like an e-mail address or a phone number? */
export function looksLikeContact(text: string): boolean {
  return looksLikeEmail(text) || (hasDigits(text) && PHONES.some((phone) => phone.test(text.replace(DATE, ' '))));
}

/** Does the text hold something shaped like an e-mail address? Each sign is looked at once, with what is around it. */
export function looksLikeEmail(text: string): boolean {
  // Asked of every text of every event: for one letter, `indexOf` costs a third of `includes`.
  if (text.indexOf('@') < 0 && (text.indexOf('%') < 0 || !text.includes('%40'))) return false;
  let dot = -1;
  for (const { 0: sign, index: at } of text.matchAll(SIGN)) {
    const after = at + sign.length;
    if (dot < after) dot = text.indexOf('.', after);
    if (dot < 0) return false;
    const isNear = at > 0 && dot - after <= DOMAIN_CHARS_MAX;
    if (isNear && LOCAL.test(text[at - 1] ?? '') && DOMAIN.test(text.slice(after, after + DOMAIN_CHARS_MAX + 3)))
      return true;
  }
  return false;
}

const SIGN = /@|%40/g;
const DOMAIN_CHARS_MAX = 253;
const LOCAL = /[^\s@/?&=<>"]/u;
const DOMAIN = /^[^\s@/?&=<>"]+\.[^\s@/?&=<>".]{2}/u;

/** Enough digits for the shortest phone number? */
function hasDigits(text: string): boolean {
  let digits = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code >= ZERO && code <= NINE && ++digits === PHONE_DIGITS_MIN) return true;
  }
  return false;
}

const [ZERO, NINE, PHONE_DIGITS_MIN] = [48, 57, 8];
const DATE = /\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d[\d:.]*)?/g;
// A bare row of digits is more often an order or campaign id than a phone number: those need +, a leading 0 or groups.
const PHONES = [
  /(?<!\w)\+\d(?:[\s()./-]{0,2}\d){7,14}(?!\w)/,
  /(?<![\w.])\(?0\d?(?:[\s()/-]{0,2}\d){8,13}(?!\w)/,
  /(?<![\w.])(?=\(?(?:\d\D{0,2}){9,15}(?!\w))\(?\d{2,4}[\s)/-]{1,2}\d{2,4}(?:[\s/-]\d{2,4}){1,3}(?!\w)/,
];

function withoutContact(segment: string): string {
  const text = decoded(segment);
  return looksLikeEmail(text) || (text.includes('+') && looksLikeContact(text)) ? 'removed' : segment;
}

function decoded(text: string): string {
  if (text.indexOf('%') < 0) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Cuts at the last slash within the limit, so never inside an escape. */
function cut(text: string): string {
  return text.length <= URL_CHARS_MAX ? text : text.slice(0, text.lastIndexOf('/', URL_CHARS_MAX - 1) + 1);
}

function isAllowed(name: string, allowed: readonly string[]): boolean {
  return allowed.some((rule) => (rule.endsWith('*') ? name.startsWith(rule.slice(0, -1)) : name === rule));
}
