import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AssayError } from '../../event/error.ts';
import { journalFile } from '../sqlite/journal-file.ts';
import { ledgerFile } from '../sqlite/ledger-file.ts';
import { openReader, openWriter, type StoreFile } from '../sqlite/open.ts';

/** What follows from the journal and could be derived again: each file by itself, beside the others. */
export const DERIVED_FILES: readonly StoreFile[] = [ledgerFile];

/** All files of a store, in the order in which a copy of it has to be made: what is derived never is ahead of the journal. */
export const STORE_FILES: readonly StoreFile[] = [...DERIVED_FILES, journalFile];

/** Brings a store's files to the shape of this program before they are opened; `say` is told what was done. */
export function upgradeStore(folder: string, say: (line: string) => void): void {
  // The journal first: what is derived again is derived from it.
  for (const file of [...STORE_FILES].reverse()) if (isOlder(folder, file)) openWriter(folder, file, say).close();
}

function isOlder(folder: string, file: StoreFile): boolean {
  if (!existsSync(join(folder, file.name))) return false;
  try {
    openReader(folder, file).close();
    return false;
  } catch (error) {
    const code = error instanceof AssayError ? error.code : '';
    if (code === 'store_newer') throw error;
    // What can't be read says so where it is opened.
    return code === 'store_older';
  }
}

/**
 * What retention empties in the ledger in time, as `table.column`, and fields of a document as `table.column.field`. All
 * else it keeps for ever. Of `touch_id` the rows of an emptied click id go.
 */
export const RETENTION_EMPTIES = [
  'event.personal',
  'order.personal',
  'lead.personal',
  'touch.personal',
  'touch.doc.target',
  'touch_id.id',
] as const;
