import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import { orderTold, paymentTold, specTold } from '../../test/admission-kit.ts';
import { type TestIo, testIo } from '../../test/io.ts';
import { startTestServer } from '../../test/server.ts';
import type { SqlAnswer } from '../api/attribution.ts';
import { AssayError } from '../event/error.ts';
import { openJournal } from '../store/sqlite/journal.ts';
import { serverAt } from './desk.ts';
import { exportCommand } from './export.ts';
import { remember, type Talk, talk } from './sql/talk.ts';
import { csvText, sqlTable } from './sql/words.ts';
import { sqlCommand } from './sql.ts';

let folder = '';
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'assay-sql-'));
  const journal = await openJournal(folder);
  await journal.append([specTold(), orderTold('server'), paymentTold()]);
  await journal.close();
});
after(() => rmSync(folder, { recursive: true }));

async function run(work: (io: TestIo) => Promise<number>, code = 0, stdin = ''): Promise<{ out: string; err: string }> {
  const io = testIo({ now: Date.now(), stdin });
  assert.equal(await work(io), code, io.out() + io.err());
  return { out: io.out(), err: io.err() };
}

const COUNT = 'SELECT count(*) AS n, sum(value) AS value FROM mart_conversions';

test('a question is answered from the store, as a table, JSON or CSV', async () => {
  const table = await run((io) => sqlCommand(COUNT, { data: folder }, io));
  assert.match(table.out, /^n {4}value\n- {2}-------\n1 {2}59\.9000\n\n1 row, \d+ ms\n$/);
  const json = await run((io) => sqlCommand(COUNT, { data: folder, json: true }, io));
  assert.deepEqual((JSON.parse(json.out) as SqlAnswer).rows, [[1, '59.9000']]);
  const csv = await run((io) => sqlCommand(undefined, { data: folder, csv: true }, io), 0, `${COUNT};\n`);
  assert.equal(csv.out, 'n,value\r\n1,59.9000\r\n');
  const cut = await run((io) => sqlCommand('FROM range(9)', { data: folder, rows: '2' }, io));
  assert.match(cut.err, /There are more rows than these 2: see --rows/);
});

test('what can’t be answered says why, and exits with 2', async () => {
  for (const [statement, options, says] of [
    ['DELETE FROM touch', {}, /DELETE is no question/],
    ['SELECT nothing', {}, /nothing/],
    [COUNT, { rows: '0' }, /--rows is no number of rows/],
    [COUNT, { json: true, csv: true }, /Say --json or --csv/],
    [COUNT, { data: join(folder, 'none') }, /There is no store in/],
  ] as const)
    assert.match((await run((io) => sqlCommand(statement, { data: folder, ...options }, io), 2)).err, says);
});

test('a mart is written as a file a day, as Parquet and as CSV, and a second export takes the first one’s place', async () => {
  const to = join(folder, 'out');
  const first = await run((io) =>
    exportCommand({ mart: 'conversions', format: 'parquet', to, data: folder, json: true }, io),
  );
  assert.deepEqual(JSON.parse(first.out), { mart: 'conversions', format: 'parquet', to, days: 1, rows: 1 });
  const [day = ''] = readdirSync(to);
  assert.match(day, /^day=\d{4}-\d\d-\d\d$/);
  assert.deepEqual(readdirSync(join(to, day)), ['part-0.parquet']);
  assert.deepEqual(
    await duck(`SELECT order_id, value, typeof(value), confirmed, typeof(occurred_at) FROM '${to}/*/*.parquet'`),
    [['77', '59.9000', 'DECIMAL(28,4)', true, 'TIMESTAMP']],
  );
  writeFileSync(join(to, day, 'part-0.parquet'), 'half a file');
  await run((io) => exportCommand({ mart: 'mart_conversions', format: 'parquet', to, data: folder }, io));
  assert.deepEqual(await duck(`SELECT count(*) FROM '${to}/*/*.parquet'`), [['1']]);
  const csv = join(folder, 'csv');
  const words = await run((io) => exportCommand({ mart: 'conversions', format: 'csv', to: csv, data: folder }, io));
  assert.equal(words.out, `1 rows of 1 days are in ${csv}.\n`);
  const [head = '', row = ''] = readFileSync(join(csv, day, 'part-0.csv'), 'utf8').split('\r\n');
  assert.equal(row.split(',')[head.split(',').indexOf('value')], '59.9000');
});

test('a mart without rows exits with 1, and what can’t be exported with 2', async () => {
  const to = join(folder, 'none');
  const asked = { mart: 'touches', format: 'parquet', to, data: folder };
  await run((io) => exportCommand(asked, io), 1);
  for (const [more, says] of [
    [{ mart: 'orders' }, /There is no mart orders: use conversions, touches, marketing/],
    [{ from: 'yesterday' }, /--from is no day/],
    [{ until: '2026-02-30' }, /--until is no day/],
    [{ from: '1990-01-01', until: '2026-01-01' }, /narrow them with --from and --until/],
    [{ data: join(folder, 'nowhere') }, /There is no store in/],
    [{ mart: 'conversions', to: join(folder, 'journal.db') }, /can’t be written/],
  ] as const)
    assert.match((await run((io) => exportCommand({ ...asked, ...more }, io), 2)).err, says);
});

test('the running server answers the same, and its files stay its own', async (t) => {
  const server = await startTestServer('http://127.0.0.1:1');
  t.after(() => server.stop());
  const data = server.folder;
  const told = await run((io) => sqlCommand('SELECT count(*) AS n FROM touch', { data, csv: true }, io));
  assert.equal(told.out, 'n\r\n0\r\n');
  // The desk waits until attribution is there, and reports are then too.
  await run((io) => exportCommand({ mart: 'touches', format: 'csv', to: join(folder, 'y'), data }, io), 1);
  for (const report of [
    'attribution',
    'attribution?by=day&model=linear',
    'attribution/conversions',
    'windows',
    'funnel',
  ])
    assert.ok(await serverAt(data, `/v1/reports/${report}`), report);
  await run((io) => exportCommand({ mart: 'marketing', format: 'csv', to: join(folder, 'x'), data }, io), 1);
  assert.match((await run((io) => sqlCommand('DROP TABLE touch', { data }, io), 2)).err, /DROP is no question/);
});

test('a conversation takes statements of several lines, and goes on after one that is refused', async () => {
  const asked: string[] = [];
  const kept: string[] = [];
  const prompts: string[] = [];
  const io = testIo();
  const lines = [
    '',
    'SELECT 1',
    '  AS a;',
    '.tables',
    '.schema touch',
    ".schema x'; DROP",
    '.nothing',
    'bad;',
    ';',
    '.help',
    'SELECT 2;',
    '.quit',
    'SELECT 3;',
  ];
  const spoken: Talk = {
    lines: (async function* () {
      yield* lines;
    })(),
    prompt: (text) => void prompts.push(text),
    keep: (statement) => void kept.push(statement),
    close: () => undefined,
  };
  const ask = async (sql: string): Promise<SqlAnswer> => {
    asked.push(sql);
    if (sql === 'bad;') throw new AssayError('sql_refused', 'it is bad');
    return { columns: [], rows: [], cut: false, ms: 1 };
  };
  assert.equal(await talk(spoken, ask, () => undefined, io), 0);
  assert.deepEqual([asked[0], asked.at(-1), asked.length], ['SELECT 1\nAS a;', 'SELECT 2;', 8]);
  assert.match(asked[1] ?? '', /information_schema\.tables/);
  assert.ok(asked.every((sql) => !sql.includes('DROP')));
  assert.equal(io.err(), 'it is bad\n');
  assert.match(io.out(), /A statement ends with a semicolon/);
  assert.deepEqual([prompts[0], prompts[2]], ['assay> ', '   ...> ']);
  assert.equal(kept[0], 'SELECT 1\nAS a;');
});

test('the history is one line a statement, for the owner alone, and does not grow for ever', () => {
  const path = join(folder, 'sql-history');
  const kept: string[] = [];
  remember(path, 'SELECT 1\n  AS a;', kept);
  assert.equal(readFileSync(path, 'utf8'), 'SELECT 1 AS a;\n');
  assert.equal(statSync(path).mode & 0o777, 0o600);
  for (let n = 0; n < 2500; n++) remember(path, `SELECT ${n};`, kept);
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  assert.ok(lines.length <= 2000 && lines.at(-1) === 'SELECT 2499;');
});

test('no cell moves the cursor or becomes a formula', () => {
  const answer: SqlAnswer = {
    columns: [
      { name: 'a\u001b[2J', type: 'VARCHAR' },
      { name: 'n', type: 'DECIMAL(9,2)' },
    ],
    rows: [
      ['\u001b]0;x\u0007\n\u202e', '-1.50'],
      ['=1+1', null],
      ['x'.repeat(100), '2.00'],
    ],
    ...{ cut: false, ms: 3 },
  };
  const table = sqlTable(answer);
  assert.ok(!/(?!\n)[\p{Cc}\p{Cf}]/u.test(table));
  assert.match(table, /x…\s+2\.00\n/);
  assert.equal(
    csvText({
      ...answer,
      rows: answer.rows.slice(1, 2),
      columns: answer.columns.map((column) => ({ ...column, name: 'a' })),
    }),
    "a,a\r\n'=1+1,\r\n",
  );
  assert.match(csvText(answer), /,-1\.50\r\n/);
});

async function duck(sql: string): Promise<unknown[][]> {
  const instance = await DuckDBInstance.create(':memory:');
  const db = await instance.connect();
  try {
    const rows = await (await db.run(sql)).getRowsJson();
    return rows;
  } finally {
    db.closeSync();
    instance.closeSync();
  }
}
