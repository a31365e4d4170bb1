import type { DatabaseSync } from 'node:sqlite';

/** Several reads that see one state, whatever is committed between them. */
export function snapshot<T>(db: DatabaseSync, read: () => T): T {
  db.exec('BEGIN');
  try {
    return read();
  } finally {
    db.exec('COMMIT');
  }
}
