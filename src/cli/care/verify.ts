import { faultText } from '../../store/care/fault.ts';
import { verify } from '../../store/care/verify.ts';
import type { Io } from '../io.ts';
import { type CareOptions, caring, dataFolder } from './folder.ts';
import { number, openLooking } from './looking.ts';

/** `assay verify`, also beside a running server: 0 when all of a store is sound, 1 when not, 2 when there is none. */
export async function verifyCommand(options: CareOptions, io: Io): Promise<0 | 1 | 2> {
  const folder = dataFolder(options, io);
  const { looking, done } = openLooking('Checking', options.json, io);
  return caring(options, io, { needs: folder, done }, async () => {
    const { faults, cut, journal, offset } = verify(folder, looking);
    done();
    if (options.json)
      io.stdout(
        `${JSON.stringify({ ok: faults.length === 0, folder, journal, offset: offset ?? null, faults, cut })}\n`,
      );
    else if (faults.length === 0)
      io.stdout(
        `${folder} is sound: records ${number(journal.first)} to ${number(journal.last)}, each with its checksum; ${
          offset === undefined ? 'there is no ledger yet' : `the ledger adds up to record ${number(offset)}`
        }.\n`,
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

function fix(files: readonly string[]): string {
  return files.some((file) => file.startsWith('journal'))
    ? 'The journal can’t be made again: keep a copy of the folder as it is, then restore the last backup (assay restore --force).'
    : 'The journal is sound, so the ledger can be derived again: stop the server, then assay rebuild.';
}
