import type { DatabaseSync } from 'node:sqlite';
import type { DifferenceRow, FindingRow } from '../../event/finding.ts';
import type { KeyRow, TestRow } from '../../event/key.ts';
import type { SpecRow } from '../effects.ts';
import type { LedgerReader, Totals } from '../ledger.ts';
import { readEventDoc } from './event-doc.ts';
import { rowOf, type Stored, type StoredEvent } from './ledger-columns.ts';
import { snapshot } from './snapshot.ts';
import { verdictReads } from './verdict-pages.ts';

/** What pages and reports list. */
export function listReads(
  db: DatabaseSync,
): Pick<LedgerReader, 'verdicts' | 'recent' | 'totals' | 'specs' | 'findings' | 'differences' | 'keys' | 'tests'> {
  const verdicts = verdictReads(db);
  const event = db.prepare('SELECT seq, doc, personal FROM event WHERE seq = ?');
  const offset = db.prepare('SELECT "offset" FROM progress');
  const verdictTotals = db.prepare('SELECT door, verdict, draft, count FROM verdict_total WHERE count > 0');
  const dispatchTotals = db.prepare('SELECT destination, leg, state, draft, count FROM dispatch_total WHERE count > 0');
  const specs = db.prepare('SELECT doc FROM spec ORDER BY version');
  const keys = db.prepare("SELECT doc FROM key ORDER BY doc ->> 'createdAt', id");
  const tests = db.prepare('SELECT doc FROM test ORDER BY destination');
  const findings = db.prepare('SELECT doc FROM finding ORDER BY last_seen_at DESC, id LIMIT ?');
  const differences = db.prepare('SELECT doc FROM difference ORDER BY seq DESC, event, field LIMIT ?');

  return {
    async verdicts(from, to) {
      return snapshot(db, () => verdicts.current(from, to));
    },
    async recent(before, limit) {
      return snapshot(db, () =>
        verdicts.newest(before, limit).map((verdict) => {
          const stored = event.get(verdict.event ?? 0) as StoredEvent | undefined;
          return stored ? { verdict, event: readEventDoc(stored.seq, stored.doc, stored.personal) } : { verdict };
        }),
      );
    },
    async totals() {
      return snapshot(db, () => ({
        offset: Number(offset.get()?.['offset']),
        verdicts: verdictTotals.all().map(total) as unknown as Totals['verdicts'],
        dispatches: dispatchTotals.all().map(total) as unknown as Totals['dispatches'],
      }));
    },
    async specs() {
      return (specs.all() as unknown as Stored[]).map(rowOf<SpecRow>);
    },
    async keys() {
      return (keys.all() as unknown as Stored[]).map(rowOf<KeyRow>);
    },
    async tests() {
      return (tests.all() as unknown as Stored[]).map(rowOf<TestRow>);
    },
    async findings(limit) {
      return (findings.all(limit) as unknown as Stored[]).map(rowOf<FindingRow>);
    },
    async differences(limit) {
      return (differences.all(limit) as unknown as Stored[]).map(rowOf<DifferenceRow>);
    },
  };
}

function total(row: Record<string, unknown>): object {
  return { ...row, draft: row['draft'] === 1 };
}
