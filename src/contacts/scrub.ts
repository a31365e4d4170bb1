const URL_CHARS_MAX = 2048;
const TTCLID_CHARS_MAX = 4096;

/**
 * A page address fit to be kept: http(s), without user, fragment, parameters that are not `allowed` and contacts.
 * Allowed names may end in `*`. The click id is kept whole, beside the limit for the rest.
 */
export function scrubUrl(url: string, allowed: readonly string[]): string | undefined {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || !/^https?:$/.test(parsed.protocol)) return undefined;
  const address = cut(`${parsed.origin}${parsed.pathname.split('/').map(withoutContact).join('/')}`);
  const kept: string[] = [];
  let chars = address.length;
  for (const pair of parsed.search.slice(1).split('&')) {
    const [name, value] = new URLSearchParams(pair).entries().next().value ?? ['', ''];
    if (!isAllowed(name, allowed)) continue;
    if (name === 'ttclid') {
      if (value.length <= TTCLID_CHARS_MAX && !looksLikeEmail(value)) kept.push(pair);
    } else if (!looksLikeContact(value) && chars + pair.length + 1 <= URL_CHARS_MAX) {
      kept.push(pair);
      chars += pair.length + 1;
    }
  }
  return kept.length === 0 ? address : `${address}?${kept.join('&')}`;
}

/** Does the text hold something shaped like an e-mail address or a phone number? */
export function looksLikeContact(text: string): boolean {
  return looksLikeEmail(text) || PHONES.some((phone) => phone.test(text.replace(DATE, ' ')));
}

/** Does the text hold something shaped like an e-mail address? */
export function looksLikeEmail(text: string): boolean {
  return EMAIL.test(text);
}

const EMAIL = /[^\s@/?&=<>"]{1,64}(?:@|%40)[^\s@/?&=<>"]+\.[^\s@/?&=<>".]{2}/iu;
const DATE = /\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d[\d:.]*)?/g;
// A bare row of digits is more often an order or campaign id than a phone number: those need +, a leading 0 or groups.
const PHONES = [
  /(?<!\w)\+\d(?:[\s()./-]{0,2}\d){7,14}(?!\w)/,
  /(?<![\w.])\(?0\d?(?:[\s()/-]{0,2}\d){8,13}(?!\w)/,
  /(?<![\w.])(?=\(?(?:\d\D{0,2}){9,15}(?!\w))\(?\d{2,4}[\s)/-]{1,2}\d{2,4}(?:[\s/-]\d{2,4}){1,3}(?!\w)/,
];

function withoutContact(segment: string): string {
  return EMAIL.test(decoded(segment)) ? 'removed' : segment;
}

function decoded(text: string): string {
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
