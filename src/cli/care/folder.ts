import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AssayError } from '../../event/error.ts';
import { journalFile } from '../../store/sqlite/journal-file.ts';
import type { Io } from '../io.ts';

/** What every command that cares for a store may be told. */
export interface CareOptions {
  data?: string;
  json?: boolean;
}

/** The folder of the store that a command is about. */
export function dataFolder({ data }: CareOptions, io: Io): string {
  return data ?? io.env['ASSAY_DATA'] ?? '.assay';
}

function hasJournal(folder: string): boolean {
  return existsSync(join(folder, journalFile.name));
}

/** Errors that say no; all others say that something can't be read. */
const SAYS_NO = ['backup_exists', 'restore_refused', 'store_locked', 'store_in_use', 'journal_cut', 'rebuild_folder'];

/**
 * Runs a command's work on a store. An error of ours is an answer: 1 where it is no, 2 where what was named can't be
 * read. `done` is called in any case.
 */
export async function caring(
  options: CareOptions,
  io: Io,
  { needs, done = () => undefined }: { needs: string | undefined; done?: () => void },
  work: () => Promise<0 | 1>,
): Promise<0 | 1 | 2> {
  try {
    if (needs !== undefined && !hasJournal(needs))
      return said(options, io, 2, `There is no store in ${needs}. Name its folder with --data or ASSAY_DATA.`);
    return await work();
  } catch (error) {
    done();
    if (!(error instanceof AssayError)) throw error;
    return said(options, io, SAYS_NO.includes(error.code) ? 1 : 2, `${sentence(error.message)}`, error.code);
  }
}

function said({ json }: CareOptions, io: Io, code: 1 | 2, says: string, error = 'no_store'): 1 | 2 {
  if (json) io.stdout(`${JSON.stringify({ ok: false, code: error, says })}\n`);
  else io.stderr(`${says}\n`);
  return code;
}

function sentence(message: string): string {
  return `${message.charAt(0).toUpperCase()}${message.slice(1)}${/[.)!?]$/.test(message) ? '' : '.'}`;
}
