import type { Problem } from '../event/problem.ts';
import type { Reason } from '../event/reason.ts';
import { DAY } from '../event/time.ts';

export interface TimeRead {
  /** UTC ms by our clock, never after the receipt */
  at: number;
  /** what was told, UTC ms, where that is another time */
  told?: number;
  problems: Problem[];
  notes: string[];
}

/** How far a sender's time is believed. */
export interface TimeLimits {
  warnAge: number;
  /** a sender's clock may differ by this much */
  clockTolerance?: number;
}

/** Seconds with more digits than this are milliseconds: a classic error that dates events to the year 58,000. */
const SECONDS_MAX = 100_000_000_000;
const ISO = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$/;
const EARLIEST = Date.UTC(2000, 0, 1);
const YEAR = 366 * DAY;

/**
 * Reads ISO 8601 or Unix seconds. A time without a zone is UTC. `sentAt` is the sender's clock when it sent the request,
 * Unix seconds: what it is wrong by, the event's time is wrong by too. A time in the future becomes the receipt's.
 */
export function readTime(
  told: string | number | undefined,
  receivedAt: number,
  limits: TimeLimits,
  sentAt?: number,
): TimeRead {
  if (told === undefined || told === '') return { at: receivedAt, problems: [], notes: [] };
  const fault = (code: string, what: string, fix: string): TimeRead => ({
    at: receivedAt,
    problems: [{ code, where: 'time', what, fix }],
    notes: [],
  });
  const seconds = typeof told === 'number' ? told : /^\d+(?:\.\d+)?$/.test(told.trim()) ? Number(told) : undefined;
  if (seconds !== undefined && seconds >= SECONDS_MAX)
    return fault('time_in_milliseconds', 'the time is in milliseconds', 'send Unix seconds, or ISO 8601');
  const toldAt = seconds === undefined ? isoMs(String(told).trim()) : Math.round(seconds * 1000);
  const notes: string[] = [];
  const at = toldAt + clockError(toldAt, receivedAt, limits, sentAt, notes);
  if (!Number.isFinite(at) || at < EARLIEST)
    return fault('time_unreadable', 'not a time', 'send ISO 8601, such as 2026-08-01T12:00:00Z, or Unix seconds');
  if (at > receivedAt) {
    if (at - receivedAt > 5000) notes.push('time_in_future');
    return { at: receivedAt, told: toldAt, problems: [], notes };
  }
  if (receivedAt - at > limits.warnAge) notes.push('old');
  return at === toldAt ? { at, problems: [], notes } : { at, told: toldAt, problems: [], notes };
}

/** What has to be added to a time of the sender's clock; 0 where that clock is right, or unknown. */
function clockError(
  toldAt: number,
  receivedAt: number,
  { clockTolerance }: TimeLimits,
  sentAt: number | undefined,
  notes: string[],
): number {
  if (sentAt === undefined || clockTolerance === undefined) return 0;
  const sentMs = Math.round(sentAt * 1000);
  const error = receivedAt - sentMs;
  if (Math.abs(error) <= clockTolerance) return 0;
  // A clock that is wrong by years still tells how old an event is; what it does not share with the event is no clock.
  if (Math.abs(error) > YEAR && !(Math.abs(sentMs - toldAt) <= YEAR)) {
    notes.push('clock_unreadable');
    return 0;
  }
  notes.push('clock_corrected');
  return error;
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
    code: 'clock_corrected',
    with: 'note',
    means:
      'The sender’s clock was wrong by more than the spec’s delivery.clockTolerance when it sent this; the event’s time was corrected by as much.',
    fix: 'Nothing for a visitor’s device. Set the clock of a server.',
  },
  {
    code: 'clock_unreadable',
    with: 'note',
    means: 'sent_at is more than a year from both our clock and the event’s time, so it was not used.',
    fix: 'Send sent_at as Unix seconds, by the clock that gave the event its time.',
  },
  {
    code: 'old',
    with: 'note',
    means: `The event is older than the spec’s delivery.warnAge (default ${(7 * DAY) / DAY} days).`,
    fix: 'Send events when they happen; TikTok matches late ones worse.',
  },
];
