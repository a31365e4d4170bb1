import { type Command, Option } from 'commander';
import type { Io } from '../io.ts';
import { RUN } from './groups.ts';
import { stored } from './options.ts';

/** The keys of the doors: made, ended, followed by others. */
export function keyCommands(assay: Command, io: () => Io): void {
  const keys = assay.command('keys').helpGroup(RUN).description('the keys that open the doors');
  stored(keys.command('list'))
    .description('list all keys, ended ones too')
    .addHelpText('after', '\nExample:\n  $ assay keys list\n')
    .action(async (options) => io().exit(await (await import('../keys.ts')).keysList(options, io())));
  stored(keys.command('create'))
    .description('make a key and show its text, once')
    .addOption(
      new Option('--role <role>', 'which doors it opens')
        .choices(['browser', 'server', 'import'])
        .makeOptionMandatory(),
    )
    .requiredOption('--name <name>', 'what you call it')
    .option('--draft', 'what it tells are drafts')
    .addHelpText('after', '\nExample:\n  $ assay keys create --role server --name shop\n')
    .action(async (options) => io().exit(await (await import('../keys.ts')).keysCreate(options, io())));
  stored(keys.command('end'))
    .description('end a key, at once or after a grace')
    .argument('<id>', 'id of the key, from keys list')
    .option('--grace <time>', 'how long it lives on, such as 24h', '0s')
    .addHelpText('after', '\nExample:\n  $ assay keys end key-0f3a6d9c2b71 --grace 24h\n')
    .action(async (id: string, options) => io().exit(await (await import('../keys.ts')).keysEnd(id, options, io())));
  stored(keys.command('rotate'))
    .description('make a key like this one, which ends after a grace')
    .argument('<id>', 'id of the key, from keys list')
    .option('--grace <time>', 'how long the old key lives on', '24h')
    .addHelpText('after', '\nExample:\n  $ assay keys rotate key-0f3a6d9c2b71 --grace 7d\n')
    .action(async (id: string, options) => io().exit(await (await import('../keys.ts')).keysRotate(id, options, io())));
}
