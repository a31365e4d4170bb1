import assert from 'node:assert/strict';
import { existsSync, readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import { startChild } from '../test-child.ts';
import { fails, inTemporaryFolder, temporaryFolder } from '../test-folder.ts';
import { noFacts } from '../warehouse.ts';
import {
  conversionFact,
  creditWrite,
  eventFact,
  factsOf,
  placeAt,
  shareOf,
  statementOf,
  touchFact,
} from '../warehouse-samples.ts';
import { workerUrl } from '../worker-url.ts';
import { WAREHOUSE_FILE, WAREHOUSE_FOLDER } from './files.ts';
import { SCHEMA_VERSION } from './schema.ts';
import { type ColumnWarehouse, openWarehouse } from './warehouse.ts';

const CHILD = fileURLToPath(workerUrl('./warehouse-child', import.meta.url));

test('facts, credits and the place survive closing and opening again', async (t) => {
  const folder = await temporaryFolder(t);
  const before = await openWarehouse(folder);
  await before.commit(
    factsOf({ conversions: [conversionFact(1)], touches: [touchFact(1)] }),
    placeAt(1),
    creditWrite(statementOf(1), [shareOf(1, 1)]),
  );
  await before.close();
  const after = await openFor(t, folder);
  assert.deepEqual(await after.place(), placeAt(1));
  assert.deepEqual(await after.touchesNumbered([1]), [touchFact(1)]);
  assert.deepEqual([...(await after.creditsOf(1, [1])).touch], [1]);
  await after.commit(factsOf({ touches: [touchFact(1, { visitor: 'v9' })] }), placeAt(2));
  assert.deepEqual(await after.touchesNumbered([1]), [touchFact(1, { visitor: 'v9' })]);
  assert.equal(await countOf(after, 'touch'), 1);
});

test('kill -9 at any instant keeps every commit that was done, and each of them whole', async (t) => {
  const folder = await temporaryFolder(t);
  for (let kill = 0; kill < 4; kill++) {
    const child = startChild(t, process.execPath, [CHILD, folder]);
    await child.lines(1 + kill * 5);
    const done = Number((await child.kill()).at(-1));
    const warehouse = await openWarehouse(folder);
    const { change, offset } = await warehouse.place();
    assert.ok(change >= done, `change ${change}, but ${done} was done`);
    assert.equal(offset, 10 * change);
    for (const table of ['conversion', 'touch', 'credit']) assert.equal(await countOf(warehouse, table), 10 * change);
    assert.deepEqual(
      (await warehouse.linksOf([{ kind: 'email', value: 'same' }])).map(({ lastAt }) => lastAt),
      [change],
    );
    assert.equal(await oneOf(warehouse, 'SELECT CAST(sum(conversions) AS BIGINT) FROM credit_day'), 10 * change);
    assert.equal((await warehouse.statements())[0]?.change, change);
    await warehouse.close();
  }
});

test('a commit that fails in its midst leaves nothing, and the next one is written', async (t) => {
  const warehouse = await inTemporaryFolder(t, openWarehouse);
  const credits = creditWrite(statementOf(1), [shareOf(1, 1)]);
  await warehouse.commit(factsOf({ conversions: [conversionFact(1)], touches: [touchFact(1)] }), placeAt(1), credits);
  const broken = [
    factsOf({
      touches: [touchFact(1, { visitor: 'other' }), touchFact(2)],
      events: [eventFact(1, { name: null as never })],
    }),
    factsOf({ touches: [touchFact(1, { visitor: 'other' })], adReports: [{} as never] }),
  ];
  for (const facts of broken) {
    await assert.rejects(warehouse.commit(facts, placeAt(2)), fails('warehouse_unwritable'));
    assert.deepEqual(await warehouse.place(), placeAt(1));
    assert.deepEqual(await warehouse.touchesNumbered([1, 2]), [touchFact(1)]);
  }
  const short = creditWrite(statementOf(1), [shareOf(1, 2), shareOf(2, 2)]);
  short.credits.share = new Float64Array(0);
  await assert.rejects(
    warehouse.commit(factsOf({ touches: [touchFact(3)] }), placeAt(2), short),
    fails('warehouse_unwritable'),
  );
  assert.deepEqual([...(await warehouse.creditsOf(1, [1, 2])).touch], [1]);
  await warehouse.commit(factsOf({ touches: [touchFact(1, { visitor: 'other' }), touchFact(2)] }), placeAt(2));
  assert.deepEqual(await warehouse.touchesNumbered([1, 2]), [touchFact(1, { visitor: 'other' }), touchFact(2)]);
});

test('writes that are asked for at once are done one after the other', async (t) => {
  const warehouse = await inTemporaryFolder(t, openWarehouse);
  const changes = Array.from({ length: 20 }, (_, n) => n + 1);
  await Promise.all([
    ...changes.map((n) =>
      warehouse.commit(factsOf({ touches: [touchFact(n), touchFact(99, { known: n })] }), placeAt(n)),
    ),
    warehouse.forget(0),
    warehouse.forgetStatement(7),
  ]);
  assert.deepEqual(await warehouse.place(), placeAt(20));
  assert.equal(await countOf(warehouse, 'touch'), 21);
  assert.equal((await warehouse.touchesNumbered([99]))[0]?.known, 20);
});

test('a second one who opens it is refused, until the first has closed it', async (t) => {
  const folder = await temporaryFolder(t);
  const first = await openWarehouse(folder);
  await assert.rejects(openWarehouse(folder), fails('store_locked'));
  await first.commit(noFacts(), placeAt(1));
  await first.close();
  await (await openWarehouse(folder)).close();
});

test('closing ends what is being asked, on every connection', async (t) => {
  const folder = await temporaryFolder(t);
  const warehouse = await openWarehouse(folder);
  const endless = 'SELECT sum(hash(a.range + b.range)) FROM range(10000000) AS a, range(10000000) AS b';
  const asked = [await warehouse.reader(), await warehouse.connect()].map((db) => db.run(endless));
  const ends = Promise.all(asked.map((one) => assert.rejects(one, /interrupt/i)));
  await warehouse.commit(noFacts(), placeAt(1));
  await warehouse.close();
  await ends;
  await (await openWarehouse(folder)).close();
});

test('an older warehouse is made anew, and a newer one refused', async (t) => {
  const folder = await temporaryFolder(t);
  await filled(folder);
  await setVersion(folder, SCHEMA_VERSION + 1);
  await assert.rejects(openWarehouse(folder), fails('store_newer', /Run the newer program again/));
  await setVersion(folder, SCHEMA_VERSION - 1);
  const anew = await openFor(t, folder);
  assert.deepEqual(await anew.place(), placeAt(0));
  assert.equal(await countOf(anew, 'touch'), 0);
});

const damages: [what: string, damage: (path: string) => void][] = [
  ['empty', (path) => truncateSync(path)],
  ['cut within its head', (path) => truncateSync(path, 5000)],
  ['something else', (path) => writeFileSync(path, 'SQLite format 3\0'.repeat(4000))],
];
for (const [what, damage] of damages)
  test(`a warehouse whose file is ${what} is made anew`, async (t) => {
    const folder = await temporaryFolder(t);
    await filled(folder);
    damage(join(folder, WAREHOUSE_FOLDER, WAREHOUSE_FILE));
    const anew = await openFor(t, folder);
    assert.deepEqual(await anew.place(), placeAt(0));
  });

test('nobody else may look into its files', { skip: process.platform === 'win32' }, async (t) => {
  const folder = await temporaryFolder(t);
  await (await openWarehouse(folder)).close();
  const own = join(folder, WAREHOUSE_FOLDER);
  assert.equal(statSync(own).mode & 0o777, 0o700);
  assert.equal(statSync(join(own, WAREHOUSE_FILE)).mode & 0o777, 0o600);
});

const OUTSIDE = [
  "SELECT * FROM read_csv('{file}')",
  "SELECT * FROM read_text('{file}')",
  "SELECT * FROM '{file}'",
  "SELECT * FROM glob('/*')",
  "SELECT * FROM sqlite_scan('{file}', 'event')",
  "COPY (SELECT 1) TO '{file}.csv'",
  "EXPORT DATABASE '{file}.d'",
  "ATTACH '{file}.db'",
  'INSTALL httpfs',
  'LOAD httpfs',
  'SET enable_external_access = true',
  "SET temp_directory = '/'",
  "SET memory_limit = '100GB'",
  'SET threads = 64',
];
for (const sql of OUTSIDE)
  test(`SQL comes to nothing outside of it: ${sql}`, async (t) => {
    const folder = await temporaryFolder(t);
    const warehouse = await openFor(t, folder);
    const file = join(folder, 'secret.csv');
    writeFileSync(file, 'a,b\n1,2\n');
    const before = readdirSync(folder);
    const db = await warehouse.connect();
    await assert.rejects(db.run(sql.replace('{file}', file)), /Error/);
    db.closeSync();
    assert.deepEqual(readdirSync(folder), before);
  });

/** A warehouse with something in it, closed again. */
async function filled(folder: string): Promise<void> {
  const warehouse = await openWarehouse(folder);
  const touches = Array.from({ length: 3000 }, (_, n) => touchFact(n + 1));
  await warehouse.commit(factsOf({ touches }), placeAt(1));
  await warehouse.close();
  assert.ok(!existsSync(join(folder, WAREHOUSE_FOLDER, `${WAREHOUSE_FILE}.wal`)));
}

async function setVersion(folder: string, version: number): Promise<void> {
  const instance = await DuckDBInstance.create(join(folder, WAREHOUSE_FOLDER, WAREHOUSE_FILE));
  const db = await instance.connect();
  await db.run(`UPDATE meta SET version = ${version}`);
  db.closeSync();
  instance.closeSync();
}

async function openFor(t: TestContext, folder: string): Promise<ColumnWarehouse> {
  const warehouse = await openWarehouse(folder);
  t.after(() => warehouse.close());
  return warehouse;
}

function countOf(warehouse: ColumnWarehouse, table: string): Promise<number> {
  return oneOf(warehouse, `SELECT count(*) FROM ${table}`);
}

async function oneOf(warehouse: ColumnWarehouse, sql: string): Promise<number> {
  const result = await (await warehouse.reader()).runAndReadAll(sql);
  return Number(result.getRows()[0]?.[0]);
}

test('a close that comes at whatever moment ends what is asked, and nobody asks after it', async (t) => {
  for (const afterMs of [0, 1, 2, 5, 10, 20, 40, 80]) {
    const warehouse = await openWarehouse(await temporaryFolder(t));
    const ask = async (): Promise<string> => {
      const db = await warehouse.connect();
      try {
        await db.run('BEGIN TRANSACTION READ ONLY');
        await db.run(
          'SELECT count(*) FROM range(20000) AS one (n), range(20000) AS other (n) WHERE one.n * other.n % 7 = 3',
        );
        return 'answered';
      } finally {
        db.closeSync();
      }
    };
    const asked = Promise.all(
      Array.from({ length: 6 }, () => ask().catch((error: unknown) => (error instanceof Error ? 'ended' : 'broken'))),
    );
    await new Promise((done) => setTimeout(done, afterMs));
    await warehouse.close();
    assert.ok((await asked).every((outcome) => outcome === 'ended' || outcome === 'answered'));
    await assert.rejects(ask(), { code: 'warehouse_closed' });
  }
});
