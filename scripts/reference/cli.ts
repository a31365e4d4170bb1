import type { Command } from 'commander';
import { terminal } from '../../src/cli/io.ts';
import { program } from '../../src/cli/program.ts';
import { fenced, page, table } from './markdown.ts';

const EXIT_CODES = [
  ['0', 'Done.'],
  ['1', 'The answer is no: problems in a spec, an unknown id, a failed check, a wrong setting or option.'],
  ['2', 'The input can’t be read: a file that is missing or is not JSON, a folder without a store.'],
];

export function cliPage(): string {
  const assay = program(terminal());
  return page('Commands', 'src/cli/program.ts', [
    'In a checkout a command is `npx --no-install assay …`; where the package is installed, `npx assay …`.',
    ...leaves(assay).flatMap((command) => [`## ${nameOf(command)}`, fenced('text', help(command))]),
    '## Exit codes',
    table(['code', 'means'], EXIT_CODES),
    'Answers go to standard output, complaints to standard error. With `--json` standard output holds JSON alone.',
  ]);
}

/** Commands that do something, in the order of `assay --help`. */
function leaves(command: Command): Command[] {
  return command.commands.length === 0 ? [command] : command.commands.flatMap(leaves);
}

function nameOf(command: Command): string {
  return command.parent ? `${nameOf(command.parent)} ${command.name()}` : command.name();
}

/** The help as a terminal without colours, 100 columns wide, shows it. */
function help(command: Command): string {
  let text = '';
  command.configureOutput({
    writeOut: (part) => {
      text += part;
    },
    getOutHelpWidth: () => 100,
    getOutHasColors: () => false,
  });
  command.outputHelp();
  return text;
}
