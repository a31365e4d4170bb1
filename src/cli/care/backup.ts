import { backUp } from '../../store/care/backup.ts';
import { faultText } from '../../store/care/fault.ts';
import { noteBackup } from '../../store/care/last-backup.ts';
import type { Io } from '../io.ts';
import { type CareOptions, caring, dataFolder } from './folder.ts';
import { number, openLooking, utc } from './looking.ts';

/** `assay backup`, also beside a running server: 0 when it is made and sound, 1 when not, 2 when there is no store. */
export async function backupCommand(to: string, options: CareOptions, version: string, io: Io): Promise<0 | 1 | 2> {
  const folder = dataFolder(options, io);
  const { looking, done } = openLooking('Backup:', options.json, io);
  return caring(options, io, { needs: folder, done }, async () => {
    const { manifest, verified } = await backUp(folder, to, { assay: version, now: io.now, looking });
    done();
    const { faults } = verified;
    noteBackup(folder, { madeAt: manifest.begunAt, to, sound: faults.length === 0 });
    if (options.json) io.stdout(`${JSON.stringify({ ok: faults.length === 0, to, ...manifest, faults })}\n`);
    else {
      for (const fault of faults) io.stdout(`${faultText(fault)}\n`);
      const { last, lastAt } = manifest.journal;
      io.stdout(
        faults.length > 0
          ? `${to} is a copy of a store that is not sound. Keep the backup before it too, and see: assay verify.\n`
          : `${to} holds ${number(last)} records${lastAt === null ? '' : `, up to ${utc(lastAt)}`}, and is sound. Settings, keys of the environment and tracking.yaml are not in it.\n`,
      );
    }
    return faults.length === 0 ? 0 : 1;
  });
}
