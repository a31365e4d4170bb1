import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** A folder of its own in the store's, which nobody else may look into: the engine makes files beside its file. */
export const WAREHOUSE_FOLDER = 'warehouse';
export const WAREHOUSE_FILE = 'warehouse.duckdb';

/** The file's log first: without it the file is as it was some commits ago, and a log without its file is another file's. */
const FILES = [`${WAREHOUSE_FILE}.wal`, WAREHOUSE_FILE] as const;

/** Where the warehouse of before waits, as in a store's folder, until the new one has what only that one knows. */
export function asideOf(folder: string): string {
  return join(folder, WAREHOUSE_FOLDER, 'before');
}

export function hasWarehouse(folder: string): boolean {
  return existsSync(join(folder, WAREHOUSE_FOLDER, WAREHOUSE_FILE));
}

/** Takes a folder's warehouse away; it is made anew from the ledger. */
export function removeWarehouse(folder: string): void {
  rmSync(join(folder, WAREHOUSE_FOLDER), { recursive: true, force: true });
}

/**
 * Makes room for a new warehouse. What stands there waits beside it; where one waits already, what stands there was never
 * read to its end, and goes. Nobody may have it open.
 */
export function setAside(folder: string): void {
  const own = join(folder, WAREHOUSE_FOLDER);
  const aside = asideOf(folder);
  rmSync(join(own, 'aside'), { recursive: true, force: true });
  if (hasWarehouse(aside) || !hasWarehouse(folder)) {
    removeFiles(folder);
    return;
  }
  // It gets its name when all of it is there.
  const partial = join(own, 'aside');
  mkdirSync(join(partial, WAREHOUSE_FOLDER), { recursive: true, mode: 0o700 });
  for (const name of FILES)
    if (existsSync(join(own, name))) renameSync(join(own, name), join(partial, WAREHOUSE_FOLDER, name));
  rmSync(aside, { recursive: true, force: true });
  renameSync(partial, aside);
  removeFiles(folder);
}

/** Takes away a warehouse that was never read to its end; what waits beside it stays. */
export function removeFiles(folder: string): void {
  const own = join(folder, WAREHOUSE_FOLDER);
  for (const name of [...FILES, 'columns', 'tmp']) rmSync(join(own, name), { recursive: true, force: true });
}

/** The new one has all that it can have of the one that waited. */
export function dropAside(folder: string): void {
  rmSync(asideOf(folder), { recursive: true, force: true });
}

/** Puts the warehouse of another folder, which nobody has open, in the place of a folder's own; a crash leaves either. */
export function takeIn(from: string, folder: string): void {
  setAside(folder);
  const [there, own] = [join(from, WAREHOUSE_FOLDER), join(folder, WAREHOUSE_FOLDER)];
  mkdirSync(own, { recursive: true, mode: 0o700 });
  for (const name of ['columns', ...FILES])
    if (existsSync(join(there, name))) renameSync(join(there, name), join(own, name));
  dropAside(folder);
}

/** What could not be read may still be worth something to somebody: the last such one is kept. */
export function keepLost(folder: string): string {
  const lost = join(folder, 'warehouse-lost');
  rmSync(lost, { recursive: true, force: true });
  renameSync(asideOf(folder), lost);
  return lost;
}
