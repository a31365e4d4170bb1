import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Journal } from '../../src/store/journal.ts';
import type { Ledger } from '../../src/store/ledger.ts';
import { memoryJournal } from '../../src/store/memory/journal.ts';
import { memoryLedger } from '../../src/store/memory/ledger.ts';
import { openJournal } from '../../src/store/sqlite/journal.ts';
import { openLedger } from '../../src/store/sqlite/ledger.ts';

/** The stores of a simulated machine, which outlive its processes. */
export interface Engine {
  readonly journal: Journal;
  readonly ledger: Ledger;
  /** The process that used them is gone: what it had not written down is lost. */
  crashed(): Promise<void>;
  close(): Promise<void>;
}

export function memoryEngine(): Engine {
  return { journal: memoryJournal(), ledger: memoryLedger(), async crashed() {}, async close() {} };
}

/** Linux’s folder in memory, where there is one: syncing hundreds of stores would take longer than all they do. */
const MEMORY = existsSync('/dev/shm') ? '/dev/shm' : undefined;

/** Files in a folder of their own. The first crash opens them anew; each time would take half of all the time there is. */
export async function diskEngine(): Promise<Engine> {
  const folder = mkdtempSync(join(MEMORY ?? tmpdir(), 'assay-prove-'));
  let journal = await openJournal(folder);
  let ledger = await openLedger(folder);
  let isReopened = false;
  const closeFiles = async (): Promise<void> => {
    await ledger.close();
    await journal.close();
  };
  return {
    get journal() {
      return journal;
    },
    get ledger() {
      return ledger;
    },
    async crashed() {
      if (isReopened) return;
      isReopened = true;
      await closeFiles();
      journal = await openJournal(folder);
      ledger = await openLedger(folder);
    },
    async close() {
      await closeFiles();
      rmSync(folder, { recursive: true });
    },
  };
}
