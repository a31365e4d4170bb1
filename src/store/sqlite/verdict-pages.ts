import type { DatabaseSync } from 'node:sqlite';
import type { VerdictRow } from '../effects.ts';

/** Verdicts in one row of the table: a look-up of one parses no more than these. */
export const PAGE_VERDICTS = 200;

/** Verdicts as they are kept: first ones in pages, later ones by themselves. */
export interface VerdictReads {
  /** the current one of each record of a range, in order */
  current(from: number, to: number): VerdictRow[];
  /** the current ones of records before `before`, newest first */
  newest(before: number, limit: number): VerdictRow[];
  /** all of these records, and of those that tell of these events, in order */
  history(records: readonly number[], events: readonly number[]): VerdictRow[];
}

export function verdictReads(db: DatabaseSync): VerdictReads {
  const pages = db.prepare(
    `SELECT doc FROM verdict_page WHERE first >= coalesce((SELECT max(first) FROM verdict_page WHERE first <= ?1), 0)
    AND first <= ?2 AND last >= ?1 ORDER BY first`,
  );
  const rows = db.prepare('SELECT doc FROM verdict WHERE seq BETWEEN ? AND ? ORDER BY seq, n');
  const newestPages = db.prepare('SELECT doc FROM verdict_page WHERE first < ? ORDER BY first DESC');
  const newestRows = db.prepare('SELECT DISTINCT seq FROM verdict WHERE seq < ? ORDER BY seq DESC LIMIT ?');
  const tellers = db.prepare('SELECT seq FROM verdict_event WHERE event = ?');

  /** Every verdict of a range, in order of record and number. */
  function all(from: number, to: number): VerdictRow[] {
    const first = pages.all(from, to).flatMap(({ doc }) => inRange(parse(doc), from, to));
    const later = rows.all(from, to).map(({ doc }) => JSON.parse(String(doc)) as VerdictRow);
    if (later.length === 0) return first;
    const byKey = new Map([...first, ...later].map((row) => [`${row.seq} ${row.n}`, row]));
    return [...byKey.values()].sort((a, b) => a.seq - b.seq || a.n - b.n);
  }

  function current(from: number, to: number): VerdictRow[] {
    return latest(all(from, to));
  }

  return {
    current,
    newest(before, limit) {
      const seqs = new Set(newestRows.all(before, limit).map(({ seq }) => Number(seq)));
      for (const { doc } of newestPages.iterate(before)) {
        const paged = inRange(parse(doc), 0, before - 1);
        for (const { seq } of paged.slice(-limit)) seqs.add(seq);
        if (seqs.size >= 2 * limit || paged.length >= limit) break;
      }
      const wanted = [...seqs].sort((a, b) => b - a).slice(0, limit);
      const [to = 0, from = to] = [wanted[0], wanted.at(-1)];
      return current(from, to).reverse();
    },
    history(records, events) {
      const seqs = new Set([...records, ...events, ...events.flatMap((event) => tellers.all(event).map(seqOf))]);
      return [...seqs].sort((a, b) => a - b).flatMap((seq) => all(seq, seq));
    },
  };
}

function latest(rows: readonly VerdictRow[]): VerdictRow[] {
  return rows.filter((row, at) => rows[at + 1]?.seq !== row.seq);
}

function inRange(rows: VerdictRow[], from: number, to: number): VerdictRow[] {
  return rows.filter(({ seq }) => seq >= from && seq <= to);
}

function seqOf(row: Record<string, unknown>): number {
  return Number(row['seq']);
}

function parse(doc: unknown): VerdictRow[] {
  return JSON.parse(String(doc)) as VerdictRow[];
}
