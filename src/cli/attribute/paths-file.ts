import type { Path } from '../../attribution/paths/path.ts';
import type { Problem } from '../../event/problem.ts';
import { nearest } from '../../spec/nearest.ts';
import { csvRows, type Row } from '../import/rows.ts';

export const FIELDS = ['path', 'total_conversions', 'total_conversion_value', 'total_null'] as const;
type Field = (typeof FIELDS)[number];
/** Without these a file says nothing. */
const NEEDED: readonly Field[] = ['path', 'total_conversions'];

const SEPARATOR = ' > ';
/** So many are named; a file that is wrong throughout needs no more to be understood. */
const PROBLEMS_MAX = 20;

export interface PathsRead {
  paths: Path[];
  problems: Problem[];
}

/**
 * Paths from a CSV text with the columns `path` (channels joined by ` > `), `total_conversions` and, where they are
 * there, `total_conversion_value` and `total_null`. `mapped` says which column of the file is which field. A problem
 * names its line and column; reading ends early when there are 20.
 */
export async function readPaths(
  source: AsyncIterable<string>,
  mapped: ReadonlyMap<string, string>,
  progress: (rows: number) => void = () => {},
): Promise<PathsRead> {
  const paths: Path[] = [];
  const problems: Problem[] = [];
  let places: Map<Field, number> | undefined;
  for await (const row of csvRows(source)) {
    if (!places) {
      const header = headerOf(row, mapped);
      if ('problems' in header) return { paths, problems: header.problems };
      places = header.places;
      continue;
    }
    const read = pathOf(row, places);
    if ('what' in read)
      problems.push({ code: 'row', where: `line ${row.line}, ${read.column}`, what: read.what, fix: read.fix });
    else paths.push(read);
    if (problems.length === PROBLEMS_MAX) break;
    if (paths.length % 10_000 === 0) progress(paths.length);
  }
  if (!places)
    problems.push({
      code: 'empty',
      where: 'file',
      what: 'is empty',
      fix: `begin it with a line of columns: ${FIELDS.join(',')}`,
    });
  else if (paths.length === 0 && problems.length === 0)
    problems.push({ code: 'empty', where: 'file', what: 'has a header and no row', fix: 'write one path a line' });
  return { paths, problems };
}

function headerOf(
  row: Row,
  mapped: ReadonlyMap<string, string>,
): { places: Map<Field, number> } | { problems: Problem[] } {
  if (!('cells' in row))
    return { problems: [{ code: 'row', where: 'line 1', what: 'is not readable as CSV', fix: 'check its quotes' }] };
  const headers = row.cells.map((cell) => cell.trim());
  const places = new Map<Field, number>();
  const problems: Problem[] = [];
  for (const field of FIELDS) {
    const wanted = [...mapped].find(([, to]) => to === field)?.[0] ?? field;
    const place = headers.indexOf(wanted);
    if (place >= 0) places.set(field, place);
    else if (NEEDED.includes(field) || wanted !== field) {
      const near = headers.find((header) => header !== '' && field.includes(header)) ?? nearest(field, headers);
      problems.push({
        code: 'column',
        where: 'line 1',
        what: `has no column ${JSON.stringify(wanted)}; it has ${headers
          .map((header) => JSON.stringify(header))
          .join(', ')
          .slice(0, 300)}`,
        fix: `name it ${field}, or say which it is: --map ${near ?? 'column'}=${field}`,
      });
    }
  }
  return problems.length > 0 ? { problems } : { places };
}

interface Fault {
  column: string;
  what: string;
  fix: string;
}

function pathOf(row: Row, places: ReadonlyMap<Field, number>): Path | Fault {
  if ('fault' in row) return { column: 'row', what: row.fault, fix: 'check its quotes and delimiters' };
  if (!('cells' in row)) return { column: 'row', what: 'is no row of cells', fix: 'write CSV' };
  const cellOf = (field: Field): string => row.cells[places.get(field) ?? -1]?.trim() ?? '';
  const channels = cellOf('path')
    .split(SEPARATOR)
    .map((channel) => channel.trim());
  if (channels.some((channel) => /^(?:$|>)|>$/.test(channel)))
    return {
      column: 'path',
      what: 'has a channel without a name',
      fix: 'join channels by " > ", such as search > email',
    };
  const conversions = numberOf(cellOf('total_conversions'));
  const value = numberOf(cellOf('total_conversion_value') || '0');
  const nulls = numberOf(cellOf('total_null') || '0');
  if (conversions === undefined) return notNumber('total_conversions');
  if (value === undefined) return notNumber('total_conversion_value');
  if (nulls === undefined) return notNumber('total_null');
  return { channels, conversions, value, nulls };
}

function notNumber(column: string): Fault {
  return { column, what: 'is no number of 0 or more', fix: 'write digits with a point, such as 12 or 59.90' };
}

function numberOf(cell: string): number | undefined {
  return /^\d{1,15}(?:\.\d{1,15})?(?:[eE][+-]?\d{1,2})?$/.test(cell) ? Number(cell) : undefined;
}
