import { AssayError } from '../event/error.ts';
import type { JournalReader } from '../store/journal.ts';
import type { LedgerReader } from '../store/ledger.ts';
import type { Recalled } from './replay.ts';

/** Reads records that were decided before, with their current verdicts. What retention has removed is missing. */
export function recaller(
  journal: Pick<JournalReader, 'read' | 'first'>,
  ledger: Pick<LedgerReader, 'verdicts' | 'offset'>,
): (seqs: readonly number[]) => Promise<Map<number, Recalled>> {
  return async (seqs) => {
    const found = new Map<number, Recalled>();
    if (seqs.length === 0) return found;
    const [first, offset] = [await journal.first(), await ledger.offset()];
    // In order, because neighbours share a page of the journal.
    for (const seq of [...new Set(seqs)].sort((a, b) => a - b)) {
      if (seq < first || seq > offset) continue;
      const [record] = await journal.read(seq - 1, 1).catch(cut);
      const [verdict] = await ledger.verdicts(seq, seq);
      if (record) found.set(seq, { record, ...(verdict ? { verdict } : {}) });
    }
    return found;
  };
}

/** Retention may come in between. */
function cut(error: unknown): [] {
  if (error instanceof AssayError && error.code === 'journal_cut') return [];
  throw error;
}
