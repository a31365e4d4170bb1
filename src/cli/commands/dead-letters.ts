import { type Command, Option } from 'commander';
import type { Io } from '../io.ts';
import { RUN } from './groups.ts';
import { stored } from './options.ts';

/** Dead letters: seen, tried again, written out. */
export function deadLetterCommands(assay: Command, io: () => Io): void {
  const dead = assay
    .command('dead')
    .helpGroup(RUN)
    .description('dead letters: events that were given up, and records in quarantine');
  const narrowed = (command: Command): Command =>
    stored(command)
      .addOption(
        new Option('--kind <kind>', 'given up, may have arrived, or quarantined').choices([
          'dead',
          'unknown',
          'record',
        ]),
      )
      .option('--destination <id>', 'those for one destination')
      .option('--why <reason>', 'those of one reason code')
      .option('--code <code>', 'those with one return code of TikTok’s')
      .option('--event <name>', 'those of one event')
      .option('--money', 'money events alone')
      .option('--since <time>', 'given up since 24h, 2026-11-22 or 2026-11-22T09:00:00Z')
      .option('--until <time>', 'given up until then, a day included');
  narrowed(dead.command('list'))
    .description('list dead letters, newest first, with what a replay would do')
    .option('--limit <number>', 'at most so many', '50')
    .addHelpText('after', '\nExample:\n  $ assay dead list --money --since 7d\n')
    .action(async (options) => io().exit(await (await import('../dead.ts')).deadList(options, io())));
  stored(dead.command('show'))
    .description('show one whole: reason, first and last answer, what was told')
    .argument('<id>', 'id of the letter, from dead list')
    .addHelpText('after', '\nExample:\n  $ assay dead show leg:4711/main\n')
    .action(async (id: string, options) => io().exit(await (await import('../dead.ts')).deadShow(id, options, io())));
  narrowed(dead.command('replay'))
    .description('try letters again under their old ids, as far as TikTok could not count them twice')
    .argument('[ids...]', 'ids of letters, from dead list')
    .option('--all', 'all that match the filters')
    .option('--dry-run', 'say what would become of each; nothing is changed')
    .option('--yes', 'do not ask before --all')
    .addHelpText(
      'after',
      '\nExamples:\n  $ assay dead replay leg:4711/main\n  $ assay dead replay --all --code 40105 --dry-run\n',
    )
    .action(async (ids: string[], options) =>
      io().exit(await (await import('../dead.ts')).deadReplay(ids, options, io())),
    );
  narrowed(dead.command('export'))
    .description('write letters whole, without anything personal: JSON lines, or CSV')
    .argument('[file]', 'where to; .csv for CSV; standard output when absent')
    .addOption(new Option('--format <format>', 'when the name does not say it').choices(['ndjson', 'csv']))
    .addHelpText('after', '\nExample:\n  $ assay dead export letters.csv --destination main\n')
    .action(async (file: string | undefined, options) =>
      io().exit(await (await import('../dead.ts')).deadExport(file, options, io())),
    );
}
