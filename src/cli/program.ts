import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { Command } from 'commander';
import { AssayError } from '../event/error.ts';
import { careCommands } from './commands/care.ts';
import { deadLetterCommands } from './commands/dead-letters.ts';
import { eventCommands } from './commands/events.ts';
import { figureCommands } from './commands/figures.ts';
import { UNDERSTAND } from './commands/groups.ts';
import { importCommands } from './commands/imports.ts';
import { keyCommands } from './commands/keys.ts';
import { servingCommands } from './commands/serving.ts';
import { startCommands } from './commands/start.ts';
import type { Io } from './io.ts';

const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

const EXAMPLES = `
Examples:
  $ assay demo             a shop, a payment page, TikTok’s twin and visitors, on this machine
  $ assay init             tracking.yaml and settings for your own shop
  $ assay trace 10045      where order 10045 is, and why

Every command has --help with an example, and --json for programs.
Exit codes: 0 done, 1 the answer is no, 2 the input can’t be read.
`;

/**
 * Every command, in the order of the help: a thin entry that loads its own file, so that none pays for another's
 * libraries. What a command may touch is settled when it runs: by then `--settings` was read.
 */
export function program(terminal: Io): Command {
  let io = terminal;
  const assay = new Command('assay')
    .description(
      'Conversion tracking for TikTok Ads: which conversions are real, sent exactly once, and where each one is.',
    )
    .version(manifest.version)
    // Not --env-file: Node takes that for itself, wherever it stands.
    .option('--settings <file>', 'read settings from this file too; the environment wins')
    .showHelpAfterError('(assay --help lists the commands)')
    .addHelpCommand(
      new Command('help').argument('[command]').helpGroup(UNDERSTAND).description('say more about a command'),
    )
    .addHelpText('after', EXAMPLES)
    .hook('preAction', () => {
      const { settings } = assay.opts<{ settings?: string }>();
      if (settings !== undefined) io = { ...io, env: { ...settingsOf(settings, io), ...io.env } };
    });

  const current = (): Io => io;
  startCommands(assay, current);
  servingCommands(assay, current);
  careCommands(assay, current, manifest.version);
  eventCommands(assay, current);
  figureCommands(assay, current);
  importCommands(assay, current);
  deadLetterCommands(assay, current);
  keyCommands(assay, current);
  return assay;
}

function settingsOf(file: string, io: Io): Io['env'] {
  try {
    return parseEnv(io.readFile(file));
  } catch (cause) {
    throw new AssayError('settings_unreadable', `${file} can’t be read: name a file of settings with --settings`, {
      cause,
    });
  }
}
