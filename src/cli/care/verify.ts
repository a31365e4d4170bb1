import { FAULTS_MAX, type Fault, faultText } from '../../store/care/fault.ts';
import { verify } from '../../store/care/verify.ts';
import { verifyWarehouse, type WarehouseLook } from '../../store/care/verify-warehouse.ts';
import { WAREHOUSE_FOLDER } from '../../store/duckdb/files.ts';
import type { Io } from '../io.ts';
import { type CareOptions, caring, dataFolder } from './folder.ts';
import { number, openLooking } from './looking.ts';

/** `assay verify`, also beside a running server: 0 when all of a store is sound, 1 when not, 2 when there is none. */
export async function verifyCommand(options: CareOptions, io: Io): Promise<0 | 1 | 2> {
  const folder = dataFolder(options, io);
  const { looking, done } = openLooking('Checking', options.json, io);
  return caring(options, io, { needs: folder, done }, async () => {
    const verified = verify(folder, looking);
    const { faults, journal, offset } = verified;
    const note = (fault: Fault): boolean => faults.length < FAULTS_MAX && faults.push(fault) > 0;
    const warehouse = await verifyWarehouse(folder, note, looking);
    const cut = verified.cut || faults.length === FAULTS_MAX;
    done();
    if (options.json)
      io.stdout(
        `${JSON.stringify({ ok: faults.length === 0, folder, journal, offset: offset ?? null, warehouse, faults, cut })}\n`,
      );
    else if (faults.length === 0)
      io.stdout(
        `${folder} is sound: records ${number(journal.first)} to ${number(journal.last)}, each with its checksum; ${
          offset === undefined ? 'there is no ledger yet' : `the ledger adds up to record ${number(offset)}`
        }${WAREHOUSE[warehouse]}.\n`,
      );
    else {
      for (const fault of faults) io.stdout(`${faultText(fault)}\n`);
      io.stdout(
        `${cut ? 'More than ' : ''}${faults.length} ${faults.length === 1 ? 'thing is' : 'things are'} wrong in ${folder}. ${fix(faults.map(({ file }) => file))}\n`,
      );
    }
    return faults.length === 0 ? 0 : 1;
  });
}

const WAREHOUSE: Readonly<Record<WarehouseLook, string>> = {
  sound: '; the warehouse’s sums are those of its credits',
  faulty: '',
  none: '; there is no warehouse yet',
  inUse: '; the warehouse is open in a running server, and was not looked at',
};

function fix(files: readonly string[]): string {
  if (files.every((file) => file.startsWith(WAREHOUSE_FOLDER)))
    return 'The ledger is sound, so the warehouse can be made again: stop the server, then assay rebuild --warehouse.';
  return files.some((file) => file.startsWith('journal'))
    ? 'The journal can’t be made again: keep a copy of the folder as it is, then restore the last backup (assay restore --force).'
    : 'The journal is sound, so the ledger can be derived again: stop the server, then assay rebuild.';
}
