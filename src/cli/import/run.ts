import type { List } from '../../client/batches.ts';
import { WORLD } from '../../client/send.ts';
import { AssayError } from '../../event/error.ts';
import type { Problem } from '../../event/problem.ts';
import type { Io } from '../io.ts';
import { problemsText } from '../problems-text.ts';
import { type Column, type Places, readColumns, readMap } from './columns.ts';
import { ERROR_COLUMNS, type ErrorsFile, openErrorsFile } from './errors-file.ts';
import { openTally, type Tally } from './report.ts';
import { csvRows, jsonRows, type Row } from './rows.ts';
import { type Going, openSender, Stopped } from './sender.ts';

/** What the rows of a file tell: events, facts of orders, or steps of leads. */
export interface Subject {
  /** the field of the door's body that they stand in */
  list: List;
  places: Places;
  ofCells(cells: readonly string[], columns: readonly Column[]): Read;
  ofObject(object: unknown): Read;
  /** the id that Trace knows it by */
  idOf(told: object): string;
  /** the cells of its line in a preview, without anything that says who somebody is */
  preview(told: object, id: string): string[];
  /** Of a JSON line the errors file names what it was; the line itself is in the file. */
  named: Column[];
}

interface Read {
  told: object;
  problems: Problem[];
}

export interface ImportOptions {
  dryRun?: boolean;
  map: string[];
  url?: string;
  keyEnv: string;
  errors?: string;
  format?: 'csv' | 'jsonl';
  json?: boolean;
}

const BATCH_ROWS = 200;
/** Half of what the door takes, so that a batch of long rows still fits. */
const BATCH_BYTES = 1024 * 1024;

/** Brings the rows of a file to the import door. 0: all fine, 1: some rows are bad, 2: nothing could be sent. */
export async function importRows(file: string, subject: Subject, options: ImportOptions, io: Io): Promise<number> {
  const key = io.env[options.keyEnv]?.trim();
  const { mapped, problems } = readMap(options.map, subject.places);
  if (key === undefined || key === '')
    problems.push({
      code: 'key',
      where: options.keyEnv,
      what: 'is not set',
      fix: 'set it to the collector’s secret key, or name another variable with --key-env',
    });
  const url = urlOf(options.url, io.env);
  if (url === undefined)
    problems.push({ code: 'url', where: '--url', what: 'is not an address', fix: 'write http://127.0.0.1:8787' });
  if (key === undefined || url === undefined || problems.length > 0)
    return fault(io, problemsText('The import', problems));
  for (const name of ERROR_COLUMNS) mapped.set(name, '-');

  const dryRun = options.dryRun === true;
  const tally = openTally(file, { dryRun, json: options.json === true, url, preview: subject.preview }, io);
  const bring = openSender({ url, key, dryRun, list: subject.list }, { ...WORLD, now: io.now, random: io.random });
  try {
    const failed = await run(file, subject, mapped, options, { io, tally, bring });
    if (failed !== undefined) return fault(io, failed);
  } catch (error) {
    if (isUnreadable(error)) tally.stopped(`${file} can’t be read. Check the name and the folder.`);
    else if (error instanceof Stopped || error instanceof AssayError) tally.stopped(error.message);
    else throw error;
  }
  return tally.finish();
}

interface Running {
  io: Io;
  tally: Tally;
  bring: ReturnType<typeof openSender>;
}

/** Reads, gathers and sends; a text says why it can't even begin. */
async function run(
  file: string,
  subject: Subject,
  mapped: ReadonlyMap<string, string>,
  options: ImportOptions,
  { io, tally, bring }: Running,
): Promise<string | undefined> {
  const csv = (options.format ?? (/\.(?:jsonl|ndjson|json)$/i.test(file) ? 'jsonl' : 'csv')) === 'csv';
  let columns: Column[] | undefined = csv ? undefined : subject.named;
  const openErrors = (of: Column[]): ErrorsFile | undefined =>
    options.errors === undefined ? undefined : openErrorsFile(options.errors, of);
  let errors = columns && openErrors(columns);
  let batch: Going[] = [];
  let bytes = 0;

  const bad = (line: number, cells: readonly string[], told: object, problems: Problem[]): void => {
    errors?.write(line, csv ? cells : subject.named.map((column) => cellAt(told, column)), problems);
    tally.bad(line, problems);
  };
  const leave = async (): Promise<void> => {
    const going = batch;
    batch = [];
    bytes = 0;
    if (going.length === 0) return;
    for (const fate of (await bring(going)).sort((a, b) => a.going.line - b.going.line)) {
      tally.sent(fate);
      if (fate.kind === 'bad') bad(fate.going.line, fate.going.cells, fate.going.told, fate.problems);
    }
  };

  try {
    const source = io.open(file);
    for await (const row of csv ? csvRows(source) : jsonRows(source)) {
      if (!columns) {
        const read = readColumns(
          'cells' in row ? row.cells.map((cell) => cell.trim()) : [],
          wanted(row, mapped),
          subject.places,
        );
        if (read.problems.length > 0) return problemsText(`The header of ${file}`, read.problems);
        columns = read.columns;
        errors = openErrors(columns);
        continue;
      }
      tally.read();
      const { told, problems } = toldBy(row, columns, subject);
      const cells = 'cells' in row ? row.cells : [];
      if (problems.length > 0) bad(row.line, cells, told, problems);
      else {
        const size = Buffer.byteLength(JSON.stringify(told)) + 1;
        if (batch.length >= BATCH_ROWS || bytes + size > BATCH_BYTES) await leave();
        batch.push({ eventId: subject.idOf(told), line: row.line, cells, told });
        bytes += size;
      }
    }
    await leave();
    return undefined;
  } finally {
    errors?.close();
  }
}

/** The columns of an errors file are left out where they stand, and not missed where they don't. */
function wanted(row: Row, mapped: ReadonlyMap<string, string>): Map<string, string> {
  const headers = 'cells' in row ? row.cells.map((cell) => cell.trim()) : [];
  return new Map([...mapped].filter(([header]) => !ERROR_COLUMNS.includes(header) || headers.includes(header)));
}

function toldBy(row: Row, columns: readonly Column[], subject: Subject): Read {
  if ('fault' in row)
    return { told: {}, problems: [{ code: 'row', where: 'line', what: row.fault, fix: 'mend the line' }] };
  return 'cells' in row ? subject.ofCells(row.cells, columns) : subject.ofObject(row.object);
}

function cellAt(told: object, { path }: Column): string {
  let value: unknown = told;
  for (const name of path ?? []) value = Object(value)[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function urlOf(told: string | undefined, env: Io['env']): string | undefined {
  const text = told ?? (env['ASSAY_PUBLIC_URL']?.trim() || `http://127.0.0.1:${env['ASSAY_PORT']?.trim() || '8787'}`);
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) ? text.replace(/\/+$/, '') : undefined;
}

function isUnreadable(error: unknown): boolean {
  return error instanceof Error && 'code' in error && ['ENOENT', 'EACCES', 'EISDIR'].includes(String(error.code));
}

function fault(io: Io, text: string): number {
  io.stderr(text);
  return 2;
}
