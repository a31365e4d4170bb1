import type { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { workerUrl } from '../worker-url.ts';
import { BUSY_MS } from './open.ts';

const MEGABYTE = 1024 * 1024;
// PASSIVE alone never restarts a log that is read all the time while it is written: it grew to 1 GB in 17 s.
const RESTART_BYTES = 64 * MEGABYTE;
const RESTART_WAIT_MS = 100;

export interface LogCopier {
  /** Call it after a commit. */
  look(): void;
  close(): Promise<void>;
}

/**
 * Copies the log into the file once `megabytes` of it are new, in a thread of its own, so that commits go on meanwhile;
 * above 64 MB it starts the log over, which only its writer can. The thread starts when there is first something to do.
 */
export function openLogCopier(db: DatabaseSync, megabytes: number): LogCopier {
  const size = db.prepare('PRAGMA wal_checkpoint(NOOP)');
  const pageBytes = Number(db.prepare('PRAGMA page_size').get()?.['page_size']);
  let copier: Copier | undefined;
  let tried = 0;
  return {
    look() {
      const { log, checkpointed } = size.get() as { log: number; checkpointed: number };
      if (log < tried) tried = 0;
      // A reader of an old state can keep pages from being copied: the next try waits for as much again.
      if ((log - Math.max(checkpointed, tried)) * pageBytes < megabytes * MEGABYTE) return;
      if (log * pageBytes > RESTART_BYTES) restart(db);
      else {
        copier ??= startCopier(db.location() ?? '');
        if (!copier.copy()) return;
      }
      tried = log;
    },
    async close() {
      await copier?.close();
    },
  };
}

function restart(db: DatabaseSync): void {
  try {
    db.exec(`PRAGMA busy_timeout = ${RESTART_WAIT_MS}; PRAGMA wal_checkpoint(RESTART)`);
  } catch {
    // The commit stands without its copy. A disk that is full or broken fails the next commit itself.
  } finally {
    db.exec(`PRAGMA busy_timeout = ${BUSY_MS}`);
  }
}

interface Copier {
  /** false while it is still at the last copy */
  copy(): boolean;
  close(): Promise<void>;
}

function startCopier(path: string): Copier {
  const worker = new Worker(workerUrl('./log-copy-worker', import.meta.url), { workerData: path, name: 'log copier' });
  const ended = new Promise<void>((done) => worker.once('exit', () => done()));
  let busy = false;
  worker.on('message', () => {
    busy = false;
  });
  // Without it the log is copied at the next restart, by its writer.
  worker.on('error', () => {});
  worker.unref();
  return {
    copy() {
      if (busy) return false;
      busy = true;
      worker.postMessage('copy');
      return true;
    },
    async close() {
      worker.ref();
      worker.postMessage('close');
      await ended;
    },
  };
}
