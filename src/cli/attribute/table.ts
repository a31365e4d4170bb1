import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { AssayError } from '../../event/error.ts';
import type { Problem } from '../../event/problem.ts';
import { type Field, placeFields } from './fields.ts';
import { quoted, tableSource } from './table-source.ts';
import { TIME_FORMAT_NAMES, type TimeFormat, timeFormat } from './time-format.ts';

/** Problems told of one file: more say nothing new. */
const PROBLEMS_MAX = 20;

/** An engine for tables of any size: what does not fit into memory goes into a folder of its own. */
export async function openTables(
  folder: string,
  memoryMegabytes: number,
): Promise<{ db: DuckDBConnection; close(): void }> {
  const instance = await DuckDBInstance.create(`${folder}/tables.duckdb`, {
    memory_limit: `${memoryMegabytes}MB`,
    temp_directory: folder,
    // Extensions would be fetched from elsewhere.
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const db = await instance.connect();
  return {
    db,
    close() {
      db.closeSync();
      instance.closeSync();
    },
  };
}

/** SQL of what a table's column is made of: text of a cell, or nothing where the file has no such column. */
export interface Cells {
  text(field: string): string;
  has(field: string): boolean;
  /** UTC ms of the field `time`; null where a cell is none of the file's format */
  ms: string;
}

/** A column that has to hold something in every row: SQL that is true where it does, and how to mend it. */
export interface Rule {
  field: string;
  holds: string;
  what: string;
  fix: string;
}

/**
 * Loads a file into a table, each row with its number, and checks all of it first: each problem names row and column.
 * `columns` gives the table's columns from the file's cells, and `rules` say what the rows must hold.
 */
export async function loadTable(
  db: DuckDBConnection,
  table: string,
  told: { file: string; mapped: ReadonlyMap<string, string>; fields: readonly Field[]; zone: string },
  columns: (cells: Cells) => readonly string[],
  rules: (cells: Cells) => readonly Rule[],
): Promise<{ rows: number; problems: Problem[]; has(field: string): boolean }> {
  const rejects = `${table}_rejects`;
  const source = tableSource(told.file, rejects);
  const headers = await headersOf(db, source.sql, told.file);
  const { places, problems } = placeFields(headers, told.mapped, told.fields);
  const has = (field: string): boolean => places.has(field);
  if (problems.length > 0) return { rows: 0, problems: inFile(told.file, problems), has };
  const text = (field: string): string =>
    has(field) ? `nullif(trim(CAST(${quoted(places.get(field) as string)} AS VARCHAR)), '')` : 'NULL';
  const format = await formatOf(db, source.sql, text('time'));
  if (!format) {
    const none: Problem = {
      code: 'time',
      where: `row 1, ${places.get('time')}`,
      what: 'is no time, or the file has no row',
      fix: `write times as ${TIME_FORMAT_NAMES.join(', ')}`,
    };
    return { rows: 0, problems: inFile(told.file, [none]), has };
  }
  const cells: Cells = {
    text,
    has,
    ms: `CASE WHEN regexp_full_match(${text('time')}, '${format.pattern}') THEN ${format.ms(text('time'), told.zone)} END`,
  };
  const checks = rules(cells).map((rule, n) => ({ ...rule, column: `ok${n}` }));
  await db.run(
    `CREATE TABLE ${table} AS SELECT row_number() OVER () AS n, ${[...columns(cells), ...checks.map(({ holds, column }) => `coalesce(${holds}, false) AS ${column}`)].join(', ')} FROM ${source.sql}`,
  );
  const found: Problem[] = source.kind === 'csv' ? await rejected(db, rejects) : [];
  // Rows are counted without the lines that are none: their numbers would mislead.
  if (found.length > 0) return { rows: 0, problems: inFile(told.file, found), has };
  for (const { field, what, fix, column } of checks) {
    const bad = await db.runAndReadAll(`SELECT n FROM ${table} WHERE NOT ${column} ORDER BY n LIMIT ${PROBLEMS_MAX}`);
    for (const [row] of bad.getRows())
      found.push({
        code: 'row',
        where: `row ${String(row)}, ${places.get(field) ?? field}`,
        what: what.replace('{format}', format.name),
        fix,
      });
  }
  const counted = await db.runAndReadAll(`SELECT count(*) FROM ${table}`);
  return { rows: Number(counted.getRows()[0]?.[0]), problems: inFile(told.file, found.slice(0, PROBLEMS_MAX)), has };
}

async function headersOf(db: DuckDBConnection, sql: string, file: string): Promise<string[]> {
  try {
    return (await db.runAndReadAll(`SELECT * FROM ${sql} LIMIT 0`)).columnNames();
  } catch (cause) {
    throw new AssayError('file_unreadable', `${file} can’t be read as a table: ${String(cause).split('\n')[0]}`, {
      cause,
    });
  }
}

/** The format of the first time that the file has. */
async function formatOf(db: DuckDBConnection, sql: string, time: string): Promise<TimeFormat | undefined> {
  const first = await db.runAndReadAll(`SELECT ${time} FROM ${sql} WHERE ${time} IS NOT NULL LIMIT 1`);
  const cell = first.getRows()[0]?.[0];
  return typeof cell === 'string' ? timeFormat(cell) : undefined;
}

/** Lines that are no rows: too few or too many cells, or a quote that never ends. */
async function rejected(db: DuckDBConnection, table: string): Promise<Problem[]> {
  const rows = await db.runAndReadAll(
    `SELECT line, min(column_name), min(CAST(error_type AS VARCHAR)) FROM ${table} GROUP BY line ORDER BY line LIMIT ${PROBLEMS_MAX}`,
  );
  return rows.getRows().map(([line, column, type]) => ({
    code: 'row',
    where: `line ${String(line)}${column ? `, ${String(column)}` : ''}`,
    what: WRONG[String(type)] ?? 'is not readable as CSV',
    fix: 'check its quotes and delimiters, against the header',
  }));
}

const WRONG: Readonly<Record<string, string>> = {
  'MISSING COLUMNS': 'has fewer cells than the header',
  'TOO MANY COLUMNS': 'has more cells than the header',
  'UNQUOTED VALUE': 'has a quote that does not end where the cell ends',
  'LINE SIZE OVER MAXIMUM': 'is too long: is a quote missing?',
  'INVALID ENCODING': 'is not UTF-8',
};

function inFile(file: string, problems: readonly Problem[]): Problem[] {
  return problems.map((problem) => ({ ...problem, where: `${file} ${problem.where}` }));
}
