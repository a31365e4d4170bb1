import { existsSync, linkSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { AssayError } from '../../event/error.ts';
import { syncFile, syncFolder } from '../sqlite/durable.ts';
import { lock } from '../sqlite/lock.ts';
import type { StoreFile } from '../sqlite/open.ts';
import { SQLITE_BUSY, SQLITE_CORRUPT, sqliteCode } from '../sqlite/sqlite-code.ts';

/** What SQLite keeps beside a file while it is open. */
export const BESIDE = ['-wal', '-shm', '-journal'] as const;

/** Holds files of a store for this process alone: no server runs on them meanwhile. */
export function holding<T>(folder: string, files: readonly StoreFile[], run: () => T): T {
  const unlocks: (() => void)[] = [];
  const free = (): void => {
    for (const unlock of unlocks.splice(0)) unlock();
  };
  try {
    for (const { name } of files) unlocks.push(lock(join(folder, `${name}.lock`)));
    const result = run();
    if (result instanceof Promise) return result.finally(free) as T;
    free();
    return result;
  } catch (error) {
    free();
    throw error;
  }
}

/**
 * Puts a new file in the place of a store's file at once. The old one is kept beside it until the new one stands, so
 * that a crash leaves one of the two whole. The caller holds the file.
 */
export function swap(fresh: string, path: string): void {
  const old = `${path}.old`;
  settle(fresh);
  syncFile(fresh);
  if (existsSync(path)) {
    settle(path);
    rmSync(old, { force: true });
    linkSync(path, old);
    for (const end of BESIDE) rmSync(path + end, { force: true });
  }
  renameSync(fresh, path);
  syncFolder(dirname(path));
  rmSync(old, { force: true });
}

/** Brings all that is in a file's log into it, and takes the log away: with another file beside it, it would be read as that one's. */
export function settle(path: string): void {
  const db = new DatabaseSync(path, { timeout: 1000 });
  try {
    db.exec('PRAGMA journal_mode = DELETE');
  } catch (cause) {
    const code = sqliteCode(cause);
    if (code === SQLITE_BUSY)
      throw new AssayError('store_in_use', `${path} is open elsewhere: end what reads it, then try again`, { cause });
    // What is broken is not worth its log.
    if (code !== SQLITE_CORRUPT && code !== SQLITE_NOTADB) throw cause;
  } finally {
    db.close();
  }
}

/** The file is no database at all. */
const SQLITE_NOTADB = 26;
