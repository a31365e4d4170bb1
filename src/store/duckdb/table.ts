import type { DuckDBType } from '@duckdb/node-api';
import { BIGINT, BOOLEAN, INTEGER, UTINYINT, VARCHAR } from '@duckdb/node-api';

/** How a field is kept: `count` is a whole number up to 2^53, `minor` money in minor units, `kind` a place in TOUCH_KINDS, `hash` 32 bits. */
export type Kind = 'text' | 'count' | 'minor' | 'flag' | 'kind' | 'hash';

export const SQL_TYPES: Readonly<Record<Kind, DuckDBType>> = {
  text: VARCHAR,
  count: BIGINT,
  minor: BIGINT,
  flag: BOOLEAN,
  kind: UTINYINT,
  hash: INTEGER,
};

/** Every field of a row with its kind; a question mark where it may be null. */
type Fields<Row> = { readonly [F in keyof Row]-?: null extends Row[F] ? `${Kind}?` : Kind };

/** A table of facts: a column for each field of its rows, named in snake case, and columns that follow from the fields. */
export interface FactTable<Row> {
  name: string;
  key: readonly (keyof Row & string)[];
  fields: Fields<Row>;
  beside?: Readonly<Record<string, { kind: Kind; of(row: Row): number }>>;
  /** the column of `beside` that follows from the key alone and finds it: texts are slow to look through */
  hash?: string;
}

export interface Column<Row> {
  name: string;
  kind: Kind;
  nullable: boolean;
  /** the field that it holds; undefined for what follows from others */
  field: (keyof Row & string) | undefined;
  of(row: Row): unknown;
}

export function columnsOf<Row>(table: FactTable<Row>): Column<Row>[] {
  const fields = Object.entries(table.fields) as [keyof Row & string, `${Kind}` | `${Kind}?`][];
  return [
    ...fields.map(([field, told]) => ({
      name: snake(field),
      kind: told.replace('?', '') as Kind,
      nullable: told.endsWith('?'),
      field,
      of: (row: Row) => row[field],
    })),
    ...Object.entries(table.beside ?? {}).map(([name, { kind, of }]) => ({
      ...{ name: snake(name), kind, nullable: false, field: undefined, of },
    })),
  ];
}

/** SQL that makes the table. Keys are kept by whoever writes: an index of millions of keys would stand in memory. */
export function tableSql<Row>(table: FactTable<Row>): string {
  const columns = columnsOf(table).map(
    ({ name, kind, nullable }) => `${name} ${SQL_TYPES[kind].toString()}${nullable ? '' : ' NOT NULL'}`,
  );
  return `CREATE TABLE ${table.name} (${columns.join(', ')})`;
}

/** The key's columns, in the key's order. */
export function keyColumns<Row>(table: FactTable<Row>): Column<Row>[] {
  const columns = columnsOf(table);
  return table.key.flatMap((field) => columns.filter((column) => column.field === field));
}

export function snake(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
