import { Worker } from 'node:worker_threads';
import type { FromAdmission, ToAdmission } from '../admission/worker.ts';
import { AssayError } from '../event/error.ts';
import { workerUrl } from '../store/worker-url.ts';

/** The admission thread, as the main thread sees it. */
export interface AdmissionThread {
  /** sequence up to which verdicts are committed */
  offset(): number;
  /** the journal has grown */
  wake(): void;
  close(): Promise<void>;
}

/** Starts admission in its thread; resolves when it has caught up with the journal. */
export function startAdmission(
  folder: string,
  on: { committed(offset: number): void; failed(error: AssayError): void },
): Promise<AdmissionThread> {
  const worker = new Worker(workerUrl('../admission/worker', import.meta.url), {
    workerData: { folder },
    name: 'admission',
  });
  const tell = (message: ToAdmission): void => worker.postMessage(message);
  let offset = 0;
  let idle = true;
  let grown = false;
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
      const error = new AssayError('admission_failed', 'admission stopped', { cause });
      reject(error);
      on.failed(error);
    });
    worker.on('message', (message: FromAdmission) => {
      if ('offset' in message) {
        offset = message.offset;
        on.committed(offset);
      } else if ('idle' in message) {
        idle = true;
        if (grown) wake();
        grown = false;
      } else if ('failed' in message) on.failed(new AssayError(message.failed.code, message.failed.message));
      else if ('ready' in message) {
        offset = message.ready;
        resolve({
          offset: () => offset,
          wake,
          close: () => {
            tell('close');
            return ended;
          },
        });
      }
    });
  });
}
