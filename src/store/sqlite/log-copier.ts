import type { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { workerUrl } from '../worker-url.ts';
import { BUSY_MS } from './open.ts';

const MEGABYTE = 1024 * 1024;
// PASSIVE alone never restarts a log that is read all the time while it is written: it grew to 1 GB in 17 s.
const RESTART_BYTES = 64 * MEGABYTE;
const RESTART_WAIT_MS = 100;
// While a copy is under way no other can begin: on a machine with too much to do the log would grow past any bound.
const WAIT_BYTES = 128 * MEGABYTE;
const COPY_WAIT_MS = 10_000;

export interface LogCopier {
  /** Call it after a commit. */
  look(): void;
  close(): Promise<void>;
}

/**
 * Copies the log into the file once `megabytes` of it are new, in a thread of its own, so that commits go on meanwhile;
 * above 64 MB it starts the log over, which only its writer can; above 128 MB the writer waits for a copy that is under
 * way. The thread starts when there is first something to do.
 */
export function openLogCopier(db: DatabaseSync, megabytes: number): LogCopier {
  const size = db.prepare('PRAGMA wal_checkpoint(NOOP)');
  const pageBytes = Number(db.prepare('PRAGMA page_size').get()?.['page_size']);
  const sizes = (): { log: number; checkpointed: number } | undefined => {
    try {
      return size.get() as { log: number; checkpointed: number };
    } catch {
      // As below: a disk in trouble says so at the next commit.
      return undefined;
    }
  };
  let copier: Copier | undefined;
  let tried = 0;
  return {
    look() {
      const state = sizes();
      if (!state) return;
      const { log, checkpointed } = state;
      if (log < tried) tried = 0;
      // A reader of an old state can keep pages from being copied: the next try waits for as much again.
      if ((log - Math.max(checkpointed, tried)) * pageBytes < megabytes * MEGABYTE) return;
      if (log * pageBytes > RESTART_BYTES) {
        if (copier && !copier.ended(log * pageBytes > WAIT_BYTES ? COPY_WAIT_MS : 0)) return;
        restart(db);
      } else {
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
  /** Is the last copy done, after at most `waitMs`? Nothing else runs in this thread meanwhile. */
  ended(waitMs: number): boolean;
  close(): Promise<void>;
}

/** What the two threads share: 1 while a copy is asked for or under way. */
const BUSY = 0;

function startCopier(path: string): Copier {
  const shared = new Int32Array(new SharedArrayBuffer(4));
  const workerData = { path, shared };
  const worker = new Worker(workerUrl('./log-copy-worker', import.meta.url), { workerData, name: 'log copier' });
  const ended = new Promise<void>((done) => worker.once('exit', () => done()));
  // Without it the log is copied at the next restart, by its writer.
  worker.on('error', () => Atomics.store(shared, BUSY, 0));
  worker.unref();
  return {
    copy() {
      if (Atomics.compareExchange(shared, BUSY, 0, 1) === 1) return false;
      worker.postMessage('copy');
      return true;
    },
    ended: (waitMs) => Atomics.wait(shared, BUSY, 1, waitMs) !== 'timed-out',
    async close() {
      worker.ref();
      worker.postMessage('close');
      await ended;
    },
  };
}
