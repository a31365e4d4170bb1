import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { AssayError } from '../../event/error.ts';
import { journalFile } from '../sqlite/journal-file.ts';
import { ledgerFile } from '../sqlite/ledger-file.ts';
import { openReader, type StoreFile } from '../sqlite/open.ts';
import { snapshot } from '../sqlite/snapshot.ts';
import { FAULTS_MAX, type Fault, type Passed } from './fault.ts';
import { checkPages, type JournalState } from './journal-pages.ts';
import { LEDGER_CHECKS } from './ledger-checks.ts';

export interface Verified {
  faults: Fault[];
  /** there were more than these */
  cut: boolean;
  journal: JournalState;
  /** the last record whose verdict the ledger has; undefined without a ledger that can be read */
  offset: number | undefined;
}

/** Work that is under way: what is looked at, and how far it has come where that can be told. */
export type Looking = (what: string, passed?: Passed) => void;

/** Reads a store whole, also while a server writes it, and lists what is wrong. Nothing is changed. */
export function verify(folder: string, looking: Looking): Verified {
  const faults: Fault[] = [];
  let cut = false;
  const note = (fault: Fault): boolean => {
    cut = faults.length >= FAULTS_MAX;
    if (!cut) faults.push(fault);
    return !cut;
  };
  // The ledger first: what it has decided by now, the journal has had before.
  const offset = existsSync(join(folder, ledgerFile.name)) ? verifyLedger(folder, note, looking) : undefined;
  const journal = verifyJournal(folder, note, looking);
  if (offset !== undefined && offset > journal.last)
    note({
      file: journalFile.name,
      records: [journal.last + 1, offset],
      what: 'missing at its end: the ledger has verdicts on them',
    });
  if (offset !== undefined && journal.first > offset + 1)
    note({
      file: journalFile.name,
      records: [offset + 1, journal.first - 1],
      what: 'removed before they were decided',
    });
  return { faults, cut, journal, offset };
}

function verifyJournal(folder: string, note: (fault: Fault) => boolean, looking: Looking): JournalState {
  const nothing: JournalState = { first: 1, last: 0 };
  const state = reading(folder, journalFile, note, (db) => {
    const pages = checkPages(db, (passed) => looking('records of the journal', passed));
    for (let next = pages.next(); ; next = pages.next()) {
      if (next.done) return next.value;
      note(next.value);
    }
  });
  return state ?? nothing;
}

function verifyLedger(folder: string, note: (fault: Fault) => boolean, looking: Looking): number | undefined {
  const { name: file } = ledgerFile;
  return reading(folder, ledgerFile, note, (db) =>
    snapshot(db, () => {
      for (const { name, find } of LEDGER_CHECKS) {
        looking(name);
        attempt(file, note, () => {
          for (const what of find(db)) if (!note({ file, what })) break;
        });
      }
      return attempt(file, note, () => Number(db.prepare('SELECT "offset" FROM progress').get()?.['offset']));
    }),
  );
}

/** Opens a file for reading; what is so broken that it can't be opened or read on is a fault as well. */
function reading<T>(
  folder: string,
  file: StoreFile,
  note: (fault: Fault) => boolean,
  read: (db: DatabaseSync) => T,
): T | undefined {
  return attempt(file.name, note, () => {
    const { db, close } = openReader(folder, file);
    try {
      return read(db);
    } finally {
      close();
    }
  });
}

function attempt<T>(file: string, note: (fault: Fault) => boolean, run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    // A store of another version is no broken one.
    if (error instanceof AssayError && error.code !== 'store_unreadable') throw error;
    note({ file, what: `it cannot be read: ${error instanceof Error ? error.message : String(error)}` });
    return undefined;
  }
}
