/** An amount as programs read it: digits with a point, and the currency that stood beside it. */
export interface PlainAmount {
  amount: string;
  currency?: string;
}

const TEXT_MAX = 40;
const WRITTEN = /^(-?)([^\d.,'’\s-]{0,3})\s*(-?)(\d[\d.,'’\s]*)([^\d.,'’\s-]{0,3})$/u;

/** Signs that one currency alone has: `$` and `¥` stand for several. */
const SIGNS: Readonly<Record<string, string>> = {
  '€': 'EUR',
  '£': 'GBP',
  '₹': 'INR',
  '₺': 'TRY',
  '₩': 'KRW',
  '₫': 'VND',
  '₱': 'PHP',
  '₪': 'ILS',
  '฿': 'THB',
  zł: 'PLN',
};

/**
 * What an amount that was written for people means, such as `1.299,00 €`; undefined where it could mean two things.
 * It is for advice only: nothing is ever counted by a guess.
 */
export function plainAmount(text: string): PlainAmount | undefined {
  const match = text.length > TEXT_MAX ? null : WRITTEN.exec(text.trim());
  if (!match) return undefined;
  const [, minus = '', before = '', minusAfter = '', digits = '', after = ''] = match;
  const amount = withPoint(digits.replace(/['’\s]/g, ''));
  if (amount === undefined) return undefined;
  const beside = before || after;
  const currency = Object.hasOwn(SIGNS, beside) ? SIGNS[beside] : /^[A-Za-z]{3}$/.exec(beside)?.[0].toUpperCase();
  return { amount: `${minus || minusAfter}${amount}`, ...(currency === undefined ? {} : { currency }) };
}

/** The digits with one point at most: of two kinds of separators the last is the decimal one. */
function withPoint(digits: string): string | undefined {
  const comma = digits.lastIndexOf(',');
  const point = digits.lastIndexOf('.');
  const last = Math.max(comma, point);
  if (last < 0) return digits;
  const whole = digits.slice(0, last);
  const fraction = digits.slice(last + 1);
  const separator = digits[last] as string;
  const joined = whole.replace(/[.,]/g, '');
  if (whole.includes(separator)) {
    // The same separator twice can only group thousands.
    const grouped = /^\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*$/.test(digits);
    return grouped ? joined + fraction : undefined;
  }
  const alone = comma < 0 || point < 0;
  // 1,299 is one and a bit, or more than a thousand.
  if (alone && fraction.length === 3 && whole.length <= 3 && whole !== '0') return undefined;
  return fraction === '' ? joined : `${joined}.${fraction}`;
}
