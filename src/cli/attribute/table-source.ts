import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { constants, gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { AssayError } from '../../event/error.ts';

/** A file of rows as DuckDB reads it: the SQL of its source, and what it is. */
export interface TableSource {
  kind: 'csv' | 'parquet';
  /** to stand after FROM; CSV columns are text */
  sql: string;
}

const HEAD_BYTES = 64 * 1024;
const DELIMITERS = [',', ';', '\t', '|'] as const;
const PARQUET = 'PAR1';

/** Looks at a file's beginning and end, so that what is no table is told before any work. Throws `file_unreadable`. */
export function tableSource(file: string, rejects: string): TableSource {
  const { head, tail, size } = ends(file);
  if (size === 0) throw unreadable(file, 'is empty');
  if (head.toString('latin1', 0, 4) === PARQUET || file.endsWith('.parquet')) {
    if (head.toString('latin1', 0, 4) !== PARQUET) throw unreadable(file, 'is no Parquet file, whatever its name says');
    if (tail !== PARQUET) throw unreadable(file, 'is half a Parquet file: its end is missing. Write it again, whole');
    return { kind: 'parquet', sql: `read_parquet(${literal(file)})` };
  }
  const text = plainText(file, head);
  if (text.includes('\0')) throw unreadable(file, 'is neither CSV in UTF-8 nor Parquet');
  const options = [
    `delim = ${literal(delimiterOf(text))}`,
    ...['header = true', 'all_varchar = true', `quote = '"'`, `escape = '"'`, 'auto_detect = false'],
    `columns = {${columnsOf(text)
      .map((name) => `${literal(name)}: 'VARCHAR'`)
      .join(', ')}}`,
    ...[
      'store_rejects = true',
      `rejects_table = ${literal(rejects)}`,
      `rejects_scan = ${literal(`${rejects}_scan`)}`,
      'rejects_limit = 20',
    ],
    `compression = ${literal(isGzip(head) ? 'gzip' : 'none')}`,
  ];
  return { kind: 'csv', sql: `read_csv(${literal(file)}, ${options.join(', ')})` };
}

/** Text as SQL writes it. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A column's name as SQL writes it. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function ends(file: string): { head: Buffer; tail: string; size: number } {
  let handle: number | undefined;
  try {
    const { size } = statSync(file);
    handle = openSync(file, 'r');
    const head = Buffer.alloc(Math.min(size, HEAD_BYTES));
    readSync(handle, head, 0, head.length, 0);
    const last = Buffer.alloc(Math.min(size, PARQUET.length));
    readSync(handle, last, 0, last.length, size - last.length);
    return { head, tail: last.toString('latin1'), size };
  } catch (cause) {
    throw new AssayError('file_unreadable', `${file} can’t be read. Check the name and the folder.`, { cause });
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

function isGzip(head: Buffer): boolean {
  return head[0] === 0x1f && head[1] === 0x8b;
}

function plainText(file: string, head: Buffer): string {
  if (!isGzip(head)) return head.toString('utf8').replace(/^\uFEFF/, '');
  try {
    return gunzipSync(head, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 64 * HEAD_BYTES }).toString('utf8');
  } catch {
    throw unreadable(file, 'is broken gzip');
  }
}

function headerOf(text: string): string {
  return /^[^\r\n]*/.exec(text)?.[0] ?? '';
}

function delimiterOf(text: string): string {
  const bare = headerOf(text).replace(/"[^"]*"/g, '');
  const counts = DELIMITERS.map((delimiter) => bare.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ',';
}

/** Names in the header, made different where two are alike. */
function columnsOf(text: string): string[] {
  const [cells = []] = parse(headerOf(text), {
    delimiter: delimiterOf(text),
    relax_quotes: true,
    trim: true,
  }) as string[][];
  return cells.map((name, place) =>
    name === '' || cells.indexOf(name) < place ? `${name || 'column'} ${place + 1}` : name,
  );
}

function unreadable(file: string, what: string): AssayError {
  return new AssayError('file_unreadable', `${file} ${what}.`);
}
