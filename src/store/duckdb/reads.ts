import type { DuckDBConnection } from '@duckdb/node-api';
import type { EntryFact, LinkFact, TouchFact } from '../../event/fact.ts';
import type { Place, Warehouse } from '../warehouse.ts';
import { creativesOf, touchColumns } from './book-columns.ts';
import { creditsOf, statementsOf } from './credit-reads.ts';
import type { Largest } from './largest.ts';
import { numbersSql } from './numbers.ts';
import { readRows, streamRows } from './rows.ts';
import type { FactTable } from './table.ts';
import {
  conversionTable,
  entryTable,
  eventTable,
  hashOf,
  identifierText,
  linkHash,
  linkTable,
  orderHash,
  touchTable,
} from './tables.ts';

/** Rows of a page that a book is loaded by, about. */
const PAGE_ROWS = 50_000;
/** Numbers that one statement names. */
const NAMED_MAX = 5000;

export type Reads = Omit<Warehouse, 'commit' | 'forget' | 'forgotBefore' | 'forgetStatement' | 'close'>;

/** Everything that the engine answers to the book and the tailer; `connect` makes a connection for a long answer. */
export function reads(
  reader: () => Promise<DuckDBConnection>,
  connect: () => Promise<DuckDBConnection>,
  largest: Largest,
): Reads {
  async function numbered<Row>(table: FactTable<Row>, numbers: readonly number[]): Promise<Row[]> {
    const name = table.key[0] as string;
    const rows: Row[] = [];
    const top = await largest.of(await reader(), table.name, name);
    const sorted = numbers.filter((number) => number <= top).sort((a, b) => a - b);
    for (const some of pieces(sorted))
      rows.push(
        ...(await readRows(
          await reader(),
          table,
          `${rowsWhere(table.name, `${name} IN (${numbersSql(some)})`)} ORDER BY ${name}`,
        )),
      );
    return rows;
  }

  async function* paged<Row>(table: FactTable<Row>, after: number): AsyncGenerator<Row[]> {
    const name = table.key[0] as string;
    const bounds = await (await reader()).runAndReadAll(
      `SELECT CAST(count(*) AS DOUBLE), CAST(max(${name}) AS DOUBLE) FROM ${table.name} WHERE ${name} > ${after}`,
    );
    const [count, last] = (bounds.getRows()[0] ?? []) as [number, number | null];
    if (last === null) return;
    const step = Math.max(1, Math.ceil(((last - after) / count) * PAGE_ROWS));
    for (let from = after; from < last; from += step) {
      const where = `WHERE ${name} > ${from} AND ${name} <= ${from + step} ORDER BY ${name}`;
      const rows = await readRows(await reader(), table, where);
      if (rows.length > 0) yield rows;
    }
  }

  return {
    place: async () => placeOf(await reader()),
    async touchesByKey(keys) {
      const wanted = new Set(keys);
      const rows: TouchFact[] = [];
      for (const some of pieces([...new Set(keys.map(hashOf))]))
        rows.push(
          ...(await readRows(await reader(), touchTable, rowsWhere('touch', `key_hash IN (${numbersSql(some)})`))),
        );
      return rows.filter(({ key }) => wanted.has(key));
    },
    touchesNumbered: (touches) => numbered(touchTable, touches),
    async linksByKey(keys) {
      const textOf = ({ visitor, kind, value }: (typeof keys)[number]): string =>
        JSON.stringify([visitor, kind, value]);
      const wanted = new Set(keys.map(textOf));
      const rows: LinkFact[] = [];
      for (const some of pieces([...new Set(keys.map(linkHash))]))
        rows.push(
          ...(await readRows(await reader(), linkTable, rowsWhere('link', `link_hash IN (${numbersSql(some)})`))),
        );
      return rows.filter((row) => wanted.has(textOf(row)));
    },
    async linksOf(identifiers) {
      const wanted = new Set(identifiers.map(({ kind, value }) => identifierText(kind, value)));
      const rows: LinkFact[] = [];
      for (const some of pieces([...new Set([...wanted].map(hashOf))]))
        rows.push(
          ...(await readRows(await reader(), linkTable, rowsWhere('link', `value_hash IN (${numbersSql(some)})`))),
        );
      return rows.filter(({ kind, value }) => wanted.has(identifierText(kind, value)));
    },
    async *ties() {
      const db = await connect();
      try {
        yield* wholeIdentifiers(streamRows(db, linkTable, TIES));
      } finally {
        db.closeSync();
      }
    },
    touches: (after) => paged(touchTable, after),
    touchColumns: () => touchColumns(connect),
    creatives: async () => creativesOf(await reader()),
    conversions: (after) => paged(conversionTable, after),
    async entriesOf(orders) {
      const keyOf = ({ shop, orderId }: { shop: string; orderId: string }): string => JSON.stringify([shop, orderId]);
      const wanted = new Set(orders.map(keyOf));
      const rows: EntryFact[] = [];
      for (const some of pieces([...new Set(orders.map(orderHash))]))
        rows.push(
          ...(await readRows(await reader(), entryTable, rowsWhere('entry', `order_hash IN (${numbersSql(some)})`))),
        );
      return rows.filter((row) => wanted.has(keyOf(row)));
    },
    eventsOf: (events) => numbered(eventTable, events),
    conversionsOf: (conversions) => numbered(conversionTable, conversions),
    statements: async () => statementsOf(await reader()),
    creditsOf: async (statement, conversions) => creditsOf(await reader(), statement, conversions),
  };
}

/** Which rows first, by one column, and then all columns of those alone: a twentieth of the time for a few rows anywhere. */
function rowsWhere(table: string, condition: string): string {
  return `WHERE rowid IN (SELECT rowid FROM ${table} WHERE ${condition})`;
}

const TIES = `WHERE value_hash IN (SELECT value_hash FROM link GROUP BY value_hash HAVING count(*) > 1)
  QUALIFY count(*) OVER (PARTITION BY kind, value) > 1 ORDER BY kind, value, visitor`;

/** Cuts pages so that each has all links of its identifiers. */
async function* wholeIdentifiers(pages: AsyncGenerator<LinkFact[]>): AsyncGenerator<LinkFact[]> {
  let open: LinkFact[] = [];
  for await (const page of pages) {
    open.push(...page);
    const last = open.at(-1);
    const cut = open.findIndex(({ kind, value }) => kind === last?.kind && value === last.value);
    if (cut > 0) yield open.slice(0, cut);
    open = open.slice(cut);
  }
  if (open.length > 0) yield open;
}

async function placeOf(db: DuckDBConnection): Promise<Place> {
  const rows = await db.runAndReadAll('SELECT change, journal_offset, credited FROM place');
  const [change = 0, offset = 0, credited = 0] = (rows.getRows()[0] ?? []).map(Number);
  return { change, offset, credited };
}

/** As many at a time as one statement names. */
function* pieces<T>(all: readonly T[]): Generator<T[]> {
  for (let from = 0; from < all.length; from += NAMED_MAX) yield all.slice(from, from + NAMED_MAX);
}
