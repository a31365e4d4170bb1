import { Worker } from 'node:worker_threads';
import { AssayError } from '../../event/error.ts';
import type { Forgotten, Journal } from '../journal.ts';
import { linesOf, Page } from './journal-page.ts';
import type { FromWriter, ToWriter } from './journal-writer.ts';

export type WriterThread = Pick<Journal, 'append' | 'forget' | 'close'>;

/** One message is being written and the next one waits for it; what comes meanwhile travels together after them. */
const TRAVELLING_MAX = 2;

/** Text that may wait for the disk. Above it appends are refused at once, so that memory stays bounded. */
const WAITING_CHARS_MAX = 64 * 1024 * 1024;

/** Starts the thread that writes the journal; appends of one turn of the event loop travel in one message. */
export async function startWriter(url: URL, folder: string): Promise<WriterThread> {
  const worker = new Worker(url, { workerData: folder, name: 'journal' });
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  const travelling: Page[][] = [];
  const forgetting: { resolve(done: Forgotten): void; reject(error: AssayError): void }[] = [];
  let collected: Page[] = [];
  let waitingChars = 0;
  let failure: AssayError | undefined;

  const post = (travellingMax = TRAVELLING_MAX) => {
    if (collected.length === 0 || failure || travelling.length >= travellingMax) return;
    travelling.push(collected);
    const told = collected.map((page) => page.told());
    const bytes = told.flatMap(({ records, personal }) =>
      personal ? [records.buffer, personal.buffer] : [records.buffer],
    );
    worker.postMessage(told satisfies ToWriter, bytes);
    collected = [];
  };
  /** Of the message that travels longest. */
  const answered = (settle: (page: Page, n: number) => void) => {
    for (const [n, page] of (travelling.shift() ?? []).entries()) {
      waitingChars -= page.chars;
      settle(page, n);
    }
    post();
  };
  const fail = (error: AssayError) => {
    failure ??= error;
    for (const page of [...travelling.splice(0).flat(), ...collected.splice(0)]) page.reject(failure);
    for (const step of forgetting.splice(0)) step.reject(failure);
    waitingChars = 0;
  };

  await new Promise<void>((resolve, reject) => {
    worker.on('message', (message: FromWriter) => {
      if ('opened' in message) resolve();
      else if ('firsts' in message) answered((page, n) => page.resolve(message.firsts[n] ?? Number.NaN));
      else if ('refused' in message) answered((page) => page.reject(errorOf(message.refused)));
      else if ('forgotten' in message) forgetting.shift()?.resolve(message.forgotten);
      else if ('kept' in message) forgetting.shift()?.reject(errorOf(message.kept));
      else fail(errorOf(message.failed));
      if (failure) reject(failure);
    });
    worker.on('error', (cause) => {
      fail(new AssayError('journal_unwritable', "the journal's writer broke down", { cause }));
      reject(failure);
    });
    worker.on('exit', () => {
      fail(new AssayError('journal_unwritable', 'the journal is closed'));
      reject(failure);
    });
  });

  return {
    append(records) {
      if (failure) return Promise.reject(failure);
      const lines = linesOf(records);
      if (waitingChars + lines.chars > WAITING_CHARS_MAX)
        return Promise.reject(new AssayError('journal_behind', 'too much is waiting for the disk'));
      waitingChars += lines.chars;
      if (collected.length === 0) setImmediate(() => post());
      let page = collected.at(-1);
      if (!page || page.isFull) {
        page = new Page();
        collected.push(page);
      }
      return page.add(lines);
    },
    forget(...asked) {
      if (failure) return Promise.reject(failure);
      return new Promise((resolve, reject) => {
        forgetting.push({ resolve, reject });
        worker.postMessage({ forget: asked } satisfies ToWriter);
      });
    },
    async close() {
      post(Number.POSITIVE_INFINITY);
      failure ??= new AssayError('journal_unwritable', 'the journal is closed');
      worker.postMessage('close' satisfies ToWriter);
      await ended;
    },
  };
}

function errorOf({ code, message }: { code: string; message: string }): AssayError {
  return new AssayError(code, message);
}
