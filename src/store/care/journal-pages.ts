import type { DatabaseSync } from 'node:sqlite';
import { checksum, journalFile } from '../sqlite/journal-file.ts';
import type { Fault, Passed } from './fault.ts';

/** What a journal holds, as far as it can be read. */
export interface JournalState {
  /** the first record that retention has left */
  first: number;
  /** one before `first` when there is none */
  last: number;
}

interface Page {
  seq: number;
  count: number;
  records: Uint8Array;
  personal: string | null;
  checksum: number;
}

const file = journalFile.name;
/** Pages in one question: each is a state of its own, so that a running server's log need not grow. */
const PAGES = 20;

/** Reads every page of a journal: checksums, sequences without a hole, readable text. `passed` is told now and then. */
export function* checkPages(db: DatabaseSync, passed: (so: Passed) => void): Generator<Fault, JournalState> {
  const some = db.prepare(
    `SELECT seq, count, CAST(records AS BLOB) AS records, personal, checksum FROM page
    WHERE seq > ? ORDER BY seq LIMIT ?`,
  );
  const ask = (after: number, limit: number): Page[] | undefined => {
    try {
      return some.all(after, limit) as unknown as Page[];
    } catch {
      return undefined;
    }
  };
  const last = lastSeq(db);
  const cut = cutSeq(db);
  const state: JournalState = { first: cut + 1, last: cut };
  for (let after = 0; ; ) {
    const pages = ask(after, PAGES) ?? ask(after, 1);
    if (!pages) {
      const from = state.last + 1;
      const next = nextReadable(after, last ?? after + FAR, (seq) => (ask(seq, 1) ?? []).length > 0);
      if (next === undefined) {
        const where = last === undefined ? {} : { records: [from, last] as [number, number] };
        yield { file, ...where, what: `cannot be read from record ${from} on: the file is damaged there` };
        return { ...state, last: last ?? state.last };
      }
      after = next;
      const [page] = ask(after, 1) ?? [];
      state.last = (page?.seq ?? from) - 1;
      yield { file, records: [from, state.last], what: 'cannot be read: the file is damaged there' };
      continue;
    }
    for (const page of pages) {
      if (page.seq > state.last + 1) yield { file, records: [state.last + 1, page.seq - 1], what: 'missing' };
      if (page.seq <= state.last) yield { file, page: page.seq, what: `begins before record ${state.last} has ended` };
      const what = wrong(page);
      const to = page.seq + Math.max(1, page.count) - 1;
      if (what !== undefined) yield { file, page: page.seq, records: [page.seq, to], what };
      [after, state.last] = [page.seq, to];
    }
    passed({ done: state.last, of: Math.max(last ?? 0, state.last) });
    if (pages.length === 0) return state;
  }
}

function wrong({ seq, count, records, personal, checksum: told }: Page): string | undefined {
  if (checksum(seq, count, records) !== told) return 'its checksum differs';
  const lines = parsed(Buffer.from(records).toString());
  if (!Array.isArray(lines) || lines.length !== count || !lines.every(isLine)) return 'its text is no list of records';
  const beside = personal === null ? undefined : parsed(personal);
  if (personal !== null && !(Array.isArray(beside) && beside.length === count))
    return 'its personal fields are no list of as many';
  return undefined;
}

function isLine(line: unknown): boolean {
  if (!Array.isArray(line) || line.length !== 5) return false;
  const [receivedAt, ...texts] = line as unknown[];
  return Number.isSafeInteger(receivedAt) && texts.slice(0, 3).every((text) => typeof text === 'string');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Up to it retention has removed the records. */
function cutSeq(db: DatabaseSync): number {
  try {
    return Number(db.prepare('SELECT cut FROM retention').get()?.['cut'] ?? 0);
  } catch {
    return 0;
  }
}

/** The last sequence; undefined where the way to it is damaged. */
function lastSeq(db: DatabaseSync): number | undefined {
  try {
    return Number(db.prepare('SELECT seq + count - 1 AS seq FROM page ORDER BY seq DESC LIMIT 1').get()?.['seq'] ?? 0);
  } catch {
    return undefined;
  }
}

/** No journal has as many records: so far something is looked for behind a damaged place. */
const FAR = 2 ** 40;

/** Behind a damaged place: the smallest sequence after which a page can be read again; undefined if there is none. */
function nextReadable(after: number, last: number, isReadable: (seq: number) => boolean): number | undefined {
  let far = 1;
  while (!isReadable(after + far)) {
    if (after + far > last) return undefined;
    far *= 2;
  }
  let near = Math.floor(far / 2);
  while (far - near > 1) {
    const middle = Math.floor((near + far) / 2);
    if (isReadable(after + middle)) far = middle;
    else near = middle;
  }
  return after + far;
}
