import type { DatabaseSync } from 'node:sqlite';
import { AssayError } from '../../event/error.ts';
import type { Door, JsonObject, Personal } from '../../event/event.ts';
import type { JournalReader, JournalRecord, RecordKind } from '../journal.ts';
import { checksum, journalFile } from './journal-file.ts';
import { openReader } from './open.ts';
import { SQLITE_CORRUPT, sqliteCode } from './sqlite-code.ts';

/** Opens the journal for reading, from any thread, while another one writes it. */
export async function openJournalReader(folder: string): Promise<JournalReader> {
  const { db, close } = openReader(folder, journalFile);
  return {
    ...journalReads(db),
    async close() {
      if (db.isOpen) close();
    },
  };
}

interface Row {
  seq: number;
  received_at: number;
  door: string;
  key_id: string;
  kind: string;
  body: string;
  personal: string | null;
  checksum: number;
}

function journalReads(db: DatabaseSync): Pick<JournalReader, 'read' | 'last'> {
  const page = db.prepare(
    'SELECT seq, received_at, door, key_id, kind, body, personal, checksum FROM record WHERE seq > ? ORDER BY seq LIMIT ?',
  );
  const last = db.prepare('SELECT coalesce(max(seq), 0) AS seq FROM record');
  return {
    async read(after, limit) {
      return readable(after, () => page.all(after, limit) as unknown as Row[]).map((row, n) =>
        record(row, after + n + 1),
      );
    },
    async last() {
      return Number(last.get()?.['seq']);
    },
  };
}

function record(row: Row, expected: number): JournalRecord {
  if (row.seq !== expected) throw corrupt(`record ${expected} is missing`);
  const { seq, received_at: receivedAt, door, key_id: keyId, kind, body, personal } = row;
  if (checksum(seq, receivedAt, door, keyId, kind, body) !== row.checksum)
    throw corrupt(`the checksum of record ${seq} differs`);
  return {
    seq,
    receivedAt,
    door: door as Door,
    keyId,
    kind: kind as RecordKind,
    body: parse(seq, body) as JsonObject,
    personal: personal === null ? null : (parse(seq, personal) as Personal),
  };
}

function parse(seq: number, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw corrupt(`the text of record ${seq} is no JSON`, cause);
  }
}

function readable<T>(after: number, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (sqliteCode(cause) !== SQLITE_CORRUPT) throw cause;
    throw corrupt(`the records after ${after} cannot be read`, cause);
  }
}

function corrupt(message: string, cause?: unknown): AssayError {
  return new AssayError('journal_corrupt', message, { cause });
}
