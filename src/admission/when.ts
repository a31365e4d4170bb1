import type { Problem } from '../event/problem.ts';
import type { Reason } from '../event/reason.ts';
import { DAY } from '../event/time.ts';

export interface TimeRead {
  /** UTC ms, never after the receipt */
  at: number;
  problems: Problem[];
  notes: string[];
}

/** Seconds with more digits than this are milliseconds: a classic error that dates events to the year 58,000. */
const SECONDS_MAX = 100_000_000_000;
const ISO = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$/;
const EARLIEST = Date.UTC(2000, 0, 1);

/** Reads ISO 8601 or Unix seconds. A time without a zone is UTC; one in the future becomes the receipt's. */
export function readTime(told: string | number | undefined, receivedAt: number, limits: { warnAge: number }): TimeRead {
  if (told === undefined || told === '') return { at: receivedAt, problems: [], notes: [] };
  const read = (code: string, what: string, fix: string): TimeRead => ({
    at: receivedAt,
    problems: [{ code, where: 'time', what, fix }],
    notes: [],
  });
  const seconds = typeof told === 'number' ? told : /^\d+(?:\.\d+)?$/.test(told.trim()) ? Number(told) : undefined;
  if (seconds !== undefined && seconds >= SECONDS_MAX)
    return read('time_in_milliseconds', 'the time is in milliseconds', 'send Unix seconds, or ISO 8601');
  const at = seconds === undefined ? isoMs(String(told).trim()) : Math.round(seconds * 1000);
  if (!Number.isFinite(at) || at < EARLIEST)
    return read('time_unreadable', 'not a time', 'send ISO 8601, such as 2026-08-01T12:00:00Z, or Unix seconds');
  if (at > receivedAt) return { at: receivedAt, problems: [], notes: at - receivedAt > 5000 ? ['time_in_future'] : [] };
  return { at, problems: [], notes: receivedAt - at > limits.warnAge ? ['old'] : [] };
}

function isoMs(text: string): number {
  if (!ISO.test(text)) return Number.NaN;
  const zoned = /(?:Z|[+-]\d\d:?\d\d)$/.test(text.slice(10)) || text.length === 10;
  return Date.parse(zoned ? text.replace(' ', 'T') : `${text.replace(' ', 'T')}Z`);
}

export const TIME_REASONS: Reason[] = [
  {
    code: 'time_in_milliseconds',
    with: 'quarantined',
    means: 'The time has 13 digits: milliseconds, where TikTok wants seconds.',
    fix: 'Divide by 1000, or send ISO 8601.',
  },
  {
    code: 'time_unreadable',
    with: 'quarantined',
    means: 'The time can’t be read.',
    fix: 'Send ISO 8601 or Unix seconds.',
  },
  {
    code: 'time_in_future',
    with: 'note',
    means: 'The sender’s clock is ahead of ours; the event got the time of its receipt.',
    fix: 'Set the sender’s clock.',
  },
  {
    code: 'old',
    with: 'note',
    means: `The event is older than the spec’s delivery.warnAge (default ${(7 * DAY) / DAY} days).`,
    fix: 'Send events when they happen; TikTok matches late ones worse.',
  },
];
