import { writeFileSync } from 'node:fs';
import { creditPaths, PATH_MODELS } from '../../attribution/paths/models.ts';
import type { ChannelCredit } from '../../attribution/paths/path.ts';
import { AssayError } from '../../event/error.ts';
import { csvRow } from '../../server/books/csv.ts';
import type { Io } from '../io.ts';
import { problemsText } from '../problems-text.ts';
import { textOf } from '../text-of.ts';
import { countText, figuresText } from '../text-table.ts';
import { readMap } from './fields.ts';
import { FIELDS, readPaths } from './paths-file.ts';

interface PathsOptions {
  paths: string;
  model: string;
  order: string;
  map: string[];
  out?: string;
  json?: boolean;
}

/** Attribution of paths that were counted elsewhere. 0: done, 1: no path converted, 2: the file or options can’t be read. */
export async function attributePaths(options: PathsOptions, io: Io): Promise<number> {
  const { mapped, problems } = readMap(
    options.map,
    FIELDS.map((name) => ({ name, aliases: [] })),
  );
  const model = PATH_MODELS.find((one) => one === options.model);
  if (!model)
    problems.push({
      code: 'option',
      where: '--model',
      what: 'is no model of paths',
      fix: `the models are ${PATH_MODELS.join(', ')}`,
    });
  if (options.out !== undefined && !options.out.endsWith('.csv'))
    problems.push({ code: 'option', where: '--out', what: 'is no CSV', fix: 'end its name with .csv, or take --json' });
  if (problems.length > 0 || !model) return fault(io, problemsText('The question', problems));
  try {
    const read = await readPaths(textOf(io.openBytes(options.paths)), mapped);
    if (read.problems.length > 0) return fault(io, problemsText(options.paths, read.problems));
    const rows = creditPaths(read.paths, model, Number(options.order) as 1 | 2 | 3);
    if (options.out !== undefined) writeFileSync(options.out, csvOf(rows));
    if (options.json) io.stdout(`${JSON.stringify({ model, rows })}\n`);
    else
      io.stdout(
        figuresText(
          ['channel', 'conversions', 'value'],
          [...rows]
            .sort((a, b) => b.conversions - a.conversions)
            .map((row) => [row.channel, countText(row.conversions), countText(row.value)]),
        ),
      );
    return rows.some(({ conversions }) => conversions > 0) ? 0 : 1;
  } catch (error) {
    if (error instanceof AssayError) return fault(io, `${options.paths}: ${error.message}\n`);
    if (error instanceof Error && 'code' in error)
      return fault(io, `${options.paths} can’t be read: ${error.message}\n`);
    throw error;
  }
}

function csvOf(rows: readonly ChannelCredit[]): string {
  const head = csvRow(['channel', 'conversions', 'value'].map((text) => ({ text })));
  return (
    head +
    rows.map((row) => csvRow([{ text: row.channel }, { number: row.conversions }, { number: row.value }])).join('')
  );
}

function fault(io: Io, text: string): number {
  io.stderr(text);
  return 2;
}
