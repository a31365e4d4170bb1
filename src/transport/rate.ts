import { HOUR, SECOND } from '../event/time.ts';

/** Requests that have not left may be made up for within this time, so that a look that comes late costs nothing. */
const BURST_MS = 100;
/** How far below what is too much the rate stays: with the burst, no second sees more than TikTok took. */
const BELOW = 0.9;
/** Growth in each second in which the rate was used up. */
const GROWTH = 1.25;
const USED_UP = 0.8;
/** What was too much is asked for again after this, later each time, and in such steps. */
const PROBE_MS_MIN = 30 * SECOND;
const PROBE_MS_MAX = HOUR;
const PROBE_STEP = 1.1;
const PROBE_STEP_MS = 5 * SECOND;
const PER_SECOND_MIN = 0.5;

export interface RateLimits {
  start: number;
  max: number;
}

/** A token bucket that learns how much it may give out. Times are UTC ms. */
export interface Rate {
  /** requests a second */
  perSecond: number;
  /** requests that may leave at `at` */
  tokens: number;
  at: number;
  /** what is too much, as far as throttles have shown */
  ceiling: number;
  probeAt: number;
  probeMs: number;
  /** the calendar second that is counted, and requests that left in it */
  second: number;
  sent: number;
  /** requests that were answered well, by the tenth of a second in which they left, and the last of these tenths */
  good: readonly number[];
  tenth: number;
}

const TENTHS = 10;

export function openRate({ start, max }: RateLimits, now: number): Rate {
  const perSecond = Math.min(start, max);
  return {
    perSecond,
    tokens: most(perSecond),
    at: now,
    ceiling: Number.POSITIVE_INFINITY,
    probeAt: 0,
    probeMs: PROBE_MS_MIN,
    second: secondOf(now),
    sent: 0,
    good: Array.from({ length: TENTHS }, () => 0),
    tenth: Math.floor(now / 100),
  };
}

/** When the next request may leave: `now`, or later. */
export function readyAt(rate: Rate, now: number): number {
  const { perSecond } = rate;
  const tokens = tokensAt(rate, now);
  return tokens >= 1 ? now : now + Math.ceil(((1 - tokens) * 1000) / perSecond);
}

/** The bucket after a request has left. */
export function spent(old: Rate, limits: RateLimits, now: number): Rate {
  const rate = grown(old, limits, now);
  return { ...rate, tokens: rate.tokens - 1, sent: rate.sent + 1 };
}

/** The bucket after a good answer to a request that left at `sentAt`. */
export function answeredWell(rate: Rate, sentAt: number): Rate {
  const at = Math.floor(sentAt / 100);
  const tenth = Math.max(rate.tenth, at);
  const age = tenth - at;
  const shift = Math.min(TENTHS, tenth - rate.tenth);
  const good = shift === 0 ? [...rate.good] : [...rate.good.slice(shift), ...Array.from({ length: shift }, () => 0)];
  if (age < TENTHS) good[TENTHS - 1 - age] = (good[TENTHS - 1 - age] ?? 0) + 1;
  return { ...rate, good, tenth };
}

/**
 * The bucket after a throttle: the rate falls below what TikTok took in the second before it. Seconds are not counted
 * from the same instant on both sides, so that may be somewhat more than it takes; never less, but for answers that are
 * still under way. For their sake one throttle costs half at most.
 */
export function throttled(rate: Rate, now: number): Rate {
  const seen = rate.good.reduce((sum, count) => sum + count, 0);
  const ceiling = Math.min(rate.perSecond, Math.max(seen, rate.perSecond / 2));
  const probeMs = Math.min(PROBE_MS_MAX, rate.probeMs * 2);
  const perSecond = Math.max(PER_SECOND_MIN, ceiling * BELOW);
  return { ...rate, perSecond, tokens: 0, at: now, ceiling, probeAt: now + probeMs, probeMs, sent: 0 };
}

/** Refilled, and at the end of a second in which all was used, a little faster. */
function grown(old: Rate, limits: RateLimits, now: number): Rate {
  const rate = refilled(old, now);
  const second = secondOf(now);
  if (second === rate.second) return rate;
  const counted = { second, sent: 0 };
  const usedUp = rate.sent >= rate.perSecond * USED_UP && rate.good.some((count) => count > 0);
  if (!usedUp) return { ...rate, ...counted };
  const top = Math.min(limits.max, rate.ceiling * BELOW);
  if (rate.perSecond < top) return { ...rate, ...counted, perSecond: Math.min(top, rate.perSecond * GROWTH) };
  if (top >= limits.max || now < rate.probeAt) return { ...rate, ...counted };
  return { ...rate, ...counted, ceiling: rate.ceiling * PROBE_STEP, probeAt: now + PROBE_STEP_MS };
}

function refilled(rate: Rate, now: number): Rate {
  return { ...rate, tokens: tokensAt(rate, now), at: now };
}

function tokensAt(rate: Rate, now: number): number {
  // A clock that was set back fills nothing, and goes on from there.
  const gained = (Math.max(0, now - rate.at) * rate.perSecond) / 1000;
  return Math.min(most(rate.perSecond), rate.tokens + gained);
}

function most(perSecond: number): number {
  return 1 + (perSecond * BURST_MS) / 1000;
}

function secondOf(at: number): number {
  return Math.floor(at / 1000);
}
