import type { WindowsAnswer } from '../../../api/attribution.ts';

export type LagCurve = WindowsAnswer['lag'][number];
export type LagPoint = LagCurve['points'][number];

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** From where to where the curve is drawn; what came sooner stands at its beginning. */
export const FIRST_MS = 30 * MINUTE;
export const LAST_MS = 28 * DAY;

/** Ages that people ask for, and the windows that there are. A name is written where there is room for it. */
export const MARKS: readonly { ageMs: number; says: string; name?: string }[] = [
  { ageMs: HOUR, says: '1 hour', name: '1 h' },
  { ageMs: 6 * HOUR, says: '6 hours', name: '6 h' },
  { ageMs: DAY, says: '1 day', name: '1 d' },
  { ageMs: 7 * DAY, says: '7 days', name: '7 d' },
  { ageMs: 14 * DAY, says: '14 days' },
  { ageMs: LAST_MS, says: '28 days', name: '28 d' },
];

/** How much had come by an age: the last point that is no older; undefined before the first. */
export function cameBy(points: readonly LagPoint[], ageMs: number): LagPoint | undefined {
  return points.filter((point) => point.ageMs <= ageMs).at(-1);
}

/** The age by which so much had come; undefined where the curve ends below it. */
export function ageAt(points: readonly LagPoint[], share: number): number | undefined {
  return points.find((point) => point.share >= share)?.ageMs;
}
