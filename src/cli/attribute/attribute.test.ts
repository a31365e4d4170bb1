import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { testIo } from '../../../test/io.ts';
import { type AttributeOptions, attribute } from './attribute.ts';

let folder = '';
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'assay-attribute-test-'));
});
after(() => rmSync(folder, { recursive: true }));

const USUAL: AttributeOptions = {
  ...{ model: 'last', order: '1', click: '7d', engagedView: '1d', view: '1d', precedence: 'click,engagedView,view' },
  ...{ count: 'every', halfLife: '7d', by: 'channel', basis: 'conversion', timezone: 'UTC', map: [], memory: '200' },
};

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function asked(options: Partial<AttributeOptions>): Promise<{ code: number; out: string; err: string }> {
  const io = testIo();
  const code = await attribute({ ...USUAL, ...options }, io);
  return { code, out: io.out(), err: io.err().replaceAll(`${folder}/`, '') };
}

const TOUCHES = `visitor,time,type,channel
a,2026-01-01 10:00:00,click,tiktok
a,2026-01-01 11:00:00,view,tiktok
b,2026-01-01 10:00:00,click,google
b,2026-01-01 12:00:00,click,tiktok
`;
const CONVERSIONS = `visitor;time;order_id;revenue
a;2026-01-02 10:00:00;1;59.90
a;2026-02-02 10:00:00;2;5
b;2026-01-03;3;10.01
`;

async function fromTexts(touches: string, conversions: string, more: Partial<AttributeOptions> = {}) {
  return asked({ touches: file('t.csv', touches), conversions: file('c.csv', conversions), ...more });
}

test('two files come to a table of channels, and what nobody earned stands last', async () => {
  assert.deepEqual(await fromTexts(TOUCHES, CONVERSIONS), {
    code: 0,
    err: '',
    out: `channel  conversions  value
-------  -----------  -----
tiktok             2  69.91
(none)             1   5.00

2 of 3 conversions earned by a touch; model last, click 7d, engagedView 1d, view 1d.
`,
  });
});

test('shares of money are whole cents that add up', async () => {
  const { out } = await fromTexts(TOUCHES, CONVERSIONS, { model: 'linear', json: true });
  assert.deepEqual(JSON.parse(out), {
    ...{ model: 'linear', windows: 'click 7d, engagedView 1d, view 1d', conversions: 3, credited: 2 },
    rows: [
      { channel: 'tiktok', conversions: 1.5, value: '64.90' },
      { channel: 'google', conversions: 0.5, value: '5.01' },
      { channel: '(none)', conversions: 1, value: '5.00' },
    ],
  });
});

test('no two currencies are added, and each has its own digits', async () => {
  const conversions =
    'user,time,value,currency\na,2026-01-01 10:00:00,5990,JPY\na,2026-01-01 10:00:00,1.234,KWD\na,2026-01-01 10:00:00,1,eur\n';
  const { out } = await fromTexts(TOUCHES, conversions, { json: true });
  assert.deepEqual(
    (JSON.parse(out) as { rows: object[] }).rows.map((row) => Object.values(row).join(' ')),
    ['tiktok 1 1.00 EUR', 'tiktok 1 5990 JPY', 'tiktok 1 1.234 KWD'],
  );
});

test('days are those of the zone, by the touch or by the conversion', async () => {
  const touches = 'user,time\na,2026-03-28T23:30:00Z\n';
  const conversions = 'user,time\na,2026-03-29T22:30:00Z\n';
  const days = async (more: Partial<AttributeOptions>): Promise<string> =>
    (await fromTexts(touches, conversions, { by: 'day', json: true, ...more })).out.match(/\d{4}-\d{2}-\d{2}/)?.[0] ??
    '';
  assert.equal(await days({}), '2026-03-29');
  // Berlin's clocks went forward in the night between.
  assert.equal(await days({ timezone: 'Europe/Berlin' }), '2026-03-30');
  assert.equal(await days({ timezone: 'Europe/Berlin', basis: 'touch' }), '2026-03-29');
});

test('times without a zone are those of the zone that is named', async () => {
  const conversions = 'user,time\na,2026-01-08T09:00:00Z\n';
  const touches = 'user,time\na,2026-01-01 10:00:00\n';
  assert.equal((await fromTexts(touches, conversions, { timezone: 'Europe/Berlin' })).code, 0, 'exactly seven days');
  assert.equal((await fromTexts(touches, conversions, { timezone: 'Asia/Tokyo' })).code, 1, 'eight hours more');
});

for (const [name, cell] of [
  ['Unix seconds', '1767261600'],
  ['Unix seconds with a fraction', '1767261600.250'],
  ['Unix milliseconds', '1767261600000'],
  ['ISO 8601 with a zone', '2026-01-01T11:00:00+01:00'],
])
  test(`times are read as ${name}`, async () => {
    assert.equal((await fromTexts(TOUCHES, `user,time\na,${cell}\n`)).code, 0);
  });

test('gzip is read as it is, and columns may be called anything', async () => {
  const touches = file('t.csv.gz', gzipSync(TOUCHES.replace('visitor', 'Who').replace('time', 'Seen at')));
  const conversions = file('c.csv.gz', gzipSync(CONVERSIONS));
  const { code, out } = await asked({ touches, conversions, map: ['Who=user', 'Seen at=time'] });
  assert.equal(code, 0);
  assert.match(out, /tiktok {13}2 {2}69\.91/);
});

test('Parquet is read and written, and each credit says how it was computed', async () => {
  const [touches, conversions, out] = ['t.parquet', 'c.parquet', 'o.parquet'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  await duck(`COPY (SELECT * FROM read_csv('${file('t.csv', TOUCHES)}')) TO '${touches}' (FORMAT parquet)`);
  await duck(`COPY (SELECT * FROM read_csv('${file('c.csv', CONVERSIONS)}')) TO '${conversions}' (FORMAT parquet)`);
  assert.equal((await asked({ touches, conversions, out, model: 'first' })).code, 0);
  assert.deepEqual(
    await duck(
      `SELECT conversion, touch, channel, share, value, why, model, windows FROM '${out}' ORDER BY conversion`,
    ),
    [
      ['1', 'touch-1', 'tiktok', 1, '59.90', null, 'first', 'click 7d, engagedView 1d, view 1d'],
      ['2', null, null, 0, '5.00', 'outside_windows', 'first', 'click 7d, engagedView 1d, view 1d'],
      ['3', 'touch-3', 'google', 1, '10.01', null, 'first', 'click 7d, engagedView 1d, view 1d'],
    ],
  );
});

test('half a Parquet file is told before any work', async () => {
  const touches = join(folder, 'half.parquet');
  await duck(`COPY (SELECT range AS user, range AS time FROM range(1000)) TO '${touches}' (FORMAT parquet)`);
  truncateSync(touches, 900);
  assert.deepEqual(await asked({ touches, conversions: file('c.csv', CONVERSIONS) }), {
    code: 2,
    out: '',
    err: 'half.parquet is half a Parquet file: its end is missing. Write it again, whole.\n',
  });
});

const broken: [name: string, touches: string, conversions: string, says: RegExp][] = [
  [
    'a missing column',
    'visitor,type\na,click\n',
    CONVERSIONS,
    /t\.csv header has no column time; its columns are "visitor", "type": name the column time, or say which it is with --map "\w+=time"/,
  ],
  [
    'times that are mixed',
    `${TOUCHES}c,1767261600000,click,x\n`,
    CONVERSIONS,
    /t\.csv row 5, time is no time as row 1 writes it, ISO 8601 without a zone: write all times of a file alike/,
  ],
  ['a time that is none', TOUCHES, CONVERSIONS.replace('2026-01-03', 'yesterday'), /c\.csv row 3, time is no time/],
  [
    'a separator within',
    `${TOUCHES}c;2026-01-01 10:00:00;click;x\n`,
    CONVERSIONS,
    /t\.csv line 6, channel has fewer cells than the header/,
  ],
  [
    'another number of cells',
    `${TOUCHES}c,2026-01-01 10:00:00,click,x,y\n`,
    CONVERSIONS,
    /t\.csv line 6.* has more cells than the header/,
  ],
  ['nobody', `${TOUCHES},2026-01-01 10:00:00,click,x\n`, CONVERSIONS, /t\.csv row 5, visitor is empty/],
  [
    'a kind that is none',
    `${TOUCHES}c,2026-01-01 10:00:00,hover,x\n`,
    CONVERSIONS,
    /t\.csv row 5, type is no kind of touch: write click, engaged_view or view/,
  ],
  [
    'an amount with a comma',
    TOUCHES,
    CONVERSIONS.replace('59.90', '"59,90"'),
    /c\.csv row 1, revenue is no amount: write digits with a point/,
  ],
  ['no row', 'user,time\n', CONVERSIONS, /t\.csv row 1, time is no time, or the file has no row/],
  ['nothing', '', CONVERSIONS, /t\.csv is empty/],
  ['bytes', '\0\0\0\0', CONVERSIONS, /t\.csv is neither CSV in UTF-8 nor Parquet/],
];
for (const [name, touches, conversions, says] of broken)
  test(`a file with ${name} is refused, and says where`, async () => {
    const { code, out, err } = await fromTexts(touches, conversions);
    assert.deepEqual([code, out], [2, '']);
    assert.match(err, says);
  });

const questions: [name: string, options: Partial<AttributeOptions>, says: RegExp][] = [
  ['no files', {}, /--touches is not given[\s\S]*--conversions is not given/],
  ['a window that is none', { click: 'a week' }, /--click can’t be "a week": write 7d, 12h or off/],
  ['a kind twice', { precedence: 'click,click' }, /--precedence names what is no kind of touch, or one twice/],
  ['a zone that is none', { timezone: 'Berlin' }, /--timezone is no time zone/],
  ['a file of no format', { out: 'x.xlsx' }, /--out has no format/],
  ['a field that is none', { map: ['a=b'] }, /--map "a=b" names no field/],
];
for (const [name, options, says] of questions)
  test(`a question with ${name} is refused`, async () => {
    const { code, err } = await asked(options);
    assert.equal(code, 2);
    assert.match(err, says);
  });

test('a file that is not there is named', async () => {
  const { code, err } = await asked({ touches: join(folder, 'none.csv'), conversions: join(folder, 'none.csv') });
  assert.deepEqual([code, err], [2, 'none.csv can’t be read. Check the name and the folder.\n']);
});

test('weights of Markov come from all journeys, those without a conversion too', async () => {
  // Who came by a and b converted; who came by b alone never did.
  const touches = [
    'user,time,channel',
    'x,1767261600,a',
    'x,1767261601,b',
    'y,1767261600,b',
    'z,1767261600,b',
    '',
  ].join('\n');
  const { out } = await fromTexts(touches, 'user,time\nx,1767261700\n', { model: 'markov', json: true });
  // Without a nobody comes from it to b: 1/3 of 1/3 is lost. Without b nobody converts.
  const rows = (JSON.parse(out) as { rows: { channel: string; conversions: number }[] }).rows;
  assert.deepEqual(
    rows.map(({ channel, conversions }) => [channel, Number(conversions.toFixed(6))]),
    [
      ['b', 0.75],
      ['a', 0.25],
    ],
  );
});

const PATHS = `path,total_conversions,total_conversion_value,total_null
a > b > c,2,30,1
b,1,5,0
`;

test('paths come to what each channel earned', async () => {
  const paths = file('p.csv.gz', gzipSync(PATHS));
  const { code, out } = await asked({ paths, model: 'last', json: true });
  assert.equal(code, 0);
  assert.deepEqual(JSON.parse(out), {
    model: 'last',
    rows: [
      { channel: 'a', conversions: 0, value: 0 },
      { channel: 'b', conversions: 1, value: 5 },
      { channel: 'c', conversions: 2, value: 30 },
    ],
  });
  const out2 = join(folder, 'rows.csv');
  assert.match((await asked({ paths, model: 'linear', out: out2 })).out, /^channel {2}conversions {2}value\n/);
  assert.equal(readFileSync(out2, 'utf8').split('\r\n')[0], 'channel,conversions,value');
});

const brokenPaths: [name: string, text: string, says: RegExp][] = [
  [
    'a missing column',
    'path,conversions\na,1\n',
    /line 1 has no column "total_conversions"; it has "path", "conversions": name it total_conversions, or say which it is: --map conversions=total_conversions/,
  ],
  ['a number that is none', `${PATHS}c,many,1,1\n`, /line 4, total_conversions is no number of 0 or more/],
  ['a channel without a name', `${PATHS}a > > b,1,1,1\n`, /line 4, path has a channel without a name/],
  ['no row', PATHS.split('\n')[0] ?? '', /file has a header and no row/],
  ['nothing', '', /file is empty/],
];
for (const [name, text, says] of brokenPaths)
  test(`a file of paths with ${name} is refused, and says where`, async () => {
    const { code, out, err } = await asked({ paths: file('p.csv', text) });
    assert.deepEqual([code, out], [2, '']);
    assert.match(err, says);
  });

async function duck(sql: string): Promise<unknown[][]> {
  const instance = await DuckDBInstance.create(':memory:');
  const db = await instance.connect();
  try {
    return (await db.runAndReadAll(sql)).getRows();
  } finally {
    db.closeSync();
    instance.closeSync();
  }
}
