import { parseDecimal } from '../event/decimal.ts';
import type { Json, JsonObject } from '../event/event.ts';
import { convert, exponentOf, type Money, money, moneyText } from '../event/money.ts';
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
const MINOR_MAX = BigInt(Number.MAX_SAFE_INTEGER);

/** Reads `value` and `currency` of an event by the spec's rules of rounding, zero values and currencies. */
export function readAmount(told: JsonObject, rule: EventRule, spec: Spec): AmountRead {
  const problems: Problem[] = [];
  const major = decimalOf(told['value'], problems);
  const currency = currencyOf(told['currency'], problems);
  const read: AmountRead = {
    problems,
    notes: [],
    has: { value: major !== undefined, currency: currency !== undefined },
  };
  if (major === undefined || currency === undefined) {
    if (major !== undefined && blank(told['currency']))
      read.problems.push(
        problem(
          'currency_missing',
          'properties.currency',
          'a value without its currency',
          'send the ISO 4217 code, such as EUR',
        ),
      );
    if (currency !== undefined && blank(told['value'])) read.notes.push('currency_without_value');
    return read;
  }
  const value = money(major, currency, spec.money.rounding);
  if (!value || value.minor > MINOR_MAX) {
    read.problems.push(
      problem('value_too_large', 'properties.value', 'the amount is too large', 'send major units, not cents'),
    );
    return read;
  }
  if (value.minor === 0n && rule.zeroValue === 'quarantine')
    read.problems.push(
      problem(
        'value_zero',
        'properties.value',
        'the value is zero',
        'send the real value, or allow zero in the spec (zeroValue: allow)',
      ),
    );
  read.value = moneyText(value);
  const exact = parseDecimal(major);
  if (
    exact &&
    exact.scale > (exponentOf(currency) ?? 0) &&
    money(major, currency, 'up')?.minor !== money(major, currency, 'down')?.minor
  )
    read.notes.push('value_rounded');
  if (!TIKTOK_CURRENCIES.has(currency)) outsideTikTok(value, spec, read);
  return read;
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

function decimalOf(told: Json | undefined, problems: Problem[]): string | undefined {
  if (blank(told)) return undefined;
  const text = typeof told === 'number' ? String(told) : typeof told === 'string' ? told.trim() : '';
  const decimal = parseDecimal(text);
  if (!decimal) {
    problems.push(
      problem(
        'value_unreadable',
        'properties.value',
        'the value is not a plain number',
        'send digits with an optional decimal point and no symbol, such as 59.90',
      ),
    );
    return undefined;
  }
  if (decimal.units < 0n) {
    problems.push(
      problem(
        'value_negative',
        'properties.value',
        'the value is negative',
        'TikTok has no refunds: tell a refund as a payment movement of the order',
      ),
    );
    return undefined;
  }
  return text;
}

function currencyOf(told: Json | undefined, problems: Problem[]): string | undefined {
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
