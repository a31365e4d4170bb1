import { type Command, Option } from 'commander';
import type { Io } from '../io.ts';
import { UNDERSTAND } from './groups.ts';
import { collected, stored } from './options.ts';

/** The warehouse asked and written out, and credits for files of elsewhere. */
export function figureCommands(assay: Command, io: () => Io): void {
  stored(assay.command('sql').helpGroup(UNDERSTAND))
    .description('ask the warehouse in SQL, which can only read; without a statement, in a conversation')
    .argument('[statement]', 'SELECT, WITH, DESCRIBE, SHOW or EXPLAIN; standard input when absent and no terminal')
    .option('--csv', 'print the answer as CSV')
    .option('--rows <count>', 'rows at most, up to 10000', '1000')
    .addHelpText(
      'after',
      '\nExample:\n  $ assay sql "SELECT channel, sum(value) FROM mart_conversions GROUP BY channel"\n',
    )
    .action(async (statement: string | undefined, options) =>
      io().exit(await (await import('../sql.ts')).sqlCommand(statement, options, io())),
    );
  stored(assay.command('export').helpGroup(UNDERSTAND))
    .description('write a mart as Parquet or CSV, one file for each day')
    .requiredOption('--mart <name>', 'conversions, touches or marketing')
    .requiredOption('--to <folder>', 'where to; each day’s file is day=2026-11-22/part-0.parquet')
    .addOption(new Option('--format <format>', 'of the files').choices(['parquet', 'csv']).default('parquet'))
    .option('--from <day>', 'from this day on, such as 2026-11-01')
    .option('--until <day>', 'up to this day')
    .addHelpText(
      'after',
      '\nExample:\n  $ assay export --mart conversions --from 2026-11-01 --to exports/conversions\n',
    )
    .action(async (options) => io().exit(await (await import('../export.ts')).exportCommand(options, io())));

  assay
    .command('attribute')
    .helpGroup(UNDERSTAND)
    .description('which touch earned which conversion, for any files, without a server')
    .option('--touches <file>', 'CSV or Parquet with user, time, and as far as known type, channel, id')
    .option('--conversions <file>', 'CSV or Parquet with user, time, and as far as known id, name, value, currency')
    .option('--paths <file>', 'instead of both: CSV with path, total_conversions, total_conversion_value, total_null')
    .addOption(
      new Option('--model <model>', 'how touches share a conversion')
        .choices(['last', 'first', 'linear', 'position', 'decay', 'markov', 'shapley'])
        .default('last'),
    )
    .addOption(new Option('--order <touches>', 'memory of the Markov model').choices(['1', '2', '3']).default('1'))
    .option('--click <window>', 'how long a click may earn, such as 7d, or off', '7d')
    .option('--engaged-view <window>', 'how long an engaged view may earn', '1d')
    .option('--view <window>', 'how long a view may earn', '1d')
    .option('--precedence <kinds>', 'which kind earns first', 'click,engagedView,view')
    .addOption(new Option('--count <count>', 'conversions of one touch').choices(['every', 'once']).default('every'))
    .option('--half-life <time>', 'in which a touch’s weight halves, in the model decay', '7d')
    .addOption(new Option('--by <what>', 'what is summed up').choices(['channel', 'kind', 'day']).default('channel'))
    .addOption(new Option('--basis <date>', 'whose day it is').choices(['touch', 'conversion']).default('conversion'))
    .option('--timezone <zone>', 'of the days, and of times that name no zone', 'UTC')
    .option('--map <column=field>', 'which column is which field; as often as needed', collected, [])
    .option('--out <file>', 'write each credit to a .csv, .parquet or .jsonl')
    .option('--memory <megabytes>', 'what does not fit goes to disk', '1000')
    .option('--json', 'print the sums as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  $ assay attribute --touches t.csv --conversions c.csv --click 7d --view 1d --model last\n  $ assay attribute --paths p.csv.gz --model markov --json\n',
    )
    .action(async (options) => io().exit(await (await import('../attribute/attribute.ts')).attribute(options, io())));
}
