import type { Command } from 'commander';

/** The options of a command that opens the store itself. */
export function stored(command: Command): Command {
  return command
    .option('--data <folder>', 'the store (default: ASSAY_DATA, else .assay)')
    .option('--json', 'print the answer as JSON');
}

/** A repeated option's values so far. */
export function collected(value: string, before: string[]): string[] {
  return [...before, value];
}
