import type { AttributionAnswer } from '../../api/attribution.ts';
import { readMoney } from '../../ui/money.ts';
import { addDecimals, thousandths } from '../decimal.ts';
import { lineKey } from './asked.ts';

const DAY_MS = 86_400_000;
/** What a report spans at most, and some. */
const DAYS_MAX = 500;

/** One line's days, ready to be drawn: heights from 0 to 1 of the highest day of all lines. */
export interface DaySeries {
  /** of its row */
  row: string;
  conversions: number;
  /** sum of its days; absent where one of them is no amount */
  amount: string | undefined;
  days: { day: string; conversions: number; amount: string; height: number }[];
}

/** All lines on one scale: by value, or by count where nothing is worth anything. */
export function seriesByDay(series: AttributionAnswer['series']): { of: 'value' | 'conversions'; parts: DaySeries[] } {
  const told = series.map(({ of: line, days }) => ({
    row: lineKey(line),
    days: days.map(({ day, conversions, value }) => ({ day, conversions, amount: readMoney(value)?.amount ?? value })),
  }));
  const all = told.flatMap(({ days }) => days);
  const highest = all.reduce((most, { amount }) => max(most, thousandths(amount) ?? 0n), 0n);
  const most = all.reduce((so, { conversions }) => Math.max(so, conversions), 0);
  const of = highest > 0n ? 'value' : 'conversions';
  const height = (amount: string, conversions: number): number => {
    if (of === 'conversions') return most > 0 ? conversions / most : 0;
    // A height is drawn to a thousandth, and no float holds the money itself.
    return Number((1000n * (thousandths(amount) ?? 0n)) / highest) / 1000;
  };
  const parts = told.map(({ row, days }) => ({
    row,
    conversions: days.reduce((sum, { conversions }) => sum + conversions, 0),
    amount: days.reduce<string | undefined>((sum, { amount }) => sum && addDecimals(sum, amount), '0'),
    days: days.map((day) => ({ ...day, height: height(day.amount, day.conversions) })),
  }));
  return { of, parts };
}

/** The lines of a view by day as one: every day from the first to the last, those without a line as nothing. */
export function allDays({
  rows,
  asked: { from, to },
}: Pick<AttributionAnswer, 'rows' | 'asked'>): AttributionAnswer['series'][number] {
  const known = new Map(rows.map((row) => [row.key, row.earned]));
  const days = daysFrom(from, to).map((day) => {
    const earned = known.get(day);
    return { day, conversions: earned?.conversions ?? 0, value: earned?.value.amount ?? '0' };
  });
  return { key: '', of: {}, days };
}

/** `2026-11-22` and each day after it up to the other; of what are no days, none. */
function daysFrom(from: string, to: string): string[] {
  const [first, last] = [Date.parse(`${from}T00:00:00Z`), Date.parse(`${to}T00:00:00Z`)];
  const days: string[] = [];
  for (let at = first; at <= last && days.length < DAYS_MAX; at += DAY_MS)
    days.push(new Date(at).toISOString().slice(0, 10));
  return days;
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
