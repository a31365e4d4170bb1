import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunningAssay } from './contestants.ts';
import type { Options, Part, Plan } from './options.ts';
import { SIZES } from './result.ts';

/** What every part of a run needs. */
export interface Bench {
  plan: Plan;
  /** where the filled stores are */
  filledFolder: string;
  /** an empty folder, for one contestant */
  folder(): string;
  /** one line of progress */
  say(text: string): void;
  /** notes how large the logs of a server became */
  note(server: RunningAssay): void;
  largestWal: { journal: number; ledger: number };
  close(): void;
}

// Measured, journal, ledger and the log between: with 770 bytes an event.
const ASSAY_EVENT_BYTES = 2_600;
const USUAL_EVENT_BYTES = 1_200;
/** More than one of these machines acknowledges in the long run, averaged over the three sizes. */
const ASSAY_EVENTS_A_SECOND = 40_000;
const USUAL_EVENTS_A_SECOND = 20_000;
/** Columns and tables of numbers, and what DuckDB lays aside; and of the size that reports are asked at, its rows. */
const TOUCH_BYTES = 150;
const ROW_BYTES = 400;
const SPARE_BYTES = 2e9;

/** Bytes that a run writes at most at one time. */
export function bytesNeeded(parts: ReadonlySet<Part>, plan: Plan): number {
  const window = plan.windowSeconds + plan.warmSeconds;
  const emptyStores = ASSAY_EVENTS_A_SECOND * ASSAY_EVENT_BYTES * 10 * Math.max(window, plan.confirmSeconds);
  const attribution = parts.has('attribution') ? attributionBytes(plan.attribution) : 0;
  const servers = [...parts].some((part) => part !== 'attribution');
  if (!parts.has('known')) return SPARE_BYTES + Math.max(attribution, servers ? emptyStores : 0);
  const seconds = window * plan.repeats * SIZES.length;
  const assay = ASSAY_EVENT_BYTES * (plan.knownIds + ASSAY_EVENTS_A_SECOND * seconds);
  const usual = USUAL_EVENT_BYTES * (plan.knownIds + USUAL_EVENTS_A_SECOND * seconds);
  return SPARE_BYTES + Math.max(attribution, assay + usual);
}

function attributionBytes({ touches, scale }: Plan['attribution']): number {
  return Math.max(TOUCH_BYTES * Math.max(...scale), ROW_BYTES * touches);
}

/** Throws one sentence when the disk is too small for the run. */
export function checkSpace(folder: string, needed: number): void {
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize >= needed) return;
  const [free, wanted] = [bavail * bsize, needed].map((bytes) => `${(bytes / 1e9).toFixed(0)} GB`);
  throw new Error(
    `${folder} has ${free} free and this run may need ${wanted}: give it a folder elsewhere with --keep.`,
  );
}

/** Folders for a run; all but a kept one go when it closes. */
export function openFolders({ keep, plan, parts }: Options, say: (text: string) => void): Bench {
  const root = mkdtempSync(join(keep === undefined ? tmpdir() : made(keep), 'assay-bench-'));
  const remove = (): void => rmSync(root, { recursive: true, force: true });
  try {
    checkSpace(root, bytesNeeded(parts, plan));
  } catch (error) {
    remove();
    throw error;
  }
  process.on('exit', remove);
  const largestWal = { journal: 0, ledger: 0 };
  return {
    plan,
    say,
    largestWal,
    filledFolder: keep ?? join(root, 'filled'),
    folder: () => mkdtempSync(join(root, 'store-')),
    note(server) {
      const wal = server.wal();
      largestWal.journal = Math.max(largestWal.journal, wal.journal);
      largestWal.ledger = Math.max(largestWal.ledger, wal.ledger);
    },
    close: remove,
  };
}

function made(folder: string): string {
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** What one contestant left to the disk must not be paid by the next. */
export function settleDisk(): void {
  execFileSync('sync');
}
