import type { DatabaseSync } from 'node:sqlite';
import type { EventRow } from '../../event/event.ts';
import type { FindingRow } from '../../event/finding.ts';
import type { LedgerReader, SpecRow, Totals, VerdictRow } from '../ledger.ts';
import { rowOf, type Stored } from './ledger-columns.ts';
import { snapshot } from './snapshot.ts';

interface RecentRow {
  verdict: string;
  event: string | null;
  personal: string | null;
}

/** What pages and reports list. */
export function listReads(
  db: DatabaseSync,
): Pick<LedgerReader, 'verdicts' | 'recent' | 'totals' | 'specs' | 'findings'> {
  const current = 'v.n = (SELECT max(n) FROM verdict WHERE seq = v.seq)';
  const verdicts = db.prepare(`SELECT doc FROM verdict v WHERE seq BETWEEN ? AND ? AND ${current} ORDER BY seq`);
  const recent = db.prepare(
    `SELECT v.doc AS verdict, event.doc AS event, event.personal FROM verdict v LEFT JOIN event ON event.seq = v.event
    WHERE v.seq < ? AND ${current} ORDER BY v.seq DESC LIMIT ?`,
  );
  const offset = db.prepare('SELECT "offset" FROM progress');
  const verdictTotals = db.prepare('SELECT door, verdict, count FROM verdict_total WHERE count > 0');
  const dispatchTotals = db.prepare('SELECT destination, leg, state, count FROM dispatch_total WHERE count > 0');
  const specs = db.prepare('SELECT doc FROM spec ORDER BY version');
  const findings = db.prepare('SELECT doc FROM finding ORDER BY last_seen_at DESC, id LIMIT ?');

  return {
    async verdicts(from, to) {
      return (verdicts.all(from, to) as unknown as Stored[]).map(rowOf<VerdictRow>);
    },
    async recent(before, limit) {
      return (recent.all(before, limit) as unknown as RecentRow[]).map(({ verdict, event, personal }) => {
        const row = rowOf<VerdictRow>({ doc: verdict });
        return event === null ? { verdict: row } : { verdict: row, event: rowOf<EventRow>({ doc: event, personal }) };
      });
    },
    async totals() {
      return snapshot(db, () => ({
        offset: Number(offset.get()?.['offset']),
        verdicts: verdictTotals.all().map((row) => ({ ...row })) as unknown as Totals['verdicts'],
        dispatches: dispatchTotals.all().map((row) => ({ ...row })) as unknown as Totals['dispatches'],
      }));
    },
    async specs() {
      return (specs.all() as unknown as Stored[]).map(rowOf<SpecRow>);
    },
    async findings(limit) {
      return (findings.all(limit) as unknown as Stored[]).map(rowOf<FindingRow>);
    },
  };
}
