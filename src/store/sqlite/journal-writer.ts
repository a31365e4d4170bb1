import type { DatabaseSync } from 'node:sqlite';
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { AssayError } from '../../event/error.ts';
import { checksum, journalFile } from './journal-file.ts';
import { openLogCopier } from './log-copier.ts';
import { openWriter } from './open.ts';

/** Records to write together: how many, and their lines and personal fields as JSON lists in UTF-8. */
export interface Told {
  count: number;
  records: Uint8Array<ArrayBuffer>;
  /** null when no record has any */
  personal: Uint8Array<ArrayBuffer> | null;
}

/** Pages to write, or the wish to close. */
export type ToWriter = Told[] | 'close';

/** The writer is open; the first sequences of a message's pages; or why nothing is written any more. */
export type FromWriter = { opened: true } | { firsts: number[] } | { failed: { code: string; message: string } };

const COPY_MEGABYTES = 4;

if (parentPort) work(parentPort, workerData as string);

/** The loop of the writing thread: what arrived during one commit goes into the next. It ends at the first failure. */
function work(port: MessagePort, folder: string): void {
  const say = (message: FromWriter) => port.postMessage(message);
  try {
    const { db, close } = openWriter(folder, journalFile);
    const commit = committer(db);
    const copier = openLogCopier(db, COPY_MEGABYTES);
    port.on('message', (first: ToWriter) => {
      const messages = [first, ...waiting(port)];
      try {
        for (const firsts of commit(messages.filter((message) => message !== 'close'))) say({ firsts });
        copier.look();
        if (!messages.includes('close')) return;
      } catch (error) {
        say(failure(error));
      }
      void copier.close().then(() => {
        close();
        port.close();
      });
    });
    say({ opened: true });
  } catch (error) {
    say(failure(error));
  }
}

/** Writes all pages of all messages in one transaction and gives each page's first sequence. */
function committer(db: DatabaseSync): (messages: Told[][]) => number[][] {
  const insert = db.prepare(
    'INSERT INTO page (seq, count, records, personal, checksum) VALUES (?, ?, CAST(? AS TEXT), CAST(? AS TEXT), ?)',
  );
  const last = db.prepare('SELECT seq + count AS next FROM page ORDER BY seq DESC LIMIT 1');
  let next = Number(last.get()?.['next'] ?? 1);
  const write = ({ count, records, personal }: Told): number => {
    const first = next;
    if (count === 0) return first;
    insert.run(first, count, records, personal, checksum(first, count, records));
    next += count;
    return first;
  };
  return (messages) => {
    if (messages.length === 0) return [];
    db.exec('BEGIN IMMEDIATE');
    const firsts = messages.map((pages) => pages.map(write));
    db.exec('COMMIT');
    return firsts;
  };
}

function waiting(port: MessagePort): ToWriter[] {
  const messages: ToWriter[] = [];
  for (let got = receiveMessageOnPort(port); got; got = receiveMessageOnPort(port))
    messages.push(got.message as ToWriter);
  return messages;
}

function failure(error: unknown): FromWriter {
  const code = error instanceof AssayError ? error.code : 'journal_unwritable';
  return { failed: { code, message: error instanceof Error ? error.message : String(error) } };
}
