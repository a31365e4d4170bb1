import type { DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api';
import type { CreativeRow, TouchColumns } from '../warehouse.ts';
import { itemsOf } from './chunks.ts';

/** Rows of a page: a row group of the engine, so that a page reads only what is in it. */
const PAGE_ROWS = 122_880;
/** Names that stand in one text: to fetch one text from the engine takes as long as to split a hundred names off it. */
const NAMES_ROWS = 16_384;

const NUMBERS = 'CAST(touch AS DOUBLE), CAST(occurred_at AS DOUBLE), kind, CAST(creative AS DOUBLE)';

/** All touches as of one moment, by a connection of their own. */
export async function* touchColumns(connect: () => Promise<DuckDBConnection>): AsyncGenerator<TouchColumns> {
  const db = await connect();
  try {
    await db.run('BEGIN TRANSACTION READ ONLY');
    const [[last = null] = []] = (await db.runAndReadAll('SELECT CAST(max(rowid) AS DOUBLE) FROM touch')).getRows();
    for (let from = 0; from <= Number(last ?? -1); from += PAGE_ROWS) {
      const page = `FROM touch WHERE rowid >= ${from} AND rowid < ${from + PAGE_ROWS}`;
      const chunks = await (await db.run(`SELECT ${NUMBERS} ${page} ORDER BY rowid`)).fetchAllChunks();
      const rows = chunks.reduce((sum, { rowCount }) => sum + rowCount, 0);
      if (rows > 0) yield { ...numbersOf(chunks, rows), visitor: await visitorsOf(db, page, rows) };
    }
  } finally {
    db.closeSync();
  }
}

function numbersOf(chunks: readonly DuckDBDataChunk[], rows: number): Omit<TouchColumns, 'visitor'> {
  const columns = {
    touch: new Float64Array(rows),
    occurredAt: new Float64Array(rows),
    kind: new Uint8Array(rows),
    creative: new Float64Array(rows),
  };
  let from = 0;
  for (const chunk of chunks) {
    for (const [place, column] of Object.values(columns).entries())
      column.set(itemsOf(chunk.getColumnVector(place)) as Float64Array, from);
    from += chunk.rowCount;
  }
  return columns;
}

async function visitorsOf(db: DuckDBConnection, page: string, rows: number): Promise<string[]> {
  const part = `rowid // ${NAMES_ROWS}`;
  const texts = await db.runAndReadAll(
    `SELECT string_agg(visitor, chr(10) ORDER BY rowid) ${page} GROUP BY ${part} ORDER BY ${part}`,
  );
  const names = texts.getRows().flatMap(([text]) => String(text).split('\n'));
  if (names.length === rows) return names;
  // A name with a line break in it looks like two.
  const one = await db.runAndReadAll(`SELECT visitor ${page} ORDER BY rowid`);
  return one.getRows().map(([name]) => String(name));
}

const CREATIVE_FIELDS: { [F in keyof Omit<CreativeRow, 'creative'>]: string } = {
  channel: 'channel',
  campaignId: 'campaign_id',
  campaign: 'campaign',
  adgroupId: 'adgroup_id',
  adgroup: 'adgroup',
  adId: 'ad_id',
  ad: 'ad',
  placement: 'placement',
};

/** By their numbers. */
export async function creativesOf(db: DuckDBConnection): Promise<CreativeRow[]> {
  const fields = Object.entries(CREATIVE_FIELDS).map(([field, column]) => `${column} AS "${field}"`);
  const result = await db.runAndReadAll(
    `SELECT CAST(creative AS DOUBLE) AS creative, ${fields.join(', ')} FROM creative ORDER BY creative`,
  );
  return result.getRowObjects() as unknown as CreativeRow[];
}
