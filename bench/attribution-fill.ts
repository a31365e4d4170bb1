// Fills a warehouse with the rows of a run, by SQL, and saves the columns of its book beside. With `rows` everything that
// reports and an hour of news need is there; else only conversions, which are all of it that crediting everybody reads.
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance, INTEGER } from '@duckdb/node-api';
import { creativeNumber } from '../src/store/creative.ts';
import { appendColumns } from '../src/store/duckdb/chunks.ts';
import { WAREHOUSE_FILE, WAREHOUSE_FOLDER } from '../src/store/duckdb/files.ts';
import { hashOf } from '../src/store/duckdb/tables.ts';
import { openWarehouse } from '../src/store/duckdb/warehouse.ts';
import { noCredits, noFacts } from '../src/store/warehouse.ts';
import { saveBook } from './attribution-columns.ts';
import { CLICK, CREATIVES, readData, TIED_EVERY } from './attribution-data.ts';
import { CHANGE, creativeOf, STATEMENT, visitorName } from './attribution-store.ts';

const [folder = '', what = 'rows'] = process.argv.slice(2);
await (await openWarehouse(folder)).close();
await fill();
if (what === 'rows') await stand();
saveBook(folder, readData(join(folder, 'columns')), { isNamed: what === 'rows' });
console.log(JSON.stringify({ filled: what }));

async function fill(): Promise<void> {
  const instance = await DuckDBInstance.create(join(folder, WAREHOUSE_FOLDER, WAREHOUSE_FILE), { threads: '2' });
  const db = await instance.connect();
  await db.run(`ATTACH '${join(folder, 'tables.duckdb')}' AS made (READ_ONLY)`);
  await db.run('BEGIN TRANSACTION');
  await db.run('CREATE TEMP TABLE ad (n INTEGER, creative BIGINT)');
  for (let n = 0; n < CREATIVES; n++) {
    const ad = creativeOf(n);
    const number = creativeNumber(ad);
    await db.run(`INSERT INTO ad VALUES (${n}, ${number})`);
    await db.run(
      'INSERT INTO creative VALUES ($number, $channel, $campaignId, $campaign, $adgroupId, $adgroup, $adId, $ad, NULL, 6, 0, 0)',
      { number, ...named(ad) },
    );
  }
  if (what === 'rows') await hashVisitors(db);
  for (const sql of statements()) await db.run(sql);
  await db.run('COMMIT');
  await db.run('CHECKPOINT');
  db.closeSync();
  instance.closeSync();
}

/** What a visitor is found by, as the program makes it. */
async function hashVisitors(db: DuckDBConnection): Promise<void> {
  await db.run('CREATE TEMP TABLE who (v INTEGER, hash INTEGER)');
  const visitors = readData(join(folder, 'columns')).person.length;
  const columns = [
    { type: INTEGER, values: Int32Array.from({ length: visitors }, (_, visitor) => visitor) },
    { type: INTEGER, values: Int32Array.from({ length: visitors }, (_, visitor) => hashOf(visitorName(visitor))) },
  ];
  await appendColumns(db, { name: 'who', catalog: 'temp' }, columns, visitors);
}

/** The statement stands, as it does before any hour of news; its credits follow. */
async function stand(): Promise<void> {
  const warehouse = await openWarehouse(folder);
  const none = { statement: STATEMENT, what: 'these' as const, conversions: [], credits: noCredits() };
  await warehouse.commit(noFacts(), await warehouse.place(), none);
  await warehouse.close();
}

function named({ placement: _, ...ad }: ReturnType<typeof creativeOf>): Record<string, string | null> {
  return { ...ad };
}

function statements(): string[] {
  const visitor = (column: string): string => `md5(CAST(${column} AS VARCHAR))`;
  // Where the program keeps a checksum, so that it finds a text sooner, any number that is spread as evenly will do here.
  const spread = (text: string): string => `CAST(hash(${text}) & 2147483647 AS INTEGER)`;
  const [campaigns, groups] = [CREATIVES / 25, CREATIVES / 5];
  const ofClick = (sql: string): string => `CASE WHEN t.kind = ${CLICK} THEN ${sql} END`;
  const ttclid = `'E.C.P.' || md5(CAST(t.touch AS VARCHAR))`;
  const placed = `UPDATE place SET change = ${CHANGE}, journal_offset = 1, credited = 0`;
  const conversions = `INSERT INTO conversion BY NAME SELECT conversion, 'Purchase' AS name, ms AS occurred_at,
    ${visitor('visitor')} AS visitor, 'demo' AS shop, CAST(conversion AS VARCHAR) AS order_id, true AS confirmed,
    1000 + conversion * 7919 % 20000 AS minor, 1000 + conversion * 7919 % 20000 AS net, 'EUR' AS currency, 1 AS spec_version
    FROM (SELECT * REPLACE (CAST(conversion AS BIGINT) AS conversion) FROM made.conversion)`;
  if (what !== 'rows') return [conversions, placed];
  return [
    conversions,
    placed,
    `INSERT INTO touch BY NAME SELECT t.touch, coalesce(${ofClick(`'click:' || md5(CAST(t.touch AS VARCHAR))`)}, 'touch:' || t.touch) AS key,
      t.ms AS occurred_at, t.kind AS kind, 'landing' AS source, ${visitor('t.visitor')} AS visitor,
      ${ofClick(ttclid)} AS ttclid, 6 AS known, t.touch AS decided_by, t.touch AS visitor_by, 'tiktok / paid' AS channel,
      '18412' || t.creative % ${campaigns} AS campaign_id, 'Campaign ' || t.creative % ${campaigns} AS campaign,
      '18413' || t.creative % ${groups} AS adgroup_id, 'Group ' || t.creative % ${groups} AS adgroup,
      '18414' || t.creative AS ad_id, 'Ad ' || t.creative AS ad,
      ${spread('t.touch')} AS key_hash, who.hash AS visitor_hash, ad.creative AS creative
      FROM made.touch AS t JOIN ad ON ad.n = t.creative JOIN who ON who.v = t.visitor`,
    `INSERT INTO link BY NAME SELECT ${visitor('v')} AS visitor, 'email' AS kind,
      sha256(CAST(v // ${TIED_EVERY} AS VARCHAR)) AS value, 0 AS first_at, 0 AS last_at, 1 AS seq,
      ${spread(`v // ${TIED_EVERY}`)} AS value_hash, ${spread('v')} AS link_hash, hash AS visitor_hash
      FROM who WHERE v % ${TIED_EVERY} < 2`,
    `INSERT INTO person BY NAME SELECT ${visitor('v')} AS visitor, ${visitor('w')} AS person, hash AS visitor_hash
      FROM (SELECT v, hash, CASE v % ${TIED_EVERY} WHEN 0 THEN v + 1 ELSE v - 1 END AS w FROM who) WHERE v % ${TIED_EVERY} < 2 AND ${visitor('w')} < ${visitor('v')}`,
    // Of the visits, those that go on to a product, a cart and a checkout; the orders.
    ...(
      [
        ['ViewContent', 3],
        ['AddToCart', 12],
        ['InitiateCheckout', 20],
      ] as const
    ).map(
      ([name, every]) => `INSERT INTO event BY NAME SELECT touch * 4 + ${every} % 4 AS seq, '${name}' AS name,
        ms + ${every} * 20000 AS occurred_at, ms + ${every} * 20000 AS received_at, 'web' AS source, 'visitor' AS origin,
        ${visitor('visitor')} AS visitor, 1 AS contents, 'browser' AS door, false AS bot, 1 AS spec_version
        FROM made.touch WHERE touch % ${every} = 0`,
    ),
    `INSERT INTO event BY NAME SELECT conversion AS seq, 'Purchase' AS name, ms AS occurred_at, ms AS received_at,
      'web' AS source, 'visitor' AS origin, ${visitor('visitor')} AS visitor, CAST(conversion AS VARCHAR) AS order_id,
      1000 + CAST(conversion AS BIGINT) * 7919 % 20000 AS minor, 'EUR' AS currency, 1 AS contents, 'server' AS door,
      false AS bot, 1 AS spec_version FROM made.conversion`,
  ];
}
