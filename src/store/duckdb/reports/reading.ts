import {
  BIGINT,
  type DuckDBConnection,
  type DuckDBType,
  type DuckDBValue,
  LIST,
  listValue,
  VARCHAR,
} from '@duckdb/node-api';

/** A connection of one's own to the warehouse. */
export type Connect = () => Promise<DuckDBConnection>;

/** What a question's `$names` stand for: whole numbers and texts, and lists of them. */
export type Values = Readonly<Record<string, number | string | readonly number[] | readonly string[]>>;

/** Whole numbers of 64 bits and more come as bigint, counts too. */
export type Ask = <Row>(sql: string, values?: Values) => Promise<Row[]>;

/** Some questions to one state of the warehouse, which others may change meanwhile. */
export async function reading<T>(connect: Connect, work: (ask: Ask, db: DuckDBConnection) => Promise<T>): Promise<T> {
  const db = await connect();
  try {
    await db.run('BEGIN TRANSACTION READ ONLY');
    const ask: Ask = async <Row>(sql: string, values: Values = {}) => {
      const bound = Object.entries(values).filter(([name]) => new RegExp(`\\$${name}\\b`).test(sql));
      const cells = bound.map(([name, value]) => [name, bind(value)] as const);
      const result = await db.run(
        sql,
        Object.fromEntries(cells.map(([name, [value]]) => [name, value])),
        Object.fromEntries(cells.map(([name, [, type]]) => [name, type])),
      );
      return (await result.getRowObjectsJS()) as Row[];
    };
    return await work(ask, db);
  } finally {
    // What was only read ends with its connection.
    db.closeSync();
  }
}

// A number without a type would be a DOUBLE, and a column compared with one is converted row by row.
export function bind(value: Values[string]): [DuckDBValue, DuckDBType] {
  if (typeof value === 'string') return [value, VARCHAR];
  if (typeof value === 'number') return [BigInt(value), BIGINT];
  if (value.some((one) => typeof one === 'number')) return [listValue((value as number[]).map(BigInt)), LIST(BIGINT)];
  return [listValue([...(value as string[])]), LIST(VARCHAR)];
}
