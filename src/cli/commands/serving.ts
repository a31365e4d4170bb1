import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { RUN, UNDERSTAND } from './groups.ts';

/** The server, and the spec that it runs by. */
export function servingCommands(assay: Command, io: () => Io): void {
  assay
    .command('serve')
    .helpGroup(RUN)
    .description('run the collector with the settings of the environment')
    .option('--json', 'print one line of JSON with the addresses')
    .addHelpText(
      'after',
      '\nExample:\n  $ ASSAY_SECRET_KEY=… ASSAY_WEBHOOK_SECRET=whsec_… TIKTOK_TOKEN=… assay serve\n',
    )
    .action(async (options) => io().exit(await (await import('../serve.ts')).serve(options, io())));

  assay
    .command('doctor')
    .helpGroup(RUN)
    .description('check settings, spec, store, ports and the way to TikTok')
    .option('--json', 'print the checks as JSON')
    .addHelpText('after', '\nExample:\n  $ assay doctor\n')
    .action(async (options) => io().exit(await (await import('../doctor.ts')).doctor(options, io())));

  const spec = assay
    .command('spec')
    .helpGroup(UNDERSTAND)
    .description('check the tracking spec, and make it the active one');
  spec
    .command('check')
    .description('read a tracking spec and list every problem with its line')
    .argument('[file]', 'the spec', 'tracking.yaml')
    .option('--json', 'print the result as JSON')
    .option('--schema', 'print the JSON Schema of the file instead')
    .addHelpText('after', '\nExample:\n  $ assay spec check examples/tracking.yaml\n')
    .action(async (file: string, options) =>
      io().exit((await import('../spec-check.ts')).specCheck({ file, ...options }, io())),
    );
  spec
    .command('activate')
    .description('make a tracking spec the active one, as the next start of the server would')
    .argument('[file]', 'the spec', 'tracking.yaml')
    .option('--override <reason>', 'change what is frozen all the same: why, in a sentence that the reports show')
    .option('--data <folder>', 'the store (default: ASSAY_DATA, else .assay)')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nExample:\n  $ assay spec activate --override "the old prices were wrong"\n')
    .action(async (file: string, options) =>
      io().exit(await (await import('../spec-activate.ts')).specActivate({ file, ...options }, io())),
    );
}
