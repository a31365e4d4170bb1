import { AssayError } from '../event/error.ts';
import { DAY } from '../event/time.ts';
import { readDay } from '../server/reports/day-span.ts';
import { MARTS } from '../store/marts.ts';
import { openMartWriter } from './export/mart-files.ts';
import type { Io } from './io.ts';
import { openReportDesk, type ReportDesk } from './report-desk.ts';
import { looking } from './sql.ts';

export interface ExportOptions {
  mart: string;
  format: string;
  to: string;
  from?: string;
  until?: string;
  data?: string;
  json?: boolean;
}

const DAYS_MAX = 4000;

/**
 * `assay export`: a mart as files, one for each day. A day's file is written beside and then put in its place, so that it is
 * there whole or not at all, and a later export takes its place. 0: written, 1: there was no row, 2: it can’t be done.
 */
export async function exportCommand(options: ExportOptions, io: Io): Promise<number> {
  const folder = options.data ?? io.env['ASSAY_DATA'] ?? './.assay';
  const mart = MARTS.find(({ name }) => name === options.mart.replace(/^mart_/, ''));
  if (!mart) return fault(io, `There is no mart ${options.mart}: use ${MARTS.map(({ name }) => name).join(', ')}.`);
  const [from, until] = [dayOf(options.from), dayOf(options.until)];
  for (const [name, day] of [
    ['--from', from],
    ['--until', until],
  ] as const)
    if (day === null) return fault(io, `${name} is no day: write it as 2026-11-22.`);
  try {
    const desk = await openReportDesk(folder, { now: io.now, looking: looking(io) });
    if (!desk) return fault(io, `There is no store in ${folder}. Name its folder with --data or ASSAY_DATA.`);
    try {
      const days = await daysOf(desk, mart.name, from ?? undefined, until ?? undefined);
      const format = options.format === 'csv' ? 'csv' : 'parquet';
      const writer = await openMartWriter(mart, { to: options.to, format });
      const sum = { mart: mart.name, format, to: options.to, days: 0, rows: 0 };
      try {
        for (const [n, day] of days.entries()) {
          const rows = await writer.write(day, pages(desk, mart.name, day));
          sum.rows += rows;
          if (rows > 0) sum.days++;
          if (io.interactive)
            io.stderr(`\r${day}: ${n + 1} of ${days.length} days, ${sum.rows} rows${n + 1 < days.length ? '' : '\n'}`);
        }
      } finally {
        writer.close();
      }
      io.stdout(options.json ? `${JSON.stringify(sum)}\n` : `${sum.rows} rows of ${sum.days} days are in ${sum.to}.\n`);
      return sum.rows > 0 ? 0 : 1;
    } finally {
      await desk.close();
    }
  } catch (error) {
    if (!(error instanceof AssayError)) throw error;
    return fault(io, error.message);
  }
}

async function* pages(desk: ReportDesk, mart: string, day: string) {
  for (let after: number | undefined = 0; after !== undefined; ) {
    const page = await desk.martPage(mart, day, after);
    yield page.rows;
    after = page.next;
  }
}

/** The days asked for, or all that the mart has. */
async function daysOf(desk: ReportDesk, mart: string, from?: number, until?: number): Promise<string[]> {
  const { rows } = await desk.sql({
    sql: `SELECT CAST(min(day) AS VARCHAR), CAST(max(day) AS VARCHAR) FROM mart_${mart}`,
    ...{ rows: 1, ms: 60_000 },
  });
  const [least, most] = (rows[0] ?? []).map((cell) => (typeof cell === 'string' ? readDay(cell) : undefined));
  const first = from ?? least;
  const last = until ?? most;
  if (first === undefined || last === undefined || first > last) return [];
  if (last - first >= DAYS_MAX)
    throw new AssayError(
      'export_long',
      `these are ${last - first + 1} days: narrow them with --from and --until, to at most ${DAYS_MAX}`,
    );
  return Array.from({ length: last - first + 1 }, (_, n) => new Date((first + n) * DAY).toISOString().slice(0, 10));
}

/** null: it is there and no day */
function dayOf(text: string | undefined): number | undefined | null {
  return text === undefined ? undefined : (readDay(text) ?? null);
}

function fault(io: Io, says: string): 2 {
  io.stderr(`${says}\n`);
  return 2;
}
