import { Worker } from 'node:worker_threads';
import { AssayError } from '../../event/error.ts';
import type { Cells } from './journal-file.ts';
import type { FromWriter, ToWriter } from './journal-writer.ts';

export interface WriterThread {
  append(records: Cells[]): Promise<number>;
  close(): Promise<void>;
}

interface Pending {
  records: Cells[];
  bytes: number;
  resolve(first: number): void;
  reject(error: Error): void;
}

/** Text that may wait for the disk. Above it appends are refused at once, so that memory stays bounded. */
const WAITING_BYTES_MAX = 64 * 1024 * 1024;

/** Starts the thread that writes the journal; appends of one turn of the event loop travel in one message. */
export async function startWriter(url: URL, folder: string): Promise<WriterThread> {
  const worker = new Worker(url, { workerData: folder });
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  const travelling: Pending[][] = [];
  let collected: Pending[] = [];
  let waitingBytes = 0;
  let failure: AssayError | undefined;

  const settle = (appends: Pending[], end: (append: Pending, n: number) => void) => {
    for (const [n, append] of appends.entries()) {
      waitingBytes -= append.bytes;
      end(append, n);
    }
  };
  const post = () => {
    if (collected.length === 0 || failure) return;
    travelling.push(collected);
    worker.postMessage(collected.map(({ records }) => records) satisfies ToWriter);
    collected = [];
  };
  const fail = (error: AssayError) => {
    failure ??= error;
    const cause = failure;
    settle([...travelling.splice(0).flat(), ...collected.splice(0)], ({ reject }) => reject(cause));
  };

  await new Promise<void>((resolve, reject) => {
    worker.on('message', (message: FromWriter) => {
      if ('opened' in message) resolve();
      else if ('firsts' in message)
        settle(travelling.shift() ?? [], (append, n) => append.resolve(message.firsts[n] ?? Number.NaN));
      else fail(new AssayError(message.failed.code, message.failed.message));
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
      const bytes = records.reduce((sum, cells) => sum + cells[4].length + (cells[5]?.length ?? 0), 0);
      if (waitingBytes + bytes > WAITING_BYTES_MAX)
        return Promise.reject(new AssayError('journal_behind', 'too much is waiting for the disk'));
      waitingBytes += bytes;
      if (collected.length === 0) setImmediate(post);
      return new Promise((resolve, reject) => collected.push({ records, bytes, resolve, reject }));
    },
    async close() {
      post();
      failure ??= new AssayError('journal_unwritable', 'the journal is closed');
      worker.postMessage('close' satisfies ToWriter);
      await ended;
    },
  };
}
