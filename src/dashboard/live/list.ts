import type { LiveRow } from '../../api/answers.ts';

/** More than this and the oldest leave the page. */
export const ROWS_MAX = 500;

/** The list of Live, newest first. While paused, what arrives waits in `fresh` and `rows` stands still. */
export interface LiveList {
  rows: readonly LiveRow[];
  fresh: readonly LiveRow[];
  /** how many records arrived since the pause, including those that `fresh` no longer holds */
  freshTotal: number;
  paused: boolean;
}

export const EMPTY_LIST: LiveList = { rows: [], fresh: [], freshTotal: 0, paused: false };

/** Takes records as the stream brings them; one that comes again replaces the earlier. */
export function take(list: LiveList, arrived: readonly LiveRow[]): LiveList {
  if (!list.paused) return { ...list, rows: merge(list.rows, arrived) };
  const shown = new Set(list.rows.map((row) => row.seq));
  const waiting = new Set(list.fresh.map((row) => row.seq));
  const fresh = arrived.filter((row) => !shown.has(row.seq));
  const added = new Set(fresh.filter((row) => !waiting.has(row.seq)).map((row) => row.seq)).size;
  return { ...list, fresh: merge(list.fresh, fresh), freshTotal: list.freshTotal + added };
}

export function pause(list: LiveList): LiveList {
  return { ...list, paused: true };
}

export function resume(list: LiveList): LiveList {
  return { rows: merge(list.rows, list.fresh), fresh: [], freshTotal: 0, paused: false };
}

function merge(rows: readonly LiveRow[], arrived: readonly LiveRow[]): readonly LiveRow[] {
  if (arrived.length === 0) return rows;
  const bySeq = new Map(rows.map((row) => [row.seq, row]));
  for (const row of arrived) bySeq.set(row.seq, sameRow(bySeq.get(row.seq), row));
  return [...bySeq.values()].sort((a, b) => b.seq - a.seq).slice(0, ROWS_MAX);
}

// A reconnect brings the last 200 again: those that did not change keep their identity, and so are not drawn again.
function sameRow(known: LiveRow | undefined, row: LiveRow): LiveRow {
  return known && JSON.stringify(known) === JSON.stringify(row) ? known : row;
}
