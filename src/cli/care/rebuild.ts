import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { derive } from '../../admission/derive.ts';
import { AssayError } from '../../event/error.ts';
import type { Unlike } from '../../store/care/compare.ts';
import { copyFile } from '../../store/care/copy.ts';
import { compare, ledgerOffset, type Rebuilt, rebuild } from '../../store/care/rebuild.ts';
import { DERIVED_FILES, upgradeStore } from '../../store/care/stores.ts';
import { holding, swap } from '../../store/care/swap.ts';
import { ledgerFile } from '../../store/sqlite/ledger-file.ts';
import type { Io } from '../io.ts';
import { tellCompared } from './compared.ts';
import { type CareOptions, caring, dataFolder } from './folder.ts';
import { number, openLooking } from './looking.ts';
import { rebuildWarehouse, remakeWarehouse, tellWarehouse } from './rebuild-warehouse.ts';

interface RebuildOptions extends CareOptions {
  into?: string;
  check?: boolean;
  warehouse?: boolean;
}

interface Outcome extends Rebuilt {
  /** undefined where the ledger that was there can't be read */
  unlike: Unlike[] | undefined;
  swapped: boolean;
}

const UNLIKE_MAX = 20;

/**
 * `assay rebuild`: derives the ledger anew beside the old one, compares the two and puts the new one in its place, and makes
 * the warehouse anew; with --warehouse only that. 0 when it is done; with --check nothing is put anywhere, and it is 1 when
 * the two differ. 2: there is no store.
 */
export async function rebuildCommand(options: RebuildOptions, io: Io): Promise<0 | 1 | 2> {
  const folder = dataFolder(options, io);
  const { looking, done } = openLooking('Rebuilding:', options.json, io);
  const rows = (what: string, passed?: number): void =>
    looking(passed === undefined ? what : `${what} ${number(passed)}`);
  const say = (line: string): void => {
    done();
    io.stderr(`${line}\n`);
  };
  if (options.warehouse)
    return caring(options, io, { needs: folder, done }, async () => {
      const { into, check = false } = options;
      const work = { into, check, unlikeMax: UNLIKE_MAX, now: io.now, looking: rows, say };
      const outcome = await alone(folder, io, () => rebuildWarehouse(folder, work));
      done();
      tellWarehouse(outcome, options, io, UNLIKE_MAX);
      return check && outcome.unlike?.length !== 0 ? 1 : 0;
    });
  return caring(options, io, { needs: folder, done }, async () => {
    const into = options.into ?? join(folder, 'rebuild');
    const stays = options.check === true || options.into !== undefined;
    const passed = (so: { done: number; of: number }): void => looking('records', so);
    const compared = (was: string | undefined): Unlike[] | undefined =>
      was === undefined ? undefined : compare(was, into, UNLIKE_MAX, (table) => looking(`comparing ${table}`));
    const work = async (): Promise<Outcome> => {
      // A server may run on: what it has by now is copied, and compared with.
      const was = stays ? await copied(folder, `${into}-was`) : folder;
      try {
        const before = was === undefined ? undefined : ledgerOffset(was);
        const rebuilt = await rebuild(folder, into, { derive, upTo: before, passed });
        const unlike = before === undefined ? undefined : compared(was);
        if (!stays) {
          swap(join(into, ledgerFile.name), join(folder, ledgerFile.name));
          await remakeWarehouse(folder, { now: io.now, looking: rows, say });
        }
        return { ...rebuilt, unlike, swapped: !stays };
      } finally {
        if (stays) rmSync(`${into}-was`, { recursive: true, force: true });
        if (options.into === undefined) rmSync(into, { recursive: true, force: true });
      }
    };
    const outcome = stays ? await work() : await alone(folder, io, work);
    done();
    tell(outcome, options, io);
    return options.check && outcome.unlike?.length !== 0 ? 1 : 0;
  });
}

/** Nobody else may write what is derived meanwhile. */
async function alone<T>(folder: string, io: Io, work: () => Promise<T>): Promise<T> {
  if (existsSync(join(folder, ledgerFile.name)))
    try {
      upgradeStore(folder, (line) => io.stderr(`${line}\n`));
    } catch (error) {
      // A ledger that is broken is what this is for.
      if (!(error instanceof AssayError) || error.code !== 'store_unreadable') throw error;
    }
  return holding(folder, DERIVED_FILES, work);
}

/** The ledger as it is at this moment, in a folder of its own; undefined where there is none that can be read. */
async function copied(folder: string, to: string): Promise<string | undefined> {
  if (ledgerOffset(folder) === undefined) return undefined;
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true, mode: 0o700 });
  await copyFile(folder, ledgerFile, to, () => undefined);
  return to;
}

function tell({ from, offset, unlike, swapped }: Outcome, options: RebuildOptions, io: Io): void {
  if (options.json) {
    io.stdout(
      `${JSON.stringify({ ok: !options.check || unlike?.length === 0, from, offset, swapped, unlike: unlike ?? null })}\n`,
    );
    return;
  }
  const records = `${number(offset - from)} records${from === 0 ? '' : ` after the snapshot at record ${number(from)}`}`;
  const uncompared = 'The ledger that was there can’t be read, so nothing was compared.';
  const end = tellCompared({ unlike, uncompared, unlikeMax: UNLIKE_MAX, swapped, into: options.into }, io);
  io.stdout(`Derived from ${records}. ${end}\n`);
}
