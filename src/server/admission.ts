import { Worker } from 'node:worker_threads';
import type { FromAdmission, ToAdmission } from '../admission/worker.ts';
import { AssayError } from '../event/error.ts';
import type { Forgotten } from '../store/journal.ts';
import { workerUrl } from '../store/worker-url.ts';

/** The admission thread, as the main thread sees it. */
export interface AdmissionThread {
  /** sequence up to which verdicts are committed */
  offset(): number;
  /** the journal has grown */
  wake(): void;
  /** One step of the ledger's retention; see `Ledger.forget`. */
  forget(before: number): Promise<Forgotten>;
  /** why the ledger can't be written now, if it can't */
  waits(): string | undefined;
  close(): Promise<void>;
}

/** Starts admission in its thread; resolves when it has caught up with the journal. */
export function startAdmission(
  folder: string,
  on: {
    committed(offset: number): void;
    /** nothing is decided while the ledger can't be written; `why` is told once, and undefined when it goes on */
    waits(why: string | undefined): void;
    /** it stopped for good */
    failed(error: AssayError): void;
  },
): Promise<AdmissionThread> {
  const worker = new Worker(workerUrl('../admission/worker', import.meta.url), {
    workerData: { folder },
    name: 'admission',
  });
  const tell = (message: ToAdmission): void => worker.postMessage(message);
  let offset = 0;
  let idle = true;
  let grown = false;
  let why: string | undefined;
  const forgetting: { resolve(done: Forgotten): void; reject(error: AssayError): void }[] = [];
  /** Under load it looks by itself: a word for every request would cost both threads more than the request. */
  const wake = (): void => {
    if (idle) tell('wake');
    else grown = true;
    idle = false;
  };
  // It may have ended by itself long before it is asked to.
  const ended = new Promise<void>((done) => worker.once('exit', () => done()));
  return new Promise((resolve, reject) => {
    worker.once('error', (cause) => {
      const error = new AssayError('admission_failed', `its thread broke down: ${String(cause)}`, { cause });
      reject(error);
      for (const step of forgetting.splice(0)) step.reject(error);
      on.failed(error);
    });
    worker.once('exit', () => {
      for (const step of forgetting.splice(0)) step.reject(new AssayError('admission_failed', 'admission has ended'));
    });
    worker.on('message', (message: FromAdmission) => {
      if ('offset' in message) {
        offset = message.offset;
        on.committed(offset);
      } else if ('idle' in message) {
        idle = true;
        if (grown) wake();
        grown = false;
      } else if ('waits' in message || 'goesOn' in message) {
        why = 'waits' in message ? message.waits.message : undefined;
        on.waits(why);
      } else if ('forgotten' in message) forgetting.shift()?.resolve(message.forgotten);
      else if ('kept' in message) forgetting.shift()?.reject(new AssayError(message.kept.code, message.kept.message));
      else if ('failed' in message) on.failed(new AssayError(message.failed.code, message.failed.message));
      else if ('ready' in message) {
        offset = message.ready;
        resolve({
          offset: () => offset,
          wake,
          waits: () => why,
          forget: (before) =>
            new Promise((done, failed) => {
              forgetting.push({ resolve: done, reject: failed });
              tell({ forget: before });
            }),
          close: () => {
            tell('close');
            return ended;
          },
        });
      }
    });
  });
}
