import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { newRecord } from '../journal.conformance.ts';
import { startChild } from '../test-child.ts';
import { fails, openFor, temporaryFolder } from '../test-folder.ts';
import { workerUrl } from '../worker-url.ts';
import { openJournalReader } from './journal-reader.ts';

const CHILD = fileURLToPath(workerUrl('./journal-child', import.meta.url));
const SIZE = 10;

test('kill -9 of the writer at any instant loses no acknowledged record and keeps no partial append', async (t) => {
  const folder = await temporaryFolder(t);
  let records = 0;
  for (let kill = 0; kill < 10; kill++) {
    const child = startChild(t, process.execPath, [CHILD, folder, String(SIZE)]);
    await child.lines(2 + kill * 7);
    const [, ...firsts] = await child.kill();
    records = await checkWhole(t, folder, records, firsts.map(Number));
  }
  const journal = await openFor(t, folder);
  assert.equal(await journal.append([newRecord('afterwards')]), records + 1);
  await journal.close();
});

test('a writer in another process keeps a second one out, until it is killed', async (t) => {
  const folder = await temporaryFolder(t);
  const child = startChild(t, process.execPath, [CHILD, folder, '1']);
  await child.lines(1);
  await assert.rejects(openFor(t, folder), fails('store_locked'));
  await child.kill();
  await (await openFor(t, folder)).close();
});

test('a full disk rejects appends and tears nothing', async (t) => {
  const folder = await temporaryFolder(t);
  // The system's limit on the size of a file stands in for the end of the disk.
  const limited = 'trap "" XFSZ; ulimit -f 3000; exec "$0" "$@"';
  const child = startChild(t, 'sh', ['-c', limited, process.execPath, CHILD, folder, String(SIZE)]);
  const lines = await child.lines(Number.POSITIVE_INFINITY);
  assert.equal(lines.at(-1), 'journal_unwritable');
  const firsts = lines.slice(1, -1).map(Number);
  assert.ok(firsts.length > 10, `only ${firsts.length} appends before the disk was full`);
  assert.equal(await checkWhole(t, folder, 0, firsts), firsts.length * SIZE);
});

/** Every acknowledged append is there, and every append that is there is whole; gives the number of records. */
async function checkWhole(t: TestContext, folder: string, before: number, firsts: number[]): Promise<number> {
  // Opening as a writer recovers the log as a restarted server does.
  await (await openFor(t, folder)).close();
  const reader = await openJournalReader(folder);
  const records = await reader.read(before, 1_000_000);
  await reader.close();
  assert.equal(records.length % SIZE, 0);
  for (const [n, { body }] of records.entries()) {
    assert.equal(body['n'], n % SIZE);
    assert.equal(body['batch'], records[n - (n % SIZE)]?.body['batch']);
  }
  const starts = new Set(records.filter((_, n) => n % SIZE === 0).map(({ seq }) => seq));
  for (const first of firsts) assert.ok(starts.has(first), `acknowledged record ${first} is lost`);
  return before + records.length;
}
