/** Commits of so long go into one transaction of the warehouse, which costs some ten milliseconds whatever is in it. */
const REST_MS = 1000;
const REST_MS_MAX = 60_000;

/**
 * How long to rest when nothing is left, after a last transaction of `stepMs`: at least as long as that took. By the model
 * `markov` each change makes all credits anew, and would leave nothing of a processor to others.
 */
export function restMs(stepMs: number): number {
  return Math.min(Math.max(REST_MS, stepMs), REST_MS_MAX);
}
