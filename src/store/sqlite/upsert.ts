import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { Table } from './ledger-columns.ts';

/** A statement that adds a row or replaces the one with its key; its parameters are the table's values, then `more`. */
export function upsert<Row>(db: DatabaseSync, table: Table<Row>, more: readonly string[], rows = 1): StatementSync {
  const changing = [...table.beside, ...more];
  const columns = [...table.key, ...changing];
  const row = `(${columns.map(() => '?').join(', ')})`;
  return db.prepare(
    `INSERT INTO ${table.name} (${columns.join(', ')}) VALUES ${Array.from({ length: rows }, () => row).join(', ')}
    ON CONFLICT (${table.key.join(', ')}) DO UPDATE SET ${changing.map((name) => `${name} = excluded.${name}`).join(', ')}`,
  );
}

/** Rows that one statement writes: each statement costs as much as a short row. */
const TOGETHER = 25;

/** Writes many rows, as many as fit in one statement at a time; `values` gives a row's parameters. */
export function upsertMany<Row>(
  db: DatabaseSync,
  table: Table<Row>,
  more: readonly string[],
  values: (row: Row) => SQLInputValue[],
): (rows: readonly Row[]) => void {
  const one = upsert(db, table, more);
  const many = upsert(db, table, more, TOGETHER);
  return (rows) => {
    const whole = rows.length - (rows.length % TOGETHER);
    for (let from = 0; from < whole; from += TOGETHER) {
      const parameters: SQLInputValue[] = [];
      for (let at = from; at < from + TOGETHER; at++)
        for (const value of values(rows[at] as Row)) parameters.push(value);
      many.run(...parameters);
    }
    for (let at = whole; at < rows.length; at++) one.run(...values(rows[at] as Row));
  };
}
