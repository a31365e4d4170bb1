import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdtempSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { openAdmission } from '../../src/admission/run.ts';
import { type OpenAttribution, openAttribution } from '../../src/attribution/open.ts';
import { rebuildCommand } from '../../src/cli/care/rebuild.ts';
import { DAY, HOUR } from '../../src/event/time.ts';
import { startRetention } from '../../src/server/retention.ts';
import { compareWarehouses } from '../../src/store/care/compare-warehouses.ts';
import { WAREHOUSE_FILE, WAREHOUSE_FOLDER } from '../../src/store/duckdb/files.ts';
import { openWarehouse } from '../../src/store/duckdb/warehouse.ts';
import type { NewRecord } from '../../src/store/journal.ts';
import { openJournal } from '../../src/store/sqlite/journal.ts';
import { openLedger } from '../../src/store/sqlite/ledger.ts';
import { openSnapshots } from '../../src/store/sqlite/ledger-snapshots.ts';
import { temporaryFolder } from '../../src/store/test-folder.ts';
import { answerTold, START, sentTold, specTold } from '../admission-kit.ts';
import { testIo } from '../io.ts';
import { visits } from '../visits.ts';

const SLOW = { timeout: 180_000 };
const PERSONAL = 30 * DAY;
const PERIOD = 20 * DAY;
const END = START + 100 * DAY;

for (const seed of [12, 14])
  test(
    `a warehouse that is made anew keeps what retention has emptied in the ledger (history ${seed})`,
    SLOW,
    async (t) => {
      const folder = await lived(t, seed);
      assert.deepEqual(await rebuilt(folder), []);
      assert.deepEqual(await rebuilt(folder, { check: true }), [], 'and does so again');
      assert.ok((await without(t, folder)).length > 10, 'the ledger alone tells less');
    },
  );

test('a ledger that is derived anew leaves the warehouse what it knew', SLOW, async (t) => {
  const folder = await lived(t, 12);
  const before = await copied(t, folder);
  const io = testIo({ now: END });
  assert.equal(await rebuildCommand({ data: folder, json: true }, io), 0, io.out());
  assert.deepEqual(await unlike(t, before, folder), []);
  assert.ok(!existsSync(join(folder, WAREHOUSE_FOLDER, 'before')));
});

test('an older program’s warehouse hands over what it knew', SLOW, async (t) => {
  const folder = await lived(t, 12);
  const before = await copied(t, folder);
  await change(folder, 'UPDATE meta SET version = 0');
  assert.deepEqual(await unlike(t, before, folder), []);
});

test('reading anew that was cut begins once more with all that there was', SLOW, async (t) => {
  const folder = await lived(t, 12);
  const before = await copied(t, folder);
  await change(folder, 'UPDATE meta SET version = 0');
  for (const rows of [1, 30]) {
    const cut = await openAttribution(folder, {
      now: () => END,
      looking(read) {
        if (read >= rows) throw new Error('cut');
      },
    });
    await assert.rejects(cut.catchUp(), /cut/);
    await cut.close();
  }
  assert.deepEqual(await unlike(t, before, folder), []);
});

test('what can’t be read is kept aside, and one line says what is lost from which day on', SLOW, async (t) => {
  const folder = await lived(t, 12);
  truncateSync(join(folder, WAREHOUSE_FOLDER, WAREHOUSE_FILE), 6000);
  const said: string[] = [];
  const attribution = await opened(t, folder, said);
  assert.equal(said.length, 1);
  const day = new Date((attribution.tail.standing?.asOf ?? 0) - PERSONAL).toISOString().slice(0, 10);
  assert.ok(said[0]?.includes(`from before ${day}`), said[0]);
  assert.ok(existsSync(join(folder, 'warehouse-lost', WAREHOUSE_FOLDER, WAREHOUSE_FILE)));
});

test('of another store’s warehouse nothing is taken', SLOW, async (t) => {
  const [folder, other] = [await lived(t, 12), await lived(t, 14)];
  cpSync(join(other, WAREHOUSE_FOLDER, WAREHOUSE_FILE), join(folder, WAREHOUSE_FOLDER, WAREHOUSE_FILE));
  const said: string[] = [];
  const attribution = await opened(t, folder, said);
  assert.match(said.join(), /^the warehouse of before was made from the ledger of another store/);
  const alone = await openedInto(t, folder);
  const found = [];
  for await (const one of compareWarehouses(attribution.warehouse, alone.warehouse, { past: true })) found.push(one);
  assert.deepEqual(found, []);
});

const stores = new Map<number, Promise<string>>();
after(async () => {
  for (const store of stores.values()) rmSync(await store, { recursive: true });
});

/** A copy of such a store. */
async function lived(t: TestContext, seed: number): Promise<string> {
  const store = stores.get(seed) ?? made(seed);
  stores.set(seed, store);
  const folder = await temporaryFolder(t);
  cpSync(await store, folder, { recursive: true });
  return folder;
}

/** A store with a hundred days of a shop, in which retention has run along. */
async function made(seed: number): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'assay-lived-'));
  const journal = await openJournal(folder);
  const ledger = await openLedger(folder);
  const admission = await openAdmission(journal, ledger);
  let offset = 0;
  const tell = async (...records: NewRecord[]): Promise<void> => {
    await journal.append(records);
    offset = await admission.catchUp();
  };
  await tell(specTold());
  const attribution = await openAttribution(folder, { now: () => END });
  let [at, retained] = [START, START];
  const retention = startRetention({
    ...{ journal, forget: (before) => ledger.forget(before), warehouse: (before) => attribution.forget(before) },
    ...{ offset: () => offset, snapshots: openSnapshots(folder), now: () => at },
    ...{ retention: () => ({ personal: PERSONAL, journal: 400 * DAY }), log: () => {}, setTimer: () => () => {} },
  });
  for (const step of fc.sample(visits(), { seed, numRuns: 50 }).flat()) {
    at += Math.min(step.laterMs, 12 * HOUR) + 2 * HOUR;
    if (at > END) break;
    await tell(anew(step.tell(at), Math.floor((at - START) / PERIOD)));
    if (at - retained < 5 * DAY) continue;
    retained = at;
    for (const { dispatch } of await ledger.due(at, 1000))
      await tell(sentTold(dispatch.event, at), answerTold(dispatch.event, 'accept', at));
    if (seed % 2 === 0 && at - START > 60 * DAY)
      await tell(specTold((text) => text.replace('click: 7d', 'click: 14d'), at));
    await attribution.catchUp();
    assert.equal((await retention.run()).failed, undefined);
  }
  await attribution.catchUp();
  await attribution.close();
  await ledger.close();
  await journal.close();
  return folder;
}

/** The same told in another part of the year is of other visits, and of another order. */
function anew(record: NewRecord, period: number): NewRecord {
  const text = JSON.stringify(record).replaceAll(
    /"(event_id|touch|order_id|ttclid)":"([^"]+)"/g,
    (_, field: string, id: string) => `"${field}":"${id}-${period}"`,
  );
  return JSON.parse(text.replaceAll('ttclid=A', `ttclid=A-${period}`)) as NewRecord;
}

async function rebuilt(folder: string, options: { check?: boolean } = {}): Promise<unknown> {
  const io = testIo({ now: END });
  await rebuildCommand({ data: folder, json: true, warehouse: true, ...options }, io);
  assert.equal(io.err(), '');
  return (JSON.parse(io.out()) as { unlike: unknown }).unlike;
}

async function opened(t: TestContext, folder: string, said: string[] = []): Promise<OpenAttribution> {
  const attribution = await openAttribution(folder, { now: () => END, say: (line) => said.push(line) });
  t.after(() => attribution.close());
  await attribution.catchUp();
  return attribution;
}

async function openedInto(t: TestContext, folder: string): Promise<OpenAttribution> {
  const attribution = await openAttribution(folder, { now: () => END, into: await temporaryFolder(t) });
  t.after(() => attribution.close());
  await attribution.catchUp();
  return attribution;
}

/** What a warehouse lacks that is made from the ledger alone. */
async function without(t: TestContext, folder: string): Promise<unknown[]> {
  const [is, would] = [await opened(t, folder), await openedInto(t, folder)];
  const found = [];
  for await (const one of compareWarehouses(is.warehouse, would.warehouse, { past: true })) found.push(one);
  await is.close();
  return found;
}

/** A folder with the warehouse as it is now. */
async function copied(t: TestContext, folder: string): Promise<string> {
  const to = await temporaryFolder(t);
  cpSync(join(folder, WAREHOUSE_FOLDER), join(to, WAREHOUSE_FOLDER), { recursive: true });
  return to;
}

async function unlike(t: TestContext, before: string, folder: string): Promise<unknown[]> {
  const was = await openWarehouse(before);
  t.after(() => was.close());
  const is = await opened(t, folder);
  const found = [];
  for await (const one of compareWarehouses(was, is.warehouse, { past: true })) found.push(one);
  assert.equal(await is.warehouse.forgotBefore(), await was.forgotBefore());
  return found;
}

async function change(folder: string, sql: string): Promise<void> {
  const warehouse = await openWarehouse(folder);
  const db = await warehouse.connect();
  await db.run(sql);
  db.closeSync();
  await warehouse.close();
}
