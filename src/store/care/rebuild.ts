import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { AssayError } from '../../event/error.ts';
import type { JournalReader } from '../journal.ts';
import type { Ledger } from '../ledger.ts';
import { journalFile } from '../sqlite/journal-file.ts';
import { openJournalReader } from '../sqlite/journal-reader.ts';
import { openLedger } from '../sqlite/ledger.ts';
import { ledgerFile } from '../sqlite/ledger-file.ts';
import { ledgerSnapshots } from '../sqlite/ledger-snapshots.ts';
import { openReader } from '../sqlite/open.ts';
import { upgradeCopy } from '../sqlite/upgrade.ts';
import { compareLedgers, type Unlike } from './compare.ts';
import type { Passed } from './fault.ts';

/** How a ledger is derived from a journal: admission's code, which this room does not know. */
export type Derive = (
  journal: Pick<JournalReader, 'read' | 'first'>,
  ledger: Ledger,
  upTo: number,
  passed: (offset: number) => void,
) => Promise<void>;

export interface Rebuilt {
  /** the record after which the derivation began: 0, or a snapshot's offset */
  from: number;
  offset: number;
}

/**
 * Derives the ledger of `folder` anew, into an empty folder: from the first record on, or from the last snapshot where
 * retention has removed records or emptied their personal fields since.
 */
export async function rebuild(
  folder: string,
  into: string,
  { derive, upTo, passed }: { derive: Derive; upTo: number | undefined; passed: (so: Passed) => void },
): Promise<Rebuilt> {
  mkdirSync(into, { recursive: true, mode: 0o700 });
  clear(into);
  const journal = await openJournalReader(folder);
  try {
    const end = upTo ?? (await journal.last());
    const from = await begin(folder, into, await journal.first(), end);
    const ledger = await openLedger(into);
    try {
      await derive(journal, ledger, end, (offset) => passed({ done: offset - from, of: end - from }));
      return { from, offset: await ledger.offset() };
    } finally {
      await ledger.close();
    }
  } finally {
    await journal.close();
  }
}

/** Where the derivation begins; a snapshot that it begins with is put into the folder. */
async function begin(folder: string, into: string, first: number, end: number): Promise<number> {
  const faded = fadedUpTo(folder);
  if (faded === 0 && first === 1) return 0;
  const snapshot = ledgerSnapshots(folder).find(({ offset }) => offset >= Math.max(first - 1, faded) && offset <= end);
  if (snapshot) {
    const copy = join(into, ledgerFile.name);
    copyFileSync(snapshot.path, copy);
    upgradeCopy(copy, ledgerFile);
    return snapshot.offset;
  }
  if (first === 1) return 0;
  throw new AssayError(
    'journal_cut',
    `the journal begins at record ${first}, and no snapshot of the ledger in ${folder} holds what came before. Restore a backup that has it: assay restore`,
  );
}

/** Up to this record retention has emptied the personal fields. */
function fadedUpTo(folder: string): number {
  const { db, close } = openReader(folder, journalFile);
  try {
    return Number(db.prepare('SELECT faded FROM retention').get()?.['faded'] ?? 0);
  } finally {
    close();
  }
}

/** Takes away what an earlier rebuild left there, and nothing else. */
function clear(into: string): void {
  const names = readdirSync(into);
  const foreign = names.find((name) => !name.startsWith(ledgerFile.name));
  if (foreign !== undefined)
    throw new AssayError('rebuild_folder', `${into} has ${foreign}, which is no ledger: name an empty folder, or none`);
  for (const name of names) rmSync(join(into, name), { recursive: true });
}

/** Compares the ledgers of two folders; at most `most` differences. */
export function compare(is: string, would: string, most: number, looking: (table: string) => void): Unlike[] {
  const [one, other] = [openReader(is, ledgerFile), openReader(would, ledgerFile)];
  const found: Unlike[] = [];
  try {
    for (const unlike of compareLedgers(one.db, other.db, looking)) if (found.push(unlike) >= most) break;
    return found;
  } finally {
    one.close();
    other.close();
  }
}

/** The last record that a folder's ledger has decided; undefined where it has none that can be read. */
export function ledgerOffset(folder: string): number | undefined {
  if (!existsSync(join(folder, ledgerFile.name))) return undefined;
  try {
    const { db, close } = openReader(folder, ledgerFile);
    try {
      return Number(db.prepare('SELECT "offset" FROM progress').get()?.['offset']);
    } finally {
      close();
    }
  } catch {
    return undefined;
  }
}
