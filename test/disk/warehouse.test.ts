import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openWarehouse } from '../../src/store/duckdb/warehouse.ts';
import { fails } from '../../src/store/test-folder.ts';
import { eventFact, factsOf, placeAt, touchFact } from '../../src/store/warehouse-samples.ts';
import { smallFileSystem } from './small-disk.ts';

test('a full disk takes no commit of the warehouse in part, reads go on, and what comes later is written', async (t) => {
  const disk = smallFileSystem(t);
  if (!disk) return t.skip('this account may mount no file system');
  const warehouse = await openWarehouse(disk.folder);
  t.after(() => warehouse.close());
  const batch = (change: number) => {
    const numbers = Array.from({ length: 2000 }, (_, n) => 2000 * (change - 1) + n + 1);
    return factsOf({ events: numbers.map((n) => eventFact(n)), touches: numbers.map((n) => touchFact(n)) });
  };
  await warehouse.commit(batch(1), placeAt(1));
  disk.fill(process.pid);
  for (let tries = 0; tries < 3; tries++) {
    await assert.rejects(warehouse.commit(batch(2), placeAt(2)), fails('warehouse_unwritable', /no space/i));
    assert.deepEqual(await warehouse.place(), placeAt(1));
    assert.deepEqual(await warehouse.touchesNumbered([2000, 2001]), [touchFact(2000)]);
  }
  disk.free(process.pid);
  for (const change of [2, 3]) await warehouse.commit(batch(change), placeAt(change));
  const db = await warehouse.reader();
  const counted = await db.runAndReadAll('SELECT count(*), count(DISTINCT seq), max(seq) FROM event');
  assert.deepEqual(counted.getRows()[0]?.map(Number), [6000, 6000, 6000]);
});
