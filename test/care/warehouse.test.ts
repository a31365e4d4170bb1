import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openAttribution } from '../../src/attribution/open.ts';
import { rebuildCommand } from '../../src/cli/care/rebuild.ts';
import { openWarehouse } from '../../src/store/duckdb/warehouse.ts';
import { START } from '../admission-kit.ts';
import { testIo } from '../io.ts';
import { storeOf, told } from './store.ts';

async function run(
  data: string,
  options: { check?: boolean; into?: string; warehouse?: boolean; json?: boolean } = {},
): Promise<{ code: number; says: Record<string, unknown>; text: string }> {
  const io = testIo({ now: START });
  const code = await rebuildCommand({ data, json: true, warehouse: true, ...options }, io);
  const text = io.out();
  return { code, says: options.json === false ? {} : (JSON.parse(text) as Record<string, unknown>), text };
}

test('a warehouse is made where there is none, and one that lies is found out and replaced', async (t) => {
  const data = await storeOf(t, ...told(20));
  assert.deepEqual((await run(data)).says, { ok: true, warehouse: true, offset: 23, swapped: true, unlike: null });
  assert.deepEqual((await run(data, { check: true })).says['unlike'], []);
  await change(data, "UPDATE event SET name = 'Other' WHERE seq = (SELECT min(seq) FROM event)");
  const checked = await run(data, { check: true });
  assert.equal(checked.code, 1);
  assert.match(JSON.stringify(checked.says['unlike']), /"table":"event".*"column":"name","is":"Other"/);
  assert.equal((await run(data, { check: true })).code, 1, '--check changes nothing');
  const { code, text } = await run(data, { json: false });
  assert.equal(code, 0);
  assert.match(
    text,
    /^event \d+, name: is Other, would be \w+\nThe warehouse was made from the ledger up to record 23/,
  );
  assert.deepEqual((await run(data, { check: true })).says['unlike'], []);
  assert.deepEqual(
    readdirSync(data).filter((name) => /rebuild/.test(name)),
    [],
  );
});

test('a warehouse may be left in another folder, if that has nothing else', async (t) => {
  const data = await storeOf(t, ...told(3));
  const into = join(data, 'elsewhere');
  const { code, says } = await run(data, { into });
  assert.deepEqual([code, says['swapped']], [0, false]);
  assert.ok(existsSync(join(into, 'warehouse')) && !existsSync(join(data, 'warehouse')));
  mkdirSync(join(data, 'full'));
  writeFileSync(join(data, 'full', 'notes.txt'), '');
  assert.deepEqual((await run(data, { into: join(data, 'full') })).says['code'], 'rebuild_folder');
});

test('what a server has open is left alone', async (t) => {
  const data = await storeOf(t, ...told(3));
  const attribution = await openAttribution(data, { now: () => START });
  t.after(() => attribution.close());
  await attribution.catchUp();
  const { code, says } = await run(data);
  assert.deepEqual([code, says['code']], [1, 'store_locked']);
});

test('a ledger that is derived anew has its warehouse made anew', async (t) => {
  const data = await storeOf(t, ...told(20));
  await run(data);
  await change(data, "UPDATE event SET name = 'Other'");
  assert.equal((await run(data, { warehouse: false })).code, 0);
  assert.deepEqual((await run(data, { check: true })).says['unlike'], []);
});

async function change(data: string, sql: string): Promise<void> {
  const warehouse = await openWarehouse(data);
  const db = await warehouse.connect();
  await db.run(sql);
  db.closeSync();
  await warehouse.close();
}
