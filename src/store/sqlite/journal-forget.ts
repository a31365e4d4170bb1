import type { DatabaseSync } from 'node:sqlite';
import type { Forgotten, Journal } from '../journal.ts';

// Appends wait for a step: a page is parsed for its time, and rewritten where its personal fields are emptied.
const STEP_BYTES = 1024 * 1024;
const STEP_PAGES = 200;

interface PageAge {
  last: number;
  count: number;
  bytes: number;
  hasPersonal: number;
  /** when its latest record was received, UTC ms */
  newest: number;
}

/** Prepares one step of the journal's retention, a transaction by itself. Pages are forgotten whole, in their order. */
export function journalForgetter(db: DatabaseSync): (...asked: Parameters<Journal['forget']>) => Forgotten {
  const progress = db.prepare('SELECT cut, faded FROM retention');
  const pages = db.prepare(
    `SELECT seq + count - 1 AS last, count, octet_length(records) AS bytes, personal IS NOT NULL AS hasPersonal,
    (SELECT max(value ->> 0) FROM json_each(records)) AS newest FROM page WHERE seq > ? ORDER BY seq`,
  );
  const fade = db.prepare('UPDATE page SET personal = NULL WHERE seq > ? AND seq <= ? AND personal IS NOT NULL');
  const faded = db.prepare('UPDATE retention SET faded = ?');
  const cut = db.prepare('UPDATE retention SET cut = ?1, faded = max(faded, ?1)');
  const remove = db.prepare('DELETE FROM page WHERE seq <= ?');

  return (what, before, upTo) => {
    const done = progress.get() as { cut: number; faded: number };
    const from = what === 'records' ? done.cut : Math.max(done.cut, done.faded);
    const { last, ...forgotten } = old(pages.iterate(from) as Iterable<PageAge>, what, before, upTo);
    if (last === undefined) return forgotten;
    db.exec('BEGIN IMMEDIATE');
    try {
      if (what === 'records') {
        cut.run(last);
        remove.run(last);
      } else {
        fade.run(from, last);
        faded.run(last);
      }
      db.exec('COMMIT');
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK');
      throw error;
    }
    return forgotten;
  };
}

/** The first pages that are old enough, as many as one step takes, and why it ends there. */
function old(
  pages: Iterable<PageAge>,
  what: 'personal' | 'records',
  before: number,
  upTo: number,
): Forgotten & { last?: number } {
  let [count, bytes, looked] = [0, 0, 0];
  let last: number | undefined;
  const ended = (next: Forgotten['next']) => ({ count, next, ...(last === undefined ? {} : { last }) });
  for (const page of pages) {
    if (page.newest >= before) return ended('nothing');
    if (page.last > upTo) return ended('beyond');
    last = page.last;
    looked++;
    if (what === 'records' || page.hasPersonal === 1) count += page.count;
    bytes += page.bytes;
    if (looked === STEP_PAGES || bytes >= STEP_BYTES) return ended('more');
  }
  return ended('nothing');
}
