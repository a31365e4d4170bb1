import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { AssayError } from '../../event/error.ts';
import { lock } from './lock.ts';
import { type Step, UPGRADE_BACKUPS, upgrade, versionOf } from './upgrade.ts';

/** One file of the store. Step `n` of the schema brings version `n` to `n + 1`. */
export interface StoreFile {
  name: string;
  schema: readonly Step[];
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

/** Opens a file as its only writer, making and upgrading it where needed; `say` is told of an upgrade. */
export function openWriter(folder: string, file: StoreFile, say: (line: string) => void = () => undefined): Opened {
  return readable(folder, file, () => {
    mkdirSync(folder, { recursive: true });
    const unlock = lock(join(folder, `${file.name}.lock`));
    try {
      const db = openChecked(folder, file, false);
      prepare(db, folder, file, say);
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
        `${file.name} has version ${version}, made by a newer program; this one knows ${file.schema.length}. Run the newer program again; or go back with its upgrade undone: put the copy of before (${join(folder, UPGRADE_BACKUPS)}) in its place, without what was told since.`,
      );
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function prepare(db: DatabaseSync, folder: string, file: StoreFile, say: (line: string) => void): void {
  try {
    db.exec(`PRAGMA page_size = ${file.pageBytes ?? 4096}`);
    db.exec(`PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; ${file.settings}`);
    upgrade(db, folder, file, say);
  } catch (error) {
    db.close();
    throw error;
  }
}

function readable(folder: string, file: StoreFile, open: () => Opened): Opened {
  try {
    return open();
  } catch (cause) {
    if (cause instanceof AssayError) throw cause;
    throw new AssayError('store_unreadable', `${file.name} cannot be opened in ${folder}: ${String(cause)}`, { cause });
  }
}
