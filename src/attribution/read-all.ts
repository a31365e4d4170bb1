import type { LedgerReader } from '../store/ledger.ts';
import { allKeys } from './changes.ts';
import { type Around, type Gathered, gather } from './facts/gather.ts';

export interface ReadAllParts extends Pick<Around, 'warehouse'> {
  reader: Around['reader'] & Pick<LedgerReader, 'keysFrom'>;
  /** Rows that were read, while everything is read anew. */
  looking?(rows: number): void;
}

/** Derives the facts of all rows of the ledger, and has them written a page at a time. */
export async function readAll(
  { reader, warehouse, looking }: ReadAllParts,
  by: Omit<Around, 'reader' | 'warehouse'>,
  write: (gathered: Gathered) => Promise<void>,
): Promise<void> {
  let rows = 0;
  for await (const keys of allKeys(reader)) {
    await write(await gather(keys, { reader, warehouse, ...by }));
    rows += Object.values(keys).reduce((sum, some) => sum + some.length, 0);
    looking?.(rows);
  }
}
