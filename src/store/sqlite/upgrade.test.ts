import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { crc32 } from 'node:zlib';
import { OLD_JOURNALS, OLD_LEDGERS } from '../../../test/old-shapes.ts';
import { derive } from '../../admission/derive.ts';
import { upgradeStore } from '../care/stores.ts';
import { verify } from '../care/verify.ts';
import { fails, temporaryFolder } from '../test-folder.ts';
import { journalFile } from './journal-file.ts';
import { openJournalReader } from './journal-reader.ts';
import { openLedger } from './ledger.ts';
import { ledgerFile } from './ledger-file.ts';
import { openWriter, type StoreFile } from './open.ts';

const RECORDS = [1, 2, 3].map((seq) => ({ seq, body: { reason: 'not_json', verdict: 'refused', bytes: seq } }));

for (const ledger of OLD_LEDGERS)
  for (const journal of OLD_JOURNALS)
    test(`a store of ledger version ${ledger.version} and journal version ${journal.version} comes to this one, and is kept as it was`, async (t) => {
      const folder = await temporaryFolder(t);
      makeJournal(folder, journal);
      makeLedger(folder, ledger, 3);
      const said: string[] = [];
      upgradeStore(folder, (line) => said.push(line));
      const kept = readdirSync(join(folder, 'backup'));
      assert.deepEqual(kept.map((name) => name.replace(/-\d.*/, '')).sort(), [
        `journal-v${journal.version}`,
        `ledger-v${ledger.version}`,
      ]);
      assert.equal(said.length, 2);
      assert.match(said[1] ?? '', new RegExp(`ledger\\.db is brought from version ${ledger.version} to .* kept in `));
      assert.equal(told(join(folder, 'backup', kept.find((name) => name.startsWith('ledger')) ?? ''), PROGRESS), 3);

      const reader = await openJournalReader(folder);
      const open = await openLedger(folder);
      assert.deepEqual(
        (await reader.read(0, 10)).map(({ seq, kind, body }) => ({ seq, kind, body })),
        RECORDS.map((record) => ({ ...record, kind: 'unread' })),
      );
      assert.equal(await open.offset(), 0);
      await derive(reader, open, 3, () => undefined);
      assert.deepEqual(
        (await open.verdicts(1, 3)).map(({ verdict }) => verdict),
        ['refused', 'refused', 'refused'],
      );
      await Promise.all([reader.close(), open.close()]);
      assert.deepEqual(verify(folder, () => undefined).faults, []);
      said.length = 0;
      upgradeStore(folder, (line) => said.push(line));
      assert.deepEqual(said, []);
    });

test('an upgrade that is cut leaves the old state, and the next one goes through', async (t) => {
  const folder = await temporaryFolder(t);
  const old = growing(2);
  openWriter(folder, old).close();
  write(folder, old, 'INSERT INTO a VALUES (1)');
  const cut: StoreFile = { ...old, schema: [...old.schema, 'CREATE TABLE c (x)', 'DELETE FROM a', 'SYNTAX'] };
  assert.throws(() => openWriter(folder, cut), fails('store_unreadable', /SYNTAX/));
  assert.equal(told(join(folder, 'some.db'), 'PRAGMA user_version'), 2);
  assert.equal(told(join(folder, 'some.db'), 'SELECT count(*) FROM a'), 1);
  openWriter(folder, growing(4)).close();
  assert.equal(told(join(folder, 'some.db'), 'PRAGMA user_version'), 4);
});

test('the last three upgrades are kept, and what a cut copy left is taken away', async (t) => {
  const folder = await temporaryFolder(t);
  mkdirSync(join(folder, 'backup'));
  writeFileSync(join(folder, 'backup', 'some-v0-20200101T000000000Z.db.partial'), 'x');
  for (let version = 1; version <= 6; version++) openWriter(folder, growing(version)).close();
  assert.deepEqual(
    readdirSync(join(folder, 'backup'))
      .map((name) => name.replace(/-\d{8}.*/, ''))
      .sort(),
    ['some-v3', 'some-v4', 'some-v5'],
  );
});

test('where no copy can be made, nothing is upgraded', async (t) => {
  const folder = await temporaryFolder(t);
  openWriter(folder, growing(1)).close();
  writeFileSync(join(folder, 'backup'), 'no folder');
  assert.throws(() => openWriter(folder, growing(2)), fails('backup_failed', /Make room/));
  assert.equal(told(join(folder, 'some.db'), 'PRAGMA user_version'), 1);
});

test('a ledger is not emptied where its journal has been cut or is gone', async (t) => {
  const folder = await temporaryFolder(t);
  const [old] = OLD_LEDGERS;
  assert.ok(old);
  makeLedger(folder, old, 3);
  assert.throws(() => openWriter(folder, ledgerFile), fails('journal_cut', /has no records/));
  makeJournal(folder, OLD_JOURNALS[0] ?? old, RECORDS.slice(1));
  assert.throws(() => openWriter(folder, ledgerFile), fails('journal_cut', /begins at record 2/));
  assert.equal(told(join(folder, 'ledger.db'), PROGRESS), 3);
  assert.equal(existsSync(join(folder, 'backup')), false);
});

test('a newer store is refused with what to do, and not touched', async (t) => {
  const folder = await temporaryFolder(t);
  openWriter(folder, growing(3)).close();
  const before = readFileSync(join(folder, 'some.db'));
  assert.throws(() => openWriter(folder, growing(2)), fails('store_newer', /Run the newer program again/));
  assert.deepEqual(readFileSync(join(folder, 'some.db')), before);
});

const PROGRESS = 'SELECT "offset" FROM progress';

/** A file whose shape has this many steps. */
function growing(steps: number): StoreFile {
  const schema = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `CREATE TABLE ${name} (x INTEGER)`);
  return { name: 'some.db', schema: schema.slice(0, steps), settings: 'PRAGMA synchronous = OFF' };
}

function write(folder: string, file: StoreFile, sql: string): void {
  const { db, close } = openWriter(folder, file);
  db.exec(sql);
  close();
}

function told(path: string, sql: string): unknown {
  const db = new DatabaseSync(path, { readOnly: true });
  const row = db.prepare(sql).get();
  db.close();
  return Object.values(row ?? {})[0];
}

function make(
  path: string,
  { version, sql }: { version: number; sql: string },
  fill: (db: DatabaseSync) => void,
): void {
  const db = new DatabaseSync(path);
  db.exec(`PRAGMA journal_mode = WAL; ${sql}; PRAGMA user_version = ${version}`);
  fill(db);
  db.close();
}

/** A journal as that version wrote it. */
function makeJournal(folder: string, shape: (typeof OLD_JOURNALS)[number], records = RECORDS): void {
  make(join(folder, journalFile.name), shape, (db) => {
    const into = shape.version === 1 ? 'record (seq, received_at, door, key_id, kind, body, personal, checksum)' : '';
    for (const { seq, body } of records)
      if (into !== '') {
        const text = JSON.stringify(body);
        db.prepare(`INSERT INTO ${into} VALUES (?, ?, 'server', 'k', 'unread', ?, NULL, ?)`).run(
          ...[seq, 1000 + seq, text, crc32(`${seq}\n${1000 + seq}\nserver\nk\nunread\n${text}`)],
        );
      } else {
        const lines = JSON.stringify([[1000 + seq, 'server', 'k', 'unread', body]]);
        db.prepare('INSERT INTO page (seq, count, records, personal, checksum) VALUES (?, 1, ?, NULL, ?)').run(
          ...[seq, lines, crc32(lines, crc32(`${seq}\n1\n`))],
        );
      }
  });
}

/** A ledger of that version which has decided some records. */
function makeLedger(folder: string, shape: (typeof OLD_LEDGERS)[number], offset: number): void {
  make(join(folder, ledgerFile.name), shape, (db) => {
    db.exec(`UPDATE progress SET "offset" = ${offset}`);
    db.exec(`INSERT INTO finding VALUES ('of before', 'x', 1, '{}')`);
  });
}
