import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { AssayError } from '../../event/error.ts';
import { stepBack } from '../step-back.ts';
import { moveInto } from './durable.ts';
import { ledgerFile } from './ledger-file.ts';
import { ledgerForgetter } from './ledger-forget.ts';
import { ledgerSnapshots } from './ledger-snapshots.ts';
import { openReader } from './open.ts';
import { upgradeCopy } from './upgrade.ts';

/** One task of a snapshot thread; it ends with the task, and answers with a number. */
export type SnapshotTask =
  /** `folder` of the ledger, and the folder that the snapshot goes into */
  { task: 'make'; folder: string; within: string } | { task: 'forget'; paths: string[]; before: number };

/** Of the ledger's last states; the older one serves where the newer one's disk page breaks. */
const SNAPSHOTS_KEPT = 2;
const UNFINISHED = '.part';

stepBack();
const asked = workerData as SnapshotTask;
parentPort?.postMessage(asked.task === 'make' ? make(asked) : forget(asked));

/** A file gets its name only when it is whole, verified and on the disk: a crash before leaves what the next one removes. */
function make({ folder, within }: Extract<SnapshotTask, { task: 'make' }>): number {
  mkdirSync(within, { recursive: true });
  for (const name of readdirSync(within)) if (name.includes(UNFINISHED)) rmSync(join(within, name));
  const unfinished = join(within, `ledger${UNFINISHED}`);
  const { db, close } = openReader(folder, ledgerFile);
  try {
    // One state of the ledger, without free pages: nothing of what was deleted comes along.
    db.prepare('VACUUM INTO ?').run(unfinished);
  } finally {
    close();
  }
  const offset = verified(unfinished);
  const path = join(within, `ledger-${offset}.db`);
  moveInto(unfinished, path);
  for (const old of ledgerSnapshots(dirname(within)).slice(SNAPSHOTS_KEPT)) rmSync(old.path);
  return offset;
}

/** The offset of a snapshot that is whole. */
function verified(path: string): number {
  const db = new DatabaseSync(path, { readOnly: true });
  try {
    const found = db.prepare('PRAGMA integrity_check(1)').get()?.['integrity_check'];
    if (found !== 'ok')
      throw new AssayError('snapshot_corrupt', `the ledger's snapshot is not whole: ${String(found)}`);
    return Number(db.prepare('SELECT "offset" FROM progress').get()?.['offset']);
  } finally {
    db.close();
  }
}

function forget({ paths, before }: Extract<SnapshotTask, { task: 'forget' }>): number {
  let count = 0;
  for (const path of paths) {
    // A program before this one may have made it. What can't be brought to this shape serves nobody, and is not kept.
    if (!upgradeCopy(path, ledgerFile)) {
      rmSync(path);
      continue;
    }
    const db = new DatabaseSync(path);
    try {
      const step = ledgerForgetter(db);
      for (let done = step(before); ; done = step(before)) {
        count += done.count;
        if (done.next !== 'more') break;
      }
    } finally {
      db.close();
    }
  }
  return count;
}
