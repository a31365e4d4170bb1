import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { DispatchRow } from '../../event/dispatch.ts';
import type { VerdictRow } from '../effects.ts';
import { dispatchTable, rowOf, type Stored } from './ledger-columns.ts';
import { rowsWriter } from './upsert.ts';
import { PAGE_VERDICTS, verdictReads } from './verdict-pages.ts';

/**
 * Writes verdicts: the first ones of the records after `decided`, which were never decided before, in pages; any other
 * as a row. A change moves its record from the old verdict's total to the new one's.
 */
export function verdictWriter(
  db: DatabaseSync,
  changed: (before: VerdictRow | undefined, after: VerdictRow) => void,
): (rows: readonly VerdictRow[], decided: number) => void {
  const page = db.prepare('INSERT INTO verdict_page (first, last, at_max, doc) VALUES (?, ?, ?, ?)');
  const later = db.prepare(
    'INSERT INTO verdict (seq, n, doc) VALUES (?, ?, ?) ON CONFLICT (seq, n) DO UPDATE SET doc = excluded.doc',
  );
  const tells = db.prepare('INSERT OR IGNORE INTO verdict_event (event, seq) VALUES (?, ?)');
  const lastPaged = db.prepare('SELECT coalesce(max(last), 0) AS last FROM verdict_page');
  const reads = verdictReads(db);
  const add = db.prepare(`INSERT INTO verdict_total (door, verdict, draft, count) VALUES (?, ?, ?, ?)
    ON CONFLICT (door, verdict, draft) DO UPDATE SET count = count + excluded.count`);

  function change(row: VerdictRow, changes: Changes): void {
    const [before] = reads.current(row.seq, row.seq);
    later.run(row.seq, row.n, JSON.stringify(row));
    if (before && before.n > row.n) return;
    if (before) changes.add(-1, ...totalOf(before));
    changes.add(1, ...totalOf(row));
    changed(before, row);
  }

  return (rows, decided) => {
    const changes = new Changes();
    const first: VerdictRow[] = [];
    const others: VerdictRow[] = [];
    let last = rows.length === 0 ? 0 : Math.max(decided, Number(lastPaged.get()?.['last']));
    for (const row of rows) {
      if (row.event !== undefined && row.event !== row.seq) tells.run(row.event, row.seq);
      if (row.seq <= last) others.push(row);
      else {
        first.push(row);
        changes.add(1, ...totalOf(row));
        changed(undefined, row);
        last = row.seq;
      }
    }
    for (let from = 0; from < first.length; from += PAGE_VERDICTS) {
      const some = first.slice(from, from + PAGE_VERDICTS);
      const at = some.reduce((latest, row) => Math.max(latest, row.at), 0);
      page.run(some[0]?.seq ?? 0, some.at(-1)?.seq ?? 0, at, JSON.stringify(some));
    }
    for (const row of others) change(row, changes);
    changes.apply(add);
  };
}

function totalOf({ door, verdict, draft }: VerdictRow): [string, string, number] {
  return [door, verdict, draft ? 1 : 0];
}

/** Writes dispatches; a change of state moves the dispatch from the old state's total to the new one's. */
export function dispatchWriter(
  db: DatabaseSync,
  changed: (before: DispatchRow | undefined, after: DispatchRow) => void,
): (rows: readonly DispatchRow[], decided: number) => void {
  const current = db.prepare('SELECT doc FROM dispatch WHERE event = ? AND destination = ? AND leg = ?');
  const write = rowsWriter(db, dispatchTable, ['doc'], (row) => [...dispatchTable.values(row), JSON.stringify(row)]);
  const add = db.prepare(`INSERT INTO dispatch_total (destination, leg, state, draft, count) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (destination, leg, state, draft) DO UPDATE SET count = count + excluded.count`);
  return (rows, decided) => {
    const changes = new Changes();
    for (const row of rows) {
      // An event of a record that was never decided before has no legs yet.
      const stored = row.event > decided ? undefined : current.get(row.event, row.destination, row.leg);
      const before = stored && rowOf<DispatchRow>(stored as unknown as Stored);
      changed(before, row);
      if (before) changes.add(-1, row.destination, row.leg, before.state, before.draft ? 1 : 0);
      changes.add(1, row.destination, row.leg, row.state, row.draft ? 1 : 0);
    }
    write(rows, ({ event }) => event > decided);
    changes.apply(add);
  };
}

/** Changes of totals, summed up before they are written. */
class Changes {
  readonly #counts = new Map<string, { key: (string | number)[]; count: number }>();

  add(by: number, ...key: (string | number)[]): void {
    const text = key.join('\n');
    const entry = this.#counts.get(text);
    if (entry) entry.count += by;
    else this.#counts.set(text, { key, count: by });
  }

  apply(statement: StatementSync): void {
    for (const { key, count } of this.#counts.values()) if (count !== 0) statement.run(...key, count);
  }
}
