import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { specTold } from '../../../test/admission-kit.ts';
import { runAssay } from '../../../test/assay.ts';
import { testIo } from '../../../test/io.ts';
import { startTestServer, type TestServer } from '../../../test/server.ts';
import type { TouchRow } from '../../event/touch.ts';
import { openJournal } from '../../store/sqlite/journal.ts';
import { openJournalReader } from '../../store/sqlite/journal-reader.ts';
import { openLedgerReader } from '../../store/sqlite/ledger.ts';
import { importTouches, type TouchOptions } from './touches.ts';

let server: TestServer;
let folder = '';
before(async () => {
  server = await startTestServer('http://127.0.0.1:1');
  folder = mkdtempSync(join(tmpdir(), 'assay-touches-'));
});
after(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

/** Imports a text; answers what a script sees. */
async function bring(
  text: string,
  options: Partial<TouchOptions> = {},
): Promise<{ code: number; out: string; err: string }> {
  const file = join(folder, 't.csv');
  writeFileSync(file, text);
  const io = testIo({ now: Date.now() });
  const code = await importTouches(file, { map: [], zone: 'UTC', data: server.folder, ...options }, io);
  return { code, out: io.out().replaceAll(`${folder}/`, ''), err: io.err().replaceAll(`${folder}/`, '') };
}

/** The touches that an id leads to, by time. */
async function touches(id: string): Promise<TouchRow[]> {
  const reader = await openLedgerReader(server.folder);
  try {
    return (await reader.lineage([], [id])).touches.sort((a, b) => a.at - b.at);
  } finally {
    await reader.close();
  }
}

const FILE = `Timestamp;Kind;Visitor ID;E-mail;ttclid;Campaign;Campaign ID;Ad Group ID;Colour
2021-08-01T12:00:00.250Z;Click;v-1;Ann@Example.com;E.C.P.1;Summer;17001;17002;red
2021-08-01 14:30+02:00;engaged view;v-1;;;Summer;17001;17002;
2021-07-31T08:00:00Z;view;v-1;;__CLICKID__;;;;
`;

test('touches of a file are taken once, with their own times, and contacts as hashes alone', async () => {
  const first = await bring(FILE);
  assert.deepEqual(first, { code: 0, out: 't.csv: 3 rows\n  3 new\n  not read: "Colour"\n', err: '' });
  const again = await bring(FILE);
  assert.deepEqual(again.out, 't.csv: 3 rows\n  3 known already; nothing changed\n  not read: "Colour"\n');
  const hash = createHash('sha256').update('ann@example.com').digest('hex');
  const ad = { campaign_id: '17001', campaign_name: 'Summer', adgroup_id: '17002' };
  const found = await touches('v-1');
  assert.deepEqual(
    found.map(({ type, at, door, ad: of, personal }) => [type, new Date(at).toISOString(), door, of, personal]),
    [
      ['view', '2021-07-31T08:00:00.000Z', 'import', {}, null],
      ['click', '2021-08-01T12:00:00.250Z', 'import', ad, { user: { email: [hash], ttclid: 'E.C.P.1' } }],
      ['engagedView', '2021-08-01T12:30:00.000Z', 'import', ad, null],
    ],
  );
  assert.deepEqual((await touches('E.C.P.1')).length, 1);
  const journal = await openJournalReader(server.folder);
  assert.ok(
    !JSON.stringify(await journal.read(0, 1000))
      .toLowerCase()
      .includes('ann@example'),
  );
  await journal.close();
});

test('a mended name makes no new touch; another time, person or ad does', async () => {
  const head = 'time,visitor,campaign_id,campaign_name';
  const rows = (...lines: string[]): string => `${head}\n${lines.join('\n')}\n`;
  assert.match((await bring(rows('1627819200,m-1,1,Sumer'))).out, / 1 new/);
  const more = await bring(
    rows('1627819200,m-1,1,Summer', '1627819201,m-1,1,Summer', '1627819200,m-2,1,', '1627819200,m-1,2,'),
  );
  assert.match(more.out, / 3 new\n {2}1 known already/);
  assert.equal((await touches('m-1')).length, 3);
});

test('times without a zone are those of --zone, whatever its clocks do', async () => {
  const rows = ['2021-03-28 01:30', '2021-03-28 03:30', '2021-07-01', '2021-12-01 00:00:00.5'];
  const { code } = await bring(`time,visitor\n${rows.map((time) => `${time},z-1`).join('\n')}\n`, {
    zone: 'Europe/Berlin',
  });
  assert.equal(code, 0);
  assert.deepEqual(
    (await touches('z-1')).map(({ at }) => new Date(at).toISOString()),
    [
      ...['2021-03-28T00:30:00.000Z', '2021-03-28T01:30:00.000Z'],
      ...['2021-06-30T22:00:00.000Z', '2021-11-30T23:00:00.500Z'],
    ],
  );
});

const table: [name: string, text: string, options: Partial<TouchOptions>, says: RegExp][] = [
  [
    'no time',
    'when,visitor\n1,v\n',
    {},
    /header has no column time; its columns are "when", "visitor": name the column/,
  ],
  ['nobody', 'time,type\n1627819200,click\n', {}, /header has no column that says who it was: name one visitor/],
  ['an empty file', '', {}, /line 1 is missing: the file is empty/],
  ['another separator', 'time|visitor\n1|v\n', {}, /has no column time; its columns are "time\|visitor"/],
  [
    'mixed times',
    'time,visitor\n1627819200,w-1\n2021-08-01T12:00:00Z,w-1\n',
    {},
    /^line 3: "time" is ISO 8601 with a zone, and the rows before are Unix seconds: write all/m,
  ],
  ['what is no time', 'Clicked,visitor\nyesterday,w-1\n', { map: ['Clicked=time'] }, /line 2: "Clicked" is no time: /],
  ['a time to come', 'time,visitor\n2099-08-01T12:00:00Z,w-1\n', {}, /^line 2: "time" is in the future: /m],
  ['seconds too few', 'time,visitor\n1085585600,w-1\n', {}, /^line 2: "time" is before 2015: /m],
  ['a kind', 'time,visitor,kind\n1627819200,w-1,hover\n', {}, /^line 2: "kind" is no kind of contact: write click, /m],
  ['a row of nobody', 'time,visitor\n1627819200,w-1\n1627819200,\n', {}, /^line 3: "visitor" is missing, and nothing/m],
  ['an address as id', 'time,visitor\n1627819200,ann@example.com\n', {}, /^line 2: "visitor" is no id: /m],
  ['a torn row', 'time,visitor\n1627819200,w-1\n1627819200\n', {}, /^line 3: line has 1 cells, the header has 2: /m],
  ['a lost quote', 'time,visitor\n1627819200,"w-1\n1627819200,w-1\n', {}, /line is not readable as CSV|has \d cells/],
  ['an unknown field', 'time,visitor\n1,v\n', { map: ['time=when'] }, /--map "time=when" names no field/],
  [
    'a column that is not there',
    'time,visitor\n1,v\n',
    { map: ['At=time'] },
    /--map names "At", which the file does not/,
  ],
  ['no zone', 'time,visitor\n1,v\n', { zone: 'Mars/Base' }, /--zone is no time zone/],
  ['no store', 'time,visitor\n1,v\n', { data: '/nowhere' }, /There is no store in \/nowhere/],
];
for (const [name, text, options, says] of table)
  test(`a file with ${name} is refused before anything is sent`, async () => {
    const { code, out, err } = await bring(text, options);
    assert.match(err, says);
    assert.deepEqual([code, out], [2, '']);
    assert.ok(!err.includes('ann@example.com'), 'no contact is shown');
    assert.deepEqual(await touches('w-1'), []);
  });

test('a bad row at the end of a long file keeps all of it out', async () => {
  const rows = Array.from({ length: 2500 }, (_, n) => `${1627819200 + n},l-1`);
  const { code, err } = await bring(`time,visitor\n${rows.join('\n')}\nnever,l-1\n`);
  assert.deepEqual([code, /^line 2502: "time" is no time/m.test(err)], [2, true]);
  assert.deepEqual(await touches('l-1'), []);
  assert.match((await bring(`time,visitor\n${rows.join('\n')}\n`)).out, / 2,500 new/);
  assert.equal((await touches('l-1')).length, 2500);
});

test('contacts that are none are left out and counted; a dry run writes nothing', async () => {
  const text = 'time,visitor,phone\n1627819200,d-1,call me\n1627819200,d-1,0170 1234567\n';
  const dry = await bring(text, { dryRun: true });
  assert.deepEqual(
    dry.out,
    't.csv: 2 rows\n  2 fine\n  1 e-mail addresses or phone numbers that are none; left out\nNothing was written: this was a dry run.\n',
  );
  assert.deepEqual(await touches('d-1'), []);
  const { out } = await bring(text, { json: true });
  assert.deepEqual(JSON.parse(out), {
    ...{ dryRun: false, rows: 2, new: 2, updated: 0, known: 0, older: 0, leftOut: 1 },
    ...{ totals: 0, unread: [], problems: [], stopped: null },
  });
});

test('the command says what it did in words and as JSON', async () => {
  const file = join(folder, 'command.csv');
  writeFileSync(file, 'time,visitor\n1627819200,c-1\n');
  const args = ['import', 'touches', file, '--data', server.folder];
  const words = await runAssay(args);
  assert.deepEqual([words.code, words.stderr], [0, '']);
  assert.match(words.stdout, /command\.csv: 1 row\n {2}1 new\n/);
  const { known, problems } = JSON.parse((await runAssay([...args, '--json'])).stdout);
  assert.deepEqual([known, problems], [1, []]);
  assert.equal((await runAssay([...args, '--zone', 'x'])).code, 2);
});

test('without a server they go into the store itself', async (t) => {
  const data = mkdtempSync(join(tmpdir(), 'assay-touches-'));
  t.after(() => rmSync(data, { recursive: true }));
  const journal = await openJournal(data);
  await journal.append([specTold()]);
  await journal.close();
  const text = 'time,visitor,email\n1627819200,o-1,ann@example.com\n';
  assert.match((await bring(text, { data })).out, / 1 new/);
  assert.match((await bring(text, { data })).out, / 1 known already/);
  const bad = await bring('time,visitor\n1627819200,ann@example.com\n', { data });
  assert.deepEqual([bad.code, /"visitor" is no id/.test(bad.err)], [2, true]);
  assert.ok(!readFileSync(join(data, 'journal.db')).includes('ann@example'));
});
