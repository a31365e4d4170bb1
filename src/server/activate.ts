import { looksLikeContact } from '../contacts/scrub.ts';
import type { Journal } from '../store/journal.ts';
import type { LedgerReader } from '../store/ledger.ts';
import { type SpecFile, specRecord } from './specs.ts';

const COMMIT_MS_MAX = 60_000;
const REASON_CHARS_MAX = 200;

/** How to write a reason for an override right; undefined where it is, or where there is none. */
export function overrideFix(reason: string): string | undefined {
  return reason.length <= REASON_CHARS_MAX && !looksLikeContact(reason)
    ? undefined
    : `write a sentence of at most ${REASON_CHARS_MAX} characters, without an e-mail address or a phone number`;
}

/** The account of the machine that a process was started from, as far as its surroundings tell. */
export function accountOf(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const name = env['SUDO_USER'] || env['USER'] || env['LOGNAME'];
  return name !== undefined && /^[\w.-]{1,64}$/.test(name) ? name : undefined;
}

/**
 * A spec whose meaning is new becomes the next version; the same one again changes nothing. One that would change what
 * the active spec has frozen is refused: then the active one stays, and the answer says what was to change.
 */
export async function activate(
  file: SpecFile,
  around: {
    reader: Pick<LedgerReader, 'specs' | 'verdicts'>;
    journal: Pick<Journal, 'append'>;
    /** resolves when verdicts up to `seq` are committed, or after `waitMs` */
    committed(seq: number, waitMs: number): Promise<void>;
    now(): number;
    /** why frozen parts may change */
    override?: string | undefined;
    /** whose word that is */
    by?: string | undefined;
  },
): Promise<string | undefined> {
  const active = (await around.reader.specs()).at(-1);
  if (active?.hash === file.spec.hash) return undefined;
  const seq = await around.journal.append([specRecord(file, around.now(), around.override, around.by)]);
  await around.committed(seq, COMMIT_MS_MAX);
  const [row] = await around.reader.verdicts(seq, seq);
  if (row?.verdict !== 'refused' || !active) return undefined;
  const problems = (row.problems ?? []).map(({ where, what, fix }) => `  ${where} ${what}: ${fix}`);
  return [`the tracking spec was not activated, and version ${active.version} stays active:`, ...problems].join('\n');
}
