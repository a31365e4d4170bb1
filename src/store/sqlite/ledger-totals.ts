import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { DispatchRow } from '../../event/dispatch.ts';
import type { VerdictRow } from '../ledger.ts';
import { dispatchTable, verdictTable } from './ledger-columns.ts';
import { upsert } from './upsert.ts';

/** Writes verdicts; a change moves its record from the old verdict's total to the new one's. */
export function verdictWriter(db: DatabaseSync): (rows: readonly VerdictRow[]) => void {
  const current = db.prepare('SELECT n, door, verdict FROM verdict WHERE seq = ? ORDER BY n DESC LIMIT 1');
  const insert = upsert(db, verdictTable, ['doc']);
  const add = db.prepare(`INSERT INTO verdict_total (door, verdict, count) VALUES (?, ?, ?)
    ON CONFLICT (door, verdict) DO UPDATE SET count = count + excluded.count`);
  return (rows) => {
    const changes = new Changes();
    for (const row of rows) {
      const before = current.get(row.seq) as { n: number; door: string; verdict: string } | undefined;
      insert.run(...verdictTable.values(row), JSON.stringify(row));
      if (before && before.n > row.n) continue;
      if (before) changes.add(-1, before.door, before.verdict);
      changes.add(1, row.door, row.verdict);
    }
    changes.apply(add);
  };
}

/** Writes dispatches; a change of state moves the dispatch from the old state's total to the new one's. */
export function dispatchWriter(db: DatabaseSync): (rows: readonly DispatchRow[]) => void {
  const current = db.prepare('SELECT state FROM dispatch WHERE event = ? AND destination = ? AND leg = ?');
  const insert = upsert(db, dispatchTable, ['doc']);
  const add = db.prepare(`INSERT INTO dispatch_total (destination, leg, state, count) VALUES (?, ?, ?, ?)
    ON CONFLICT (destination, leg, state) DO UPDATE SET count = count + excluded.count`);
  return (rows) => {
    const changes = new Changes();
    for (const row of rows) {
      const before = current.get(row.event, row.destination, row.leg);
      insert.run(...dispatchTable.values(row), JSON.stringify(row));
      if (before) changes.add(-1, row.destination, row.leg, String(before['state']));
      changes.add(1, row.destination, row.leg, row.state);
    }
    changes.apply(add);
  };
}

/** Changes of totals, summed up before they are written. */
class Changes {
  readonly #counts = new Map<string, { key: string[]; count: number }>();

  add(by: number, ...key: string[]): void {
    const text = key.join('\n');
    const entry = this.#counts.get(text) ?? { key, count: 0 };
    entry.count += by;
    this.#counts.set(text, entry);
  }

  apply(statement: StatementSync): void {
    for (const { key, count } of this.#counts.values()) if (count !== 0) statement.run(...key, count);
  }
}
