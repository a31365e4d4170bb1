import type { DatabaseSync } from 'node:sqlite';
import { AssayError } from '../../event/error.ts';
import type { Door, JsonObject, Personal } from '../../event/event.ts';
import type { JournalReader, JournalRecord, RecordKind } from '../journal.ts';
import { checksum, journalFile, type Line } from './journal-file.ts';
import { openReader } from './open.ts';
import { snapshot } from './snapshot.ts';
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

interface Page {
  seq: number;
  count: number;
  /** UTF-8 */
  records: Uint8Array;
  personal: string | null;
  checksum: number;
}

// As bytes: the checksum of a text would cost more than all else that is done to it here.
const PAGE = 'seq, count, CAST(records AS BLOB) AS records, personal, checksum';

function journalReads(db: DatabaseSync): Pick<JournalReader, 'read' | 'first' | 'last'> {
  const holding = db.prepare(`SELECT ${PAGE} FROM page WHERE seq <= ? ORDER BY seq DESC LIMIT 1`);
  const from = db.prepare(`SELECT ${PAGE} FROM page WHERE seq = ?`);
  const last = db.prepare('SELECT seq + count - 1 AS seq FROM page ORDER BY seq DESC LIMIT 1');
  const cut = db.prepare('SELECT cut FROM retention');
  const cutSeq = (): number => Number(cut.get()?.['cut']);
  const lastSeq = (): number => Number(last.get()?.['seq'] ?? cutSeq());
  /** the page whose records were asked for only in part: the rest is asked for next */
  let open: JournalRecord[] = [];

  /** The records of the page that holds `seq`; none when the journal ends before it. */
  const pageOf = (seq: number): JournalRecord[] => {
    const first = open[0]?.seq ?? Number.POSITIVE_INFINITY;
    if (first <= seq && seq < first + open.length) return open;
    const page = (from.get(seq) ?? holding.get(seq)) as unknown as Page | undefined;
    if (page && seq < page.seq + page.count) return recordsOf(page);
    if (seq > lastSeq()) return [];
    const gone = cutSeq();
    if (seq <= gone)
      throw new AssayError(
        'journal_cut',
        `retention has removed the records up to ${gone}: what follows from them is in the ledger and its snapshots`,
      );
    throw corrupt(`record ${seq} is missing`);
  };
  return {
    async read(after, limit) {
      const records: JournalRecord[] = [];
      // One state for all of it: each question by itself would take and give back the file's locks.
      return readable(after, () =>
        snapshot(db, () => {
          while (records.length < limit) {
            const seq = after + records.length + 1;
            const page = pageOf(seq);
            const [first] = page;
            if (!first) break;
            const end = seq - first.seq + limit - records.length;
            for (const record of page.slice(seq - first.seq, end)) records.push(record);
            open = end < page.length ? page : [];
          }
          return records;
        }),
      );
    },
    async first() {
      return cutSeq() + 1;
    },
    async last() {
      return lastSeq();
    },
  };
}

function recordsOf(page: Page): JournalRecord[] {
  const { seq: first, count } = page;
  const where = count === 1 ? `record ${first}` : `records ${first} to ${first + count - 1}`;
  if (checksum(first, count, page.records) !== page.checksum) throw corrupt(`the checksum of ${where} differs`);
  const lines = parse(where, textOf(page.records)) as Line[];
  const personal = page.personal === null ? undefined : (parse(where, page.personal) as (Personal | null)[]);
  return lines.map(([receivedAt, door, keyId, kind, body], n) => ({
    seq: first + n,
    receivedAt,
    door: door as Door,
    keyId,
    kind: kind as RecordKind,
    body: body as JsonObject,
    personal: personal?.[n] ?? null,
  }));
}

function textOf({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString();
}

function parse(where: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw corrupt(`the text of ${where} is no JSON`, cause);
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
