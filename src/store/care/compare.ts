import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { isDeepStrictEqual } from 'node:util';
import { allMentions } from '../sqlite/mention.ts';
import { allVerdicts } from './current-verdicts.ts';
import { RETENTION_EMPTIES } from './stores.ts';

/** A place where two ledgers differ. */
export interface Unlike {
  table: string;
  /** the row's key, such as `4711/main/api` */
  key: string;
  /** undefined where the whole row stands in one ledger only */
  column?: string;
  /** as text; undefined where there is none */
  is: string | undefined;
  would: string | undefined;
}

type Row = Record<string, SQLOutputValue>;

/** Kept as they were committed together: their rows say the same cut in another way. */
const CUT_BY_COMMITS = ['verdict_page', 'verdict', 'mention_run', 'mention', 'change'];

/**
 * Compares every table of two ledgers on every column; `is` runs, `would` is what the journal comes to. A column that
 * retention empties may be empty in one of them. Both have to be at the same offset.
 */
export function* compareLedgers(
  is: DatabaseSync,
  would: DatabaseSync,
  looking: (table: string) => void = () => undefined,
): Generator<Unlike> {
  const tables = [...new Set([...tablesOf(is), ...tablesOf(would)])].sort();
  for (const table of tables) {
    if (CUT_BY_COMMITS.includes(table)) continue;
    looking(table);
    if (table === 'touch_id') yield* compareTouchIds(is, would);
    else yield* compareRows(table, rowsOf(is, table), rowsOf(would, table), keyOf(would, table));
  }
  looking('verdict');
  yield* compareRows('verdict', verdictsOf(is), verdictsOf(would), ['seq', 'n']);
  looking('mention');
  yield* compareMentions(allMentions(is), allMentions(would));
}

function tablesOf(db: DatabaseSync): string[] {
  const rows = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").all();
  return rows.map(({ name }) => String(name));
}

function keyOf(db: DatabaseSync, table: string): string[] {
  const columns = db.prepare('SELECT name, pk FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk').all(table);
  return columns.map(({ name }) => String(name));
}

function* rowsOf(db: DatabaseSync, table: string): Generator<Row> {
  const key = keyOf(db, table);
  if (key.length > 0)
    yield* db.prepare(`SELECT * FROM "${table}" ORDER BY ${key.map((name) => `"${name}"`).join(', ')}`).iterate();
}

function* verdictsOf(db: DatabaseSync): Generator<Row> {
  for (const row of allVerdicts(db)) yield { seq: row.seq, n: row.n, doc: JSON.stringify(row) };
}

/** Walks two lists of rows in the order of their keys at once. */
function* compareRows(
  table: string,
  left: Generator<Row>,
  right: Generator<Row>,
  key: readonly string[],
): Generator<Unlike> {
  let [is, would] = [left.next(), right.next()];
  while (!is.done || !would.done) {
    const order = is.done ? 1 : would.done ? -1 : byKey(is.value, would.value, key);
    if (order === 0) {
      yield* compareColumns(table, is.value as Row, would.value as Row, key);
      [is, would] = [left.next(), right.next()];
    } else if (order < 0) {
      yield { table, key: nameOf(is.value as Row, key), is: JSON.stringify(is.value), would: undefined };
      is = left.next();
    } else {
      yield { table, key: nameOf(would.value as Row, key), is: undefined, would: JSON.stringify(would.value) };
      would = right.next();
    }
  }
}

function* compareColumns(table: string, is: Row, would: Row, key: readonly string[]): Generator<Unlike> {
  for (const column of new Set([...Object.keys(is), ...Object.keys(would)])) {
    const [a, b] = [is[column], would[column]];
    if (a === b || isDeepStrictEqual(a, b)) continue;
    if (isEmptied(table, column, a, b)) continue;
    yield { table, key: nameOf(is, key), column, is: textOf(a), would: textOf(b) };
  }
}

/** Is the difference no more than that retention has emptied one of the two? */
function isEmptied(
  table: string,
  column: string,
  a: SQLOutputValue | undefined,
  b: SQLOutputValue | undefined,
): boolean {
  const whole: string = `${table}.${column}`;
  if (RETENTION_EMPTIES.some((one) => one === whole)) return a === null || b === null;
  const fields = RETENTION_EMPTIES.filter((one) => one.startsWith(`${whole}.`)).map((one) =>
    one.slice(whole.length + 1),
  );
  if (fields.length === 0 || typeof a !== 'string' || typeof b !== 'string') return false;
  const [x, y] = [JSON.parse(a) as Row, JSON.parse(b) as Row];
  for (const field of fields)
    if (x[field] === undefined || y[field] === undefined) {
      delete x[field];
      delete y[field];
    }
  return isDeepStrictEqual(x, y);
}

/** An id that leads to a touch in one ledger alone is a difference, unless the other has emptied the touch. */
function* compareTouchIds(is: DatabaseSync, would: DatabaseSync): Generator<Unlike> {
  const clicks = [is, would].map((db) =>
    db.prepare("SELECT personal ->> '$.user.ttclid' AS ttclid FROM touch WHERE touch = ?"),
  );
  for (const unlike of compareRows('touch_id', rowsOf(is, 'touch_id'), rowsOf(would, 'touch_id'), ['id', 'touch'])) {
    const row = JSON.parse(unlike.is ?? unlike.would ?? '{}') as { id?: string; touch?: string };
    const [here, there] = unlike.is === undefined ? [clicks[1], clicks[0]] : [clicks[0], clicks[1]];
    const isClick = here?.get(row.touch ?? '')?.['ttclid'] === row.id;
    if (!isClick || there?.get(row.touch ?? '')?.['ttclid'] !== null) yield unlike;
  }
}

function* compareMentions(is: BigUint64Array, would: BigUint64Array): Generator<Unlike> {
  const [some, others] = [new Set(is), new Set(would)];
  const one = (entry: bigint): string => String(BigInt.asUintN(36, entry));
  for (const entry of is)
    if (!others.has(entry)) yield { table: 'mention', key: one(entry), is: String(entry), would: undefined };
  for (const entry of would)
    if (!some.has(entry)) yield { table: 'mention', key: one(entry), is: undefined, would: String(entry) };
}

/** As SQLite sorts: texts by their bytes. */
function byKey(a: Row, b: Row, key: readonly string[]): number {
  for (const name of key) {
    const [x, y] = [a[name], b[name]];
    if (x === y) continue;
    if (typeof x === 'number' && typeof y === 'number') return x - y;
    return Buffer.compare(Buffer.from(String(x)), Buffer.from(String(y)));
  }
  return 0;
}

function nameOf(row: Row, key: readonly string[]): string {
  return key.map((name) => String(row[name])).join('/');
}

function textOf(value: SQLOutputValue | undefined): string {
  return value === undefined ? 'no such column' : value === null ? 'nothing' : String(value);
}
