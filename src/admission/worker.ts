import { setImmediate as others } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { AssayError } from '../event/error.ts';
import { openJournalReader } from '../store/sqlite/journal-reader.ts';
import { openLedger } from '../store/sqlite/ledger.ts';
import { stepBack } from '../store/step-back.ts';
import { openAdmission } from './run.ts';

/** Admission in a thread of its own: the one writer of the ledger, woken after every commit of the journal. */
export type ToAdmission = 'wake' | 'close';
export type FromAdmission =
  | { ready: number }
  | { offset: number }
  /** all is decided: the next record needs a word */
  | { idle: true }
  | { closed: true }
  | { failed: { code: string; message: string } };

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
let running: Promise<void> | undefined;

async function run(): Promise<void> {
  while (woken) {
    woken = false;
    await admission.catchUp((offset) => say({ offset }));
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

function failed(error: unknown): void {
  say({ failed: { code: error instanceof AssayError ? error.code : 'admission_failed', message: String(error) } });
}

port.on('message', (message: ToAdmission) => {
  if (message === 'wake') return wake();
  closing = true;
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
