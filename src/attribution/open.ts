import { join } from 'node:path';
import { hasNewest } from '../store/care/carried.ts';
import {
  asideOf,
  dropAside,
  hasWarehouse,
  keepLost,
  removeFiles,
  removeWarehouse,
  setAside,
  WAREHOUSE_FOLDER,
} from '../store/duckdb/files.ts';
import { openReports } from '../store/duckdb/reports/reports.ts';
import { type ColumnWarehouse, openWarehouse } from '../store/duckdb/warehouse.ts';
import type { LedgerReader } from '../store/ledger.ts';
import { openLedgerReader } from '../store/sqlite/ledger.ts';
import { Attribution } from './attribution.ts';
import { openBefore } from './before.ts';
import { Book } from './book/book.ts';
import { follows } from './changes.ts';

/** A warehouse that is open, with what compares it. */
export type OpenAttribution = Attribution & { warehouse: ColumnWarehouse };

/**
 * Opens the warehouse of a store's folder beside its ledger, for one process alone. One that was not made from this ledger is
 * made anew, and what only that one knows is carried over. Nothing is read yet: see `catchUp`. With `into` the warehouse stands
 * in that folder instead, and comes after the one in `before`. `say` hears of what is lost.
 */
export async function openAttribution(
  folder: string,
  { into = folder, before, say, ...around }: OpenOptions,
): Promise<OpenAttribution> {
  const reader = await openLedgerReader(folder);
  const opened: { close(): Promise<void> }[] = [reader];
  try {
    const warehouse = await openFollowing(into, reader);
    opened.push(warehouse);
    const from = before ?? asideOf(into);
    const attribution = await Attribution.open({
      ...{ reader, warehouse, closes: true, ...around },
      reports: openReports(warehouse.connect),
      async close() {
        await warehouse.close();
        await reader.close();
      },
      openBook: (options) => Book.open(warehouse, { ...options, folder: join(into, WAREHOUSE_FOLDER, 'columns') }),
      before: async (lost) => (hasWarehouse(from) ? openBefore(from, reader, lost) : undefined),
      loaded(lost) {
        const kept = lost === undefined || before !== undefined ? '' : `; it stands in ${keepLost(into)}`;
        if (lost !== undefined) say?.(`${lost}${kept}`);
        dropAside(into);
      },
    });
    return Object.assign(attribution, { warehouse });
  } catch (error) {
    for (const one of opened.reverse()) await one.close();
    throw error;
  }
}

export interface OpenOptions {
  now(): number;
  looking?(rows: number): void;
  into?: string;
  /** a folder with a warehouse, as in a store's */
  before?: string;
  say?(line: string): void;
}

async function openFollowing(folder: string, reader: LedgerReader): Promise<ColumnWarehouse> {
  const warehouse = await openWarehouse(folder);
  const isStanding = (await warehouse.statements()).some(({ role }) => role === 'standing');
  const isNext = isStanding && (await follows(await warehouse.place(), reader));
  if (isNext && (await hasNewest(await warehouse.reader(), reader))) {
    dropAside(folder);
    return warehouse;
  }
  await warehouse.close();
  if (isStanding) setAside(folder);
  else removeFiles(folder);
  return openWarehouse(folder);
}

/** Takes away all that is derived from the ledger for attribution. The next one to open it reads everything. */
export function forgetWarehouse(folder: string): void {
  removeWarehouse(folder);
}
