import { type AdOptions, reportFile } from '../../src/cli/import/ads.ts';
import { type Brought, type Columns, cellsOf } from '../../src/cli/import/bring.ts';
import { csvRows } from '../../src/cli/import/rows.ts';
import { touchFile } from '../../src/cli/import/touches.ts';
import { adRecords } from '../../src/collection/import-ads.ts';
import { touchRecords } from '../../src/collection/import-touches.ts';
import { AssayError } from '../../src/event/error.ts';
import type { Parsed } from '../../src/event/problem.ts';
import { type Fuzzed, jsonParser, type Result, textParser } from './parser.ts';
import { SOMEBODY } from './words.ts';

const NOW = Date.UTC(2026, 7, 1, 12);
const FILE_MS_MAX = 500;

const TOUCHES = [
  `time;type;visitor;email;phone;ttclid;campaign_id;campaign\n2026-07-01T12:00:00Z;click;v-1;${SOMEBODY.email};${SOMEBODY.phone};E.C.P.1;17001;${SOMEBODY.email}\n`,
  'At,user\r\n1751371200,v-1\r\n1751371200000,v-2\r\n',
];
const REPORTS = [
  `ad_id,Ad name,Date,Cost,Currency,Impressions,Clicks,Conversions,VTA conversion\n7,${SOMEBODY.email},2026-07-01,"1,299.50",EUR,12,1,-,-\nTotal,-,-,1,EUR,1,1,1,1\n`,
  'campaign_id;stat_time_day;spend;currency;impressions;clicks;real_time_conversion\n7;2026-07-01 00:00:00;5;JPY;1;1;1\n',
];
const TOUCH_ROW = {
  ...{ type: 'click', time: '2026-07-01T12:00:00Z', visitor: 'v-1', session: 's-1' },
  user: { ...SOMEBODY, external_id: SOMEBODY.email, ttclid: 'E.C.P.1' },
  ad: { campaign_id: '7', campaign_name: SOMEBODY.email, utm_source: 'tiktok' },
};
const AD_ROW = {
  ...{ level: 'ad', id: '7', name: SOMEBODY.phone, day: '2026-07-01', basis: 'impression', currency: 'EUR' },
  ...{ spend: '1.50', impressions: 9, clicks: 1, conversions: 1, pulled_at: '2026-07-30T00:00:00Z', value: '9' },
};
const AD_OPTIONS: AdOptions = { map: [], counts: 'conversion', pulledAt: '2026-07-30' };

const readTouches = (body: unknown) => touchRecords(body, { region: 'DE', receivedAt: NOW });
const readAds = (body: unknown) => adRecords(body, { timezone: 'UTC', receivedAt: NOW });

async function* once(text: string): AsyncGenerator<string> {
  yield text.slice(0, text.length >> 1);
  yield text.slice(text.length >> 1);
}

/** The whole way of a file's rows, as far as the journal. */
async function readFile(text: string, brought: Brought, read: (body: unknown) => Parsed<unknown[]>): Promise<Result> {
  let headers: string[] = [];
  let columns: Columns | undefined;
  const kept: unknown[] = [];
  for await (const row of csvRows(once(text))) {
    if (!('cells' in row)) continue;
    if (!columns) {
      headers = row.cells.map((cell) => cell.trim());
      const begun = brought.begin(headers);
      if (!begun.ok) return { accepted: false };
      columns = begun.value;
      continue;
    }
    const told = columns.read(cellsOf(row.cells, headers, columns.places), row.cells[0] ?? '');
    if (!told.ok) kept.push(told.problems);
    else if (told.value !== null) kept.push(outcome(read({ [brought.list]: [told.value] })));
  }
  return { accepted: kept.length > 0, kept };
}

function outcome(read: Parsed<unknown>): unknown {
  return read.ok ? read.value : read.problems;
}

const tooLong = (error: unknown): boolean => error instanceof AssayError && error.code === 'line_too_long';

/** What an operator brings of ads: files of touches and reports, and the bodies that they become. */
export const IMPORTS: readonly Fuzzed[] = [
  {
    ...textParser('CSV of touches', 12, TOUCHES, (text) =>
      readFile(text, touchFile({ map: [], zone: 'Europe/Berlin' }), readTouches),
    ),
    ...{ mayThrow: tooLong, readMsMax: FILE_MS_MAX },
  },
  {
    ...textParser('CSV of reports', 12, REPORTS, (text) => readFile(text, reportFile('', AD_OPTIONS), readAds)),
    ...{ mayThrow: tooLong, readMsMax: FILE_MS_MAX },
  },
  jsonParser('imported touches', 20, [{ touches: [TOUCH_ROW] }], (body) => {
    const read = readTouches(body);
    return { accepted: read.ok, kept: outcome(read) };
  }),
  jsonParser('imported reports', 20, [{ rows: [AD_ROW] }], (body) => {
    const read = readAds(body);
    return { accepted: read.ok, kept: outcome(read) };
  }),
];
