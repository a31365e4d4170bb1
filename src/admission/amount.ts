import { parseDecimal } from '../event/decimal.ts';
import type { Json, JsonObject } from '../event/event.ts';
import { convert, exponentOf, type Money, money, moneyText, storedMoney } from '../event/money.ts';
import { plainAmount } from '../event/plain-amount.ts';
import type { Problem } from '../event/problem.ts';
import type { Reason } from '../event/reason.ts';
import type { EventRule, Spec } from '../spec/spec.ts';
import { TIKTOK_CURRENCIES } from '../tiktok/currencies.ts';
import { blank } from '../tiktok/parameters.ts';

/** What an event is worth: in our books, and as TikTok gets it. */
export interface Amount {
  value?: string;
  sendValue?: string | null;
  rate?: { rate: string; date: string };
}

export interface AmountRead extends Amount {
  /** which of `value` and `currency` were sent and readable */
  has: { value: boolean; currency: boolean };
  problems: Problem[];
  notes: string[];
}

/** More minor units than this can't go to TikTok as an exact JSON number. */
export const MINOR_MAX = BigInt(Number.MAX_SAFE_INTEGER);
/** So many digits before and after the point are always fewer minor units. */
const DIGITS_SAFE = 15;

/** Reads `value` and `currency` of an event by the spec's rules of rounding, zero values and currencies. */
export function readAmount(told: JsonObject, rule: EventRule, spec: Spec): AmountRead {
  const toldValue = told['value'];
  const toldCurrency = told['currency'];
  const read: AmountRead = { problems: [], notes: [], has: { value: false, currency: false } };
  if (toldValue === undefined && toldCurrency === undefined) return read;
  const { problems } = read;
  const major = decimalOf(toldValue, problems, read.notes);
  const currency = currencyOf(toldCurrency, problems);
  read.has.value = major !== undefined;
  read.has.currency = currency !== undefined;
  if (major === undefined || currency === undefined) {
    if (major !== undefined && blank(toldCurrency))
      problems.push(
        problem(
          'currency_missing',
          'properties.currency',
          'a value without its currency',
          'send the ISO 4217 code, such as EUR',
        ),
      );
    if (currency !== undefined && blank(toldValue)) read.notes.push('currency_without_value');
    return read;
  }
  const exact = exactText(major, currency) ?? rounded(major, currency, spec, read);
  if (exact === undefined) return read;
  if (rule.zeroValue === 'quarantine' && isZero(exact))
    problems.push(
      problem(
        'value_zero',
        'properties.value',
        'the value is zero',
        'send the real value, or allow zero in the spec (zeroValue: allow)',
      ),
    );
  read.value = exact;
  if (!TIKTOK_CURRENCIES.has(currency)) outsideTikTok(storedMoney(exact), spec, read);
  return read;
}

/** What TikTok gets for money of our books that came from elsewhere than an event, such as a payment. */
export function worthOf(value: Money, spec: Spec): Amount {
  const read: AmountRead = { problems: [], notes: [], has: { value: true, currency: true } };
  if (!TIKTOK_CURRENCIES.has(value.currency)) outsideTikTok(value, spec, read);
  const { rate } = read;
  // A currency for which the rate is gone can't be converted: then the value stays here.
  const sendValue = read.problems.length > 0 ? null : read.sendValue;
  return {
    value: moneyText(value),
    ...(sendValue === undefined ? {} : { sendValue }),
    ...(rate === undefined ? {} : { rate }),
  };
}

/** The ordinary case, without big numbers: digits that the currency has, and no more. */
function exactText(major: string, currency: string): string | undefined {
  const exponent = exponentOf(currency) ?? 0;
  const point = major.indexOf('.');
  const whole = point < 0 ? major.length : point;
  const decimals = point < 0 ? 0 : major.length - point - 1;
  if (whole === 0 || whole + exponent > DIGITS_SAFE || decimals > exponent || (point >= 0 && decimals === 0))
    return undefined;
  for (let at = 0; at < major.length; at++) {
    const code = major.charCodeAt(at);
    if (at !== point && (code < 48 || code > 57)) return undefined;
  }
  if (whole > 1 && major.charCodeAt(0) === 48) return undefined;
  if (exponent === 0) return `${major} ${currency}`;
  const digits = point < 0 ? `${major}.` : major;
  return `${digits.padEnd(whole + 1 + exponent, '0')} ${currency}`;
}

/** Any other plain number: rounded to the currency's digits by the spec's mode. */
function rounded(major: string, currency: string, spec: Spec, read: AmountRead): string | undefined {
  const value = money(major, currency, spec.money.rounding);
  if (!value || value.minor > MINOR_MAX) {
    read.problems.push(
      problem('value_too_large', 'properties.value', 'the amount is too large', 'send major units, not cents'),
    );
    return undefined;
  }
  if (money(major, currency, 'up')?.minor !== money(major, currency, 'down')?.minor) read.notes.push('value_rounded');
  return moneyText(value);
}

function isZero(money: string): boolean {
  return /^[0.]+ /.test(money);
}

function outsideTikTok(value: Money, spec: Spec, read: AmountRead): void {
  switch (spec.money.unsupportedCurrency) {
    case 'send':
      read.notes.push('currency_unsupported_sent');
      return;
    case 'drop':
      read.sendValue = null;
      read.notes.push('currency_unsupported_dropped');
      return;
    case 'convert': {
      const rate = spec.money.rates.filter((row) => row.currency === value.currency).at(-1);
      const converted = rate && convert(value, spec.business.currency, rate.rate, spec.money.rounding);
      if (!rate || !converted || !TIKTOK_CURRENCIES.has(converted.currency)) {
        read.problems.push(
          problem(
            'rate_missing',
            'properties.currency',
            `TikTok does not take ${value.currency} and the spec has no rate for it`,
            'add the rate to money.rates, or set money.unsupportedCurrency to drop or send',
          ),
        );
        return;
      }
      read.sendValue = moneyText(converted);
      read.rate = { rate: rate.rate, date: rate.date };
      read.notes.push('currency_converted');
    }
  }
}

/** The amount as decimal text; a value that is no such number is a problem, unless nothing was sent at all. */
function decimalOf(told: Json | undefined, problems: Problem[], notes: string[]): string | undefined {
  // Less than a thousand-millionth rounds as that does.
  if (typeof told === 'number' && told >= 0) return told > 0 && told < 1e-9 ? '1e-9' : String(told === 0 ? 0 : told);
  const text = typeof told === 'string' ? told.trim() : typeof told === 'number' ? String(told) : '';
  const fault = (code: string, what: string, fix: string): undefined => {
    problems.push(problem(code, 'properties.value', what, fix));
    return undefined;
  };
  if (DIGITS.test(text)) return text;
  if (NOT_FINITE.test(text))
    return fault(
      'value_not_finite',
      'the value is no number that exists',
      'mend the sum in the sender: it divides by zero or adds a missing field',
    );
  if (blank(told)) return undefined;
  const decimal = parseDecimal(text);
  if (!decimal)
    return PLAIN.test(text)
      ? fault(
          'value_digits',
          'the value has more digits than any amount',
          'send an amount with the digits of its currency, such as 59.90',
        )
      : fault('value_unreadable', 'the value is not a plain number', advice(text));
  if (decimal.units < 0n)
    return fault(
      'value_negative',
      'the value is negative',
      'TikTok has no refunds: tell a refund as a payment movement of the order',
    );
  if (/e/i.test(text)) notes.push('value_exponent');
  return decimal.units === 0n ? '0' : text;
}

const DIGITS = /^\d{1,15}(?:\.\d{1,15})?$/;
const NOT_FINITE = /^[+-]?(?:NaN|Infinity|inf)$/i;
const PLAIN = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** What to send instead of this text. */
function advice(text: string): string {
  const plain = plainAmount(text);
  if (!plain) return 'send digits with an optional decimal point and no symbol, such as 59.90';
  const { amount, currency } = plain;
  return currency === undefined ? `send ${amount}` : `send ${amount} as value and ${currency} as currency`;
}

function currencyOf(told: Json | undefined, problems: Problem[]): string | undefined {
  if (typeof told === 'string' && exponentOf(told) !== undefined) return told;
  if (blank(told)) return undefined;
  const code = typeof told === 'string' ? told.trim().toUpperCase() : '';
  if (exponentOf(code) !== undefined) return code;
  problems.push(
    problem(
      'currency_unknown',
      'properties.currency',
      'not a currency of ISO 4217',
      'send the three-letter code, such as EUR',
    ),
  );
  return undefined;
}

function problem(code: string, where: string, what: string, fix: string): Problem {
  return { code, where, what, fix };
}

export const AMOUNT_REASONS: Reason[] = [
  {
    code: 'value_unreadable',
    with: 'quarantined',
    means: 'The value is not a plain decimal number.',
    fix: 'Send digits with an optional decimal point, no comma and no currency sign.',
  },
  {
    code: 'value_not_finite',
    with: 'quarantined',
    means: 'The value is the text NaN or Infinity.',
    fix: 'Mend the sum in the sender: it divides by zero or adds a field that is missing.',
  },
  {
    code: 'value_digits',
    with: 'quarantined',
    means: 'The value has more than 40 digits, or an exponent beyond that.',
    fix: 'Send an amount with the digits of its currency.',
  },
  {
    code: 'value_exponent',
    with: 'note',
    means: 'The value was written with an exponent, such as 1e2; it was read as the number it is.',
    fix: 'Send digits with an optional decimal point.',
  },
  {
    code: 'value_negative',
    with: 'quarantined',
    means: 'The value is below zero.',
    fix: 'Tell refunds as movements of the order; TikTok has no refund event.',
  },
  {
    code: 'value_zero',
    with: 'quarantined',
    means: 'The value is zero and the spec quarantines zero values of this event.',
    fix: 'Send the real value, or set zeroValue: allow.',
  },
  {
    code: 'value_too_large',
    with: 'quarantined',
    means: 'The amount has more digits than TikTok’s number can hold.',
    fix: 'Send major units (59.90), not minor units.',
  },
  {
    code: 'currency_missing',
    with: 'quarantined',
    means: 'There is a value and no currency.',
    fix: 'Send the ISO 4217 code.',
  },
  {
    code: 'currency_unknown',
    with: 'quarantined',
    means: 'The currency is not an active code of ISO 4217.',
    fix: 'Send a three-letter code such as EUR.',
  },
  {
    code: 'rate_missing',
    with: 'quarantined',
    means: 'TikTok does not take the currency and the spec has no rate to convert it.',
    fix: 'Add the rate, or choose drop or send in money.unsupportedCurrency.',
  },
  {
    code: 'currency_without_value',
    with: 'note',
    means: 'A currency came without a value and was left out.',
    fix: 'Send both or none.',
  },
  {
    code: 'value_rounded',
    with: 'note',
    means: 'The value had more digits than its currency and was rounded by the spec’s mode.',
    fix: 'Send amounts with the currency’s own digits.',
  },
  {
    code: 'currency_converted',
    with: 'note',
    means:
      'TikTok does not take the currency; it gets the value in the business’s currency, by the rate and day noted.',
    fix: '',
  },
  {
    code: 'currency_unsupported_dropped',
    with: 'note',
    means: 'TikTok does not take the currency; the event goes without value and currency.',
    fix: '',
  },
  {
    code: 'currency_unsupported_sent',
    with: 'note',
    means: 'TikTok does not list the currency; it was sent as the spec says.',
    fix: '',
  },
];
