import { HOUR } from '../../event/time.ts';

/** Where on earth it is the day before or after UTC's: 12 hours behind to 14 ahead. */
const ZONE_MS_MAX = 26 * HOUR;

/**
 * When a day such as `2026-11-22` begins in a time zone, UTC ms: at midnight, or at the first moment after it where the
 * clocks skip midnight. `later` gives the start of a day so many days later. Undefined for what is no day.
 */
export function dayStart(day: string, zone: string, later = 0): number | undefined {
  const [, year, month, date] = (/^(\d{4})-(\d{2})-(\d{2})$/.exec(day) ?? []).map(Number);
  if (year === undefined || month === undefined || date === undefined || year < 1000) return undefined;
  const named = new Date(Date.UTC(year, month - 1, date));
  if (named.getUTCMonth() !== month - 1 || named.getUTCDate() !== date) return undefined;
  const midnight = Date.UTC(year, month - 1, date + later);
  const wanted = isoDay(midnight);
  const dayOf = dayIn(zone);
  let [before, from] = [midnight - ZONE_MS_MAX, midnight + ZONE_MS_MAX];
  while (from - before > 1) {
    const middle = Math.floor((before + from) / 2);
    if (dayOf(middle) >= wanted) from = middle;
    else before = middle;
  }
  return from;
}

/** The day of a moment, UTC ms, in a time zone: `2026-11-22`. */
export function todayIn(zone: string, at: number): string {
  return dayIn(zone)(at);
}

function dayIn(zone: string): (at: number) => string {
  const format = new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone: zone, calendar: 'gregory', numberingSystem: 'latn' },
    ...{ year: 'numeric', month: '2-digit', day: '2-digit' },
  });
  return (at) => {
    const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
    return `${parts.get('year')?.padStart(4, '0')}-${parts.get('month')}-${parts.get('day')}`;
  };
}

function isoDay(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
