import { DAY, MINUTE, SECOND } from '../event/time.ts';
import type { Reading } from '../tiktok/answer.ts';

/** A paused destination tries one batch again after this, so that a renewed token is noticed. */
const PAUSE_MS = 5 * MINUTE;
/** Failures in a row that open the breaker, and how long it stays open, doubling. */
const FAILURES_MAX = 5;
const OPEN_MS_MIN = SECOND;
const OPEN_MS_MAX = 5 * MINUTE;
/**
 * Twenty events that are refused alone, with none accepted between them, are not at fault one by one. An event that
 * TikTok names in its batch weighs a fifth: a long batch may well hold more than twenty that are bad.
 */
const SINGLE_WEIGHT = 5;
const REFUSALS_MAX = 20 * SINGLE_WEIGHT;

/** `halfOpen`: one request tries whether an open breaker may close. */
type DestinationStateName = 'healthy' | 'throttled' | 'paused' | 'open' | 'halfOpen';

/** What a destination is doing. Times are UTC ms. */
export interface DestinationState {
  state: DestinationStateName;
  /** absent when it has been so since the start */
  since?: number;
  /** it takes nothing before this time, and one request at a time after it, until one is accepted */
  until: number;
  why: string;
  /** rests in a row: each is longer than the one before */
  throttles: number;
  /** requests in a row without an answer, or with a failure of TikTok's own */
  failures: number;
  /** times in a row that the breaker has opened */
  opened: number;
  /** weight of the refusals in a row */
  refused: number;
}

export const HEALTHY: DestinationState = {
  state: 'healthy',
  until: 0,
  why: '',
  throttles: 0,
  failures: 0,
  opened: 0,
  refused: 0,
};

/**
 * The destination's state after a request that left at `sentAt`. One that left before the present rest began says
 * nothing new: four requests that are throttled at one moment are one throttling. `chance` between 0 and 1 spreads the
 * breaker's waits.
 */
export function settled(
  old: DestinationState,
  readings: readonly Reading[],
  sentAt: number,
  now: number,
  chance: number,
): DestinationState {
  if (sentAt < old.until) return old;
  const find = (outcome: Reading['outcome']): Reading | undefined =>
    readings.find((reading) => reading.outcome === outcome);
  const throttled = find('throttled');
  if (throttled) {
    const throttles = old.throttles + 1;
    const until = restAfterThrottle(throttles, now);
    return { ...old, state: 'throttled', since: now, until, why: wordOf(throttled), throttles, failures: 0 };
  }
  const paused = find('paused');
  if (paused && !find('accepted')) {
    const since = old.state === 'paused' ? (old.since ?? now) : now;
    return { ...old, state: 'paused', since, until: now + PAUSE_MS, why: wordOf(paused), failures: 0 };
  }
  if (find('accepted')) {
    if (old.state !== 'healthy') return { ...HEALTHY, since: now };
    return isWell(old) ? old : { ...HEALTHY, ...stood(old) };
  }
  const refusals = readings.filter(({ outcome }) => outcome === 'refused').length;
  if (refusals > 0) {
    const refused = old.refused + refusals * (readings.length === 1 ? SINGLE_WEIGHT : 1);
    if (refused < REFUSALS_MAX) return { ...old, failures: 0, refused };
    const since = refusesAll(old) ? (old.since ?? now) : now;
    return { ...old, state: 'open', since, until: now + OPEN_MS_MAX, why: 'refuses_everything', failures: 0, refused };
  }
  const failed = readings.find(({ outcome, why }) => outcome === 'retry' && why !== 'batch_refused');
  // An answer that decides nothing, such as a refused batch, shows at least that somebody answers.
  if (!failed) return { ...old, failures: 0 };
  const failures = old.failures + 1;
  if (failures < FAILURES_MAX && old.state !== 'halfOpen') return { ...old, failures };
  const until = now + openMs(old.opened, chance);
  const why = refusesAll(old) ? old.why : `${failed.why} ${wordOf(failed)}`.trim();
  const since = old.state === 'halfOpen' ? (old.since ?? now) : now;
  return { ...old, state: 'open', since, until, why, failures, opened: old.opened + 1 };
}

/** The state once a request leaves: through an open breaker it is the one that tries. */
export function tried(old: DestinationState): DestinationState {
  return old.state === 'open' ? { ...old, state: 'halfOpen' } : old;
}

/** The state once the token's source has changed: a pause need not be waited out. */
export function renewed(old: DestinationState, now: number): DestinationState {
  return old.state === 'paused' ? { ...old, until: Math.min(old.until, now) } : old;
}

/** Are refusals the destination's fault rather than the events'? Then no event is given up for one. */
export function refusesAll({ why }: DestinationState): boolean {
  return why === 'refuses_everything';
}

/** What a person hears when the state has changed; undefined for what mends itself within a moment. */
export function toldOf(old: DestinationState, state: DestinationState): string | undefined {
  const [before, after] = [troubleOf(old), troubleOf(state)];
  if (before === after) return undefined;
  return after === '' ? 'is healthy' : `is ${after}: ${state.why}`;
}

function troubleOf({ state, why, throttles }: DestinationState): string {
  switch (state) {
    case 'healthy':
      return '';
    case 'throttled':
      return throttles > 1 ? 'throttled' : '';
    case 'paused':
      return 'paused';
    case 'open':
    case 'halfOpen':
      return why === 'refuses_everything' ? 'refusing all events' : 'not answering';
  }
}

/** How long a destination that throttles rests: the next second, then 5 minutes, then until 00:00 UTC, as TikTok advises. */
function restAfterThrottle(times: number, now: number): number {
  if (times <= 1) return now + SECOND;
  if (times === 2) return now + 5 * MINUTE;
  return (Math.floor(now / DAY) + 1) * DAY;
}

function openMs(opened: number, chance: number): number {
  return Math.ceil(Math.min(OPEN_MS_MAX, OPEN_MS_MIN * 2 ** opened) * (0.5 + chance / 2));
}

function wordOf(reading: Reading): string {
  return `${reading.code ?? reading.http ?? ''} ${reading.message ?? ''}`.trim();
}

/** Is nothing of an earlier trouble remembered? */
function isWell({ until, why, throttles, failures, opened, refused }: DestinationState): boolean {
  return until === 0 && why === '' && throttles + failures + opened + refused === 0;
}

function stood({ since }: DestinationState): Pick<DestinationState, 'since'> {
  return since === undefined ? {} : { since };
}
