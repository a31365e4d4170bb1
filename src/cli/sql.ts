import type { SqlAnswer } from '../api/attribution.ts';
import { AssayError } from '../event/error.ts';
import type { Io } from './io.ts';
import { openReportDesk } from './report-desk.ts';
import { type Talk, talk, terminalTalk } from './sql/talk.ts';
import { csvText, jsonText, sqlTable } from './sql/words.ts';

export interface SqlOptions {
  data?: string;
  json?: boolean;
  csv?: boolean;
  rows?: string;
}

const ROWS = 1000;
const ROWS_MAX = 10_000;
const MS_MAX = 60_000;

/**
 * `assay sql`: a question to the warehouse; with none, a conversation on a terminal, or what standard input says. 0: answered,
 * 2: there is no store, or the question can’t be answered.
 */
export async function sqlCommand(
  statement: string | undefined,
  options: SqlOptions,
  io: Io,
  converse: (folder: string) => Talk = terminalTalk,
): Promise<number> {
  const folder = options.data ?? io.env['ASSAY_DATA'] ?? './.assay';
  const rows = options.rows === undefined ? ROWS : Number(options.rows);
  if (!Number.isInteger(rows) || rows < 1 || rows > ROWS_MAX)
    return fault(io, `--rows is no number of rows: write 1 to ${ROWS_MAX}.`);
  if (options.json && options.csv) return fault(io, 'Say --json or --csv.');
  try {
    const desk = await openReportDesk(folder, { now: io.now, looking: looking(io) });
    if (!desk) return fault(io, `There is no store in ${folder}. Name its folder with --data or ASSAY_DATA.`);
    try {
      const ask = (sql: string): Promise<SqlAnswer> => desk.sql({ sql, rows, ms: MS_MAX });
      const print = (answer: SqlAnswer): void => shown(answer, options, io);
      if (statement === undefined && io.interactive) return await talk(converse(folder), ask, print, io);
      print(await ask(statement ?? (await io.stdin())));
      return 0;
    } finally {
      await desk.close();
    }
  } catch (error) {
    if (!(error instanceof AssayError)) throw error;
    return fault(io, error.message);
  }
}

function shown(answer: SqlAnswer, { json, csv }: SqlOptions, io: Io): void {
  io.stdout(json ? jsonText(answer) : csv ? csvText(answer) : sqlTable(answer));
  if (answer.cut && !json) io.stderr(`There are more rows than these ${answer.rows.length}: see --rows.\n`);
}

/** A first reading of a large store takes a while. */
export function looking(io: Io): (rows: number) => void {
  return (rows) => {
    if (io.interactive) io.stderr(`\rReading the ledger: ${rows.toLocaleString('en-US')} rows`);
  };
}

function fault(io: Io, says: string): 2 {
  io.stderr(`${says}\n`);
  return 2;
}
