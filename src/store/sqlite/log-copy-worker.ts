import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { stepBack } from '../step-back.ts';

/** The loop of the copying thread: one copy of the log for each word, and an answer when it is done. */
stepBack();
const db = new DatabaseSync(String(workerData));
db.exec('PRAGMA wal_autocheckpoint = 0');
parentPort?.on('message', (word: 'copy' | 'close') => {
  if (word === 'copy') {
    try {
      db.exec('PRAGMA wal_checkpoint(PASSIVE)');
    } catch {
      // The commits stand without their copy; the next word tries again.
    }
    parentPort?.postMessage('copied');
    return;
  }
  db.close();
  parentPort?.close();
});
