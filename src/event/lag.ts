import { DAY, HOUR, MINUTE, SECOND } from './time.ts';

/** Upper bounds of the classes that lags are counted in, ms, some two to a doubling or less; one more class has no bound. */
export const LAG_BOUNDS: readonly number[] = [
  ...[50, 100, 200, 500],
  ...[1, 2, 3, 5, 10, 20, 30].map((seconds) => seconds * SECOND),
  ...[1, 2, 5, 10, 20, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 4, 8, 12].map((hours) => hours * HOUR),
  ...[DAY, 2 * DAY],
];

/** Which class a lag falls in; a clock that went back gives the first. */
export function lagClass(ms: number): number {
  const at = LAG_BOUNDS.findIndex((bound) => ms <= bound);
  return at < 0 ? LAG_BOUNDS.length : at;
}

/** The bound, ms, that this share of the counted lags stays under; infinite in the last class, undefined of nothing. */
export function lagQuantile(counts: readonly number[], share: number): number | undefined {
  const all = counts.reduce((sum, count) => sum + count, 0);
  if (all === 0) return undefined;
  let passed = 0;
  const at = counts.findIndex((count) => {
    passed += count;
    return count > 0 && passed >= share * all;
  });
  return LAG_BOUNDS[at] ?? Number.POSITIVE_INFINITY;
}
