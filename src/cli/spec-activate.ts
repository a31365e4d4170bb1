import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openAdmission } from '../admission/run.ts';
import { AssayError } from '../event/error.ts';
import { accountOf, activate, overrideFix } from '../server/activate.ts';
import { readSpecFile, type SpecFile } from '../server/specs.ts';
import { openJournal } from '../store/sqlite/journal.ts';
import { openLedger } from '../store/sqlite/ledger.ts';
import type { Io } from './io.ts';

export interface SpecActivateOptions {
  file?: string;
  data?: string;
  override?: string;
  json?: boolean;
}

/**
 * `assay spec activate`, while no server runs on the store: 0 when the file's spec is the active one now, 1 when it is
 * invalid or changes what is frozen, 2 when the file or the store can't be read.
 */
export async function specActivate(options: SpecActivateOptions, io: Io): Promise<0 | 1 | 2> {
  const { file = 'tracking.yaml', json = false } = options;
  const data = options.data ?? io.env['ASSAY_DATA'] ?? '.assay';
  const fail = (code: 1 | 2, says: string): 1 | 2 => {
    if (json) io.stdout(`${JSON.stringify({ ok: false, says }, null, 2)}\n`);
    else io.stderr(`${says}\n`);
    return code;
  };
  const fix = options.override === undefined ? undefined : overrideFix(options.override);
  if (fix !== undefined || options.override?.trim() === '')
    return fail(2, `--override can’t be used: ${fix ?? 'write why'}.`);
  if (!existsSync(file)) return fail(2, `${file} can’t be read. Check the name and the folder.`);
  if (!existsSync(join(data, 'journal.db')))
    return fail(2, `There is no store in ${data}. Name its folder with --data or ASSAY_DATA.`);
  let read: SpecFile;
  try {
    read = readSpecFile(file);
  } catch (error) {
    if (error instanceof AssayError && error.code === 'spec_invalid') return fail(1, error.message);
    throw error;
  }
  const { version, refusal } = await told(read, data, { override: options.override, by: accountOf(io.env) }, io.now);
  if (refusal !== undefined) return fail(1, `${capital(refusal)}\nTo change it all the same, say why with --override.`);
  if (json) io.stdout(`${JSON.stringify({ ok: true, version, hash: read.spec.hash }, null, 2)}\n`);
  else io.stdout(`Version ${version} of the tracking spec is active: spec ${read.spec.hash.slice(0, 8)}.\n`);
  return 0;
}

/** Admission in this process: the same record as at the server's start, decided by the same code. */
async function told(
  file: SpecFile,
  data: string,
  word: { override: string | undefined; by: string | undefined },
  now: () => number,
): Promise<{ version: number; refusal: string | undefined }> {
  const journal = await openJournal(data);
  try {
    const ledger = await openLedger(data);
    try {
      const admission = await openAdmission(journal, ledger);
      await admission.catchUp();
      const committed = async (): Promise<void> => void (await admission.catchUp());
      const refusal = await activate(file, { reader: ledger, journal, committed, now, ...word });
      return { version: admission.state.spec.version, refusal };
    } finally {
      await ledger.close();
    }
  } finally {
    await journal.close();
  }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
