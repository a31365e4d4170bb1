import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { DAY, HOUR } from '../../event/time.ts';
import { creativeNumber } from '../creative.ts';
import { MARTS } from '../marts.ts';
import { inTemporaryFolder } from '../test-folder.ts';
import type { WarehouseSql } from '../warehouse-reports.ts';
import {
  adReportFact,
  conversionFact,
  creditWrite,
  dispatchFact,
  factsOf,
  placeAt,
  shareOf,
  statementOf,
  touchFact,
} from '../warehouse-samples.ts';
import { MART_TYPES } from './marts.ts';
import { openReports } from './reports/reports.ts';
import { openWarehouse } from './warehouse.ts';

const FIRST = 20_000;
const at = (day: number, hour: number): number => (FIRST + day) * DAY + hour * HOUR;
const LIMITS = { rowsMax: 1000, msMax: 60_000 };
const BLUE = { campaignId: 'c1', campaign: 'Spring', adgroupId: 'g1', adgroup: 'Shoes', adId: 'a1', ad: 'Blue' };
const NONE = { campaignId: null, campaign: null, adgroupId: null, adgroup: null, adId: null, ad: null };

const TOUCHES = [
  // Half past eleven at night in Berlin, in summer: the next day begins there at 22:00 UTC.
  touchFact(1, { ...BLUE, occurredAt: at(0, 21.5), visitor: 'v1' }),
  touchFact(2, { ...BLUE, occurredAt: at(0, 22.5), visitor: 'v2', kind: 'view' }),
  touchFact(3, { ...NONE, channel: 'google / organic', occurredAt: at(1, 9), visitor: 'v2' }),
];
const blue = creativeNumber(TOUCHES[0] as (typeof TOUCHES)[number]);
const google = creativeNumber(TOUCHES[2] as (typeof TOUCHES)[number]);

async function sample(t: TestContext): Promise<WarehouseSql> {
  const warehouse = await inTemporaryFolder(t, openWarehouse);
  await warehouse.commit(
    factsOf({
      touches: TOUCHES,
      conversions: [
        conversionFact(11, { occurredAt: at(1, 12), visitor: 'v2', minor: 5990n, net: 1n }),
        conversionFact(12, { occurredAt: at(1, 13), visitor: 'v1', minor: 5990n, net: 5990n, currency: 'JPY' }),
        conversionFact(13, { occurredAt: at(1, 14), visitor: 'v9', minor: 1234n, net: -1234n, currency: 'KWD' }),
        conversionFact(14, {
          occurredAt: at(1, 15),
          visitor: 'v8',
          confirmed: false,
          currency: '',
          minor: 0n,
          net: 0n,
        }),
      ],
      people: [{ visitor: 'v2', person: 'v1' }],
      dispatches: [dispatchFact(11), dispatchFact(11, { leg: 'pixel', state: 'withheld', why: 'x' })],
      adReports: [
        adReportFact('c1', { level: 'campaign', day: '2024-10-04', spend: 100n }),
        adReportFact('a1', { day: '2024-10-04', spend: 60n, minor: 1000n, viewConversions: 2 }),
        adReportFact('a1', { day: '2024-10-04', basis: 'conversion', spend: 60n, conversions: 8 }),
        adReportFact('c1', { level: 'campaign', day: '2024-10-06', name: 'Spring', spend: 7n }),
      ],
    }),
    placeAt(1),
    creditWrite(statementOf(1), [
      shareOf(11, 1, { creative: blue, share: 0.5, minor: 2995n, net: 0n, touchedDay: FIRST, convertedDay: FIRST + 1 }),
      shareOf(11, 3, {
        ...{ creative: google, share: 0.5, minor: 2995n, net: 1n },
        ...{ touchedDay: FIRST + 1, convertedDay: FIRST + 1 },
      }),
      shareOf(12, 1, { creative: blue, touchedDay: FIRST, convertedDay: FIRST + 1 }),
      shareOf(13, 0, { creative: 0, kind: 255, why: 1, minor: 1234n, net: -1234n, touchedDay: FIRST + 1 }),
    ]),
  );
  return openReports(warehouse.connect);
}

async function rows(from: WarehouseSql, sql: string): Promise<unknown[][]> {
  return (await from.sql(sql, LIMITS)).rows;
}

for (const { name, columns } of MARTS)
  test(`the columns of mart_${name} are those of the documentation`, async (t) => {
    const marts = await sample(t);
    const described = await rows(marts, `SELECT column_name, column_type FROM (DESCRIBE mart_${name})`);
    assert.deepEqual(
      described,
      columns.map((column) => [column.name, MART_TYPES[column.type]]),
    );
    const never = columns.filter(({ nullable }) => !nullable).map((column) => `count(*) - count(${column.name})`);
    const [missing = []] = await rows(marts, `SELECT ${never.join(', ')} FROM mart_${name}`);
    assert.ok(
      missing.every((count) => count === 0),
      String(missing),
    );
  });

for (const { name } of MARTS)
  test(`each row of mart_${name} says what it was computed under`, async (t) => {
    const marts = await sample(t);
    const { model, count, specVersion, timezone, asOf } = statementOf(1);
    assert.deepEqual(
      await rows(
        marts,
        `SELECT DISTINCT model, click_window, engaged_view_window, view_window, count, spec_version, timezone,
           epoch_ms(as_of) FROM mart_${name}`,
      ),
      [[model, '7d', '1d', 'off', count, specVersion, timezone, asOf]],
    );
  });

test('a conversion has its money to the last digit of its currency, and the touch with the largest share', async (t) => {
  const marts = await sample(t);
  assert.deepEqual(
    await rows(
      marts,
      `SELECT conversion, value, net, currency, touch, share, why, person, delivered, dispatches, CAST(day AS VARCHAR)
       FROM mart_conversions ORDER BY conversion`,
    ),
    [
      [
        ...[11, '59.9000', '0.0100', 'EUR', 3, 0.5, null, 'v1', true],
        ...['main api delivered; main pixel withheld', '2024-10-05'],
      ],
      [12, '5990.0000', '5990.0000', 'JPY', 1, 1, null, 'v1', false, null, '2024-10-05'],
      [13, '1.2340', '-1.2340', 'KWD', null, null, 'outside_windows', 'v9', false, null, '2024-10-05'],
      [14, '0.0000', '0.0000', null, null, null, null, 'v8', false, null, '2024-10-05'],
    ],
  );
});

test('a touch has what it earned, and no sum of two currencies', async (t) => {
  const marts = await sample(t);
  assert.deepEqual(
    await rows(
      marts,
      'SELECT touch, kind, conversions, currencies, value, net, person, CAST(day AS VARCHAR) FROM mart_touches ORDER BY touch',
    ),
    [
      [1, 'click', 1.5, 'EUR, JPY', null, null, 'v1', '2024-10-04'],
      [2, 'view', 0, null, null, null, 'v1', '2024-10-05'],
      [3, 'click', 0.5, 'EUR', '29.9500', '0.0100', 'v1', '2024-10-05'],
    ],
  );
});

test('what Ads Manager says stands beside what was credited, once, of its finest level', async (t) => {
  const marts = await sample(t);
  assert.deepEqual(
    await rows(
      marts,
      `SELECT CAST(day AS VARCHAR), channel, ad_id, currency, clicks, views, conversions, value, ads_spend, ads_value, ads_view_conversions,
         ads_basis FROM mart_marketing ORDER BY day, channel, ad_id, currency NULLS FIRST`,
    ),
    [
      ['2024-10-04', 'tiktok / paid', 'a1', null, 1, 0, 0, '0.0000', null, null, null, null],
      ['2024-10-04', 'tiktok / paid', 'a1', 'EUR', 0, 0, 0.5, '29.9500', '0.6000', '10.0000', 2, 'impression'],
      ['2024-10-04', 'tiktok / paid', 'a1', 'JPY', 0, 0, 1, '5990.0000', null, null, null, null],
      ['2024-10-05', 'google / organic', null, null, 1, 0, 0, '0.0000', null, null, null, null],
      ['2024-10-05', 'google / organic', null, 'EUR', 0, 0, 0.5, '29.9500', null, null, null, null],
      ['2024-10-05', 'tiktok / paid', 'a1', null, 0, 1, 0, '0.0000', null, null, null, null],
      ['2024-10-06', 'tiktok / paid', null, 'EUR', 0, 0, 0, '0.0000', '0.0700', null, 1, 'impression'],
    ],
  );
});

test('a day’s pages have all of its rows, once', async (t) => {
  const marts = await sample(t);
  const days = [0, 1, 2].map((day) => ({ day: FIRST + day, from: at(day, -2), to: at(day, 22) }));
  for (const { name, columns } of MARTS) {
    const paged: unknown[][] = [];
    for (const day of days)
      for (let after = 0; ; ) {
        const page = (await marts.mart(name, day, after, 1)).rows;
        if (page.length === 0) break;
        paged.push(...page);
        after = name === 'marketing' ? after + 1 : Number(page[0]?.[0]);
      }
    const names = columns.map((column) => column.name).join(', ');
    const order = (all: unknown[][]): string[] =>
      all.map((row) => JSON.stringify(row)).sort((a, b) => (a < b ? -1 : 1));
    assert.deepEqual(order(paged), order(await rows(marts, `SELECT ${names} FROM mart_${name}`)), name);
  }
});

test('whatever is asked in SQL, nothing is written, no file is read, and no setting changes', async (t) => {
  const marts = await sample(t);
  const asked = [
    ...[
      'INSERT INTO touch FROM touch',
      'UPDATE touch SET touch = 1',
      'DROP VIEW mart_touches',
      'CREATE TABLE x (a INT)',
    ],
    ...[
      'CREATE TEMP TABLE x AS SELECT 1',
      "COPY touch TO '/tmp/assay-never.csv'",
      'CHECKPOINT',
      'LOAD icu',
      'SET threads = 1',
    ],
    ...[
      "ATTACH '/tmp/assay-never.duckdb'",
      'EXPLAIN ANALYZE DELETE FROM touch',
      'BEGIN',
      'COMMIT',
      'ROLLBACK',
      'PREPARE p AS SELECT 1',
    ],
    ...[
      "EXPLAIN ANALYZE COPY touch TO '/tmp/assay-never.csv'",
      "EXPORT DATABASE '/tmp/assay-never'",
      'VACUUM',
      'CALL pragma_version()',
    ],
    ...[
      "SELECT * FROM read_csv('/etc/passwd')",
      "SELECT * FROM '/etc/passwd'",
      "SELECT * FROM glob('/*')",
      "SELECT * FROM read_text('/etc/hostname')",
    ],
    ...[
      "SELECT * FROM query('DELETE FROM touch')",
      'SELECT 1; DELETE FROM touch',
      'WITH x AS (DELETE FROM touch RETURNING *) FROM x',
    ],
    ...['', ';', '-- nothing', '/* nothing */', 'SELECT $1', 'SELECT ?', '\u0000', 'SELECT \u0000'],
  ];
  for (const sql of asked) await assert.rejects(marts.sql(sql, LIMITS), { code: 'sql_refused' }, sql);
  assert.deepEqual(await rows(marts, 'SELECT count(*) FROM touch'), [[TOUCHES.length]]);
  for (const sql of [
    'WITH x AS (SELECT 1 AS a) SELECT * FROM x',
    'DESCRIBE mart_touches',
    'SHOW TABLES',
    'EXPLAIN SELECT 1',
    'FROM touch',
    'SELECT 1;',
  ])
    assert.ok((await marts.sql(sql, LIMITS)).rows.length > 0, sql);
});

test('values of all types are JSON, and none loses a digit', async (t) => {
  const marts = await sample(t);
  const { rows: told, columns } = await marts.sql(
    `SELECT 9007199254740993 AS large, 42 AS small, 0.1::DECIMAL(9,2) AS exact, 0.5::DOUBLE AS real, true AS flag, NULL AS none,
      [1, 2] AS list, {'a': 1} AS made, DATE '2026-11-22' AS day, 'x' AS text, sum(3::HUGEINT) AS huge`,
    LIMITS,
  );
  assert.deepEqual(told, [['9007199254740993', 42, '0.10', 0.5, true, null, '[1,2]', '{"a":1}', '2026-11-22', 'x', 3]]);
  assert.equal(columns[2]?.type, 'DECIMAL(9,2)');
});
