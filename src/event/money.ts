import { CURRENCY_EXPONENTS } from './currencies.ts';
import { decimalText, parseDecimal, quantize, type Rounding } from './decimal.ts';
import { AssayError } from './error.ts';

/** Whole minor units of one currency: 5990 minor units of EUR are 59.90 euros. */
export interface Money {
  readonly minor: bigint;
  readonly currency: string;
}

/** Money as it is stored and shown: `59.90 EUR`, `5990 JPY`. */
export type MoneyText = string;

/** Digits after the point by ISO 4217; undefined for a code that ISO does not list or that has no minor unit. */
export function exponentOf(currency: string): number | undefined {
  return Object.hasOwn(CURRENCY_EXPONENTS, currency) ? CURRENCY_EXPONENTS[currency] : undefined;
}

/** Reads an amount in major units; undefined when the text is no number or the currency has no minor unit. */
export function money(major: string, currency: string, rounding: Rounding): Money | undefined {
  const exponent = exponentOf(currency);
  const decimal = parseDecimal(major);
  if (exponent === undefined || !decimal) return undefined;
  return { minor: quantize(decimal, exponent, rounding), currency };
}

/** The amount in major units, with exactly the currency's digits: `59.90`. */
export function majorText(value: Money): string {
  return decimalText(value.minor, exponentOf(value.currency) ?? 0);
}

export function moneyText(value: Money): MoneyText {
  return `${majorText(value)} ${value.currency}`;
}

/** The inverse of `moneyText`, also for amounts that people write in the spec. Digits beyond the exponent are refused. */
export function parseMoney(text: MoneyText): Money | undefined {
  const match = /^(\S+) ([A-Z]{3})$/.exec(text);
  if (!match?.[1] || !match[2]) return undefined;
  const exact = money(match[1], match[2], 'down');
  const up = money(match[1], match[2], 'up');
  return exact && up && exact.minor === up.minor ? exact : undefined;
}

/** Like `parseMoney`, for text that we wrote ourselves. */
export function storedMoney(text: MoneyText): Money {
  const value = parseMoney(text);
  if (!value) throw new AssayError('money_unreadable', `stored money is not readable: ${text}`);
  return value;
}

export function add(a: Money, b: Money): Money {
  if (a.currency !== b.currency)
    throw new AssayError('money_currency_mixed', `${a.currency} and ${b.currency} are never added`);
  return { minor: a.minor + b.minor, currency: a.currency };
}

/** Converts by a rate `to` per one `from`; the caller keeps the rate and its date with the result. */
export function convert(value: Money, to: string, rate: string, rounding: Rounding): Money | undefined {
  const decimal = parseDecimal(rate);
  const from = exponentOf(value.currency);
  const exponent = exponentOf(to);
  if (!decimal || decimal.units <= 0n || from === undefined || exponent === undefined) return undefined;
  return {
    minor: quantize({ units: value.minor * decimal.units, scale: from + decimal.scale }, exponent, rounding),
    currency: to,
  };
}
