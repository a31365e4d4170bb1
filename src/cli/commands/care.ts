import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { CARE } from './groups.ts';
import { stored } from './options.ts';

/** Soundness of the store, and copies of it. `version` stands in each backup. */
export function careCommands(assay: Command, io: () => Io, version: string): void {
  stored(assay.command('verify').helpGroup(CARE))
    .description('read the whole store and say what is not sound; also while the server runs')
    .addHelpText('after', '\nExample:\n  $ assay verify --data /var/lib/assay\n')
    .action(async (options) => io().exit(await (await import('../care/verify.ts')).verifyCommand(options, io())));
  stored(assay.command('rebuild').helpGroup(CARE))
    .description('derive the ledger anew from the journal, compare, and put it in the old one’s place')
    .option('--check', 'only compare; also while the server runs')
    .option('--into <folder>', 'leave the new ledger in this folder, and the store as it is')
    .option('--warehouse', 'only make the warehouse anew from the ledger, and compare; while no server runs')
    .addHelpText('after', '\nExamples:\n  $ assay rebuild --check\n  $ assay rebuild --warehouse\n')
    .action(async (options) => io().exit(await (await import('../care/rebuild.ts')).rebuildCommand(options, io())));
  stored(assay.command('backup').helpGroup(CARE))
    .description('copy the store into a new folder and verify the copy; also while the server runs')
    .argument('<folder>', 'where to; it must be empty or not exist')
    .addHelpText('after', '\nExample:\n  $ assay backup /backups/assay-2026-11-23\n')
    .action(async (to: string, options) =>
      io().exit(await (await import('../care/backup.ts')).backupCommand(to, options, version, io())),
    );
  stored(assay.command('restore').helpGroup(CARE))
    .description('put a backup in the store’s place; what was on its way then is not sent again by itself')
    .argument('<folder>', 'what assay backup wrote')
    .option('--force', 'also where there is a store; that is kept beside it')
    .addHelpText('after', '\nExample:\n  $ assay restore /backups/assay-2026-11-23 --data /var/lib/assay\n')
    .action(async (from: string, options) =>
      io().exit(await (await import('../care/restore.ts')).restoreCommand(from, options, io())),
    );
}
