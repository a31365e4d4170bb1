import type { DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api';
import type { TouchKind } from '../../event/fact.ts';
import { type CreditColumns, noCredits, type ReachColumns, type Statement } from '../warehouse.ts';
import { itemsOf } from './chunks.ts';
import { numbersSql } from './numbers.ts';
import { REACH_FIELDS } from './schema.ts';
import { snake } from './table.ts';

export async function statementsOf(db: DuckDBConnection): Promise<Statement[]> {
  const result = await db.runAndReadAll('FROM statement ORDER BY statement');
  return result.getRowObjects().map((row) => ({
    statement: Number(row['statement']),
    role: row['role'] as Statement['role'],
    specVersion: Number(row['spec_version']),
    model: String(row['model']),
    windows: { click: Number(row['click']), engagedView: Number(row['engaged_view']), view: Number(row['view']) },
    precedence: String(row['precedence'])
      .split(',')
      .filter((kind) => kind !== '') as TouchKind[],
    count: row['count'] as Statement['count'],
    halfLife: Number(row['half_life']),
    timezone: String(row['timezone']),
    asOf: Number(row['as_of']),
    change: Number(row['change']),
  }));
}

export async function creditsOf(
  db: DuckDBConnection,
  statement: number,
  conversions: readonly number[],
): Promise<CreditColumns> {
  return creditsWhere(db, `statement = ${statement} AND conversion IN (${numbersSql(conversions)})`);
}

/** Credits that an SQL condition, without anything from outside, names. */
export async function creditsWhere(db: DuckDBConnection, condition: string): Promise<CreditColumns> {
  const result = await db.run(
    `SELECT CAST(conversion AS DOUBLE), CAST(touch AS DOUBLE), CAST(creative AS DOUBLE), kind, why, share, minor, net,
      touched_day, converted_day
    FROM credit WHERE ${condition} ORDER BY conversion, touch`,
  );
  const chunks = await result.fetchAllChunks();
  const length = chunks.reduce((sum, { rowCount }) => sum + rowCount, 0);
  const credits: CreditColumns = noCredits(length);
  const fill = (column: number, into: Numbers): void => fillFrom(chunks, column, into);
  fill(0, credits.conversion);
  fill(1, credits.touch);
  fill(2, credits.creative);
  fill(3, credits.kind);
  fill(4, credits.why);
  fill(5, credits.share);
  fill(6, credits.minor);
  fill(7, credits.net);
  fill(8, credits.touchedDay);
  fill(9, credits.convertedDay);
  return credits;
}

/** Reach of the conversions that an SQL condition, without anything from outside, names. */
export async function reachWhere(db: DuckDBConnection, condition: string): Promise<ReachColumns> {
  const columns = REACH_FIELDS.map((field) => `CAST(${snake(field)} AS DOUBLE)`);
  const result = await db.run(`SELECT ${columns.join(', ')} FROM reach WHERE ${condition} ORDER BY conversion`);
  const chunks = await result.fetchAllChunks();
  const length = chunks.reduce((sum, { rowCount }) => sum + rowCount, 0);
  const reach = {} as ReachColumns;
  for (const [column, field] of REACH_FIELDS.entries()) {
    reach[field] = new Float64Array(length);
    fillFrom(chunks, column, reach[field]);
  }
  return reach;
}

type Numbers = Float64Array | BigInt64Array | Int32Array | Uint8Array;

/** Copies one column of an answer, whose type is that of the array. */
function fillFrom(chunks: readonly DuckDBDataChunk[], column: number, into: Numbers): void {
  let at = 0;
  for (const chunk of chunks) {
    (into as Float64Array).set(itemsOf(chunk.getColumnVector(column)) as Float64Array, at);
    at += chunk.rowCount;
  }
}
