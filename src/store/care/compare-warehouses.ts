import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import { AssayError } from '../../event/error.ts';
import { FACT_TABLES } from '../duckdb/schema.ts';
import type { ColumnWarehouse } from '../duckdb/warehouse.ts';
import type { Unlike } from './compare.ts';

/**
 * What retention empties in the warehouse in time, as `table.column`; of `link` the rows of persons’ identifiers go. All else
 * it keeps for ever.
 */
export const WAREHOUSE_FORGETS = [
  'event.page',
  'event.shows',
  'touch.ttclid',
  'touch.referrer',
  'touch.key',
  'touch.key_hash',
  'link.value',
] as const;

/** Tables beside the facts, by what makes two of their rows the same. */
const OTHER_KEYS: Readonly<Record<string, readonly string[]>> = {
  creative: ['creative'],
  statement: ['role'],
  credit: ['conversion', 'touch'],
  credit_day: ['converted_day', 'touched_day', 'name', 'currency', 'creative', 'kind', 'why'],
  touch_day: ['day', 'creative', 'kind'],
  reach: ['conversion'],
  place: ['journal_offset'],
  meta: ['version'],
};

/** Numbers that count how one warehouse came about, and say nothing of what is in it. */
const OWN_COUNTS = [
  'place.change',
  'place.credited',
  'statement.statement',
  'statement.change',
  'credit.statement',
  'credit_day.statement',
];

/** Tables with rows of several statements. */
const BY_STATEMENT = ['statement', 'credit', 'credit_day'];

/** Sums of shares, whose last bits depend on the order in which they were added. */
const SUMMED = ['credit.share', 'credit_day.conversions'];
const SHARES_APART = 1e-9;

type Row = Record<string, DuckDBValue>;

/**
 * Compares every table of two warehouses on every column; `is` runs, `would` is what the ledger comes to. Both have to be at
 * the same record. What retention takes away may be missing in one of them where it has come further in the other: columns of
 * any row, and links last seen before that. Answers to questions are made when they are asked again, and not compared;
 * statements that stand no longer are only with `past`, by their numbers: one that was made from the ledger alone has none.
 */
export async function* compareWarehouses(
  is: ColumnWarehouse,
  would: ColumnWarehouse,
  { past }: { past: boolean },
): AsyncGenerator<Unlike> {
  const [left, right] = [await is.connect(), await would.connect()];
  try {
    const before = Math.max(await is.forgotBefore(), await would.forgotBefore());
    const all = new Set([...(await tablesOf(left)), ...(await tablesOf(right))]);
    all.delete('forgotten');
    const tables = [...all].sort();
    for (const table of tables) {
      const isBy = BY_STATEMENT.includes(table);
      const key = [...(isBy && past ? ['statement'] : []), ...keyOf(table)];
      const roles = `SELECT statement FROM statement WHERE role IN ('standing'${past ? ", 'past'" : ''})`;
      const where = isBy
        ? `WHERE statement IN (${roles})`
        : table === 'link'
          ? `WHERE kind IN ('order', 'lead') OR last_at >= ${before}`
          : '';
      const sql = `SELECT * FROM ${table} ${where} ORDER BY ${key.join(', ')}`;
      yield* compareRows(table, key, rowsOf(left, sql), rowsOf(right, sql));
    }
  } finally {
    left.closeSync();
    right.closeSync();
  }
}

async function tablesOf(db: DuckDBConnection): Promise<string[]> {
  const rows = await db.runAndReadAll(
    "SELECT table_name FROM duckdb_tables() WHERE NOT temporary AND schema_name = 'main'",
  );
  return rows.getRows().map(([name]) => String(name));
}

function keyOf(table: string): readonly string[] {
  const key = FACT_TABLES.find(({ name }) => name === table)?.key ?? OTHER_KEYS[table];
  if (!key) throw new AssayError('warehouse_unknown_table', `nobody knows how rows of the table ${table} are compared`);
  return key;
}

async function* rowsOf(db: DuckDBConnection, sql: string): AsyncGenerator<Row> {
  const result = await db.stream(sql);
  for await (const rows of result.yieldRowObjects()) yield* rows;
}

/** Walks two lists of rows in the order of their keys at once. */
async function* compareRows(
  table: string,
  key: readonly string[],
  left: AsyncGenerator<Row>,
  right: AsyncGenerator<Row>,
): AsyncGenerator<Unlike> {
  let [is, would] = [await left.next(), await right.next()];
  while (!is.done || !would.done) {
    const order = is.done ? 1 : would.done ? -1 : byKey(is.value, would.value, key);
    if (order === 0) yield* compareColumns(table, key, is.value as Row, would.value as Row);
    else if (order < 0) yield { table, key: nameOf(is.value as Row, key), is: textOf(is.value), would: undefined };
    else yield { table, key: nameOf(would.value as Row, key), is: undefined, would: textOf(would.value) };
    if (order <= 0) is = await left.next();
    if (order >= 0) would = await right.next();
  }
}

function* compareColumns(table: string, key: readonly string[], is: Row, would: Row): Generator<Unlike> {
  for (const column of new Set([...Object.keys(is), ...Object.keys(would)])) {
    const whole = `${table}.${column}`;
    const [a, b] = [is[column], would[column]];
    if (a === b || OWN_COUNTS.includes(whole) || isForgotten(whole, is) !== isForgotten(whole, would)) continue;
    if (SUMMED.includes(whole) && Math.abs(Number(a) - Number(b)) <= SHARES_APART) continue;
    yield { table, key: nameOf(is, key), column, is: textOf(a), would: textOf(b) };
  }
}

/** Has retention emptied this column of the row? */
function isForgotten(whole: string, row: Row): boolean {
  if (!WAREHOUSE_FORGETS.some((one) => one === whole)) return false;
  if (whole === 'touch.key' || whole === 'touch.key_hash') return row['key'] === `touch ${String(row['touch'])}`;
  return row[whole.slice(whole.indexOf('.') + 1)] === null;
}

/** As the engine sorts: texts by their bytes. */
function byKey(a: Row, b: Row, key: readonly string[]): number {
  for (const name of key) {
    const [x, y] = [a[name], b[name]];
    if (x === y) continue;
    if (typeof x === 'string' && typeof y === 'string') return Buffer.compare(Buffer.from(x), Buffer.from(y));
    return Number(x) - Number(y);
  }
  return 0;
}

function nameOf(row: Row, key: readonly string[]): string {
  return key.map((name) => String(row[name])).join('/');
}

function textOf(value: unknown): string {
  if (value === null) return 'nothing';
  if (typeof value !== 'object') return String(value);
  return JSON.stringify(value, (_, one: unknown) => (typeof one === 'bigint' ? String(one) : one));
}
