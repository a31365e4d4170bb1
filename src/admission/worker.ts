import { parentPort, workerData } from 'node:worker_threads';
import { AssayError } from '../event/error.ts';
import { openJournalReader } from '../store/sqlite/journal-reader.ts';
import { openLedger } from '../store/sqlite/ledger.ts';
import { openAdmission } from './run.ts';

/** Admission in a thread of its own: the one writer of the ledger, woken after every commit of the journal. */
export type ToAdmission = 'wake' | 'close';
export type FromAdmission =
  | { ready: number }
  | { offset: number }
  | { closed: true }
  | { failed: { code: string; message: string } };

const port = parentPort;
if (!port) throw new AssayError('worker_alone', 'admission runs as a worker');
const say = (message: FromAdmission): void => port.postMessage(message);

const { folder } = workerData as { folder: string };
const journal = await openJournalReader(folder);
const ledger = await openLedger(folder);
const admission = await openAdmission(journal, ledger);

let woken = false;
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
    .catch((error: unknown) =>
      say({ failed: { code: error instanceof AssayError ? error.code : 'admission_failed', message: String(error) } }),
    )
    .finally(() => {
      running = undefined;
      if (woken) wake();
    });
}

port.on('message', (message: ToAdmission) => {
  if (message === 'wake') return wake();
  void (async () => {
    await running;
    await ledger.close();
    await journal.close();
    say({ closed: true });
    port.close();
  })();
});

await admission.catchUp();
say({ ready: await ledger.offset() });
