import type { DuckDBConnection, DuckDBDataChunk, DuckDBValue } from '@duckdb/node-api';
import { TOUCH_KINDS } from '../../event/fact.ts';
import { type Column, columnsOf, type FactTable, type Kind } from './table.ts';

/** Reads rows of a table of facts; `where` is SQL after the table's name, without anything from outside. */
export async function readRows<Row>(
  db: DuckDBConnection,
  table: FactTable<Row>,
  where: string,
  values?: Record<string, DuckDBValue>,
): Promise<Row[]> {
  const fields = fieldsOf(table);
  const result = await db.run(`SELECT ${selected(fields)} FROM ${table.name} ${where}`, values);
  const rows: Row[] = [];
  for (const chunk of await result.fetchAllChunks()) rows.push(...rowsOf(fields, chunk));
  return rows;
}

/** The same as `readRows`, a chunk of some thousand rows at a time, by a connection that does nothing else meanwhile. */
export async function* streamRows<Row>(
  db: DuckDBConnection,
  table: FactTable<Row>,
  where: string,
): AsyncGenerator<Row[]> {
  const fields = fieldsOf(table);
  const result = await db.stream(`SELECT ${selected(fields)} FROM ${table.name} ${where}`);
  for await (const chunk of result) yield rowsOf(fields, chunk);
}

function fieldsOf<Row>(table: FactTable<Row>): Column<Row>[] {
  return columnsOf(table).filter(({ field }) => field !== undefined);
}

function selected<Row>(fields: readonly Column<Row>[]): string {
  return fields.map(({ name, kind }) => (kind === 'count' ? `CAST(${name} AS DOUBLE)` : name)).join(', ');
}

function rowsOf<Row>(fields: readonly Column<Row>[], chunk: DuckDBDataChunk): Row[] {
  const rows = Array.from({ length: chunk.rowCount }, () => ({}) as Record<string, unknown>);
  for (const [place, { kind, field }] of fields.entries()) {
    const vector = chunk.getColumnVector(place);
    for (let n = 0; n < rows.length; n++)
      (rows[n] as Record<string, unknown>)[field as string] = loaded(kind, vector.getItem(n));
  }
  return rows as Row[];
}

function loaded(kind: Kind, value: DuckDBValue): unknown {
  return kind === 'kind' && value !== null ? TOUCH_KINDS[Number(value)] : value;
}
