import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { AssayError } from '../../event/error.ts';
import { workerUrl } from '../worker-url.ts';
import type { SnapshotTask } from './ledger-snapshot-worker.ts';

/** Folder of the snapshots, in the data folder. */
export const SNAPSHOT_FOLDER = 'snapshot';
const NAME = /^ledger-(\d{1,16})\.db$/;

/** A copy of the ledger, whole and verified: with the journal's records after `offset` it is the ledger. */
export interface LedgerSnapshot {
  offset: number;
  path: string;
}

/** The snapshots of a data folder, newest first. Only what was verified has such a name. */
export function ledgerSnapshots(folder: string): LedgerSnapshot[] {
  const within = join(folder, SNAPSHOT_FOLDER);
  let names: string[];
  try {
    names = readdirSync(within);
  } catch {
    return [];
  }
  return names
    .flatMap((name) => {
      const offset = NAME.exec(name)?.[1];
      return offset === undefined ? [] : [{ offset: Number(offset), path: join(within, name) }];
    })
    .sort((a, b) => b.offset - a.offset);
}

/** What retention asks of the snapshots. Each call is a thread of its own: the ledger may be large. */
export interface Snapshots {
  /** offset of the newest one, 0 without any */
  newest(): number;
  /** Makes one of the ledger as it is and verifies it; older ones than the last two go. Resolves with its offset. */
  make(): Promise<number>;
  /** Empties in all of them the personal fields that retention empties in the ledger; resolves with how many rows. */
  forget(before: number): Promise<number>;
}

export function openSnapshots(folder: string): Snapshots {
  return {
    newest: () => ledgerSnapshots(folder)[0]?.offset ?? 0,
    make: () => run({ folder, within: join(folder, SNAPSHOT_FOLDER), task: 'make' }),
    forget: (before) => {
      const paths = ledgerSnapshots(folder).map(({ path }) => path);
      return paths.length === 0 ? Promise.resolve(0) : run({ paths, before, task: 'forget' });
    },
  };
}

function run(task: SnapshotTask): Promise<number> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(workerUrl('./ledger-snapshot-worker', import.meta.url), {
      workerData: task,
      name: 'snapshot',
    });
    worker.once('message', resolve);
    worker.once('error', (cause) =>
      reject(new AssayError('snapshot_failed', `the ledger's snapshot failed: ${String(cause)}`, { cause })),
    );
    worker.once('exit', () => reject(new AssayError('snapshot_failed', "the ledger's snapshot ended early")));
  });
}
