import type { VerdictRow } from '../effects.ts';
import type { LedgerReader, Totals } from '../ledger.ts';
import { copy } from './copy.ts';
import { orderBy } from './order-by.ts';
import type { Rows } from './rows.ts';

/** What pages and reports list. */
export function listReads(
  rows: Rows,
): Pick<LedgerReader, 'verdicts' | 'recent' | 'totals' | 'specs' | 'findings' | 'differences' | 'keys' | 'tests'> {
  const current = (): VerdictRow[] => {
    const latest = new Map(orderBy(rows.verdicts.all(), (row) => [row.seq, row.n]).map((row) => [row.seq, row]));
    return [...latest.values()];
  };
  return {
    async verdicts(from, to) {
      return copy(current().filter((row) => row.seq >= from && row.seq <= to));
    },
    async recent(before, limit) {
      const newest = current()
        .filter((row) => row.seq < before)
        .reverse();
      return newest.slice(0, limit).map((verdict) => {
        const [event] = verdict.event === undefined ? [] : rows.events.of(verdict.event);
        return copy(event ? { verdict, event } : { verdict });
      });
    },
    async totals() {
      return {
        offset: rows.offset,
        verdicts: counted(
          current().map(({ door, verdict, draft = false }): Totals['verdicts'][number] => ({
            door,
            verdict,
            draft,
            count: 1,
          })),
        ),
        dispatches: counted(
          rows.dispatches.all().map(({ destination, leg, state, draft = false }): Totals['dispatches'][number] => ({
            destination,
            leg,
            state,
            draft,
            count: 1,
          })),
        ),
      };
    },
    async specs() {
      return copy(orderBy(rows.specs.all(), (row) => [row.version]));
    },
    async keys() {
      return copy(orderBy(rows.keys.all(), (row) => [row.createdAt, row.id]));
    },
    async tests() {
      return copy(orderBy(rows.tests.all(), (row) => [row.destination]));
    },
    async findings(limit) {
      return copy(orderBy(rows.findings.all(), (row) => [-row.lastSeenAt, row.id]).slice(0, limit));
    },
    async differences(limit) {
      return copy(orderBy(rows.differences.all(), (row) => [-row.seq, row.event, row.field]).slice(0, limit));
    },
  };
}

/** Adds up the counts of rows that are otherwise equal, in the order of their values. */
function counted<Row extends { count: number }>(rows: readonly Row[]): Row[] {
  const sums = new Map<string, Row>();
  for (const row of rows) {
    const key = JSON.stringify({ ...row, count: 0 });
    sums.set(key, { ...row, count: row.count + (sums.get(key)?.count ?? 0) });
  }
  return [...sums.keys()]
    .sort()
    .map((key) => sums.get(key))
    .filter((row) => row !== undefined);
}
