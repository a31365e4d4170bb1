import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { testIo } from '../../../test/io.ts';
import { startTestServer, type TestServer } from '../../../test/server.ts';
import type { AdReportRow } from '../../event/ad-report.ts';
import { openLedgerReader } from '../../store/sqlite/ledger.ts';
import { type AdOptions, importAds } from './ads.ts';

let server: TestServer;
let folder = '';
before(async () => {
  server = await startTestServer('http://127.0.0.1:1');
  folder = mkdtempSync(join(tmpdir(), 'assay-ads-'));
});
after(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

/** Imports a text as a file of a day; answers what a script sees. */
async function bring(
  text: string,
  options: Partial<AdOptions> = {},
  savedAt = '2021-08-05T09:00:00Z',
): Promise<{ code: number; out: string; err: string }> {
  const file = join(folder, 'a.csv');
  writeFileSync(file, text);
  utimesSync(file, new Date(savedAt), new Date(savedAt));
  const io = testIo({ now: Date.now() });
  const asked: AdOptions = { map: [], counts: 'conversion', data: server.folder, ...options };
  const code = await importAds(file, asked, io);
  return { code, out: io.out().replaceAll(`${folder}/`, ''), err: io.err().replaceAll(`${folder}/`, '') };
}

async function rows(...keys: string[]): Promise<Omit<AdReportRow, 'seq'>[]> {
  const reader = await openLedgerReader(server.folder);
  try {
    const { adReports } = await reader.load({ events: [], orders: [], adReports: keys });
    return adReports.map(({ seq: _seq, ...row }) => row);
  } finally {
    await reader.close();
  }
}

const TABLE = `Campaign name,Campaign ID,Ad Group ID,Ad ID,Ad name,Date,Cost,Currency,Impressions,Clicks (destination),Conversions,CTA conversion,VTA conversion,CTR
Summer,17001,17002,17003,Red shoe,2021-08-01,"1,299.5",EUR,"120,000",900,31,28,3,0.75%
Summer,17001,17002,17003,Red shoe,2021-08-02,0,EUR,10,0,-,-,-,-
Total of 2 results,-,-,-,-,-,"1,299.5",EUR,"120,010",900,31,28,3,0.75%
`;

test('a table of Ads Manager’s is taken by ad and day, with the account’s zone and what the spec lacks', async () => {
  const first = await bring(TABLE, { zone: 'America/New_York' });
  assert.equal(first.err, '');
  assert.equal(first.out, 'a.csv: 3 rows\n  2 new\n  1 with sums; left out\n  not read: "Campaign name", "CTR"\n');
  const known = await bring(TABLE, { zone: 'America/New_York' });
  assert.match(known.out, / 2 known already/);
  const of = { level: 'ad', id: '17003', name: 'Red shoe', campaignId: '17001', adgroupId: '17002' };
  const pulledAt = Date.parse('2021-08-05T09:00:00Z');
  const around = { basis: 'impression', timezone: 'America/New_York', pulledAt };
  assert.deepEqual(await rows('ad|17003|2021-08-01|impression', 'ad|17003|2021-08-02|impression'), [
    {
      ...{ ...of, ...around, day: '2021-08-01', spend: '1299.50 EUR', impressions: 120_000, clicks: 900 },
      ...{ conversions: 31, clickConversions: 28, viewConversions: 3 },
    },
    { ...of, ...around, day: '2021-08-02', spend: '0.00 EUR', impressions: 10, clicks: 0, conversions: 0 },
  ]);
});

test('figures that were pulled later count, whichever file comes first', async () => {
  const text = (clicks: number): string =>
    `campaign_id,stat_time_day,spend,impressions,clicks,conversion\n5,2021-08-01 00:00:00,1.00,1,${clicks},0\n`;
  const options = { currency: 'EUR' };
  const clicks = async (): Promise<unknown> => (await rows('campaign|5|2021-08-01|impression'))[0]?.clicks;
  assert.match((await bring(text(7), options, '2021-08-07T00:00:00Z')).out, / 1 new/);
  assert.match((await bring(text(6), options, '2021-08-06T00:00:00Z')).out, / 1 older than what is known; left out/);
  assert.equal(await clicks(), 7);
  assert.match((await bring(text(8), { ...options, pulledAt: '2021-08-08' })).out, / 1 later than what was known/);
  assert.equal(await clicks(), 8);
});

test('a report of the API has its split by kind of contact, and what is left are clicks', async () => {
  const text = `adgroup_id,stat_time_day,spend,impressions,clicks,conversion,complete_payment,total_complete_payment_rate,vta_complete_payment,evta_payments_completed,vta_complete_payment_value
9,2021-08-01 00:00:00,12.345,1000,20,5,10,179.70,3,1,40
`;
  const options = { currency: 'EUR', counts: 'purchase' as const };
  assert.equal((await bring(text, options)).code, 0);
  const [row] = await rows('adgroup|9|2021-08-01|impression');
  assert.deepEqual(
    [
      row?.spend,
      row?.conversions,
      row?.value,
      row?.clickConversions,
      row?.engagedViewConversions,
      row?.viewConversions,
    ],
    ['12.34 EUR', 10, '179.70 EUR', 6, 1, 3],
  );
  assert.deepEqual([row?.viewValue, row?.timezone], ['40.00 EUR', 'Europe/Berlin']);
});

test('real-time conversions are booked to their own date, without the split of the others', async () => {
  const text = `ad_id,date,spend,impressions,clicks,real_time_conversion,vta_conversion\n9,2021-08-01,1,1,1,4,3\n`;
  assert.equal((await bring(text, { currency: 'EUR' })).code, 0);
  const [row] = await rows('ad|9|2021-08-01|conversion');
  assert.deepEqual([row?.conversions, row?.viewConversions], [4, undefined]);
  assert.deepEqual(await rows('ad|9|2021-08-01|impression'), []);
});

const HEAD = 'ad_id,day,spend,impressions,clicks,conversions';
const table: [name: string, text: string, options: Partial<AdOptions>, says: RegExp][] = [
  ['no currency', `${HEAD}\n8,2021-08-01,1,1,1,1\n`, { currency: undefined as never }, /header has no column currency/],
  ['no spend', 'ad_id,day,impressions,clicks,conversions\n', {}, /header has no column spend; its columns are "ad_id"/],
  ['no id', 'day,spend,impressions,clicks,conversions\n', {}, /header has no column ad_id/],
  ['no id of the level', `${HEAD}\n`, { level: 'campaign' }, /header has no column campaign_id/],
  ['a day of another kind', `${HEAD}\n8,08/01/2021,1,1,1,1\n`, {}, /^line 2: "day" is no day: write it such as/m],
  ['a day that is none', `${HEAD}\n8,2021-02-30,1,1,1,1\n`, {}, /^line 2: "day" is no day: /m],
  ['a comma', `${HEAD}\n8,2021-08-01,"12,34",1,1,1\n`, {}, /^line 2: "spend" is no amount: .* such as 12\.34$/m],
  ['a sign', `${HEAD}\n8,2021-08-01,€5,1,1,1\n`, {}, /^line 2: "spend" is no amount: /m],
  ['a half click', `${HEAD}\n8,2021-08-01,1,1,1.5,1\n`, {}, /^line 2: "clicks" is no count: /m],
  ['less than nothing', `${HEAD}\n8,2021-08-01,1,-1,1,1\n`, {}, /^line 2: "impressions" is no count: /m],
  ['an id that lost digits', `${HEAD}\n1.7E+15,2021-08-01,1,1,1,1\n`, {}, /^line 2: "ad_id" is no id: copy it/m],
  ['a row without id', `${HEAD}\n8,2021-08-01,1,1,1,1\n,2021-08-01,1,1,1,1\n`, {}, /^line 3: "ad_id" is no id: /m],
  ['a currency of nobody', `${HEAD}\n8,2021-08-01,1,1,1,1\n`, { currency: 'XXQ' }, /currency is none that ISO 4217/],
  ['no zone', `${HEAD}\n8,2021-08-01,1,1,1,1\n`, { zone: 'Berlin' }, /--zone is no time zone/],
  ['no time of the pull', `${HEAD}\n8,2021-08-01,1,1,1,1\n`, { pulledAt: 'today' }, /--pulled-at is no time/],
];
for (const [name, text, options, says] of table)
  test(`a report with ${name} is refused before anything is sent`, async () => {
    const { code, out, err } = await bring(text, { currency: 'EUR', ...options });
    assert.match(err, says);
    assert.deepEqual([code, out], [2, '']);
    assert.deepEqual(await rows('ad|8|2021-08-01|impression'), []);
  });

test('what is no file is said, and what can be read once only', async () => {
  const io = testIo();
  const asked: AdOptions = { map: [], counts: 'conversion', data: server.folder };
  assert.equal(await importAds(join(folder, 'gone.csv'), asked, io), 2);
  assert.equal(await importAds('-', asked, io), 2);
  assert.match(io.err(), /gone\.csv can’t be read[\s\S]*A file is read twice/);
});
