import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { crc32 } from 'node:zlib';
import { OLD_JOURNALS, OLD_LEDGERS } from '../../../test/old-shapes.ts';
import { derive } from '../../admission/derive.ts';
import { rebuild } from '../care/rebuild.ts';
import { upgradeStore } from '../care/stores.ts';
import { verify } from '../care/verify.ts';
import { adReportRow, effectsOf, touchRow } from '../sample-rows.ts';
import { fails, temporaryFolder } from '../test-folder.ts';
import { openJournal } from './journal.ts';
import { journalFile } from './journal-file.ts';
import { openJournalReader } from './journal-reader.ts';
import { openLedger } from './ledger.ts';
import { ledgerFile } from './ledger-file.ts';
import { openSnapshots } from './ledger-snapshots.ts';
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

/** A ledger of the sixth version, with touches as they were stored then. */
const SIXTH: StoreFile = { ...ledgerFile, schema: ledgerFile.schema.slice(0, 6) };
const OLD_TOUCHES = [
  { touch: 't1', seq: 1, type: 'click', at: 1000, visitor: 'v1', ttclid: 'c1', ad: { campaign_id: '7' }, target: 'x' },
  { touch: 't2', seq: 2, type: 'view', at: 2000, ad: {} },
];
function makeSixth(folder: string): void {
  const { db, close } = openWriter(folder, SIXTH);
  for (const doc of OLD_TOUCHES)
    db.prepare('INSERT INTO touch (touch, doc) VALUES (?, ?)').run(doc.touch, JSON.stringify(doc));
  db.exec(`INSERT INTO touch_id VALUES ('t1', 't1'), ('c1', 't1'), ('v1', 't1'), ('t2', 't2')`);
  db.exec(`UPDATE progress SET "offset" = 2`);
  close();
}

test('a ledger of the sixth version keeps all that it holds, and its touches say how they came in', async (t) => {
  const folder = await temporaryFolder(t);
  makeSixth(folder);
  const open = await openLedger(folder);
  t.after(() => open.close());
  assert.equal(await open.offset(), 2);
  const { touches } = await open.load({ events: [], orders: [], touches: ['t1', 't2'] });
  const { ttclid, ...first } = OLD_TOUCHES[0] ?? {};
  assert.deepEqual(touches, [
    { ...first, receivedAt: 1000, door: 'browser', personal: { user: { ttclid } } },
    { ...OLD_TOUCHES[1], receivedAt: 2000, door: 'browser', personal: null },
  ]);
  await open.commit(effectsOf({ touches: [touchRow('t3', 3)], adReports: [adReportRow('7', 4)] }), 4);
  assert.deepEqual(await open.forget(1500), { count: 1, next: 'nothing' });
  assert.deepEqual((await open.lineage([], ['c1'])).touches, []);
});

test('a snapshot of the sixth version is emptied in its shape of now, and one before it is not kept', async (t) => {
  const folder = await temporaryFolder(t);
  for (const [name, file] of [
    ['ledger-2.db', SIXTH],
    ['ledger-1.db', { ...ledgerFile, schema: ['CREATE TABLE old (x)'] }],
  ] as const) {
    const made = await temporaryFolder(t);
    if (file === SIXTH) makeSixth(made);
    else openWriter(made, file).close();
    mkdirSync(join(folder, 'snapshot'), { recursive: true });
    copyFileSync(join(made, ledgerFile.name), join(folder, 'snapshot', name));
  }
  assert.equal(await openSnapshots(folder).forget(1500), 1);
  assert.deepEqual(readdirSync(join(folder, 'snapshot')), ['ledger-2.db']);
  const path = join(folder, 'snapshot', 'ledger-2.db');
  assert.equal(told(path, 'SELECT count(*) FROM touch WHERE personal IS NOT NULL'), 0);
  assert.equal(told(path, 'PRAGMA user_version'), ledgerFile.schema.length);
});

test('a rebuild begins with a snapshot of the sixth version as well, and leaves nothing beside its ledger', async (t) => {
  const [folder, into, made] = [await temporaryFolder(t), await temporaryFolder(t), await temporaryFolder(t)];
  const journal = await openJournal(folder);
  for (const { body } of [...RECORDS, ...RECORDS])
    await journal.append([{ kind: 'unread', door: 'server', keyId: '', receivedAt: 1000, body, personal: null }]);
  assert.equal((await journal.forget('records', 2000, 2)).count, 2);
  await journal.close();
  makeSixth(made);
  mkdirSync(join(folder, 'snapshot'));
  copyFileSync(join(made, ledgerFile.name), join(folder, 'snapshot', 'ledger-2.db'));
  for (const _again of [1, 2])
    assert.deepEqual(await rebuild(folder, into, { derive, upTo: undefined, passed: () => undefined }), {
      ...{ from: 2, offset: 6 },
    });
  assert.ok(!existsSync(join(into, 'backup')));
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
