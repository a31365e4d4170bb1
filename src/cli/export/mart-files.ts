import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { AssayError } from '../../event/error.ts';
import { csvRow } from '../../server/books/csv.ts';
import { MART_TYPES } from '../../store/duckdb/marts.ts';
import type { Mart } from '../../store/marts.ts';
import type { SqlCell } from '../../store/warehouse-reports.ts';
import { literal } from '../attribute/table-source.ts';
import { csvCell } from '../sql/words.ts';

export interface MartWriter {
  /** Writes a day's rows as `day=2026-11-22/part-0.parquet` and resolves with how many they are; a day without rows has no file. */
  write(day: string, pages: AsyncIterable<SqlCell[][]>): Promise<number>;
  close(): void;
}

/**
 * Files of a mart in a folder. The warehouse itself may touch no file but its own, so that nobody reads or writes others by SQL:
 * rows come from it as they go to anybody, and Parquet is made of them by an engine in memory that knows nothing else.
 */
export async function openMartWriter(
  mart: Mart,
  { to, format }: { to: string; format: 'csv' | 'parquet' },
): Promise<MartWriter> {
  const parquet = format === 'parquet' ? await openParquet(mart) : undefined;
  const name = `part-0.${format}`;
  return {
    async write(day, pages) {
      const folder = join(to, `day=${day}`);
      const [file, fresh] = [join(folder, name), join(folder, `.${name}.${process.pid}`)];
      try {
        mkdirSync(folder, { recursive: true });
        const rows = parquet ? await parquet.write(fresh, pages) : await writeCsv(mart, fresh, pages);
        if (rows > 0) renameSync(fresh, file);
        else {
          rmSync(file, { force: true });
          rmSync(fresh, { force: true });
        }
        return rows;
      } catch (cause) {
        if (existsSync(fresh)) rmSync(fresh, { force: true });
        if (cause instanceof AssayError) throw cause;
        const why = (cause instanceof Error ? cause.message : String(cause)).split('\n')[0];
        throw new AssayError('export_unwritable', `${file} can’t be written: ${why}`, { cause });
      }
    },
    close: () => parquet?.close(),
  };
}

async function writeCsv(mart: Mart, file: string, pages: AsyncIterable<SqlCell[][]>): Promise<number> {
  const handle = openSync(file, 'w');
  const types = mart.columns.map(({ type }) => MART_TYPES[type]);
  let rows = 0;
  try {
    writeSync(handle, csvRow(mart.columns.map(({ name }) => ({ text: name }))));
    for await (const page of pages) {
      writeSync(handle, page.map((row) => csvRow(row.map((cell, n) => csvCell(cell, types[n] ?? '')))).join(''));
      rows += page.length;
    }
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  return rows;
}

async function openParquet(mart: Mart): Promise<{
  write(file: string, pages: AsyncIterable<SqlCell[][]>): Promise<number>;
  close(): void;
}> {
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const db: DuckDBConnection = await instance.connect();
  const columns = mart.columns.map(({ name }) => `${name} VARCHAR`).join(', ');
  const typed = mart.columns.map(({ name, type }) => `CAST(${name} AS ${MART_TYPES[type]}) AS ${name}`).join(', ');
  return {
    async write(file, pages) {
      await db.run(`CREATE OR REPLACE TABLE told (${columns})`);
      const appender = await db.createAppender('told');
      let rows = 0;
      for await (const page of pages) {
        for (const row of page) {
          for (const cell of row)
            if (cell === null) appender.appendNull();
            else appender.appendVarchar(String(cell));
          appender.endRow();
        }
        appender.flushSync();
        rows += page.length;
      }
      appender.closeSync();
      if (rows > 0)
        await db.run(`COPY (SELECT ${typed} FROM told) TO ${literal(file)} (FORMAT parquet, COMPRESSION zstd)`);
      return rows;
    },
    close() {
      db.closeSync();
      instance.closeSync();
    },
  };
}
