import { setImmediate as others, setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { AssayError } from '../event/error.ts';
import type { Forgotten } from '../store/journal.ts';
import { openJournalReader } from '../store/sqlite/journal-reader.ts';
import { openLedger } from '../store/sqlite/ledger.ts';
import { isDiskError } from '../store/sqlite/sqlite-code.ts';
import { stepBack } from '../store/step-back.ts';
import { openAdmission } from './run.ts';

/** Admission in a thread of its own: the one writer of the ledger, woken after every commit of the journal. */
export type ToAdmission = 'wake' | 'close' | { forget: number };
export type FromAdmission =
  | { ready: number }
  | { offset: number }
  /** the ledger can't be written: nothing is decided until it can, which is tried again and again */
  | { waits: { code: string; message: string } }
  /** it could be written again */
  | { goesOn: true }
  | { forgotten: Forgotten }
  | { kept: { code: string; message: string } }
  /** all is decided: the next record needs a word */
  | { idle: true }
  | { closed: true }
  | { failed: { code: string; message: string } };

/** Between two tries while the disk can't be written. */
const WAIT_MS = 1000;

/** Verdicts under load come this much later; a record after a pause does not wait. */
const REST_MS = 40;

const port = parentPort;
if (!port) throw new AssayError('worker_alone', 'admission runs as a worker');
const say = (message: FromAdmission): void => port.postMessage(message);

stepBack();
const { folder } = workerData as { folder: string };
const journal = await openJournalReader(folder);
const ledger = await openLedger(folder);
const admission = await openAdmission(journal, ledger, { restMs: REST_MS });

let woken = false;
let closing = false;
const closed = Promise.withResolvers<void>();
let running: Promise<void> | undefined;

async function run(): Promise<void> {
  while (woken) {
    woken = false;
    await catchUp();
  }
}

/** A disk that is full or read-only is waited for: what was decided and could not be written is decided again. */
async function catchUp(): Promise<void> {
  for (let waits = false; ; )
    try {
      await admission.catchUp((offset) => {
        if (waits) say({ goesOn: true });
        waits = false;
        say({ offset });
      });
      if (waits) say({ goesOn: true });
      return;
    } catch (error) {
      if (!isOfDisk(error)) throw error;
      if (closing) return;
      if (!waits) say({ waits: failureOf(error) });
      waits = true;
      await Promise.race([sleep(WAIT_MS), closed.promise]);
    }
}

function wake(): void {
  woken = true;
  running ??= run()
    // A batch that can't be decided would be decided wrongly next time too: the guard has moved on.
    .catch(failed)
    .finally(() => {
      running = undefined;
      if (woken) wake();
      else say({ idle: true });
    });
}

function isOfDisk(error: unknown): boolean {
  return (error instanceof AssayError && error.code === 'ledger_unwritable') || isDiskError(error);
}

function failed(error: unknown): void {
  say({ failed: failureOf(error) });
}

function failureOf(error: unknown): { code: string; message: string } {
  if (error instanceof AssayError) return { code: error.code, message: error.message };
  const { code, message } = new AssayError('admission_failed', String(error));
  return { code, message };
}

/** One step of the ledger's retention, between two batches. */
async function forget(before: number): Promise<void> {
  try {
    say({ forgotten: await ledger.forget(before) });
  } catch (error) {
    say({ kept: failureOf(error) });
  }
}

port.on('message', (message: ToAdmission) => {
  if (message === 'wake') return wake();
  if (typeof message === 'object') return void forget(message.forget);
  closing = true;
  closed.resolve();
  void (async () => {
    await remembering;
    await running;
    await ledger.close();
    await journal.close();
    say({ closed: true });
    port.close();
  })();
});

await admission.catchUp();
say({ ready: await ledger.offset() });
const remembering = remember().catch(failed);

/** The guard's past comes in between batches. */
async function remember(): Promise<void> {
  while (!closing && (await admission.remember())) await others();
}
