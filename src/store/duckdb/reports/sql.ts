import {
  type DuckDBConnection,
  type DuckDBPreparedStatement,
  DuckDBTypeId,
  type Json,
  JsonDuckDBValueConverter,
  StatementType,
} from '@duckdb/node-api';
import { AssayError } from '../../../event/error.ts';
import type { SqlCell, SqlRows } from '../../warehouse-reports.ts';
import { bind, type Values } from './reading.ts';

/** Characters of all cells together: an answer is held in memory, here and where it is shown. */
const CHARS_MAX = 32 * 2 ** 20;

/**
 * One question in SQL. It can only read, three times over: the kind of statement is checked, its transaction is read-only,
 * and the engine was opened without access to files or networks. What takes longer than `msMax` is cut off.
 */
export async function askSql(
  db: DuckDBConnection,
  text: string,
  { rowsMax, msMax }: { rowsMax: number; msMax: number },
  values?: Values,
): Promise<SqlRows> {
  const begun = performance.now();
  const late = setTimeout(() => db.interrupt(), msMax);
  try {
    await db.run('BEGIN TRANSACTION READ ONLY');
    const statement = await single(db, text, values);
    const result = await statement.stream();
    const types = result.columnTypes();
    const columns = result.columnNames().map((name, n) => ({ name, type: types[n]?.toString() ?? '' }));
    const rows: SqlCell[][] = [];
    let [chars, cut] = [0, false];
    reading: for await (const page of result.yieldConvertedRows(JsonDuckDBValueConverter))
      for (const cells of page) {
        if (rows.length >= rowsMax || chars > CHARS_MAX) {
          cut = true;
          break reading;
        }
        const row = cells.map((cell, n) => plain(cell, types[n]?.typeId));
        chars += row.reduce<number>((sum, cell) => sum + (typeof cell === 'string' ? cell.length : 8), 0);
        rows.push(row);
      }
    return { columns, rows, cut, ms: Math.round(performance.now() - begun) };
  } catch (cause) {
    if (cause instanceof AssayError) throw cause;
    if (performance.now() - begun >= msMax)
      throw refused(`it took longer than ${msMax} ms: ask about fewer days, or for sums`, cause);
    throw refused(said(cause), cause);
  } finally {
    clearTimeout(late);
    db.closeSync();
  }
}

async function single(db: DuckDBConnection, text: string, values: Values = {}): Promise<DuckDBPreparedStatement> {
  // The engine has no answer for what holds no statement at all.
  if (text.replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, '').replace(/[\s;]/g, '') === '')
    throw refused('there is no statement: write one, such as SELECT * FROM mart_conversions LIMIT 10');
  const statements = await db.extractStatements(text);
  if (statements.count !== 1) throw refused('there is more than one statement: ask one at a time');
  const statement = await statements.prepare(0);
  const { statementType } = statement;
  if (statementType !== StatementType.SELECT && statementType !== StatementType.EXPLAIN)
    throw refused(`${StatementType[statementType]} is no question: use SELECT, WITH, DESCRIBE, SHOW or EXPLAIN`);
  for (let n = 1; n <= statement.parameterCount; n++) {
    const value = values[statement.parameterName(n)];
    if (value === undefined) throw refused('it has parameters: write the values where they stand');
    statement.bindValue(n, ...bind(value));
  }
  return statement;
}

function refused(what: string, cause?: unknown): AssayError {
  return new AssayError('sql_refused', what, { cause });
}

/** What the engine says, without its repetition of the statement. */
function said(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  return (
    message
      .replace('Failed to extract statements: ', '')
      .split(/\n\n?LINE |\n\nStack|\n$/)[0]
      ?.slice(0, 2000) || 'the engine gives no reason'
  );
}

const WHOLE: readonly DuckDBTypeId[] = [
  ...[DuckDBTypeId.BIGINT, DuckDBTypeId.UBIGINT, DuckDBTypeId.HUGEINT, DuckDBTypeId.UHUGEINT],
];

function plain(cell: Json | null, type: DuckDBTypeId | undefined): SqlCell {
  if (cell === null || typeof cell === 'number' || typeof cell === 'boolean') return cell;
  if (typeof cell !== 'string') return JSON.stringify(cell);
  if (type === undefined || !WHOLE.includes(type)) return cell;
  const whole = Number(cell);
  return Number.isSafeInteger(whole) ? whole : cell;
}
