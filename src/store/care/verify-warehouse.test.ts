import assert from 'node:assert/strict';
import { readdirSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { WAREHOUSE_FILE, WAREHOUSE_FOLDER } from '../duckdb/files.ts';
import { openWarehouse } from '../duckdb/warehouse.ts';
import { effectsOf, eventRow } from '../sample-rows.ts';
import { openLedger } from '../sqlite/ledger.ts';
import { temporaryFolder } from '../test-folder.ts';
import { conversionFact, creditWrite, factsOf, shareOf, statementOf, touchFact } from '../warehouse-samples.ts';
import { verifyWarehouse, type WarehouseLook } from './verify-warehouse.ts';

test('a store without a warehouse has none, and is not given one', async (t) => {
  const folder = await temporaryFolder(t);
  assert.deepEqual(await look(folder), { look: 'none', whats: [] });
  assert.deepEqual(readdirSync(folder), []);
});

test('a warehouse that is open elsewhere is not looked at', async (t) => {
  const folder = await filled(t);
  const warehouse = await openWarehouse(folder);
  assert.equal((await look(folder)).look, 'inUse');
  await warehouse.close();
  assert.equal((await look(folder)).look, 'sound');
});

const faults: [sql: string, what: RegExp][] = [
  ['UPDATE credit SET share = 0.5', /in statement 1 the shares of conversion 1 add up to 0.5/],
  ['UPDATE credit_day SET minor = minor + 1', /in statement 1 the sums of day 20001/],
  ['DELETE FROM credit_day', /in statement 1 the sums of day 20001/],
  ['UPDATE touch_day SET touches = 2', /touches of kind 0 counted by day for creative \d+ are not those/],
  ['DELETE FROM touch_day', /touches of kind 0 counted by day/],
  ['INSERT INTO touch FROM touch', /two rows of touch have the key 1$/m],
  ['INSERT INTO conversion FROM conversion', /two rows of conversion have the key 1/],
  ['UPDATE place SET change = 3', /change 3 at record 5, and the ledger ends with change 2 at record 5/],
  ['UPDATE place SET journal_offset = 6', /change 2 at record 6/],
];
for (const [sql, what] of faults)
  test(`it is told when ${sql}`, async (t) => {
    const folder = await filled(t, sql);
    const { look: found, whats } = await look(folder);
    assert.equal(found, 'faulty');
    assert.match(whats.join('\n'), what);
  });

test('a damaged warehouse is told of, and stays as it is', async (t) => {
  const folder = await filled(t);
  truncateSync(join(folder, WAREHOUSE_FOLDER, WAREHOUSE_FILE), 6000);
  for (let tries = 0; tries < 2; tries++) {
    const { look: found, whats } = await look(folder);
    assert.equal(found, 'faulty');
    assert.match(whats[0] ?? '', /^it cannot be read/);
  }
});

async function look(folder: string): Promise<{ look: WarehouseLook; whats: string[] }> {
  const whats: string[] = [];
  const note = ({ file, what }: { file: string; what: string }): boolean => {
    assert.equal(file, 'warehouse/warehouse.duckdb');
    return whats.push(what) > 0;
  };
  return { look: await verifyWarehouse(folder, note, () => undefined), whats };
}

/** A store whose warehouse has what its ledger has; `sql` changes the warehouse afterwards. */
async function filled(t: TestContext, sql?: string): Promise<string> {
  const folder = await temporaryFolder(t);
  const ledger = await openLedger(folder);
  for (const offset of [4, 5]) await ledger.commit(effectsOf({ events: [eventRow(offset)] }), offset);
  await ledger.close();
  const warehouse = await openWarehouse(folder);
  const facts = factsOf({ conversions: [conversionFact(1)], touches: [touchFact(1)] });
  const write = creditWrite(statementOf(1), [shareOf(1, 1)]);
  await warehouse.commit(facts, { change: 2, offset: 5, credited: 2 }, write);
  if (sql !== undefined) {
    const db = await warehouse.connect();
    await db.run(sql);
    db.closeSync();
  }
  await warehouse.close();
  return folder;
}
