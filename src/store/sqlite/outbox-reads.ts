import type { DatabaseSync } from 'node:sqlite';
import type { DispatchRow } from '../../event/dispatch.ts';
import type { EventRow } from '../../event/event.ts';
import type { LedgerReader, Sendable } from '../ledger.ts';
import { rowOf, type Stored } from './ledger-columns.ts';
import { snapshot } from './snapshot.ts';

interface DueRow {
  dispatch: string;
  event: string;
  personal: string | null;
}

/** What transport asks for: who leaves now, whose time ran out, who was under way. */
export function outboxReads(db: DatabaseSync): Pick<LedgerReader, 'due' | 'expired' | 'nextDueAt' | 'inFlight'> {
  // One read for money and one for the rest: each follows the index and stops at its limit.
  const due = db.prepare(
    `SELECT dispatch.doc AS dispatch, event.doc AS event, event.personal FROM dispatch JOIN event ON event.seq = dispatch.event
    WHERE due IS NOT NULL AND money = ? AND due <= ? ORDER BY due, dispatch.event, destination LIMIT ?`,
  );
  const expired = db.prepare(
    'SELECT doc FROM dispatch WHERE expiry IS NOT NULL AND expiry <= ? ORDER BY expiry, event, destination, leg LIMIT ?',
  );
  const next = db.prepare(
    `SELECT min(at) AS at FROM (
      SELECT min(due) AS at FROM dispatch WHERE due IS NOT NULL AND money = 0 UNION ALL
      SELECT min(due) FROM dispatch WHERE due IS NOT NULL AND money = 1 UNION ALL
      SELECT min(expiry) FROM dispatch WHERE expiry IS NOT NULL)`,
  );
  const inFlight = db.prepare(
    "SELECT doc FROM dispatch WHERE state = 'inFlight' AND leg = 'api' ORDER BY event, destination",
  );
  const sendable = (money: 0 | 1, now: number, limit: number): Sendable[] =>
    (due.all(money, now, limit) as unknown as DueRow[]).map((row) => ({
      dispatch: rowOf<DispatchRow>({ doc: row.dispatch }),
      event: rowOf<EventRow>({ doc: row.event, personal: row.personal }),
    }));

  return {
    async due(now, limit) {
      return snapshot(db, () => {
        const first = sendable(1, now, limit);
        return [...first, ...sendable(0, now, limit - first.length)];
      });
    },
    async expired(now, limit) {
      return (expired.all(now, limit) as unknown as Stored[]).map(rowOf<DispatchRow>);
    },
    async nextDueAt() {
      const at = next.get()?.['at'];
      return typeof at === 'number' ? at : undefined;
    },
    async inFlight() {
      return (inFlight.all() as unknown as Stored[]).map(rowOf<DispatchRow>);
    },
  };
}
