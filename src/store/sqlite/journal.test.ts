import assert from 'node:assert/strict';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { newRecord } from '../journal.conformance.ts';
import { fails, openFor, temporaryFolder } from '../test-folder.ts';
import { journalFile } from './journal-file.ts';
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

test('one changed byte of a body is found, and the error names the records of its page', async (t) => {
  const folder = await temporaryFolder(t);
  const journal = await openFor(t, folder);
  await journal.append([newRecord('first')]);
  await journal.append([newRecord('second'), newRecord('original')]);
  await journal.append([newRecord('fourth')]);
  await journal.close();
  const path = join(folder, 'journal.db');
  const bytes = await readFile(path);
  bytes.write('0', bytes.indexOf('original'));
  await writeFile(path, bytes);

  const reader = await openJournalReader(folder);
  assert.equal((await reader.read(0, 1)).length, 1);
  await assert.rejects(reader.read(0, 10), fails('journal_corrupt', /records 2 to 3\b/));
  assert.equal((await reader.read(3, 10))[0]?.body['name'], 'fourth');
  await reader.close();
});

test('every field but the personal ones is under the checksum', async (t) => {
  for (const field of [
    'seq = 3',
    'count = 2',
    "records = replace(records, 'browser', 'server')",
    "records = replace(records, 'event', 'order')",
    "records = replace(records, 'r1', 'r2')",
  ]) {
    const folder = await temporaryFolder(t);
    await fill(t, folder, 2);
    change(folder, `DROP TRIGGER page_stays; UPDATE page SET ${field} WHERE seq = 2`);
    const reader = await openJournalReader(folder);
    await assert.rejects(reader.read(0, 10), fails('journal_corrupt', /records? 2\b/), field);
    await reader.close();
  }
});

test('appends under way at the same time share a page, and reads may start and end inside it', async (t) => {
  const folder = await temporaryFolder(t);
  const journal = await openFor(t, folder);
  await Promise.all([1, 2, 3, 4].map((n) => journal.append([newRecord(`r${n}`)])));
  const names = async (after: number, limit: number) =>
    (await journal.read(after, limit)).map(({ body }) => body['name']);
  assert.deepEqual(await names(0, 2), ['r1', 'r2']);
  assert.deepEqual(await names(2, 1), ['r3']);
  assert.deepEqual(await names(1, 9), ['r2', 'r3', 'r4']);
  await journal.close();
  assert.equal(new DatabaseSync(join(folder, 'journal.db')).prepare('SELECT count(*) AS n FROM page').get()?.['n'], 1);
});

test('a journal with a row a record is brought into pages', async (t) => {
  const folder = await temporaryFolder(t);
  await fill(t, folder, 0);
  change(
    folder,
    `DROP TABLE page; ${journalFile.schema[0]};
    INSERT INTO record VALUES (1, 5, 'browser', 'k', 'event', '{"a":"ü"}', '{"page":{"url":"https://shop.example/"}}', 0),
      (2, 6, 'server', '', 'order', '{}', NULL, 0);
    PRAGMA user_version = 1`,
  );
  const journal = await openFor(t, folder);
  assert.equal(await journal.append([newRecord('new')]), 3);
  assert.deepEqual(
    (await journal.read(0, 2)).map(({ seq, door, kind, keyId, receivedAt }) => ({
      seq,
      door,
      kind,
      keyId,
      receivedAt,
    })),
    [
      { seq: 1, door: 'browser', kind: 'event', keyId: 'k', receivedAt: 5 },
      { seq: 2, door: 'server', kind: 'order', keyId: '', receivedAt: 6 },
    ],
  );
  const [first] = await journal.read(0, 1);
  assert.deepEqual([first?.body, first?.personal], [{ a: 'ü' }, { page: { url: 'https://shop.example/' } }]);
  await journal.close();
});

test('a missing record is found', async (t) => {
  const folder = await temporaryFolder(t);
  await fill(t, folder, 3);
  change(folder, 'DROP TRIGGER page_remains; DELETE FROM page WHERE seq = 2');
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
  bytes.fill(0xff, bytes.length - 8192, bytes.length - 4096);
  await writeFile(path, bytes);
  const reader = await openJournalReader(folder);
  await assert.rejects(reader.read(0, 1000), fails('journal_corrupt'));
  await reader.close();
});

test('personal fields can be nulled without breaking a checksum; nothing else can be changed or deleted', async (t) => {
  const folder = await temporaryFolder(t);
  await fill(t, folder, 2);
  change(folder, 'UPDATE page SET personal = NULL WHERE seq = 1');
  assert.throws(() => change(folder, "UPDATE page SET records = '[]'"), /append-only/);
  assert.throws(() => change(folder, 'DELETE FROM page'), /append-only/);
  const reader = await openJournalReader(folder);
  assert.deepEqual(
    (await reader.read(0, 9)).map(({ personal }) => personal),
    [null, newRecord('').personal],
  );
  await reader.close();
});

test('only what retention has let go of can be deleted, and its bytes are overwritten', async (t) => {
  const folder = await temporaryFolder(t);
  await fill(t, folder, 4);
  const journal = await openFor(t, folder);
  const { receivedAt } = newRecord('');
  assert.deepEqual(await journal.forget('personal', receivedAt + 1, 2), { count: 2, next: 'beyond' });
  assert.deepEqual(await journal.forget('records', receivedAt + 1, 1), { count: 1, next: 'beyond' });
  await journal.close();
  assert.throws(() => change(folder, 'DELETE FROM page WHERE seq = 2'), /append-only/);
  const bytes = (await readFile(join(folder, 'journal.db'))).toString('latin1');
  assert.deepEqual(
    ['r0', 'r1', '192.0.2.1'].map((text) => bytes.split(text).length - 1),
    [0, 1, 2],
  );
});

test('a step of retention is bounded, and the next one goes on after a restart', async (t) => {
  const folder = await temporaryFolder(t);
  const before = newRecord('').receivedAt + 1;
  let journal = await openFor(t, folder);
  const large = { ...newRecord('large'), body: { text: 'x'.repeat(600 * 1024) } };
  for (let n = 0; n < 5; n++) await journal.append([large]);
  assert.deepEqual(await journal.forget('personal', before, 9), { count: 2, next: 'more' });
  await journal.close();
  journal = await openFor(t, folder);
  assert.deepEqual(await journal.forget('personal', before, 9), { count: 2, next: 'more' });
  assert.deepEqual(await journal.forget('personal', before, 9), { count: 1, next: 'nothing' });
  assert.deepEqual(await journal.forget('records', before, 9), { count: 2, next: 'more' });
  await journal.close();
});

test('pages that retention has freed are used again: the file does not grow', async (t) => {
  const folder = await temporaryFolder(t);
  const bytesAfter = async (records: number): Promise<number> => {
    await fill(t, folder, records);
    return (await stat(join(folder, 'journal.db'))).size;
  };
  const full = await bytesAfter(400);
  const journal = await openFor(t, folder);
  for (;;) if ((await journal.forget('records', newRecord('').receivedAt + 1, 400)).next !== 'more') break;
  await journal.close();
  assert.equal(await bytesAfter(400), full);
});

test('the log is copied into the file while records keep coming', async (t) => {
  const folder = await temporaryFolder(t);
  const journal = await openFor(t, folder);
  const megabyte = { ...newRecord('large'), body: { text: 'x'.repeat(1024 * 1024) } };
  for (let n = 0; n < 240; n++) await journal.append([megabyte]);
  const log = await stat(join(folder, 'journal.db-wal'));
  assert.ok(log.size < 130 * 1024 * 1024, `the log has ${log.size} bytes`);
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
  await Promise.all([
    assert.rejects(writer.append([newRecord('a')]), fails('journal_unwritable')),
    assert.rejects(writer.append([newRecord('b')]), fails('journal_unwritable')),
  ]);
  await assert.rejects(writer.append([newRecord('c')]), fails('journal_unwritable'));
  await writer.close();
});

async function fill(t: TestContext, folder: string, count: number): Promise<void> {
  const journal = await openFor(t, folder);
  // Each append waits for the one before, so each has a page of its own.
  for (let n = 0; n < count; n++) await journal.append([newRecord(`r${n}`)]);
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
