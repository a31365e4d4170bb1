import { DAY } from '../event/time.ts';
import type { GuardRow, LedgerReader } from '../store/ledger.ts';
import { fingerprint, Guard, guardSince, pastSince } from './guard.ts';

const PAGE = 10_000;
/** Read between two batches, so it must not take long: about 10 ms. */
const PAST_PAGE = 2000;

/**
 * The guard as the ledger's events make it. Its own days are read at once; the weeks before them by `remember`, a page
 * a call until it answers false: a start must not wait for them.
 */
export async function rebuildGuard(
  ledger: Pick<LedgerReader, 'recent' | 'guard'>,
): Promise<{ guard: Guard; remember(): Promise<boolean> }> {
  const guard = new Guard();
  const newest = (await ledger.recent(Number.MAX_SAFE_INTEGER, 1))[0]?.verdict.at ?? 0;
  const [past, since] = [pastSince(newest), guardSince(newest)];
  for (let page: GuardRow[] = await ledger.guard(since, 0, PAGE); page.length > 0; ) {
    for (const row of page) {
      const key = fingerprint(row.sourceId, row.name, row.eventId);
      const [first, ...others] = row.doors;
      if (first) guard.add(key, row.seq, first, row.receivedAt);
      for (const door of others) guard.mark(key, door);
    }
    page = page.length < PAGE ? [] : await ledger.guard(since, page.at(-1)?.seq ?? 0, PAGE);
  }

  const perDay = Math.ceil((guard.size * DAY) / Math.max(DAY, newest - since));
  let after = 0;
  let isOver = false;
  async function remember(): Promise<boolean> {
    if (isOver) return false;
    const rows = await ledger.guard(past, after, PAST_PAGE);
    for (const row of rows)
      if (row.receivedAt < since)
        guard.remember(fingerprint(row.sourceId, row.name, row.eventId), row.receivedAt, perDay);
    after = rows.at(-1)?.seq ?? after;
    isOver = rows.length < PAST_PAGE;
    guard.isWhole = isOver;
    return !isOver;
  }

  await remember();
  return { guard, remember };
}
