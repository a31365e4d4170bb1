import type { CopyAt, Leg } from '../event/event.ts';
import { HOUR, MINUTE } from '../event/time.ts';

/**
 * TikTok merges copies by different legs that come within about 5 minutes of the first arrival, drops every copy
 * until 48 hours after it, and counts again after that (help center, "event deduplication"). We keep a margin.
 */
export interface ClockLimits {
  merge: number;
  drop: number;
}

export const CLOCK_LIMITS: ClockLimits = { merge: 4 * MINUTE, drop: 47 * HOUR };

export type Forecast = 'willCount' | 'willMerge' | 'willBeDropped' | 'wouldCountTwice' | 'unknown';

/** The earliest copy that may have reached TikTok, and the leg that brought it. */
export interface Copy {
  leg: Leg;
  at: CopyAt;
}

/** What TikTok will do with a copy that arrives at `now` by `leg`. */
export function forecast(first: Copy | undefined, leg: Leg, now: number, limits: ClockLimits): Forecast {
  if (!first) return 'willCount';
  const [from, to] = first.at;
  if (now < from) return 'unknown';
  if (now - from > limits.drop) return 'wouldCountTwice';
  if (first.leg === leg) return 'willBeDropped';
  if (now - from <= limits.merge) return 'willMerge';
  // Between our promise and TikTok's own limit either may happen; neither counts twice.
  return now - to > 5 * MINUTE ? 'willBeDropped' : 'unknown';
}

/** May this copy leave? Only a second count is forbidden. */
export function mayLeave(answer: Forecast): boolean {
  return answer !== 'wouldCountTwice';
}

/** The earlier of two intervals in which TikTok may have received its first copy. */
export function earliest(a: CopyAt | undefined, b: CopyAt): CopyAt {
  return a ? [Math.min(a[0], b[0]), Math.min(a[1], b[1])] : b;
}
