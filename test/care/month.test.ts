import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { rebuildCommand } from '../../src/cli/care/rebuild.ts';
import { verifyCommand } from '../../src/cli/care/verify.ts';
import { DAY } from '../../src/event/time.ts';
import { testIo } from '../io.ts';
import { runMonth } from '../month/run.ts';

test('a month of orders is sound, and its ledger derived anew is equal in every table and column', {
  timeout: 180_000,
}, async () => {
  const into = mkdtempSync(join(tmpdir(), 'assay-into-'));
  let looked = 0;
  await runMonth({ seed: 3, orders: 150, tickMs: DAY }, undefined, async (data) => {
    const io = testIo();
    assert.equal(await verifyCommand({ data, json: true }, io), 0, io.out());
    const again = testIo();
    assert.equal(await rebuildCommand({ data, check: true, into, json: true }, again), 0, again.out());
    const told = JSON.parse(again.out()) as { offset: number; from: number; unlike: unknown[]; swapped: boolean };
    assert.deepEqual([told.from, told.unlike, told.swapped], [0, [], false]);
    looked = told.offset;
  });
  rmSync(into, { recursive: true });
  assert.ok(looked > 500, `${looked} records`);
});
