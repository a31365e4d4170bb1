import type { Ledger, LedgerReader } from '../ledger.ts';
import { checkpoints } from './checkpoint.ts';
import { findReads } from './find-reads.ts';
import { keyReads } from './key-reads.ts';
import { ledgerFile } from './ledger-file.ts';
import { committer } from './ledger-writes.ts';
import { lineageReads } from './lineage-reads.ts';
import { listReads } from './list-reads.ts';
import { type Opened, openReader, openWriter } from './open.ts';
import { outboxReads } from './outbox-reads.ts';

// Random ids dirty the same pages again and again: copying them less often writes them less often.
const CHECKPOINT_MEGABYTES = 32;

/** Opens the ledger in a folder as its only writer. It writes in the calling thread: admission has one of its own. */
export async function openLedger(folder: string): Promise<Ledger> {
  const opened = openWriter(folder, ledgerFile);
  const commit = committer(opened.db);
  const checkpoint = checkpoints(opened.db, CHECKPOINT_MEGABYTES);
  return {
    ...reads(opened),
    async commit(effects, offset) {
      commit(effects, offset);
      checkpoint();
    },
  };
}

/** Opens the ledger for reading, from any thread; it sees each commit once it is done. */
export async function openLedgerReader(folder: string): Promise<LedgerReader> {
  return reads(openReader(folder, ledgerFile));
}

function reads({ db, close }: Opened): LedgerReader {
  return {
    ...keyReads(db),
    ...outboxReads(db),
    ...findReads(db),
    ...lineageReads(db),
    ...listReads(db),
    async close() {
      if (db.isOpen) close();
    },
  };
}
