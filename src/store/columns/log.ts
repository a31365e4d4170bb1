import { appendFileSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';

/** One step from the ledger's change `from` to `to`. */
export interface LogStep {
  from: number;
  to: number;
  /** JSON */
  told: unknown;
}

const LOG = 'changes.log';
const LINE_END = Buffer.from('\n');

/** Adds a step; resolves with its bytes. It need not survive a power cut: a log with a gap counts as none. */
export function appendStep(folder: string, step: LogStep): number {
  const text = Buffer.from(JSON.stringify(step));
  const line = Buffer.concat([Buffer.from(`${checksum(text)} `), text, LINE_END]);
  appendFileSync(join(folder, LOG), line, { mode: 0o600 });
  return line.length;
}

/**
 * The steps from one change to another, each beginning where the one before ended; undefined where they do not lead there. What
 * stands behind them was never committed, and is cut off.
 */
export function readSteps(folder: string, from: number, to: number): { steps: LogStep[]; bytes: number } | undefined {
  const steps: LogStep[] = [];
  let at = from;
  let bytes = 0;
  for (const line of linesOf(folder)) {
    const step = readStep(line);
    if (!step || step.from > at || step.to > to) break;
    // A step from before the columns were saved: the log outlived them by a crash.
    const isOld = steps.length === 0 && step.to <= from;
    if (!isOld && step.from !== at) break;
    if (!isOld) steps.push(step);
    at = Math.max(at, step.to);
    bytes += Buffer.byteLength(line) + 1;
  }
  if (at !== to) return undefined;
  if (bytes > 0) truncateSync(join(folder, LOG), bytes);
  else forgetSteps(folder);
  return { steps, bytes };
}

export function forgetSteps(folder: string): void {
  rmSync(join(folder, LOG), { force: true });
}

function linesOf(folder: string): string[] {
  try {
    // What stands behind the last line break was not written to its end.
    return readFileSync(join(folder, LOG), 'utf8').split('\n').slice(0, -1);
  } catch {
    return [];
  }
}

function readStep(line: string): LogStep | undefined {
  const text = line.slice(9);
  if (line.slice(0, 8) !== checksum(text)) return undefined;
  return JSON.parse(text) as LogStep;
}

function checksum(text: Buffer | string): string {
  return crc32(text).toString(16).padStart(8, '0');
}
