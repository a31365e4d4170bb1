import { creditPaths, PATH_MODELS } from '../../src/attribution/paths/models.ts';
import { readPaths } from '../../src/cli/attribute/paths-file.ts';
import { saidByCells } from '../../src/cli/import/cells.ts';
import { readColumns, readMap } from '../../src/cli/import/columns.ts';
import { EVENT_PLACES } from '../../src/cli/import/events.ts';
import { FACT_PLACES } from '../../src/cli/import/facts.ts';
import { csvRows, jsonRows } from '../../src/cli/import/rows.ts';
import { eventOfCells, eventOfObject } from '../../src/cli/import/told.ts';
import { AssayError } from '../../src/event/error.ts';
import { readConfig, SETTINGS } from '../../src/server/config.ts';
import { DEFAULT_TRACKING_YAML } from '../../src/spec/default-text.ts';
import { parseSpec } from '../../src/spec/parse.ts';
import { parseRates } from '../../src/spec/rates.ts';
import { type Fuzzed, jsonParser, type Result, textParser } from './parser.ts';
import { SOMEBODY } from './words.ts';

const CSV = [
  `event,order_id,value,currency,email,phone,contents,draft\nPurchase,10045,59.90,EUR,${SOMEBODY.email},${SOMEBODY.phone},"[{""content_id"":""A""}]",no\n`,
  `Event;Order ID;Value;properties.colour\r\nPurchase;10046;"5,00";red\r\n;;;\r\n`,
  '\ufeffevent\tproperties.a.b\tuser.email\nLead\tx\ty\n',
];
const LINES = [
  '{"event":"Purchase","properties":{"order_id":"1"}}\n{"event":"Lead"}\n',
  '{"event":1}\n\nx\n',
  `{"event":"Lead","properties":{"a":${'['.repeat(5000)}${']'.repeat(5000)}}}\n`,
];

async function* once(text: string): AsyncGenerator<string> {
  // In two parts, as files come.
  yield text.slice(0, text.length >> 1);
  yield text.slice(text.length >> 1);
}

async function readCsv(text: string): Promise<Result> {
  let columns: ReturnType<typeof readColumns> | undefined;
  let rows = 0;
  for await (const row of csvRows(once(text))) {
    if (!('cells' in row)) continue;
    columns ??= readColumns(row.cells, new Map(), EVENT_PLACES);
    if (columns.problems.length > 0) return { accepted: false };
    JSON.stringify(eventOfCells(row.cells, columns.columns, { source: 'web' }));
    rows++;
  }
  return { accepted: rows > 1 };
}

const PATHS = [
  'path,total_conversions,total_conversion_value,total_null\na > b > a,2,59.90,3\nb,1,1e3,0\n',
  'Path;total_conversions\n"a > b";0.5\n > ;x\n',
];

async function readPathsFile(text: string): Promise<Result> {
  const { paths, problems } = await readPaths(once(text), new Map());
  for (const model of PATH_MODELS)
    for (const order of [1, 3] as const) JSON.stringify(creditPaths(paths, model, order));
  return { accepted: problems.length === 0 };
}

async function readLines(text: string): Promise<Result> {
  let rows = 0;
  for await (const row of jsonRows(once(text))) {
    if (!('object' in row)) continue;
    JSON.stringify(eventOfObject(row.object, { source: 'web' }));
    rows++;
  }
  return { accepted: rows > 0 };
}

/** Files are read once, by a command or at the start: YAML of 20,000 characters takes some 60 ms. */
const FILE_MS_MAX = 500;

const tooLong = (error: unknown): boolean => error instanceof AssayError && error.code === 'line_too_long';

/** What an operator writes or brings: the spec, rates, settings and files of events. */
export const FILES: readonly Fuzzed[] = [
  {
    ...textParser(
      'parseSpec',
      5,
      [
        DEFAULT_TRACKING_YAML,
        DEFAULT_TRACKING_YAML.replace('rates: {}', 'rates: rates.csv'),
        'assay: 1\nbusiness: {}\n',
      ],
      (text) => ({
        accepted: parseSpec(text, { rates: () => 'currency,rate,date\nUYU,0.023,2026-08-01\n' }).ok,
      }),
    ),
    readMsMax: FILE_MS_MAX,
  },
  textParser(
    'rates',
    20,
    ['currency,rate,date\nUYU,0.023,2026-08-01\nARS,0.0009,2026-08-01\n', 'currency,rate,date\r\nUYU,1e9,2026-02-31'],
    (text) => ({
      accepted: parseRates('rates.csv', text).faults.length === 0,
    }),
  ),
  jsonParser(
    'settings',
    30,
    [
      Object.fromEntries(SETTINGS.map(({ name, fallback }) => [name, fallback])),
      {
        ASSAY_SECRET_KEY: 'x'.repeat(20),
        ASSAY_WRITE_KEY: 'a,b',
        ASSAY_TRUSTED_PROXIES: '10.0.0.0/8,::1',
        ASSAY_WEBHOOK_SECRET: 'whsec_c2VjcmV0c2VjcmV0c2VjcmV0',
        ASSAY_RATE_KEY: '5/10',
      },
    ],
    (value) => {
      const env = Object.fromEntries(
        Object.entries(value ?? {}).map(([name, text]) => [
          name,
          typeof text === 'string' ? text : JSON.stringify(text),
        ]),
      );
      return { accepted: readConfig(env).ok };
    },
  ),
  { ...textParser('CSV of events', 12, CSV, readCsv), mayThrow: tooLong, readMsMax: FILE_MS_MAX },
  { ...textParser('CSV of paths', 12, PATHS, readPathsFile), mayThrow: tooLong, readMsMax: FILE_MS_MAX },
  { ...textParser('JSON lines of events', 12, LINES, readLines), mayThrow: tooLong, readMsMax: FILE_MS_MAX },
  jsonParser(
    'cells of a row',
    30,
    [
      {
        headers: ['event', 'Order ID', 'value', 'email', 'contents', 'draft', 'properties.a', 'properties.a.b'],
        cells: ['Purchase', '1', '59.90', SOMEBODY.email, '[]', 'yes', 'x', 'y'],
        map: ['Colour=properties.colour', 'x=-'],
      },
      { headers: ['event', 'draft', 'limited_data_use'], cells: ['Lead', 'constructor', 'toString'], map: [] },
    ],
    (value) => {
      const { headers, cells, map } = Object(value) as Record<string, unknown>;
      const texts = (list: unknown): string[] =>
        Array.isArray(list) ? list.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))) : [];
      const { mapped } = readMap(texts(map), FACT_PLACES);
      JSON.stringify(saidByCells(texts(cells), readColumns(texts(headers), mapped, FACT_PLACES).columns));
      const { columns, problems } = readColumns(texts(headers), readMap(texts(map), EVENT_PLACES).mapped, EVENT_PLACES);
      if (problems.length > 0) return { accepted: false };
      const told = eventOfCells(texts(cells), columns, {});
      for (const flag of [told.told.draft, told.told.limited_data_use])
        if (flag !== undefined && typeof flag !== 'boolean') throw new Error(`a flag is a ${typeof flag}`);
      // What is wrong with a row is shown, so it must not hold the row.
      return { accepted: told.problems.length === 0, kept: told.problems };
    },
  ),
  jsonParser(
    'object of a row',
    20,
    [{ event: 'Purchase', properties: { order_id: '1', value: 5 }, user: SOMEBODY }],
    (value) => {
      const { told, problems } = eventOfObject(value, { event: 'Lead' });
      return { accepted: JSON.stringify(told) !== undefined && problems.length === 0, kept: problems };
    },
  ),
];
