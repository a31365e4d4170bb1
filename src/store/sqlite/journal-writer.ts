import type { DatabaseSync } from 'node:sqlite';
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { AssayError } from '../../event/error.ts';
import { checkpoints } from './checkpoint.ts';
import { type Cells, checksum, journalFile } from './journal-file.ts';
import { openWriter } from './open.ts';

/** Appends to write, each all or none; or the wish to close. */
export type ToWriter = Cells[][] | 'close';

/** The writer is open; the first sequences of a message's appends; or why nothing is written any more. */
export type FromWriter = { opened: true } | { firsts: number[] } | { failed: { code: string; message: string } };

const CHECKPOINT_MEGABYTES = 4;

if (parentPort) work(parentPort, workerData as string);

/** The loop of the writing thread: what arrived during one commit goes into the next. It ends at the first failure. */
function work(port: MessagePort, folder: string): void {
  const say = (message: FromWriter) => port.postMessage(message);
  try {
    const { db, close } = openWriter(folder, journalFile);
    const commit = committer(db);
    const checkpoint = checkpoints(db, CHECKPOINT_MEGABYTES);
    port.on('message', (first: ToWriter) => {
      const messages = [first, ...waiting(port)];
      try {
        for (const firsts of commit(messages.filter((message) => message !== 'close'))) say({ firsts });
        checkpoint();
        if (!messages.includes('close')) return;
      } catch (error) {
        say(failure(error));
      }
      close();
      port.close();
    });
    say({ opened: true });
  } catch (error) {
    say(failure(error));
  }
}

/** Writes all appends of all messages in one transaction and gives each append's first sequence. */
function committer(db: DatabaseSync): (messages: Cells[][][]) => number[][] {
  const insert = db.prepare(
    'INSERT INTO record (seq, received_at, door, key_id, kind, body, personal, checksum) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  );
  let next = Number(db.prepare('SELECT coalesce(max(seq), 0) + 1 AS next FROM record').get()?.['next']);
  const write = (records: Cells[]): number => {
    const first = next;
    for (const [receivedAt, door, keyId, kind, body, personal] of records) {
      const sum = checksum(next, receivedAt, door, keyId, kind, body);
      insert.run(next++, receivedAt, door, keyId, kind, body, personal, sum);
    }
    return first;
  };
  return (messages) => {
    if (messages.length === 0) return [];
    db.exec('BEGIN IMMEDIATE');
    const firsts = messages.map((appends) => appends.map(write));
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
