import { restoredRecords } from '../../admission/restored.ts';
import { openAdmission } from '../../admission/run.ts';
import { openDispatches, type Restored, restore } from '../../store/care/restore.ts';
import { upgradeStore } from '../../store/care/stores.ts';
import { openJournal } from '../../store/sqlite/journal.ts';
import { openLedger } from '../../store/sqlite/ledger.ts';
import type { Io } from '../io.ts';
import { type CareOptions, caring, dataFolder } from './folder.ts';
import { number, openLooking, utc } from './looking.ts';

interface RestoreOptions extends CareOptions {
  force?: boolean;
}

/** `assay restore`, while no server runs: 0 when the backup is in its place, 1 when refused, 2 when it can't be read. */
export async function restoreCommand(from: string, options: RestoreOptions, io: Io): Promise<0 | 1 | 2> {
  const folder = dataFolder(options, io);
  const { looking, done } = openLooking('Restoring:', options.json, io);
  return caring(options, io, { needs: undefined, done }, async () => {
    const restored = await restore(from, folder, {
      force: options.force === true,
      now: io.now,
      mark: (stage, { begunAt }) => mark(stage, begunAt, io),
      looking,
    });
    done();
    tell(folder, restored, options, io);
    return 0;
  });
}

/** Decides what the backup had not decided yet, and writes down which legs may have left since. */
async function mark(stage: string, begunAt: number, io: Io): Promise<number> {
  upgradeStore(stage, (line) => io.stderr(`${line}\n`));
  const journal = await openJournal(stage);
  try {
    const ledger = await openLedger(stage);
    try {
      const admission = await openAdmission(journal, ledger);
      await admission.catchUp();
      const open = openDispatches(stage);
      for (const record of restoredRecords(open, begunAt, io.now())) await journal.append([record]);
      await admission.catchUp();
      return open.filter(({ state }) => state !== 'held').length;
    } finally {
      await ledger.close();
    }
  } finally {
    await journal.close();
  }
}

function tell(folder: string, { manifest, open, lost, kept }: Restored, options: RestoreOptions, io: Io): void {
  const { journal, begunAt } = manifest;
  if (options.json) {
    io.stdout(
      `${JSON.stringify({ ok: true, folder, begunAt, journal, unknown: open, lost: lost ?? null, kept: kept ?? null })}\n`,
    );
    return;
  }
  const lines = [
    `${folder} is back as of ${utc(begunAt)}: records up to ${number(journal.last)}.`,
    lost
      ? `Lost: records ${number(lost.from)} to ${number(lost.to)}${lost.lastAt === null ? '' : `, received up to ${utc(lost.lastAt)}`}. They are in ${kept}.`
      : 'What was told after that is not in it.',
    `${number(open)} dispatches were on their way: they may have been sent since, so they are unknown and wait for your word (assay dead).`,
  ];
  if (kept !== undefined) lines.push(`What was there before is in ${kept}; remove it when all is well.`);
  io.stdout(`${lines.join('\n')}\n`);
}
