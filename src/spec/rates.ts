import { exponentOf } from '../event/money.ts';
import { type Fault, parseRate, quoted } from './kinds.ts';
import type { Rate } from './spec.ts';

type RateFault = Fault & { code: string; where: string };

const ROWS_MAX = 100_000;
const FAULTS_MAX = 100;

/** Reads a rates file with the columns currency, rate, date; every faulty line is named. */
export function parseRates(file: string, text: string): { rates: Rate[]; faults: RateFault[] } {
  const rates: Rate[] = [];
  const faults: RateFault[] = [];
  const fault = (line: number, code: string, what: string, fix: string) =>
    faults.length < FAULTS_MAX && faults.push({ where: `${file}:${line}`, code, what, fix });
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  if (lines.length > ROWS_MAX) {
    fault(ROWS_MAX, 'rates_too_long', `has more than ${ROWS_MAX} lines`, 'Remove old days.');
    return { rates, faults };
  }
  if (lines[0]?.trim() !== 'currency,rate,date')
    fault(
      1,
      'rates_header',
      'does not start with the names of the columns',
      'Write currency,rate,date in the first line.',
    );
  const seen = new Map<string, number>();
  for (const [index, row] of lines.entries()) {
    const line = index + 1;
    if (line === 1 || row.trim() === '') continue;
    const [currency = '', rate = '', date = '', ...rest] = row.split(',').map((cell) => cell.trim());
    const key = `${currency} ${date}`;
    const first = seen.get(key);
    if (exponentOf(currency) === undefined)
      fault(
        line,
        'rates_currency',
        `has ${quoted(currency)}, which is not a currency`,
        'Write an ISO 4217 code, such as UYU.',
      );
    else if (rest.length > 0 || !parseRate(`${rate} ${date}`))
      fault(
        line,
        'rates_row',
        `is ${quoted(row)}, which is not a rate with its day`,
        'Write a line such as UYU,0.023,2026-11-01.',
      );
    else if (first !== undefined)
      fault(
        line,
        'rates_twice',
        `repeats ${currency} for ${date}, which line ${first} has`,
        'Keep one of the two lines.',
      );
    else rates.push({ currency, rate, date });
    seen.set(key, first ?? line);
  }
  return { rates, faults };
}

/** Rates in one order, so that the order of lines means nothing. */
export function sortedRates(rates: Rate[]): Rate[] {
  return rates.toSorted((a, b) => (`${a.currency} ${a.date}` < `${b.currency} ${b.date}` ? -1 : 1));
}
