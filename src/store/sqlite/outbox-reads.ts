import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { DispatchRow } from '../../event/dispatch.ts';
import type { LedgerReader } from '../ledger.ts';
import type { Lane, Sendable } from '../outbox.ts';
import { rowOf, type Stored } from './ledger-columns.ts';
import { readOutgoing } from './outgoing-doc.ts';
import { snapshot } from './snapshot.ts';

interface DueKey {
  due: number;
  event: number;
  destination: string;
}

interface DueRow {
  dispatch: string;
  seq: number;
  event: string;
  personal: string | null;
  pixel: string | null;
}

/** What transport asks for: who leaves now, whose time ran out, who was under way. */
export function outboxReads(db: DatabaseSync): Pick<LedgerReader, 'due' | 'expired' | 'nextDueAt' | 'inFlight'> {
  // Each lane is a stretch of the index, so one that is left out is never read, however much waits in it.
  // Two seeks: for a comparison of pairs SQLite seeks by the first column alone and walks through all that waits.
  const laneAfter = db.prepare(
    `SELECT * FROM (SELECT destination, money FROM dispatch
      WHERE due IS NOT NULL AND destination = ?1 AND money > ?2 ORDER BY money LIMIT 1)
    UNION ALL
    SELECT * FROM (SELECT destination, money FROM dispatch
      WHERE due IS NOT NULL AND destination > ?1 ORDER BY destination, money LIMIT 1)
    LIMIT 1`,
  );
  const due = db.prepare(
    `SELECT due, event, destination FROM dispatch
    WHERE due IS NOT NULL AND destination = ? AND money = ? AND due <= ? ORDER BY due, event LIMIT ?`,
  );
  const sendable = db.prepare(
    `SELECT api.doc AS dispatch, event.seq, event.doc AS event, event.personal, pixel.doc AS pixel
    FROM dispatch AS api JOIN event ON event.seq = api.event
    LEFT JOIN dispatch AS pixel
      ON pixel.event = api.event AND pixel.destination = api.destination AND pixel.leg = 'pixel'
    WHERE api.event = ? AND api.destination = ? AND api.leg = 'api'`,
  );
  const nextDue = db.prepare(
    'SELECT min(due) AS at FROM dispatch WHERE due IS NOT NULL AND destination = ? AND money = ? AND due > ?',
  );
  const expired = db.prepare(
    'SELECT doc FROM dispatch WHERE expiry IS NOT NULL AND expiry <= ? ORDER BY expiry, event, destination, leg LIMIT ?',
  );
  const nextExpiry = db.prepare('SELECT min(expiry) AS at FROM dispatch WHERE expiry IS NOT NULL AND expiry > ?');
  const inFlight = db.prepare(
    "SELECT doc FROM dispatch WHERE state = 'inFlight' AND leg = 'api' ORDER BY event, destination",
  );
  function lanes(without: readonly Lane[]): Lane[] {
    const found: Lane[] = [];
    for (let last: SQLInputValue[] = ['', -1]; ; ) {
      const row = laneAfter.get(...last) as { destination: string; money: number } | undefined;
      if (!row) return found;
      const lane = { destination: row.destination, money: row.money === 1 };
      if (!without.some(({ destination, money }) => destination === lane.destination && money === lane.money))
        found.push(lane);
      last = [row.destination, row.money];
    }
  }

  function dueIn(open: readonly Lane[], money: boolean, now: number, limit: number): Sendable[] {
    const keys = open
      .filter((lane) => lane.money === money)
      .flatMap(({ destination }) => due.all(destination, money ? 1 : 0, now, limit) as unknown as DueKey[]);
    return keys
      .sort((a, b) => a.due - b.due || a.event - b.event || (a.destination < b.destination ? -1 : 1))
      .slice(0, limit)
      .map(({ event, destination }) => {
        const row = sendable.get(event, destination) as unknown as DueRow;
        return {
          dispatch: rowOf<DispatchRow>({ doc: row.dispatch }),
          event: readOutgoing(row.seq, row.event, row.personal),
          pixel: row.pixel === null ? undefined : rowOf<DispatchRow>({ doc: row.pixel }),
        };
      });
  }

  return {
    async due(now, limit, without = []) {
      return snapshot(db, () => {
        const open = lanes(without);
        const first = dueIn(open, true, now, limit);
        return [...first, ...dueIn(open, false, now, limit - first.length)];
      });
    },
    async expired(now, limit) {
      return (expired.all(now, limit) as unknown as Stored[]).map(rowOf<DispatchRow>);
    },
    async nextDueAt(after = Number.MIN_SAFE_INTEGER, without = []) {
      const rows = [
        nextExpiry.get(after),
        ...lanes(without).map(({ destination, money }) => nextDue.get(destination, money ? 1 : 0, after)),
      ];
      const times = rows.map((row) => row?.['at']).filter((at) => typeof at === 'number');
      return times.length > 0 ? Math.min(...times) : undefined;
    },
    async inFlight() {
      return (inFlight.all() as unknown as Stored[]).map(rowOf<DispatchRow>);
    },
  };
}
