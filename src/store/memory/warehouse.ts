import { type LinkFact, TOUCH_KINDS } from '../../event/fact.ts';
import { creativeNumber, creativesOf } from '../creative.ts';
import { heldMinor } from '../held-minor.ts';
import {
  type CreditColumns,
  type CreditRow,
  type CreditWrite,
  type FactBatch,
  noCredits,
  type ReachColumns,
  type Warehouse,
} from '../warehouse.ts';
import { type ReachRow, WarehouseRows } from './warehouse-rows.ts';

/** Rows that a page holds. */
const PAGE_ROWS = 1000;

export interface MemoryWarehouse extends Warehouse {
  /** what it holds: for reports, and not to be changed */
  rows: WarehouseRows;
}

/** A warehouse that ends with the process: for explanations, tests and simulations. */
export function memoryWarehouse(): MemoryWarehouse {
  const rows = new WarehouseRows();
  return {
    rows,
    place: async () => ({ ...rows.place }),
    async commit(facts, place, credits) {
      writeFacts(rows, facts);
      if (credits) writeCredits(rows, credits);
      rows.place = { ...place };
    },
    async touchesByKey(keys) {
      const wanted = new Set(keys);
      return copies(rows.touches.all().filter(({ key }) => wanted.has(key)));
    },
    async touchesNumbered(touches) {
      const sorted = [...new Set(touches)].sort((a, b) => a - b);
      return copies(sorted.flatMap((touch) => rows.touches.get({ touch }) ?? []));
    },
    async linksByKey(keys) {
      return copies([...new Set(keys.flatMap((key) => rows.links.get(key) ?? []))]);
    },
    async linksOf(identifiers) {
      const wanted = new Set(identifiers.map(identifierOf));
      return copies(rows.links.all().filter((link) => wanted.has(identifierOf(link))));
    },
    async *ties() {
      for (const links of Map.groupBy(rows.links.all(), identifierOf).values())
        if (links.length > 1) yield copies(links);
    },
    touches: (after) =>
      pages(
        rows.touches.all().filter(({ touch }) => touch > after),
        ({ touch }) => touch,
      ),
    async *touchColumns() {
      const touches = rows.touches.all();
      if (touches.length === 0) return;
      yield {
        touch: Float64Array.from(touches, ({ touch }) => touch),
        occurredAt: Float64Array.from(touches, ({ occurredAt }) => occurredAt),
        kind: Uint8Array.from(touches, ({ kind }) => TOUCH_KINDS.indexOf(kind)),
        creative: Float64Array.from(touches, creativeNumber),
        visitor: touches.map(({ visitor }) => visitor),
      };
    },
    creatives: async () => creativesOf(rows.touches.all()),
    conversions: (after) =>
      pages(
        rows.conversions.all().filter(({ conversion }) => conversion > after),
        ({ conversion }) => conversion,
      ),
    async eventsOf(seqs) {
      const sorted = [...new Set(seqs)].sort((a, b) => a - b);
      return copies(sorted.flatMap((seq) => rows.events.get({ seq }) ?? []));
    },
    async entriesOf(orders) {
      const wanted = new Set(orders.map(({ shop, orderId }) => JSON.stringify([shop, orderId])));
      return copies(rows.entries.all().filter(({ shop, orderId }) => wanted.has(JSON.stringify([shop, orderId]))));
    },
    async conversionsOf(conversions) {
      const sorted = [...new Set(conversions)].sort((a, b) => a - b);
      return copies(sorted.flatMap((conversion) => rows.conversions.get({ conversion }) ?? []));
    },
    statements: async () =>
      [...rows.statements.values()].sort((a, b) => a.statement - b.statement).map((one) => structuredClone(one)),
    async creditsOf(statement, conversions) {
      const credits = rows.credits.get(statement);
      const sorted = [...new Set(conversions)].sort((a, b) => a - b);
      return columnsFrom(
        sorted.flatMap((conversion) => (credits?.get(conversion) ?? []).toSorted((a, b) => a.touch - b.touch)),
      );
    },
    async forgetStatement(statement) {
      rows.statements.delete(statement);
      rows.credits.delete(statement);
    },
    forget: async (before) => forgetPersonal(rows, before),
    forgotBefore: async () => rows.forgotBefore,
    async close() {},
  };
}

function writeFacts(rows: WarehouseRows, { gone, ...facts }: FactBatch): void {
  for (const key of gone.orders) rows.orders.delete(key);
  for (const key of gone.entries) rows.entries.delete(key);
  for (const conversion of gone.conversions) rows.conversions.delete({ conversion });
  for (const touch of gone.touches) rows.touches.delete({ touch });
  for (const key of gone.links) rows.links.delete(key);
  for (const row of facts.events) rows.events.put(held(row));
  for (const row of facts.conversions) rows.conversions.put(held(row));
  for (const row of facts.touches) rows.touches.put(held(row));
  for (const row of facts.links) rows.links.put(held(row));
  for (const row of facts.orders) rows.orders.put(held(row));
  for (const row of facts.entries) rows.entries.put(held(row));
  for (const row of facts.leads) rows.leads.put(held(row));
  for (const row of facts.dispatches) rows.dispatches.put(held(row));
  for (const row of facts.adReports) rows.adReports.put(held(row));
  if (facts.everybody) rows.people.clear();
  for (const row of facts.people)
    if (row.visitor === row.person) rows.people.delete(row);
    else rows.people.put(held(row));
  if (facts.shared) rows.shared = copies(facts.shared);
}

function writeCredits(rows: WarehouseRows, { statement, what, conversions, credits, reach }: CreditWrite): void {
  const number = statement.statement;
  rows.statements.set(number, structuredClone(statement));
  const held = (what === 'these' && rows.credits.get(number)) || new Map<number, CreditRow[]>();
  for (const conversion of conversions) held.delete(conversion);
  for (const row of rowsFrom(credits)) held.set(row.conversion, [...(held.get(row.conversion) ?? []), row]);
  rows.credits.set(number, held);
  if (!reach) return;
  if (what === 'all') rows.reach.clear();
  for (const conversion of conversions) rows.reach.delete(conversion);
  for (const row of reachRows(reach)) rows.reach.set(row.conversion, row);
}

function* rowsFrom(credits: CreditColumns): Generator<CreditRow> {
  const fields = Object.keys(noCredits()) as (keyof CreditColumns)[];
  for (let n = 0; n < credits.conversion.length; n++)
    yield Object.fromEntries(fields.map((field) => [field, credits[field][n]])) as unknown as CreditRow;
}

function columnsFrom(rows: readonly CreditRow[]): CreditColumns {
  const columns = noCredits(rows.length);
  for (const [n, row] of rows.entries())
    for (const field of Object.keys(columns) as (keyof CreditColumns)[])
      (columns[field] as unknown as (number | bigint)[])[n] = row[field];
  return columns;
}

function* reachRows(reach: ReachColumns): Generator<ReachRow> {
  for (let n = 0; n < reach.conversion.length; n++)
    yield Object.fromEntries(Object.entries(reach).map(([field, values]) => [field, values[n]])) as ReachRow;
}

const KEYS_KEPT_MS = 31 * 86_400_000;

/** All of the retention of `duckdb/forget.ts`. */
function forgetPersonal(rows: WarehouseRows, before: number): LinkFact[] {
  const links = rows.links.all().filter(({ kind, lastAt }) => kind !== 'order' && kind !== 'lead' && lastAt < before);
  for (const link of links) rows.links.delete(link);
  for (const row of rows.touches.all().filter(({ occurredAt }) => occurredAt < before)) {
    const isOld = row.occurredAt < before - KEYS_KEPT_MS && row.key.startsWith('click:');
    const key = isOld ? `touch ${row.touch}` : row.key;
    rows.touches.put({ ...row, ttclid: null, referrer: null, key });
  }
  for (const row of rows.events.all())
    if (row.receivedAt < before) rows.events.put({ ...row, page: null, shows: null });
  rows.forgotBefore = Math.max(rows.forgotBefore, before);
  return links;
}

async function* pages<Row extends object>(rows: readonly Row[], numberOf: (row: Row) => number): AsyncGenerator<Row[]> {
  const sorted = rows.toSorted((a, b) => numberOf(a) - numberOf(b));
  for (let from = 0; from < sorted.length; from += PAGE_ROWS) yield copies(sorted.slice(from, from + PAGE_ROWS));
}

function identifierOf({ kind, value }: Pick<LinkFact, 'kind' | 'value'>): string {
  return JSON.stringify([kind, value]);
}

/** A copy whose money fits. */
function held<Row extends object>(row: Row): Row {
  const fields = Object.entries(row).map(([field, value]) => [
    field,
    typeof value === 'bigint' ? heldMinor(value) : value,
  ]);
  return Object.fromEntries(fields) as Row;
}

function copies<Row extends object>(rows: readonly Row[]): Row[] {
  return rows.map((row) => ({ ...row }));
}
