import type { DatabaseSync } from 'node:sqlite';
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { AssayError } from '../../event/error.ts';
import type { Forgotten, Journal } from '../journal.ts';
import { checksum, journalFile } from './journal-file.ts';
import { journalForgetter } from './journal-forget.ts';
import { openLogCopier } from './log-copier.ts';
import { openWriter } from './open.ts';

/** Records to write together: how many, and their lines and personal fields as JSON lists in UTF-8. */
export interface Told {
  count: number;
  records: Uint8Array<ArrayBuffer>;
  /** null when no record has any */
  personal: Uint8Array<ArrayBuffer> | null;
}

/** Pages to write, one step of retention, or the wish to close. */
export type ToWriter = Told[] | { forget: Parameters<Journal['forget']> } | 'close';

interface Failure {
  code: string;
  message: string;
}

/**
 * The writer is open, or could not be opened. Each message of pages is answered with their first sequences, or with why
 * none of them was written; each step of retention with what it did.
 */
export type FromWriter =
  | { opened: true }
  | { failed: Failure }
  | { firsts: number[] }
  | { refused: Failure }
  | { forgotten: Forgotten }
  | { kept: Failure };

const COPY_MEGABYTES = 4;

if (parentPort) work(parentPort, workerData as string);

/** The loop of the writing thread: what arrived during one commit goes into the next, whether the last one came through or not. */
function work(port: MessagePort, folder: string): void {
  const say = (message: FromWriter) => port.postMessage(message);
  try {
    const { db, close } = openWriter(folder, journalFile);
    const commit = pageCommitter(db);
    const forget = journalForgetter(db);
    const copier = openLogCopier(db, COPY_MEGABYTES);
    const write = (messages: Told[][]): void => {
      if (messages.length === 0) return;
      try {
        for (const firsts of commit(messages)) say({ firsts });
      } catch (error) {
        for (const _ of messages) say({ refused: failure(error) });
      }
    };
    const step = (asked: Parameters<Journal['forget']>): void => {
      try {
        say({ forgotten: forget(...asked) });
      } catch (error) {
        say({ kept: failure(error) });
      }
    };
    port.on('message', (first: ToWriter) => {
      const messages = [first, ...waiting(port)];
      write(messages.filter((message) => Array.isArray(message)));
      for (const message of messages) if (typeof message === 'object' && 'forget' in message) step(message.forget);
      copier.look();
      if (!messages.includes('close')) return;
      void copier.close().then(() => {
        close();
        port.close();
      });
    });
    say({ opened: true });
  } catch (error) {
    say({ failed: failure(error) });
  }
}

/** Writes all pages of all messages in one transaction and gives each page's first sequence; after a failure it goes on. */
export function pageCommitter(db: DatabaseSync): (messages: Told[][]) => number[][] {
  const insert = db.prepare(
    'INSERT INTO page (seq, count, records, personal, checksum) VALUES (?, ?, CAST(? AS TEXT), CAST(? AS TEXT), ?)',
  );
  const last = db.prepare(
    'SELECT coalesce((SELECT seq + count FROM page ORDER BY seq DESC LIMIT 1), cut + 1) AS next FROM retention',
  );
  // Changes nothing, but is written: whoever asks with an append of nothing learns whether the disk takes it.
  const probe = db.prepare('UPDATE retention SET id = id');
  const end = (): number => Number(last.get()?.['next']);
  let next = end();
  let failed = false;
  const write = ({ count, records, personal }: Told): number => {
    const first = next;
    if (count === 0) return first;
    insert.run(first, count, records, personal, checksum(first, count, records));
    next += count;
    return first;
  };
  return (messages) => {
    try {
      db.exec('BEGIN IMMEDIATE');
      if (failed) {
        // A commit that failed at its last moment may be there all the same.
        next = end();
        probe.run();
      }
      const firsts = messages.map((pages) => pages.map(write));
      db.exec('COMMIT');
      failed = false;
      return firsts;
    } catch (error) {
      failed = true;
      if (db.isTransaction) db.exec('ROLLBACK');
      throw error;
    }
  };
}

function waiting(port: MessagePort): ToWriter[] {
  const messages: ToWriter[] = [];
  for (let got = receiveMessageOnPort(port); got; got = receiveMessageOnPort(port))
    messages.push(got.message as ToWriter);
  return messages;
}

function failure(error: unknown): Failure {
  const code = error instanceof AssayError ? error.code : 'journal_unwritable';
  return { code, message: error instanceof Error ? error.message : String(error) };
}
