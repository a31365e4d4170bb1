import type { DuckDBConnection } from '@duckdb/node-api';
import type { TouchFact } from '../../event/fact.ts';
import { creativeRow, namesOf } from '../creative.ts';
import type { CreativeRow } from '../warehouse.ts';
import { appendRows } from './chunks.ts';
import { choose, numbersSql } from './numbers.ts';
import type { Column } from './table.ts';

/** A creative as the touch knows it that names it: of all its touches that with most names, then the newest. */
interface Named extends CreativeRow {
  names: number;
  namedAt: number;
  namedBy: number;
}

const FIELDS = ['channel', 'campaignId', 'campaign', 'adgroupId', 'adgroup', 'adId', 'ad', 'placement'] as const;

const COLUMNS: readonly Column<Named>[] = [
  column('creative', 'count'),
  ...FIELDS.map((field) => column(field, 'text')),
  column('names', 'count'),
  column('namedAt', 'count'),
  column('namedBy', 'count'),
];

function column(field: keyof Named, kind: 'count' | 'text'): Column<Named> {
  return { name: field, kind, nullable: true, field, of: (row) => row[field] };
}

const NAMES = '(campaign IS NOT NULL)::INT + (adgroup IS NOT NULL)::INT + (ad IS NOT NULL)::INT';
const BETTER = '(t.names, t.named_at, t.named_by)';

/**
 * Looks at the creatives of touches that are about to be written, with their numbers, and of those that they replace or that
 * go (`old`); what it gives is called when they have been, and leaves each creative with the names that its touches have then,
 * whatever the order in which they came.
 */
export async function creativeWriter(
  db: DuckDBConnection,
  touches: readonly TouchFact[],
  creatives: Float64Array,
  old: readonly number[],
): Promise<() => Promise<void>> {
  const named = await namersAmong(db, old);
  // A creative whose namer says less than it did, or something else, is named anew from all of its touches.
  const told = new Map(
    named.length === 0 ? [] : touches.map((touch, n) => [touch.touch, rankOf(touch, creatives[n] as number)]),
  );
  const orphans = new Set(named.filter((was) => isLess(told.get(was.namedBy), was)).map(({ creative }) => creative));
  const best = new Map<number, { touch: TouchFact; names: number }>();
  for (const [n, touch] of touches.entries()) {
    const creative = creatives[n] as number;
    const before = best.get(creative);
    const names = namesOf(touch);
    if (!(before && isBetter(before, touch, names))) best.set(creative, { touch, names });
  }
  for (const creative of orphans) best.delete(creative);
  return async () => {
    await nameAnew(db, [...orphans]);
    await offer(
      db,
      [...best].map(([creative, { touch }]) => ({ ...creativeRow(touch, creative), ...rankOf(touch, creative) })),
    );
  };
}

function isBetter(
  { touch, names }: { touch: TouchFact; names: number },
  other: TouchFact,
  otherNames: number,
): boolean {
  return (names - otherNames || touch.occurredAt - other.occurredAt || touch.touch - other.touch) > 0;
}

function rankOf(touch: TouchFact, creative: number): Rank {
  return { creative, names: namesOf(touch), namedAt: touch.occurredAt, namedBy: touch.touch };
}

type Rank = Pick<Named, 'creative' | 'names' | 'namedAt' | 'namedBy'>;

function compare(a: Rank, b: Rank): number {
  return a.names - b.names || a.namedAt - b.namedAt || a.namedBy - b.namedBy;
}

function isLess(now: Rank | undefined, was: Rank): boolean {
  return now === undefined || now.creative !== was.creative || compare(now, was) < 0;
}

async function namersAmong(db: DuckDBConnection, touches: readonly number[]): Promise<Rank[]> {
  if (touches.length === 0) return [];
  await choose(db, touches);
  const rows = await db.runAndReadAll(
    'SELECT creative, names, named_at, named_by FROM creative SEMI JOIN chosen ON named_by = n',
  );
  return rows.getRows().map((row) => {
    const [creative = 0, names = 0, namedAt = 0, namedBy = 0] = row.map(Number);
    return { creative, names, namedAt, namedBy };
  });
}

async function nameAnew(db: DuckDBConnection, creatives: readonly number[]): Promise<void> {
  if (creatives.length === 0) return;
  const some = numbersSql(creatives);
  await db.run(`DELETE FROM creative WHERE creative IN (${some})`);
  await db.run(
    `INSERT INTO creative SELECT creative, channel, campaign_id, campaign, adgroup_id, adgroup, ad_id, ad, placement,
      ${NAMES}, occurred_at, touch FROM touch WHERE touch IN (
        SELECT max({ names: ${NAMES}, occurred_at: occurred_at, touch: touch }).touch FROM touch
        WHERE creative IN (${some}) GROUP BY creative)`,
  );
}

async function offer(db: DuckDBConnection, rows: readonly Named[]): Promise<void> {
  if (rows.length === 0) return;
  await appendRows(db, { name: 'stage_creative', catalog: 'temp' }, COLUMNS, rows);
  await db.run(
    `DELETE FROM creative AS t USING stage_creative AS s
    WHERE t.creative = s.creative AND ${BETTER} <= (s.names, s.named_at, s.named_by)`,
  );
  await db.run('INSERT INTO creative FROM stage_creative ANTI JOIN creative USING (creative)');
  await db.run('DELETE FROM stage_creative');
}
