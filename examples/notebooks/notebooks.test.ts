import assert from 'node:assert/strict';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { openMartWriter } from '../../src/cli/export/mart-files.ts';
import { daySpan, readDay } from '../../src/server/reports/day-span.ts';
import { openReports } from '../../src/store/duckdb/reports/reports.ts';
import { type ColumnWarehouse, openWarehouse } from '../../src/store/duckdb/warehouse.ts';
import { MARTS, type Mart } from '../../src/store/marts.ts';
import type { SqlRows } from '../../src/store/warehouse-reports.ts';
import { liveThrough } from '../../test/attribution/world-run.ts';

interface Cell {
  cell_type: 'code' | 'markdown';
  id: string;
  source: string[];
  outputs?: unknown[];
}

const SEED = 7;
const ROWS_MAX = 100_000;
const NAMES = globSync('*.ipynb', { cwd: import.meta.dirname }).sort();

let folder = '';
let warehouse: ColumnWarehouse | undefined;
let db: DuckDBConnection | undefined;
let close = (): void => {};
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'assay-notebooks-'));
  warehouse = await openWarehouse(folder);
  await liveThrough(SEED, warehouse);
  for (const mart of MARTS) await exported(mart, openReports(warehouse.connect));
  const instance = await DuckDBInstance.create(':memory:');
  db = await instance.connect();
  close = () => instance.closeSync();
});
after(async () => {
  close();
  await warehouse?.close();
  rmSync(folder, { recursive: true, force: true });
});

test('there are notebooks', () => {
  assert.ok(NAMES.length >= 4);
});

for (const name of NAMES) {
  test(`${name} is a notebook without anybody’s output`, () => {
    const { cells, nbformat } = notebook(name);
    assert.equal(nbformat, 4);
    assert.equal(new Set(cells.map(({ id }) => id)).size, cells.length);
    for (const { cell_type, outputs } of cells) assert.deepEqual(outputs, cell_type === 'code' ? [] : undefined);
  });

  test(`the first cell of ${name} reads what was exported`, async () => {
    const [setup] = notebook(name).cells.filter(({ cell_type }) => cell_type === 'code');
    const [, sql = ''] = /db\.execute\(f"(.*)"\)/.exec(setup?.source.join('') ?? '') ?? [];
    for (const { name: mart } of MARTS) {
      const text = sql.replaceAll('{mart}', mart).replace('{EXPORT}', join(folder, 'export'));
      await db?.run(text.replace('CREATE VIEW', 'CREATE OR REPLACE VIEW'));
      assert.ok((await rowsOf(`FROM mart_${mart}`)).length > 0, mart);
    }
  });

  test(`every statement of ${name} runs on the marts and says something`, async () => {
    const statements = sqlOf(name);
    assert.ok(statements.length >= 2);
    for (const sql of statements) {
      const { length } = await rowsOf(sql);
      if (/^\s*CREATE VIEW/.test(sql)) continue;
      if (sql.includes('IS DISTINCT FROM'))
        assert.equal(length, 0, 'computed again, each conversion has the same touch');
      else assert.ok(length > 0, sql);
    }
  });
}

test('the comparison of recomputed credits finds a touch that is not the one', async () => {
  const [again = '', comparison = ''] = sqlOf('recompute.ipynb');
  await db?.run('DROP VIEW IF EXISTS again');
  await db?.run(again.replace('occurred_at DESC', 'occurred_at'));
  assert.ok((await rowsOf(comparison)).length > 0);
  await db?.run('DROP VIEW again');
});

function notebook(name: string): { cells: Cell[]; nbformat: number } {
  return JSON.parse(readFileSync(join(import.meta.dirname, name), 'utf8')) as ReturnType<typeof notebook>;
}

/** What a notebook asks DuckDB: everything between three quotation marks. */
function sqlOf(name: string): string[] {
  const code = notebook(name).cells.filter(({ cell_type }) => cell_type === 'code');
  return code.flatMap(({ source }) =>
    [...source.join('').matchAll(/db\.(?:sql|execute)\("""([\s\S]*?)"""\)/g)].map(([, sql = '']) => sql),
  );
}

async function rowsOf(sql: string): Promise<unknown[]> {
  return (await (db as DuckDBConnection).runAndReadAll(sql)).getRows();
}

/** A mart's files, as `assay export` writes them, read as the notebooks' first cell does. */
async function exported(mart: Mart, reports: ReturnType<typeof openReports>): Promise<void> {
  const writer = await openMartWriter(mart, { to: join(folder, 'export', mart.name), format: 'parquet' });
  const text = `SELECT DISTINCT CAST(day AS VARCHAR) AS day FROM mart_${mart.name} ORDER BY day`;
  for (const [day] of (await reports.sql(text, { rowsMax: 1000, msMax: 60_000 })).rows) {
    const number = readDay(String(day)) as number;
    const { starts, end } = daySpan('Europe/Berlin', number, number);
    const page = reports.mart(mart.name, { day: number, from: starts[0] as number, to: end }, 0, ROWS_MAX);
    await writer.write(String(day), onePage(page));
  }
  writer.close();
}

async function* onePage(page: Promise<SqlRows>): AsyncGenerator<SqlRows['rows']> {
  const { rows, cut } = await page;
  assert.equal(cut, false);
  yield rows;
}
