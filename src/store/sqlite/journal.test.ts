import assert from 'node:assert/strict';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { newRecord } from '../journal.conformance.ts';
import { fails, openFor, temporaryFolder } from '../test-folder.ts';
import { openJournalReader } from './journal-reader.ts';
import { startWriter } from './journal-thread.ts';

test('records survive closing and opening again', async (t) => {
  const folder = await temporaryFolder(t);
  const before = await openFor(t, folder);
  await before.append([newRecord('a'), newRecord('b')]);
  await before.close();
  const after = await openFor(t, folder);
  assert.equal(await after.append([newRecord('c')]), 3);
  assert.deepEqual(
    (await after.read(0, 9)).map(({ body }) => body['name']),
    ['a', 'b', 'c'],
  );
  await after.close();
});

test('a reader on a connection of its own sees each append once it is resolved', async (t) => {
  const folder = await temporaryFolder(t);
  const journal = await openFor(t, folder);
  const reader = await openJournalReader(folder);
  for (let n = 1; n <= 10; n++) {
    await journal.append([newRecord(`r${n}`)]);
    assert.equal(await reader.last(), n);
    assert.equal((await reader.read(n - 1, 1))[0]?.body['name'], `r${n}`);
  }
  await reader.close();
  await journal.close();
});

test('a second writer is refused while the first one is open', async (t) => {
  const folder = await temporaryFolder(t);
  const first = await openFor(t, folder);
  await assert.rejects(openFor(t, folder), fails('store_locked'));
  assert.equal(await first.append([newRecord('still mine')]), 1);
  await first.close();
  await (await openFor(t, folder)).close();
});

test('a journal of a newer program is refused and left as it is', async (t) => {
  const folder = await temporaryFolder(t);
  await (await openFor(t, folder)).close();
  change(folder, 'PRAGMA user_version = 99');
  await assert.rejects(openFor(t, folder), fails('store_newer'));
  await assert.rejects(openJournalReader(folder), fails('store_newer'));
});

test('a folder without a journal cannot be read, and a file cannot be a folder', async (t) => {
  const folder = await temporaryFolder(t);
  await assert.rejects(openJournalReader(folder), fails('store_unreadable'));
  await writeFile(join(folder, 'file'), '');
  await assert.rejects(openFor(t, join(folder, 'file')), fails('store_unreadable'));
});

test('one changed byte of a body is found, and the error names the record', async (t) => {
  const folder = await temporaryFolder(t);
  const journal = await openFor(t, folder);
  await journal.append([newRecord('first'), newRecord('original'), newRecord('third')]);
  await journal.close();
  const path = join(folder, 'journal.db');
  const bytes = await readFile(path);
  bytes.write('0', bytes.indexOf('original'));
  await writeFile(path, bytes);

  const reader = await openJournalReader(folder);
  assert.equal((await reader.read(0, 1)).length, 1);
  await assert.rejects(reader.read(0, 10), fails('journal_corrupt', /record 2\b/));
  assert.equal((await reader.read(2, 10))[0]?.body['name'], 'third');
  await reader.close();
});

test('every field but the personal ones is under the checksum', async (t) => {
  for (const field of [
    'received_at = received_at + 1',
    "door = 'server'",
    "key_id = 'k2'",
    "kind = 'order'",
    "body = '{}'",
  ]) {
    const folder = await temporaryFolder(t);
    await fill(t, folder, 2);
    change(folder, `DROP TRIGGER record_stays; UPDATE record SET ${field} WHERE seq = 2`);
    const reader = await openJournalReader(folder);
    await assert.rejects(reader.read(0, 10), fails('journal_corrupt', /record 2\b/), field);
    await reader.close();
  }
});

test('a missing record is found', async (t) => {
  const folder = await temporaryFolder(t);
  await fill(t, folder, 3);
  change(folder, 'DROP TRIGGER record_remains; DELETE FROM record WHERE seq = 2');
  const reader = await openJournalReader(folder);
  await assert.rejects(reader.read(0, 10), fails('journal_corrupt', /record 2 is missing/));
  await assert.rejects(reader.read(1, 10), fails('journal_corrupt', /record 2 is missing/));
  await reader.close();
});

test('a damaged page of the file is found', async (t) => {
  const folder = await temporaryFolder(t);
  await fill(t, folder, 200);
  const path = join(folder, 'journal.db');
  const bytes = await readFile(path);
  bytes.fill(0xff, 2 * 4096, 3 * 4096);
  await writeFile(path, bytes);
  const reader = await openJournalReader(folder);
  await assert.rejects(reader.read(0, 1000), fails('journal_corrupt'));
  await reader.close();
});

test('personal fields can be nulled without breaking a checksum; nothing else can be changed or deleted', async (t) => {
  const folder = await temporaryFolder(t);
  await fill(t, folder, 2);
  change(folder, 'UPDATE record SET personal = NULL WHERE seq = 1');
  assert.throws(() => change(folder, "UPDATE record SET body = '{}'"), /append-only/);
  assert.throws(() => change(folder, 'DELETE FROM record'), /append-only/);
  const reader = await openJournalReader(folder);
  assert.deepEqual(
    (await reader.read(0, 9)).map(({ personal }) => personal),
    [null, newRecord('').personal],
  );
  await reader.close();
});

test('the log is copied into the file while records keep coming', async (t) => {
  const folder = await temporaryFolder(t);
  const journal = await openFor(t, folder);
  const megabyte = { ...newRecord('large'), body: { text: 'x'.repeat(1024 * 1024) } };
  for (let n = 0; n < 24; n++) await journal.append([megabyte]);
  const log = await stat(join(folder, 'journal.db-wal'));
  assert.ok(log.size < 8 * 1024 * 1024, `the log has ${log.size} bytes`);
  await journal.close();
});

test('more text than may wait for the disk is refused, and what waited is written', async (t) => {
  const folder = await temporaryFolder(t);
  const journal = await openFor(t, folder);
  const large = { ...newRecord('large'), body: { text: 'x'.repeat(20 * 1024 * 1024) } };
  const waiting = Promise.all([1, 2, 3].map(() => journal.append([large])));
  await assert.rejects(journal.append([large]), fails('journal_behind'));
  assert.deepEqual(await waiting, [1, 2, 3]);
  assert.equal(await journal.append([large]), 4);
  await journal.close();
});

test('a writer that breaks down rejects what was under way and everything after', async () => {
  const breaking = `import { parentPort } from 'node:worker_threads';
    parentPort.on('message', () => { throw new Error('broken'); });
    parentPort.postMessage({ opened: true });`;
  const writer = await startWriter(new URL(`data:text/javascript,${encodeURIComponent(breaking)}`), '');
  const cells = [[0, 'browser', '', 'event', '{}', null]] satisfies Parameters<typeof writer.append>[0];
  await Promise.all([
    assert.rejects(writer.append(cells), fails('journal_unwritable')),
    assert.rejects(writer.append(cells), fails('journal_unwritable')),
  ]);
  await assert.rejects(writer.append(cells), fails('journal_unwritable'));
  await writer.close();
});

async function fill(t: TestContext, folder: string, count: number): Promise<void> {
  const journal = await openFor(t, folder);
  await journal.append(Array.from({ length: count }, (_, n) => newRecord(`r${n}`)));
  await journal.close();
}

function change(folder: string, sql: string): void {
  const db = new DatabaseSync(join(folder, 'journal.db'));
  try {
    db.exec(sql);
  } finally {
    db.close();
  }
}
