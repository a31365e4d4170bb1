import { Days as DayCount } from '../../event/days.ts';
import { DAY, HOUR } from '../../event/time.ts';
import type { Days } from '../../store/warehouse-reports.ts';

/** Where on earth it is the day before or after UTC’s. */
const ZONE_MS_MAX = 26 * HOUR;

/** Days from one to another, both included and counted from 1970-01-01, with the moments at which they begin in the zone. */
export function daySpan(timezone: string, first: number, last: number): Days {
  const count = new DayCount(timezone);
  const starts: number[] = [];
  for (let day = first; day <= last; day++) starts.push(startOf(count, day, starts.at(-1)));
  return { first, starts, end: startOf(count, last + 1, starts.at(-1)) };
}

/** The day of a moment, UTC ms, counted from 1970-01-01. */
export function dayNumber(timezone: string, at: number): number {
  return new DayCount(timezone).of(at);
}

/** The number of a day such as `2026-11-22`; undefined for what is no day. */
export function readDay(text: string): number | undefined {
  if (!/^[12]\d{3}-\d{2}-\d{2}$/.test(text)) return undefined;
  const at = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(at) || dayText(at / DAY) !== text ? undefined : at / DAY;
}

/** `2026-11-22` */
export function dayText(day: number): string {
  return new Date(day * DAY).toISOString().slice(0, 10);
}

/** The first moment of a day: mostly 24 hours after that of the day before. */
function startOf(count: DayCount, day: number, before: number | undefined): number {
  const guess = before === undefined ? day * DAY : before + DAY;
  if (count.of(guess) === day && count.of(guess - 1) < day) return guess;
  let [early, late] = [day * DAY - ZONE_MS_MAX, day * DAY + ZONE_MS_MAX];
  while (late - early > 1) {
    const middle = Math.floor((early + late) / 2);
    if (count.of(middle) >= day) late = middle;
    else early = middle;
  }
  return late;
}
