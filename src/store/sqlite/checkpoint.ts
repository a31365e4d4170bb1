import type { DatabaseSync } from 'node:sqlite';
import { BUSY_MS } from './open.ts';

const MEGABYTE_PAGES = 256;
// PASSIVE alone never restarts a log that is read all the time while it is written: it grew to 1 GB in 17 s.
const RESTART_PAGES = 64 * MEGABYTE_PAGES;
const RESTART_WAIT_MS = 100;

/** After a commit: copies the log into the file once `megabytes` of it are new, and starts it over above 64 MB. */
export function checkpoints(db: DatabaseSync, megabytes: number): () => void {
  const size = db.prepare('PRAGMA wal_checkpoint(NOOP)');
  let tried = 0;
  return () => {
    const { log, checkpointed } = size.get() as { log: number; checkpointed: number };
    if (log < tried) tried = 0;
    // A reader of an old state can keep pages from being copied: the next try waits for as much again.
    if (log - Math.max(checkpointed, tried) < megabytes * MEGABYTE_PAGES) return;
    tried = log;
    copyLog(db, log > RESTART_PAGES);
  };
}

function copyLog(db: DatabaseSync, restart: boolean): void {
  try {
    if (restart) db.exec(`PRAGMA busy_timeout = ${RESTART_WAIT_MS}; PRAGMA wal_checkpoint(RESTART)`);
    else db.exec('PRAGMA wal_checkpoint(PASSIVE)');
  } catch {
    // The commit stands without its copy. A disk that is full or broken fails the next commit itself.
  } finally {
    if (restart) db.exec(`PRAGMA busy_timeout = ${BUSY_MS}`);
  }
}
