import { once } from 'node:events';
import { Readable } from 'node:stream';
import { parse } from 'csv-parse';
import { AssayError } from '../../event/error.ts';

/** One record of a file: its cells, or why it can't be read. `line` is the first one it stands on. */
export type Row =
  | { line: number; cells: string[] }
  | { line: number; object: unknown }
  | { line: number; fault: string };

/** A longer line is a fault of the file, not an event. */
const LINE_CHARS_MAX = 128 * 1024;
const DELIMITERS = [',', ';', '\t'] as const;

/** The rows of a CSV text, header first; comma, semicolon or tab, whichever the header has most of. */
export async function* csvRows(source: AsyncIterable<string>): AsyncGenerator<Row> {
  const { start, rest } = await firstLine(source);
  const faults: Row[] = [];
  let line = 1;
  const parser = parse({
    bom: true,
    delimiter: delimiterOf(start),
    info: true,
    max_record_size: LINE_CHARS_MAX,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    on_skip: (error) => {
      if (error?.code === 'CSV_MAX_RECORD_SIZE') parser.destroy(error);
      const at = Number(error?.['lines'] ?? line);
      // It complains more than once about a record.
      if (faults.at(-1)?.line !== at) faults.push({ line: at, fault: 'is not readable as CSV: check its quotes' });
    },
  });
  const feed = Readable.from(rest);
  feed.on('error', (error) => parser.destroy(error)).pipe(parser);
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      const at = startOf(record, info.lines);
      // The parser reads ahead, so it may know of faults that come after this record.
      const before = faults.findIndex((fault) => fault.line > at);
      yield* faults.splice(0, before === -1 ? faults.length : before);
      yield { line: at, cells: record };
      line = info.lines + 1;
    }
    yield* faults.splice(0);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'CSV_MAX_RECORD_SIZE')
      throw new AssayError(
        'line_too_long',
        `a record after line ${line} is longer than ${LINE_CHARS_MAX} characters: is a quote missing?`,
      );
    throw error;
  } finally {
    feed.destroy();
    if (!parser.closed) {
      parser.destroy();
      await once(parser, 'close');
    }
  }
}

/** A quoted cell may hold line breaks, so a record may stand on several lines. */
function startOf(record: readonly string[], endsAt: number): number {
  return endsAt - record.reduce((breaks, cell) => breaks + (cell.match(/\n/g)?.length ?? 0), 0);
}

/** The rows of a text with one JSON object a line. */
export async function* jsonRows(source: AsyncIterable<string>): AsyncGenerator<Row> {
  let line = 0;
  for await (const text of lines(source)) {
    line++;
    if (text.trim() === '') continue;
    try {
      yield { line, object: JSON.parse(text) as unknown };
    } catch {
      yield { line, fault: 'is not JSON: write one object a line' };
    }
  }
}

async function* lines(source: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  let first = true;
  for await (const part of source) {
    const parts = (rest + (first ? part.replace(/^\uFEFF/, '') : part)).split('\n');
    first = false;
    rest = parts.pop() ?? '';
    if (rest.length > LINE_CHARS_MAX)
      throw new AssayError('line_too_long', `a line is longer than ${LINE_CHARS_MAX} characters`);
    yield* parts;
  }
  if (rest !== '') yield rest;
}

/** Reads as far as the end of the first line, and gives it all back to be read again. */
async function firstLine(source: AsyncIterable<string>): Promise<{ start: string; rest: AsyncIterable<string> }> {
  const iterator = source[Symbol.asyncIterator]();
  let start = '';
  while (!/[\r\n]/.test(start) && start.length <= LINE_CHARS_MAX) {
    const { value, done } = await iterator.next();
    if (done) break;
    start += value;
  }
  async function* rest(): AsyncGenerator<string> {
    try {
      if (start !== '') yield start;
      for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
    } finally {
      await iterator.return?.();
    }
  }
  return { start: /^[^\r\n]*/.exec(start)?.[0] ?? '', rest: rest() };
}

function delimiterOf(header: string): string {
  const bare = header.replace(/"[^"]*"/g, '');
  const counts = DELIMITERS.map((delimiter) => bare.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ',';
}
