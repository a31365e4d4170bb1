import type { JournalReader } from '../store/journal.ts';
import type { Ledger } from '../store/ledger.ts';
import { openAdmission } from './run.ts';

/** Derives a ledger from a journal by the code that lives through it, up to record `upTo`; `passed` hears each offset. */
export async function derive(
  journal: Pick<JournalReader, 'read' | 'first'>,
  ledger: Ledger,
  upTo: number,
  passed: (offset: number) => void,
): Promise<void> {
  const until: typeof journal = {
    first: () => journal.first(),
    read: async (after, limit) => (after < upTo ? journal.read(after, Math.min(limit, upTo - after)) : []),
  };
  const admission = await openAdmission(until, ledger);
  // All of the guard's past: where some is missing, more is asked of the ledger, which costs time.
  while (await admission.remember());
  await admission.catchUp(passed);
}
