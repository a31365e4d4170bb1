import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { Table } from './ledger-columns.ts';

/** A statement that adds a row or replaces the one with its key; its parameters are the table's values, then `more`. */
export function upsert<Row>(db: DatabaseSync, table: Table<Row>, more: readonly string[]): StatementSync {
  const changing = [...table.beside, ...more];
  return db.prepare(
    `INSERT INTO ${into(table, more)}
    ON CONFLICT (${table.key.join(', ')}) DO UPDATE SET ${changing.map((name) => `${name} = excluded.${name}`).join(', ')}`,
  );
}

/** New rows that one statement writes: each statement costs as much as a short row. */
const TOGETHER = 25;

/** Writes many rows of a transaction, the new ones many in a statement; `values` gives a row's parameters. */
export function rowsWriter<Row>(
  db: DatabaseSync,
  table: Table<Row>,
  more: readonly string[],
  values: (row: Row) => SQLInputValue[],
): (rows: readonly Row[], isNew: (row: Row) => boolean) => void {
  const one = upsert(db, table, more);
  // Whoever fails here rolls all back. By itself SQLite would keep a copy of each page to undo the one statement.
  const many = db.prepare(`INSERT OR FAIL INTO ${into(table, more, TOGETHER)}`);
  return (rows, isNew) => {
    let parameters: SQLInputValue[] = [];
    let fresh: Row[] = [];
    for (const row of rows) {
      if (!isNew(row)) {
        one.run(...values(row));
        continue;
      }
      fresh.push(row);
      for (const value of values(row)) parameters.push(value);
      if (fresh.length < TOGETHER) continue;
      many.run(...parameters);
      parameters = [];
      fresh = [];
    }
    for (const row of fresh) one.run(...values(row));
  };
}

function into<Row>({ name, key, beside }: Table<Row>, more: readonly string[], rows = 1): string {
  const columns = [...key, ...beside, ...more];
  const row = `(${columns.map(() => '?').join(', ')})`;
  return `${name} (${columns.join(', ')}) VALUES ${Array.from({ length: rows }, () => row).join(', ')}`;
}
