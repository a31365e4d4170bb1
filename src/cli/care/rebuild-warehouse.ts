import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { forgetWarehouse, type OpenAttribution, type OpenOptions, openAttribution } from '../../attribution/open.ts';
import { AssayError } from '../../event/error.ts';
import type { Unlike } from '../../store/care/compare.ts';
import { compareWarehouses } from '../../store/care/compare-warehouses.ts';
import { hasWarehouse, setAside, takeIn, WAREHOUSE_FOLDER } from '../../store/duckdb/files.ts';
import type { Io } from '../io.ts';
import { tellCompared } from './compared.ts';
import type { CareOptions } from './folder.ts';
import { number } from './looking.ts';

export interface RebuiltWarehouse {
  /** the record up to which it was made */
  offset: number;
  /** undefined where there was none that could be compared */
  unlike: Unlike[] | undefined;
  swapped: boolean;
}

export interface WarehouseWork {
  /** another folder to leave it in; none: it takes the place of the old one */
  into: string | undefined;
  check: boolean;
  unlikeMax: number;
  now(): number;
  looking(what: string, rows?: number): void;
  /** hears of what is lost */
  say(line: string): void;
}

type Making = Pick<WarehouseWork, 'now' | 'looking' | 'say'>;

/**
 * Makes the warehouse anew from the ledger beside the old one, which is brought up to the ledger first, and compares the two.
 * What only the old one knows is carried over. Nobody else may have either open.
 */
export async function rebuildWarehouse(folder: string, work: WarehouseWork): Promise<RebuiltWarehouse> {
  const beside = work.into ?? join(folder, 'rebuild-warehouse');
  emptied(beside, work.into !== undefined);
  const isThere = hasWarehouse(folder);
  if (isThere) await caughtUp(folder, work);
  const fresh = await openAttribution(folder, { ...opening(work), into: beside, ...(isThere && { before: folder }) });
  try {
    await fresh.catchUp();
    const { offset } = fresh.tail.place;
    const unlike = isThere ? await compared(folder, fresh, work) : undefined;
    await fresh.close();
    const swapped = !work.check && work.into === undefined;
    if (swapped) takeIn(beside, folder);
    return { offset, unlike, swapped };
  } finally {
    await fresh.close();
    if (work.into === undefined) rmSync(beside, { recursive: true, force: true });
  }
}

/** Makes the warehouse of a folder anew in its place, because its ledger was. */
export async function remakeWarehouse(folder: string, work: Making): Promise<void> {
  if (!existsSync(join(folder, WAREHOUSE_FOLDER))) return;
  setAside(folder);
  await caughtUp(folder, work);
}

async function caughtUp(folder: string, work: Making): Promise<void> {
  const attribution = await openAttribution(folder, opening(work));
  try {
    await attribution.catchUp();
  } finally {
    await attribution.close();
  }
}

function opening({ now, looking, say }: Making): OpenOptions {
  return { now, say, looking: (rows) => looking('the warehouse, rows', rows) };
}

async function compared(folder: string, fresh: OpenAttribution, work: WarehouseWork): Promise<Unlike[]> {
  const old = await openAttribution(folder, opening(work));
  try {
    await old.catchUp();
    work.looking('comparing');
    const found: Unlike[] = [];
    for await (const unlike of compareWarehouses(old.warehouse, fresh.warehouse, { past: true }))
      if (found.push(unlike) >= work.unlikeMax) break;
    return found;
  } finally {
    await old.close();
  }
}

/** A folder of our own is emptied; of one that was named only what an earlier rebuild left there. */
function emptied(folder: string, isNamed: boolean): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const foreign = readdirSync(folder).find((name) => name !== WAREHOUSE_FOLDER);
  if (isNamed && foreign !== undefined)
    throw new AssayError(
      'rebuild_folder',
      `${folder} has ${foreign}, which is no warehouse: name an empty folder, or none`,
    );
  forgetWarehouse(folder);
}

export function tellWarehouse(
  { offset, unlike, swapped }: RebuiltWarehouse,
  options: CareOptions & { into?: string; check?: boolean },
  io: Io,
  unlikeMax: number,
): void {
  if (options.json) {
    io.stdout(
      `${JSON.stringify({ ok: !options.check || !unlike?.length, warehouse: true, offset, swapped, unlike: unlike ?? null })}\n`,
    );
    return;
  }
  const end = tellCompared(
    { unlike, uncompared: 'There was none before.', unlikeMax, swapped, into: options.into },
    io,
  );
  io.stdout(`The warehouse was made from the ledger up to record ${number(offset)}. ${end}\n`);
}
