import { BIGINT, DOUBLE, type DuckDBConnection, INTEGER, UTINYINT } from '@duckdb/node-api';
import type { CreditColumns, CreditWrite, ReachColumns, Statement } from '../warehouse.ts';
import { appendColumns, type Into, type NumberColumn } from './chunks.ts';
import { moveDays, noteComing, noteGoing, sumDays } from './credit-days.ts';
import { choose, rangeOf } from './numbers.ts';
import { REACH_FIELDS } from './schema.ts';

export interface CreditWriter {
  /** Call it before the facts of the same transaction are written: credits are taken from the sums under the names of then. */
  before(db: DuckDBConnection, write: CreditWrite): Promise<void>;
  /** Writes credits inside the transaction that is under way, and what is summed up of them. */
  write(db: DuckDBConnection, write: CreditWrite): Promise<void>;
  /** After a transaction that failed: what was thought of the tables is looked at anew. */
  doubt(): void;
}

export function creditWriter(): CreditWriter {
  /** the largest conversion that has credits or reach in the tables: those above replace nothing */
  let largest: number | undefined;

  /** Of conversions, those that may have credits already. */
  async function known(db: DuckDBConnection, conversions: readonly number[]): Promise<number[]> {
    largest ??= await largestIn(db);
    const top = largest;
    return conversions.filter((conversion) => conversion <= top);
  }

  return {
    async before(db, { what, statement, conversions }) {
      if (what === 'all') return;
      const old = await known(db, conversions);
      if (old.length === 0) return;
      await choose(db, old);
      await noteGoing(db, chosenOf(statement.statement, old));
    },
    async write(db, { what, statement, conversions, credits, reach }) {
      const number = statement.statement;
      await putStatement(db, statement);
      if (what === 'all') {
        await db.run(`DELETE FROM credit WHERE statement = ${number}`);
        await appendCredits(db, { name: 'credit' }, number, credits);
        await sumDays(db, number);
        if (reach) await db.run('DELETE FROM reach');
      } else if (conversions.length > 0) {
        const old = await known(db, conversions);
        if (old.length > 0) {
          await choose(db, old);
          await db.run(`DELETE FROM credit WHERE ${chosenOf(number, old)}`);
          if (reach) await db.run(`DELETE FROM reach WHERE ${chosenConversions(old)}`);
        }
        await putThese(db, number, credits);
      }
      if (reach) await appendReach(db, reach);
      if (largest !== undefined)
        largest = Math.max(largest, mostOf(credits.conversion), mostOf(reach?.conversion ?? []));
    },
    doubt() {
      largest = undefined;
    },
  };
}

async function largestIn(db: DuckDBConnection): Promise<number> {
  const rows = await db.runAndReadAll(
    'SELECT greatest((SELECT max(conversion) FROM credit), (SELECT max(conversion) FROM reach))',
  );
  return Number(rows.getRows()[0]?.[0] ?? 0);
}

function mostOf(conversions: Iterable<number>): number {
  let most = 0;
  for (const conversion of conversions) most = Math.max(most, conversion);
  return most;
}

function chosenConversions(conversions: readonly number[]): string {
  const [least, most] = rangeOf(conversions);
  return `conversion BETWEEN ${least} AND ${most} AND conversion IN (SELECT n FROM chosen)`;
}

function chosenOf(statement: number, conversions: readonly number[]): string {
  return `statement = ${statement} AND ${chosenConversions(conversions)}`;
}

/** New credits are summed up beside the others: to find them among these would be to look through all. */
async function putThese(db: DuckDBConnection, statement: number, credits: CreditColumns): Promise<void> {
  await appendCredits(db, { name: 'stage_credit', catalog: 'temp' }, statement, credits);
  await db.run('INSERT INTO credit FROM stage_credit');
  await noteComing(db, 'stage_credit');
  await db.run('DELETE FROM stage_credit');
  await moveDays(db, statement);
}

async function appendCredits(
  db: DuckDBConnection,
  into: Into,
  statement: number,
  credits: CreditColumns,
): Promise<void> {
  const length = credits.conversion.length;
  const columns: NumberColumn[] = [
    { type: INTEGER, values: new Int32Array(length).fill(statement) },
    { type: BIGINT, values: credits.conversion, whole: true },
    { type: BIGINT, values: credits.touch, whole: true },
    { type: BIGINT, values: credits.creative, whole: true },
    { type: UTINYINT, values: credits.kind },
    { type: UTINYINT, values: credits.why },
    { type: DOUBLE, values: credits.share },
    { type: BIGINT, values: credits.minor },
    { type: BIGINT, values: credits.net },
    { type: INTEGER, values: credits.touchedDay },
    { type: INTEGER, values: credits.convertedDay },
  ];
  await appendColumns(db, into, columns, length);
}

async function appendReach(db: DuckDBConnection, reach: ReachColumns): Promise<void> {
  const columns = REACH_FIELDS.map((field): NumberColumn => ({ type: BIGINT, values: reach[field], whole: true }));
  await appendColumns(db, { name: 'reach' }, columns, reach.conversion.length);
}

async function putStatement(db: DuckDBConnection, statement: Statement): Promise<void> {
  await db.run(`DELETE FROM statement WHERE statement = ${statement.statement}`);
  await db.run(
    `INSERT INTO statement VALUES ($statement, $role, $specVersion, $model, $click, $engagedView, $view, $precedence,
      $count, $halfLife, $timezone, $asOf, $change)`,
    {
      statement: statement.statement,
      role: statement.role,
      specVersion: statement.specVersion,
      model: statement.model,
      ...Object.fromEntries(Object.entries(statement.windows).map(([kind, ms]) => [kind, BigInt(ms)])),
      precedence: statement.precedence.join(','),
      count: statement.count,
      halfLife: BigInt(Math.round(statement.halfLife)),
      timezone: statement.timezone,
      asOf: BigInt(statement.asOf),
      change: BigInt(statement.change),
    },
  );
}

/** Takes a statement and its credits away. */
export async function dropStatement(db: DuckDBConnection, statement: number): Promise<void> {
  for (const table of ['statement', 'credit', 'credit_day'])
    await db.run(`DELETE FROM ${table} WHERE statement = ${statement}`);
}
