import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { AssayError } from '../../event/error.ts';
import { lock } from './lock.ts';

/** One file of the store. Step `n` of the schema brings version `n` to `n + 1`. */
export interface StoreFile {
  name: string;
  schema: readonly (string | ((db: DatabaseSync) => void))[];
  /** bytes of a page of the file; decided when the file is made */
  pageBytes?: number;
  /** settings of the writing connection */
  settings: string;
}

export interface Opened {
  db: DatabaseSync;
  close(): void;
}

// A connection waits this long while another one restarts the log or recovers it after a crash.
export const BUSY_MS = 5000;

/** Opens a file as its only writer, making and upgrading it where needed. */
export function openWriter(folder: string, file: StoreFile): Opened {
  return readable(folder, file, () => {
    mkdirSync(folder, { recursive: true });
    const unlock = lock(join(folder, `${file.name}.lock`));
    try {
      const db = openChecked(folder, file, false);
      upgrade(db, file);
      return {
        db,
        close: () => {
          db.close();
          unlock();
        },
      };
    } catch (error) {
      unlock();
      throw error;
    }
  });
}

/** Opens a file for reading, while another thread or process may write it. */
export function openReader(folder: string, file: StoreFile): Opened {
  return readable(folder, file, () => {
    const db = openChecked(folder, file, true);
    if (versionOf(db) < file.schema.length) {
      db.close();
      throw new AssayError('store_older', `${file.name} is of an older version and has to be opened for writing first`);
    }
    return { db, close: () => db.close() };
  });
}

function openChecked(folder: string, file: StoreFile, readOnly: boolean): DatabaseSync {
  const db = new DatabaseSync(join(folder, file.name), { readOnly, timeout: BUSY_MS });
  try {
    const version = versionOf(db);
    if (version > file.schema.length)
      throw new AssayError(
        'store_newer',
        `${file.name} has version ${version}, made by a newer program; this one knows ${file.schema.length}`,
      );
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function upgrade(db: DatabaseSync, file: StoreFile): void {
  try {
    db.exec(`PRAGMA page_size = ${file.pageBytes ?? 4096}`);
    db.exec(`PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; ${file.settings}`);
    for (const [version, step] of file.schema.entries()) {
      if (version < versionOf(db)) continue;
      db.exec('BEGIN IMMEDIATE');
      if (typeof step === 'string') db.exec(step);
      else step(db);
      db.exec(`PRAGMA user_version = ${version + 1}; COMMIT`);
    }
  } catch (error) {
    db.close();
    throw error;
  }
}

function versionOf(db: DatabaseSync): number {
  return Number(db.prepare('PRAGMA user_version').get()?.['user_version']);
}

function readable(folder: string, file: StoreFile, open: () => Opened): Opened {
  try {
    return open();
  } catch (cause) {
    if (cause instanceof AssayError) throw cause;
    throw new AssayError('store_unreadable', `${file.name} cannot be opened in ${folder}: ${String(cause)}`, { cause });
  }
}
