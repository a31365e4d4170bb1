import type { Reading } from '../tiktok/answer.ts';
import { restAfterThrottle } from './next.ts';

/** A paused destination tries one batch again after this, so that a renewed token is noticed. */
const PAUSE_MS = 5 * 60_000;

/** What a destination is doing. */
export interface DestinationState {
  state: 'healthy' | 'resting' | 'paused';
  until: number;
  why: string;
  /** rests in a row: each is longer than the one before */
  throttles: number;
}

export const HEALTHY: DestinationState = { state: 'healthy', until: 0, why: '', throttles: 0 };

/**
 * The destination's state after a batch. An answer to a batch that left before the present rest began says nothing
 * new: four requests that are throttled at one moment are one throttling.
 */
export function settled(
  old: DestinationState,
  readings: readonly Reading[],
  sentAt: number,
  now: number,
): DestinationState {
  if (sentAt < old.until) return old;
  const bad = readings.find(({ outcome }) => outcome === 'throttled' || outcome === 'paused');
  if (!bad) return readings.some(({ outcome }) => outcome === 'accepted') ? HEALTHY : old;
  const why = `${bad.code ?? bad.http ?? ''} ${bad.message ?? ''}`.trim();
  if (bad.outcome === 'paused') return { state: 'paused', until: now + PAUSE_MS, why, throttles: old.throttles };
  const throttles = old.throttles + 1;
  return { state: 'resting', until: restAfterThrottle(throttles, now), why, throttles };
}
