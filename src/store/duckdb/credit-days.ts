import type { DuckDBConnection } from '@duckdb/node-api';

/**
 * Shares are summed in whole units, so that what is added and taken away again leaves nothing: a third is off by less than
 * 1e-12, and in a day's sum of a creative thousands of conversions are exact.
 */
const UNITS = 2 ** 40;

const KEY = 'statement, converted_day, touched_day, name, currency, creative, kind, why';
const SAME = KEY.split(', ')
  .map((name) => `t.${name} = s.${name}`)
  .join(' AND ');

/** Sums of credits by day. What adds up to nothing, such as shares of 0, has no row. */
function sumsOf(credits: string, sign = ''): string {
  const units = `sum(CAST(c.share * ${UNITS} AS BIGINT))`;
  return `SELECT ${KEY}, ${sign}CAST(${units} AS DOUBLE) / ${UNITS}, ${sign}sum(c.minor), ${sign}sum(c.net)
    FROM ${credits} AS c JOIN conversion USING (conversion) GROUP BY ALL
    HAVING ${units} <> 0 OR sum(c.minor) <> 0 OR sum(c.net) <> 0`;
}

/** Sums up all credits of a statement. */
export async function sumDays(db: DuckDBConnection, statement: number): Promise<void> {
  await db.run(`DELETE FROM credit_day WHERE statement = ${statement}`);
  await db.run(`INSERT INTO credit_day ${sumsOf(`(FROM credit WHERE statement = ${statement})`)}`);
}

/** Notes what credits take away from their days when they go; conversions have to be there as they were then. */
export async function noteGoing(db: DuckDBConnection, condition: string): Promise<void> {
  await db.run(`INSERT INTO stage_credit_day ${sumsOf(`(FROM credit WHERE ${condition})`, '-')}`);
}

/** Notes what credits in a table of the connection's own add to their days. */
export async function noteComing(db: DuckDBConnection, table: string): Promise<void> {
  await db.run(`INSERT INTO stage_credit_day ${sumsOf(table)}`);
}

/** Writes what was noted. */
export async function moveDays(db: DuckDBConnection, statement: number): Promise<void> {
  await db.run(
    `CREATE OR REPLACE TEMP TABLE moved_day AS SELECT ${KEY}, sum(conversions) AS conversions, sum(minor) AS minor,
      sum(net) AS net FROM stage_credit_day GROUP BY ALL`,
  );
  const days = await db.runAndReadAll('SELECT min(converted_day), max(converted_day) FROM moved_day');
  const [first, last] = (days.getRows()[0] ?? []).map(Number);
  const within = `t.statement = ${statement} AND t.converted_day BETWEEN ${first} AND ${last}`;
  await db.run(
    `UPDATE credit_day AS t SET conversions = t.conversions + s.conversions, minor = t.minor + s.minor, net = t.net + s.net
    FROM moved_day AS s WHERE ${within} AND ${SAME}`,
  );
  await db.run(`INSERT INTO credit_day FROM moved_day ANTI JOIN (FROM credit_day AS t WHERE ${within}) USING (${KEY})`);
  await db.run(
    `DELETE FROM credit_day AS t WHERE ${within} AND minor = 0 AND net = 0 AND abs(conversions) * ${UNITS} < 0.5`,
  );
  await db.run('DELETE FROM stage_credit_day');
  await db.run('DROP TABLE moved_day');
}
