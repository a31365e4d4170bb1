import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { AssayError } from '../../event/error.ts';
import { BUSY_MS } from './open.ts';

/** The first record that the journal of a folder still has; undefined when there is none. */
function journalBegin(folder: string): number | undefined {
  const path = join(folder, 'journal.db');
  if (!existsSync(path)) return undefined;
  const db = new DatabaseSync(path, { readOnly: true, timeout: BUSY_MS });
  try {
    // The first version kept a record in a row.
    const [table] = db.prepare("SELECT name FROM sqlite_schema WHERE name IN ('page', 'record')").all();
    if (!table) return undefined;
    const first = db.prepare(`SELECT min(seq) AS first FROM ${String(table['name'])}`).get()?.['first'];
    return typeof first === 'number' ? first : undefined;
  } finally {
    db.close();
  }
}

/** A ledger can be derived from nothing only while the journal has all its records. */
export function needWholeJournal(ledger: DatabaseSync, folder: string): void {
  const begin = journalBegin(folder);
  if (begin === 1 || ledger.prepare('SELECT "offset" FROM progress').get()?.['offset'] === 0) return;
  const has = begin === undefined ? 'has no records' : `begins at record ${begin}`;
  throw new AssayError(
    'journal_cut',
    `the ledger of ${folder} would have to be derived from the first record on, and its journal ${has}. Bring the journal back, or the whole store from a backup: assay restore`,
  );
}
