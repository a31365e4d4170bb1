import { AssayError } from '../event/error.ts';
import type { Journal, NewRecord } from '../store/journal.ts';

/** While the journal can't be written, an append of nothing asks again and again whether it can. */
const PROBE_MS = 1000;

/** The journal as the rooms of a server write it. */
export interface WatchedJournal extends Pick<Journal, 'append'> {
  /** why it can't be written now, if it can't */
  unwritable(): string | undefined;
  /** Nothing waits for the disk any more. What can be written still is. */
  close(): void;
}

/** Wakes admission after every commit, and tells a person once when the journal can't be written, and when it can again. */
export function watchJournal(
  journal: Pick<Journal, 'append'>,
  around: { wake(): void; log(line: string): void; setTimer?(run: () => void, ms: number): () => void },
): WatchedJournal {
  const { setTimer = machineTimer } = around;
  let why: string | undefined;
  let cancel: (() => void) | undefined;
  let closed = false;
  const waiting: (() => void)[] = [];

  function written(first: number): number {
    if (why !== undefined) around.log('the journal is written again, and the doors take what comes');
    why = undefined;
    for (const go of waiting.splice(0)) go();
    around.wake();
    return first;
  }

  function refused(error: unknown): void {
    // Too much that waits for a disk that works is no news: the next append may go through.
    if (!isOfDisk(error) || closed) return;
    if (why === undefined)
      around.log(
        `the journal can't be written: ${error.message}. The doors answer 503, nothing is sent, and nothing that was acknowledged is lost. All goes on by itself once the disk can be written`,
      );
    why = error.message;
    cancel ??= setTimer(probe, PROBE_MS);
  }

  function probe(): void {
    cancel = undefined;
    if (!closed) append([]).catch(() => undefined);
  }

  // Nothing here holds the records until they are durable: what waits for the disk is bytes.
  function append(records: readonly NewRecord[]): Promise<number> {
    const keep = records[0]?.kind === 'answer' ? records : undefined;
    return journal.append(records).then(written, (error: unknown) => {
      refused(error);
      if (keep === undefined || closed || !isOfDisk(error)) throw error;
      return again(keep);
    });
  }

  /** What TikTok answered is told once. It waits for the disk; of the few requests under way, because nothing new leaves. */
  async function again(answers: readonly NewRecord[]): Promise<number> {
    await new Promise<void>((go) => waiting.push(go));
    return append(answers);
  }

  return {
    append,
    unwritable: () => why,
    close() {
      closed = true;
      cancel?.();
      for (const go of waiting.splice(0)) go();
    },
  };
}

function isOfDisk(error: unknown): error is AssayError {
  return error instanceof AssayError && error.code === 'journal_unwritable';
}

/** How readiness tells of one of the store's files. */
export function diskState(why: string | undefined): { state: 'written' } | { state: 'waits'; why: string } {
  return why === undefined ? { state: 'written' } : { state: 'waits', why };
}

function machineTimer(run: () => void, ms: number): () => void {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
}
