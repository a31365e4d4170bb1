import type { Forgotten, Journal } from '../store/journal.ts';
import type { Snapshots } from '../store/sqlite/ledger-snapshots.ts';

const EVERY_MS = 3_600_000;
/** A start has enough to do. */
const FIRST_AFTER_MS = 60_000;

export interface RetentionParts {
  journal: Pick<Journal, 'forget'>;
  /** one step of the ledger's retention */
  forget(before: number): Promise<Forgotten>;
  /** the same for the warehouse, at once */
  warehouse(before: number): Promise<void>;
  /** sequence up to which all is decided */
  offset(): number;
  snapshots: Snapshots;
  /** how long what is kept, ms, by the spec that is active */
  retention(): { personal: number; journal: number };
  now(): number;
  log(line: string): void;
  /** runs once after `ms`, and gives back what cancels it; the machine's own timers unless told */
  setTimer?(run: () => void, ms: number): () => void;
}

/** What one run of retention did. */
export interface RetentionRun {
  /** UTC ms of its beginning */
  at: number;
  /** rows of the ledger whose personal fields it emptied */
  rows: number;
  /** records of the journal whose personal fields it emptied */
  faded: number;
  /** records of the journal that it removed */
  removed: number;
  /** offset of the ledger's snapshot that it made, if it needed one */
  snapshot?: number;
  /** why it did not come to its end; the next one goes on */
  failed?: string;
}

export interface Retention {
  /** Does what is due; resolves when it is done. It is always safe to end it, and to begin again. */
  run(): Promise<RetentionRun>;
  /** the last run since the server started */
  last(): RetentionRun | undefined;
  stop(): Promise<void>;
}

/**
 * Empties and removes what the spec keeps no longer, once an hour, in small steps. Of the journal only what a snapshot of
 * the ledger covers: nothing could be derived again from records without their personal fields, or from none at all.
 */
export function startRetention(parts: RetentionParts): Retention {
  const { setTimer = machineTimer } = parts;
  let last: RetentionRun | undefined;
  let running: Promise<RetentionRun> | undefined;
  let stopping = false;
  let cancel = setTimer(hourly, FIRST_AFTER_MS);

  function hourly(): void {
    void run().finally(() => {
      if (!stopping) cancel = setTimer(hourly, EVERY_MS);
    });
  }

  function run(): Promise<RetentionRun> {
    running ??= once().finally(() => {
      running = undefined;
    });
    return running;
  }

  async function once(): Promise<RetentionRun> {
    const at = parts.now();
    const { personal, journal } = parts.retention();
    const done: RetentionRun = { at, rows: 0, faded: 0, removed: 0 };
    try {
      done.rows = (await all(() => parts.forget(at - personal))).count;
      await parts.snapshots.forget(at - personal);
      done.faded = await forget('personal', at - personal, done);
      done.removed = await forget('records', at - journal, done);
      await parts.warehouse(at - personal);
    } catch (error) {
      done.failed = error instanceof Error ? error.message : String(error);
    }
    tell(done);
    last = done;
    return done;
  }

  /** What the newest snapshot does not cover yet waits for the next one, which is made when something is due. */
  async function forget(what: 'personal' | 'records', before: number, run: RetentionRun): Promise<number> {
    let upTo = parts.snapshots.newest();
    for (let count = 0; ; ) {
      const step = await all(() => parts.journal.forget(what, before, upTo));
      count += step.count;
      if (step.next !== 'beyond' || stopping || parts.offset() <= upTo) return count;
      upTo = await parts.snapshots.make();
      run.snapshot = upTo;
    }
  }

  async function all(step: () => Promise<Forgotten>): Promise<Forgotten> {
    for (let count = 0; ; ) {
      const done = await step();
      count += done.count;
      if (done.next !== 'more' || stopping) return { count, next: done.next };
    }
  }

  function tell({ rows, faded, removed, snapshot, failed }: RetentionRun): void {
    if (failed !== undefined && failed !== last?.failed) parts.log(`retention goes on in an hour: ${failed}`);
    if (rows + faded + removed > 0)
      parts.log(
        `retention emptied the personal fields of ${rows} rows and of ${faded} records, and removed ${removed} records${
          snapshot === undefined ? '' : `; the ledger's snapshot stands at record ${snapshot}`
        }`,
      );
  }

  return {
    run,
    last: () => last,
    async stop() {
      stopping = true;
      cancel();
      await running;
    },
  };
}

function machineTimer(run: () => void, ms: number): () => void {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
}
