import { BIGINT, type DuckDBConnection } from '@duckdb/node-api';
import { appendColumns } from './chunks.ts';

/** Whole numbers as a list for SQL, never empty: an `IN` of nothing is no SQL. */
export function numbersSql(numbers: readonly number[]): string {
  return numbers.length === 0 ? 'NULL' : numbers.map((number) => String(Math.trunc(number))).join(', ');
}

/** Puts numbers into the connection's table `chosen`, in the place of those that were there. */
export async function choose(db: DuckDBConnection, numbers: readonly number[]): Promise<void> {
  await db.run('DELETE FROM chosen');
  const values = Float64Array.from(numbers);
  await appendColumns(db, { name: 'chosen', catalog: 'temp' }, [{ type: BIGINT, values, whole: true }], values.length);
}

export function rangeOf(numbers: readonly number[]): [least: number, most: number] {
  let [least, most] = [Number.MAX_SAFE_INTEGER, 0];
  for (const number of numbers) [least, most] = [Math.min(least, number), Math.max(most, number)];
  return [least, most];
}
