import { DatabaseSync } from 'node:sqlite';
import { AssayError } from '../../event/error.ts';
import { SQLITE_BUSY, sqliteCode } from './sqlite-code.ts';

/**
 * Holds a file for this writer alone until the returned function is called.
 * The lock is SQLite's own on an empty database: the system lifts it when the process dies, so none goes stale.
 */
export function lock(path: string): () => void {
  const db = new DatabaseSync(path, { timeout: 0 });
  try {
    db.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    db.close();
    if (sqliteCode(cause) !== SQLITE_BUSY) throw cause;
    throw new AssayError('store_locked', `another writer has this store open: ${path}`, { cause });
  }
  return () => db.close();
}
