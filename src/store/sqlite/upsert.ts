import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Table } from './ledger-columns.ts';

/** A statement that adds a row or replaces the one with its key; its parameters are the table's values, then `more`. */
export function upsert<Row>(db: DatabaseSync, table: Table<Row>, more: readonly string[]): StatementSync {
  const changing = [...table.beside, ...more];
  const columns = [...table.key, ...changing];
  return db.prepare(
    `INSERT INTO ${table.name} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})
    ON CONFLICT (${table.key.join(', ')}) DO UPDATE SET ${changing.map((name) => `${name} = excluded.${name}`).join(', ')}`,
  );
}
