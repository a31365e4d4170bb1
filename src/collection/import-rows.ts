import { Type } from 'typebox';
import type { Parsed, Problem } from '../event/problem.ts';
import { DAY } from '../event/time.ts';

/** Rows in one request: the journal takes them at once, or none. */
export const IMPORT_ROWS_MAX = 1000;
/** As many problems as say where to look. */
const PROBLEMS_MAX = 100;

export const TIME_TEXT = Type.String({
  pattern: '^\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d(?::\\d\\d(?:\\.\\d{1,9})?)?(?:Z|[+-]\\d\\d:\\d\\d)$',
});

/** There was no advertising on TikTok before; a clock of another machine may be ahead. */
const EARLIEST = Date.UTC(2015, 0, 1);
const AHEAD_MS_MAX = DAY;

/** UTC ms of `TIME_TEXT`; what is no time that can be meant is a problem. */
export function importTime(text: string, receivedAt: number, where: string, problems: Problem[]): number | undefined {
  const at = Date.parse(text.replace(' ', 'T'));
  if (at >= EARLIEST && at <= receivedAt + AHEAD_MS_MAX) return at;
  const [what, fix] = Number.isNaN(at)
    ? ['is no time', 'write it such as 2026-08-01T12:00:00Z']
    : at < EARLIEST
      ? ['is before 2015', 'check which unit the times are in']
      : ['is in the future', 'check which unit and time zone the times are in'];
  problems.push({ code: 'body_shape', where, what, fix });
  return undefined;
}

/** Reads rows one by one: all of them, or the problems of all. */
export function rowsOf<Row, Read>(
  list: string,
  rows: readonly Row[],
  read: (row: Row) => Parsed<Read>,
): Parsed<Read[]> {
  const values: Read[] = [];
  const problems: Problem[] = [];
  for (const [n, row] of rows.entries()) {
    const found = read(row);
    if (found.ok) values.push(found.value);
    else problems.push(...found.problems.map((one) => ({ ...one, where: `${list}.${n}.${one.where}` })));
    if (problems.length >= PROBLEMS_MAX) break;
  }
  return problems.length > 0 ? { ok: false, problems: problems.slice(0, PROBLEMS_MAX) } : { ok: true, value: values };
}
