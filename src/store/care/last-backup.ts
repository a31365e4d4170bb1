import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UPGRADE_BACKUPS } from '../sqlite/upgrade.ts';

/** The last backup that was made of a store. */
export interface LastBackup {
  /** UTC ms */
  madeAt: number;
  to: string;
  sound: boolean;
}

const NAME = 'last.json';

/** Leaves word of a backup in the store's folder. A folder that can only be read gets none. */
export function noteBackup(folder: string, backup: LastBackup): void {
  try {
    mkdirSync(join(folder, UPGRADE_BACKUPS), { recursive: true, mode: 0o700 });
    writeFileSync(join(folder, UPGRADE_BACKUPS, NAME), `${JSON.stringify(backup)}\n`);
  } catch {
    // The backup stands without it.
  }
}

/** The word that the last backup left; undefined where there is none that can be read. */
export function lastBackup(folder: string): LastBackup | undefined {
  try {
    const { madeAt, to, sound } = JSON.parse(
      readFileSync(join(folder, UPGRADE_BACKUPS, NAME), 'utf8'),
    ) as Partial<LastBackup>;
    if (typeof madeAt !== 'number' || typeof to !== 'string' || typeof sound !== 'boolean') return undefined;
    return { madeAt, to, sound };
  } catch {
    return undefined;
  }
}
