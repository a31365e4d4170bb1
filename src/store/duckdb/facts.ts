import type { DuckDBConnection } from '@duckdb/node-api';
import type { TouchFact } from '../../event/fact.ts';
import { creativeNumber } from '../creative.ts';
import type { FactBatch } from '../warehouse.ts';
import { appendRows } from './chunks.ts';
import { creativeWriter } from './creatives.ts';
import type { Largest } from './largest.ts';
import { numbersSql, rangeOf } from './numbers.ts';
import { stageOf } from './schema.ts';
import { columnsOf, type FactTable, keyColumns, snake } from './table.ts';
import {
  adReportTable,
  conversionTable,
  dispatchTable,
  entryTable,
  eventTable,
  leadTable,
  linkTable,
  orderTable,
  personTable,
  sharedTable,
  touchTable,
} from './tables.ts';
import type { DayCounter } from './touch-days.ts';

/** More are looked for faster by a join with all rows. */
const HASHES_MAX = 5000;

export interface FactWriter {
  /** Writes a batch inside the transaction that is under way. */
  write(db: DuckDBConnection, facts: FactBatch): Promise<void>;
}

/**
 * Rows replace those with the same key: these are deleted, and the new ones appended. With a version beside each older one,
 * every reader would have to sort them out, in each of its questions.
 */
export function factWriter(counter: DayCounter, largest: Largest): FactWriter {
  async function put<Row>(db: DuckDBConnection, table: FactTable<Row>, told: readonly Row[]): Promise<void> {
    if (told.length === 0) return;
    const rows = lastOfEach(table, told);
    const field = numberOf(table);
    await remove(db, table, field === undefined ? rows : await replacing(db, table, rows));
    await appendRows(db, table, columnsOf(table), rows);
  }

  /** Of rows that are about to be written, those that may replace one. */
  async function replacing<Row>(db: DuckDBConnection, table: FactTable<Row>, rows: readonly Row[]): Promise<Row[]> {
    const field = numberOf(table) as keyof Row & string;
    const top = await largest.of(db, table.name, keyColumns(table)[0]?.name as string);
    largest.raise(
      table.name,
      rows.reduce((most, row) => Math.max(most, Number(row[field])), top),
    );
    return rows.filter((row) => Number(row[field]) <= top);
  }

  async function putTouches(db: DuckDBConnection, told: readonly TouchFact[], gone: readonly number[]): Promise<void> {
    if (told.length + gone.length === 0) return;
    const touches = lastOfEach(touchTable, told);
    const creatives = Float64Array.from(touches, creativeNumber);
    const replaced = await replacing(db, touchTable, touches);
    const old = [...gone, ...replaced.map(({ touch }) => touch)];
    const nameCreatives = await creativeWriter(db, touches, creatives, old);
    const days = await counter.counts(db);
    await days?.gone(old);
    await remove(
      db,
      touchTable,
      old.map((touch) => ({ touch })),
    );
    await appendRows(db, touchTable, columnsOf(touchTable), touches, { creative: creatives });
    await nameCreatives();
    days?.added(touches, creatives);
    await days?.write();
  }

  return {
    async write(db, { gone, ...facts }) {
      await remove(db, orderTable, gone.orders);
      await remove(db, entryTable, gone.entries);
      await remove(
        db,
        conversionTable,
        gone.conversions.map((conversion) => ({ conversion })),
      );
      await remove(db, linkTable, gone.links);
      await put(db, eventTable, facts.events);
      await put(db, conversionTable, facts.conversions);
      await putTouches(db, facts.touches, gone.touches);
      await put(db, linkTable, facts.links);
      await put(db, orderTable, facts.orders);
      await put(db, entryTable, facts.entries);
      await put(db, leadTable, facts.leads);
      await put(db, dispatchTable, facts.dispatches);
      await put(db, adReportTable, facts.adReports);
      const people = lastOfEach(personTable, facts.people);
      if (facts.everybody) await db.run(`DELETE FROM ${personTable.name}`);
      else await remove(db, personTable, people);
      const others = people.filter(({ visitor, person }) => visitor !== person);
      await appendRows(db, personTable, columnsOf(personTable), others);
      if (!facts.shared) return;
      await db.run(`DELETE FROM ${sharedTable.name}`);
      await appendRows(db, sharedTable, columnsOf(sharedTable), facts.shared);
    },
  };
}

async function remove<Row>(db: DuckDBConnection, table: FactTable<Row>, keys: readonly Partial<Row>[]): Promise<void> {
  if (keys.length === 0) return;
  const stage = stageOf(table);
  await appendRows(db, { name: stage, catalog: 'temp' }, keyColumns(table), keys as readonly Row[]);
  const same = keyColumns(table).map(({ name }) => `${table.name}.${name} = ${stage}.${name}`);
  await db.run(`DELETE FROM ${table.name} USING ${stage} WHERE ${[...same, ...narrowing(table, keys)].join(' AND ')}`);
  await db.run(`DELETE FROM ${stage}`);
}

/** What keeps most of a large table from being looked at: bounds of numbers, or hashes of texts. */
function narrowing<Row>(table: FactTable<Row>, keys: readonly Partial<Row>[]): string[] {
  const [first] = keyColumns(table);
  if (first?.kind === 'count' && first.field !== undefined) {
    const { field } = first;
    const [least, most] = rangeOf(keys.map((key) => Number(key[field])));
    return [`${table.name}.${first.name} BETWEEN ${least} AND ${most}`];
  }
  const hash = table.hash === undefined ? undefined : table.beside?.[table.hash];
  if (!hash || keys.length > HASHES_MAX) return [];
  const hashes = new Set(keys.map((key) => hash.of(key as Row)));
  return [`${table.name}.${snake(table.hash as string)} IN (${numbersSql([...hashes])})`];
}

/** The field that numbers a table's rows, where one number is the whole key. */
function numberOf<Row>({ key, fields }: FactTable<Row>): (keyof Row & string) | undefined {
  const [field] = key;
  return key.length === 1 && field !== undefined && fields[field] === 'count' ? field : undefined;
}

/** The last row of each key: a batch may tell one twice. */
function lastOfEach<Row>({ key }: FactTable<Row>, rows: readonly Row[]): Row[] {
  const [only] = key;
  if (key.length === 1 && only && isAscending(rows, only)) return [...rows];
  const kept = new Map<unknown, Row>();
  for (const row of rows)
    kept.set(key.length === 1 && only ? row[only] : JSON.stringify(key.map((field) => row[field])), row);
  return kept.size === rows.length ? [...rows] : [...kept.values()];
}

/** Numbers that grow from row to row are told once each. */
function isAscending<Row>(rows: readonly Row[], field: keyof Row): boolean {
  for (let n = 1; n < rows.length; n++) {
    const [before, value] = [rows[n - 1]?.[field], rows[n]?.[field]];
    if (typeof before !== 'number' || typeof value !== 'number' || before >= value) return false;
  }
  return true;
}
