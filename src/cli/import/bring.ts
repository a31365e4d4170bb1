import { AssayError } from '../../event/error.ts';
import type { Parsed, Problem } from '../../event/problem.ts';
import { type ImportDesk, openImportDesk } from '../imports-desk.ts';
import type { Io } from '../io.ts';
import { problemsText } from '../problems-text.ts';
import { openBringTally, type RowProblem } from './bring-tally.ts';
import { shown } from './columns.ts';
import { csvRows } from './rows.ts';

export interface BringOptions {
  data?: string;
  map: string[];
  dryRun?: boolean;
  json?: boolean;
}

/** What the rows of a file are, and where they go. */
export interface Brought {
  /** the field of the body that they stand in */
  list: 'touches' | 'rows';
  path: string;
  /** Looks at the header: how rows are read, or why they can't be. */
  begin(headers: readonly string[]): Parsed<Columns>;
}

export interface Columns {
  /** the header of each field that the file has */
  places: ReadonlyMap<string, string>;
  /** What a row tells; null for one that is none. `where` of a problem is a field. `first` is its first cell. */
  read(cell: CellOf, first: string): Parsed<object | null>;
}

/** The cell of a field, without blanks around it; empty where the file has none. */
export type CellOf = (field: string) => string;

const BATCH_ROWS = 1000;
/** Half of what the server takes, so that a batch of long rows still fits. */
const BATCH_BYTES = 1024 * 1024;

/** What `--map` says of columns that the file does not have. */
export function notThere(mapped: ReadonlyMap<string, string>, headers: readonly string[]): Problem[] {
  const missing = [...mapped.keys()].filter((header) => !headers.includes(header));
  return missing.map((header) => ({
    ...{ code: 'column', where: '--map', what: `names ${shown(header)}, which the file does not have` },
    fix: `the columns are ${headers.map(shown).join(', ').slice(0, 300)}`,
  }));
}

/**
 * Brings a file to the running server, or into the store itself under its lock. The file is read twice: all of it is
 * checked before anything is sent. 0: all of it is in, 1: a part of it, 2: nothing could be sent.
 */
export async function bringFile(file: string, brought: Brought, options: BringOptions, io: Io): Promise<number> {
  const folder = options.data ?? io.env['ASSAY_DATA'] ?? './.assay';
  if (file === '-') return fault(io, 'A file is read twice, so it can’t come from standard input: name one.\n');
  const tally = openBringTally(file, options, io);
  let desk: ImportDesk | undefined;
  try {
    desk = await openImportDesk(folder, io.now);
    if (!desk) return fault(io, `There is no store in ${folder}. Name its folder with --data or ASSAY_DATA.\n`);
    const problems = await pass(file, brought, { desk, io, dry: true, tally });
    if (typeof problems === 'string') return fault(io, problems);
    if (tally.problems() > 0 || options.dryRun) return tally.finish();
    tally.send();
    await pass(file, brought, { desk, io, dry: false, tally });
    return tally.finish();
  } catch (error) {
    if (isUnreadable(error)) tally.stopped(`${file} can’t be read. Check the name and the folder.`);
    else if (error instanceof AssayError) tally.stopped(error.message);
    else throw error;
    return tally.finish();
  } finally {
    await desk?.close();
  }
}

interface Going {
  line: number;
  row: object;
}

/** Reads the file once and brings its rows, or only has them looked at; a text says why its header can't be read. */
async function pass(
  file: string,
  brought: Brought,
  { desk, io, dry, tally }: { desk: ImportDesk; io: Io; dry: boolean; tally: ReturnType<typeof openBringTally> },
): Promise<string | undefined> {
  let headers: string[] = [];
  let columns: Columns | undefined;
  let batch: Going[] = [];
  let bytes = 0;
  const bad = (line: number, found: readonly Problem[]): void =>
    tally.bad(found.map((one) => rowProblem(line, one, columns?.places)));
  const leave = async (): Promise<void> => {
    const going = batch;
    batch = [];
    bytes = 0;
    if (going.length === 0) return;
    const sent = await desk.send(brought.path, { [brought.list]: going.map(({ row }) => row) }, dry);
    if (sent.ok) return tally.sent(going.length, sent.value);
    if (!dry) throw new AssayError('file_changed', `${file} was changed while it was read: import it again`);
    for (const one of sent.problems) {
      const [, n = '0', field = ''] = /^\w+\.(\d+)\.(?:\w+\.)?(\w+)$/.exec(one.where) ?? [];
      bad(going[Number(n)]?.line ?? 0, [{ ...one, where: field }]);
    }
  };

  for await (const row of csvRows(io.open(file))) {
    if (!columns) {
      headers = 'cells' in row ? row.cells.map((cell) => cell.trim()) : [];
      const begun = brought.begin(headers);
      if (!begun.ok) return problemsText(`The header of ${file}`, begun.problems);
      columns = begun.value;
      tally.columns(headers.filter((header) => ![...begun.value.places.values()].includes(header)));
      continue;
    }
    tally.read();
    if (!('cells' in row) || row.cells.length !== headers.length) {
      bad(row.line, [unreadableLine(row, headers.length)]);
      continue;
    }
    const read = columns.read(cellsOf(row.cells, headers, columns.places), row.cells[0]?.trim() ?? '');
    if (!read.ok) bad(row.line, read.problems);
    else if (read.value === null) tally.leave();
    else {
      const size = Buffer.byteLength(JSON.stringify(read.value)) + 1;
      if (batch.length >= BATCH_ROWS || bytes + size > BATCH_BYTES) await leave();
      batch.push({ line: row.line, row: read.value });
      bytes += size;
    }
  }
  await leave();
  if (columns) return undefined;
  return problemsText(`The header of ${file}`, [
    { code: 'column', where: 'line 1', what: 'is missing: the file is empty', fix: 'name the columns there' },
  ]);
}

/** The cells of one row by their fields. */
export function cellsOf(cells: readonly string[], headers: readonly string[], places: Columns['places']): CellOf {
  return (field) => {
    const header = places.get(field);
    return header === undefined ? '' : (cells[headers.indexOf(header)]?.trim() ?? '');
  };
}

function unreadableLine(row: { cells: string[] } | { fault: string } | { object: unknown }, width: number): Problem {
  if ('fault' in row) return { code: 'row', where: 'line', what: row.fault, fix: 'mend the line' };
  const what = `has ${'cells' in row ? row.cells.length : 0} cells, the header has ${width}`;
  return { code: 'row', where: 'line', what, fix: 'check its quotes and delimiters' };
}

/** A problem as its row and column: a field that the file has is named as its header is. */
function rowProblem(line: number, { where, what, fix, code }: Problem, places?: Columns['places']): RowProblem {
  const header = places?.get(where);
  return { line, column: header === undefined ? where : shown(header), what, fix, code };
}

function isUnreadable(error: unknown): boolean {
  return error instanceof Error && 'code' in error && ['ENOENT', 'EACCES', 'EISDIR'].includes(String(error.code));
}

function fault(io: Io, text: string): number {
  io.stderr(text);
  return 2;
}
