import { MINUTE } from '../event/time.ts';
import type { Reading } from '../tiktok/answer.ts';
import { after, named, nextTest, type Search, search, without } from './isolate.ts';
import type { Outlet } from './outlet.ts';

/** What is searched is not due before this, so that nobody else sends it; after it, the search is over. */
export const SEARCH_MS_MAX = 2 * MINUTE;

/** A search for the bad events of one refused batch. Events are sequences: one batch holds one destination's api legs. */
export interface OpenSearch {
  outlet: Outlet;
  left: Search<number>;
  /** UTC ms, when what is left is due for anybody */
  until: number;
  /** the ledger must have committed this record before the next test */
  seq: number;
  /** a test is under way */
  busy: boolean;
}

/** The searches under way. Each keeps one of its destination's places, and tests one group at a time. */
export class Searches {
  readonly #open = new Set<OpenSearch>();

  begin(started: Omit<OpenSearch, 'busy'>): void {
    this.#open.add({ ...started, busy: false });
  }

  /** Those whose next test may leave. What took too long, or has nothing left, ends here. */
  ready(committed: number, now: number): OpenSearch[] {
    const ready: OpenSearch[] = [];
    for (const one of this.#open) {
      if (one.busy || one.seq > committed) continue;
      if (now >= one.until || nextTest(one.left).length === 0) this.end(one);
      else ready.push(one);
    }
    return ready;
  }

  /** Does one wait for no more than this commit? */
  waitFor(committed: number): boolean {
    return [...this.#open].some(({ busy, seq }) => !busy && seq <= committed);
  }

  end(one: OpenSearch): void {
    if (this.#open.delete(one)) one.outlet.taken--;
  }
}

/** Was the batch refused for an event in it? */
export function isRefusedWhole(readings: readonly Reading[]): boolean {
  return readings.some(({ why }) => why === 'batch_refused');
}

/** The search after a test, or with the first refused batch as its test. */
export function searched(
  old: Search<number> | undefined,
  tested: readonly number[],
  readings: readonly Reading[],
): Search<number> {
  const left = old ?? search(tested);
  const is = (outcome: Reading['outcome']): number[] =>
    tested.filter((_, index) => readings[index]?.outcome === outcome);
  const refused = is('refused');
  if (isRefusedWhole(readings))
    return refused.length > 0 ? refused.reduce(named, left) : old ? after(left, tested, 'refused') : left;
  if (refused.length === 1 && tested.length === 1) return after(left, tested, 'refused');
  if (is('accepted').length === tested.length) return after(left, tested, 'accepted');
  // A pause or a failure tells nothing of these events; they stay, and are tested again.
  return without(left, new Set([...refused, ...is('accepted'), ...is('unknown')]));
}
