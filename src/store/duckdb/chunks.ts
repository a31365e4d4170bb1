import {
  type DuckDBAppender,
  type DuckDBConnection,
  DuckDBDataChunk,
  type DuckDBType,
  DuckDBVector,
} from '@duckdb/node-api';
import { TOUCH_KINDS, type TouchKind } from '../../event/fact.ts';
import { heldMinor } from '../held-minor.ts';
import { type Column, SQL_TYPES } from './table.ts';

const CHUNK_ROWS = DuckDBVector.standardSize();

/** A table of the file, or one that the connection keeps for itself. */
export interface Into {
  name: string;
  catalog?: 'temp';
}

/**
 * Appends rows to a table, a chunk at a time, inside the connection's transaction. `known` holds columns that were made of the
 * rows before, a number for each.
 */
export async function appendRows<Row>(
  db: DuckDBConnection,
  table: Into,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  known: Readonly<Record<string, Float64Array>> = {},
): Promise<void> {
  const types = columns.map(({ kind }) => SQL_TYPES[kind]);
  await append(db, table, types, rows.length, (chunk, from, to) => {
    for (const [place, column] of columns.entries()) {
      const vector = chunk.getColumnVector(place);
      const values = known[column.name];
      if (values) wordsFrom(values, from, to, itemsOf(vector));
      else fill(vector, column, rows, { from, to });
      vector.flush();
    }
  });
}

/** Numbers go into the vector's array as they are: its setter checks each, and takes those of 64 bits as a bigint only. */
function fill<Row>(
  vector: DuckDBVector,
  { kind, of }: Column<Row>,
  rows: readonly Row[],
  { from, to }: { from: number; to: number },
): void {
  if (kind === 'text' || kind === 'flag') {
    for (let n = from; n < to; n++) vector.setItem(n - from, of(rows[n] as Row) as string | boolean | null);
    return;
  }
  const items = itemsOf(vector);
  const words = kind === 'count' ? new Int32Array(items.buffer, items.byteOffset, 2 * (to - from)) : undefined;
  for (let n = from; n < to; n++) {
    const value = of(rows[n] as Row);
    const at = n - from;
    if (value === null) vector.setItem(at, null);
    else if (words) putWords(words, 2 * at, value as number);
    else if (kind === 'minor') (items as BigInt64Array)[at] = heldMinor(value as bigint);
    else if (kind === 'kind') (items as Uint8Array)[at] = TOUCH_KINDS.indexOf(value as TouchKind);
    else (items as Int32Array)[at] = value as number;
  }
}

/** A column of numbers that goes into a table as it is: `Float64Array` holds whole numbers for a column of 64 bits. */
export interface NumberColumn {
  type: DuckDBType;
  values: Float64Array | BigInt64Array | Int32Array | Uint8Array;
  /** whole numbers that the table keeps as 64 bits */
  whole?: true;
}

/** Appends columns of numbers; no value is looked at, so that a million rows take a fraction of a second. */
export async function appendColumns(
  db: DuckDBConnection,
  table: Into,
  columns: readonly NumberColumn[],
  length: number,
): Promise<void> {
  const odd = columns.find(({ values }) => values.length !== length);
  if (odd) throw new Error(`a column for ${table.name} has ${odd.values.length} values, and not ${length}`);
  await append(
    db,
    table,
    columns.map(({ type }) => type),
    length,
    (chunk, from, to) => {
      for (const [place, { values, whole }] of columns.entries()) {
        const vector = chunk.getColumnVector(place);
        const items = itemsOf(vector);
        if (whole) wordsFrom(values as Float64Array, from, to, items);
        else (items as Float64Array).set((values as Float64Array).subarray(from, to));
        vector.flush();
      }
    },
    true,
  );
}

/** `areFull`: every value is written and none is null, so that a chunk can be filled again, which takes half as long as to make one. */
async function append(
  db: DuckDBConnection,
  { name, catalog }: Into,
  types: readonly DuckDBType[],
  length: number,
  fill: (chunk: DuckDBDataChunk, from: number, to: number) => void,
  areFull = false,
): Promise<void> {
  if (length === 0) return;
  const appender: DuckDBAppender = await db.createAppender(name, catalog === undefined ? null : 'main', catalog);
  let chunk: DuckDBDataChunk | undefined;
  try {
    for (let from = 0; from < length; from += CHUNK_ROWS) {
      const to = Math.min(from + CHUNK_ROWS, length);
      if (!chunk || !areFull || to - from < CHUNK_ROWS) chunk = DuckDBDataChunk.create(types, to - from);
      fill(chunk, from, to);
      appender.appendDataChunk(chunk);
    }
    appender.flushSync();
  } catch (error) {
    // What it still holds must not be written when it is closed.
    appender.clear();
    throw error;
  } finally {
    appender.closeSync();
  }
}

/** The array behind a vector of numbers: its setter checks every value, and allocates one for each number of 64 bits. */
export function itemsOf(vector: DuckDBVector): Float64Array | BigInt64Array | Int32Array | Uint8Array {
  const { items } = vector as unknown as { items?: Float64Array | BigInt64Array | Int32Array | Uint8Array };
  if (!items) throw new Error(`a vector of ${vector.type.toString()} has no array of numbers`);
  return items;
}

/** Whole numbers up to 2^53 as integers of 64 bits, low word first, without a bigint for each. */
function wordsFrom(values: Float64Array, from: number, to: number, items: ArrayBufferView): void {
  const words = new Int32Array(items.buffer, items.byteOffset, 2 * (to - from));
  for (let n = from, at = 0; n < to; n++, at += 2) putWords(words, at, values[n] as number);
}

function putWords(words: Int32Array, at: number, value: number): void {
  words[at] = value | 0;
  words[at + 1] = Math.floor(value / 2 ** 32);
}
