import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { stepBack } from '../step-back.ts';

/** The loop of the copying thread: one copy of the log for each word; the shared flag falls when it is done. */
stepBack();
const { path, shared } = workerData as { path: string; shared: Int32Array };
const db = new DatabaseSync(path);
db.exec('PRAGMA wal_autocheckpoint = 0');
parentPort?.on('message', (word: 'copy' | 'close') => {
  if (word === 'copy') {
    try {
      db.exec('PRAGMA wal_checkpoint(PASSIVE)');
    } catch {
      // The commits stand without their copy; the next word tries again.
    }
    Atomics.store(shared, 0, 0);
    Atomics.notify(shared, 0);
    return;
  }
  db.close();
  parentPort?.close();
});
