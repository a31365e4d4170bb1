import type { Ledger, LedgerReader } from '../ledger.ts';
import { bookReads } from './book-reads.ts';
import { changeReads } from './changes.ts';
import { deliveryReads } from './delivery-minutes.ts';
import { findReads } from './find-reads.ts';
import { keyReads } from './key-reads.ts';
import { ledgerFile } from './ledger-file.ts';
import { ledgerForgetter } from './ledger-forget.ts';
import { committer } from './ledger-writes.ts';
import { letterReads } from './letter-rows.ts';
import { lineageReads } from './lineage-reads.ts';
import { listReads } from './list-reads.ts';
import { openLogCopier } from './log-copier.ts';
import { type Opened, openReader, openWriter } from './open.ts';
import { outboxReads } from './outbox-reads.ts';

// Copied early and often, little is left to copy when the log has to be started over.
const COPY_MEGABYTES = 8;

/** Opens the ledger in a folder as its only writer. It writes in the calling thread: admission has one of its own. */
export async function openLedger(folder: string): Promise<Ledger> {
  const opened = openWriter(folder, ledgerFile);
  const commit = committer(opened.db);
  const forget = ledgerForgetter(opened.db);
  const copier = openLogCopier(opened.db, COPY_MEGABYTES);
  const { close, ...all } = reads(opened);
  return {
    ...all,
    async commit(effects, offset) {
      commit(effects, offset);
      copier.look();
    },
    async forget(before) {
      const forgotten = forget(before);
      copier.look();
      return forgotten;
    },
    async close() {
      await copier.close();
      await close();
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
    ...changeReads(db),
    ...outboxReads(db),
    ...findReads(db),
    ...lineageReads(db),
    ...listReads(db),
    ...bookReads(db),
    ...deliveryReads(db),
    ...letterReads(db),
    async close() {
      if (db.isOpen) close();
    },
  };
}
