import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { backupCommand } from '../../src/cli/care/backup.ts';
import { rebuildCommand } from '../../src/cli/care/rebuild.ts';
import { restoreCommand } from '../../src/cli/care/restore.ts';
import { verifyCommand } from '../../src/cli/care/verify.ts';
import { HOUR } from '../../src/event/time.ts';
import { openJournalReader } from '../../src/store/sqlite/journal-reader.ts';
import { openLedgerReader } from '../../src/store/sqlite/ledger.ts';
import { ledgerFile } from '../../src/store/sqlite/ledger-file.ts';
import { openReader } from '../../src/store/sqlite/open.ts';
import { openFor, temporaryFolder } from '../../src/store/test-folder.ts';
import { forecast, mayLeave } from '../../src/tiktok/clocks.ts';
import { START, sentTold } from '../admission-kit.ts';
import { testIo } from '../io.ts';
import { storeOf, tell, told } from './store.ts';

type Command = (options: { data: string; json: boolean }, io: ReturnType<typeof testIo>) => Promise<number>;

async function run(
  command: Command,
  data: string,
  now = START,
): Promise<{ code: number; says: Record<string, unknown> }> {
  const io = testIo({ now });
  const code = await command({ data, json: true }, io);
  return { code, says: JSON.parse(io.out()) as Record<string, unknown> };
}

const verify: Command = verifyCommand;
const rebuild: Command = rebuildCommand;
const check: Command = (options, io) => rebuildCommand({ ...options, check: true }, io);
const backUp =
  (to: string): Command =>
  (options, io) =>
    backupCommand(to, options, '1.2.3', io);
const restore =
  (from: string, force = false): Command =>
  (options, io) =>
    restoreCommand(from, { ...options, force }, io);

test('rebuild puts an equal ledger in the place of one that lies, and says where it lied', async (t) => {
  const data = await storeOf(t, ...told(20));
  assert.deepEqual((await run(check, data)).says['unlike'], []);
  change(data, "UPDATE dispatch_total SET count = 7 WHERE leg = 'api' AND state = 'queued'");
  assert.equal((await run(verify, data)).code, 1);
  const checked = await run(check, data);
  assert.equal(checked.code, 1);
  assert.match(JSON.stringify(checked.says['unlike']), /dispatch_total.*"column":"count","is":"7","would":"20"/);
  assert.equal((await run(verify, data)).code, 1, '--check changes nothing');
  const { code, says } = await run(rebuild, data);
  assert.deepEqual([code, says['swapped'], says['offset']], [0, true, 23]);
  assert.equal((await run(verify, data)).code, 0);
  assert.deepEqual(
    readdirSync(data)
      .filter((name) => /^ledger|rebuild/.test(name))
      .sort(),
    ['ledger.db', 'ledger.db.lock'],
  );
});

test('rebuild makes a ledger where there is none any more, or one that can’t be read', async (t) => {
  const data = await storeOf(t, ...told(20));
  writeFileSync(join(data, 'ledger.db'), 'torn '.repeat(10_000));
  assert.match(JSON.stringify((await run(verify, data)).says), /not a database/);
  assert.deepEqual((await run(rebuild, data)).says, { ok: true, from: 0, offset: 23, swapped: true, unlike: null });
  rmSync(join(data, 'ledger.db'));
  assert.equal((await run(rebuild, data)).code, 0);
  assert.equal((await run(verify, data)).code, 0);
});

test('rebuild waits for the server to be gone, and leaves what others have open', async (t) => {
  const data = await storeOf(t, ...told(3));
  const reader = await openLedgerReader(data);
  const inUse = await run(rebuild, data);
  assert.deepEqual([inUse.code, inUse.says['code']], [1, 'store_in_use']);
  assert.equal(await reader.offset(), 6);
  await reader.close();
  const held = new DatabaseSync(join(data, 'ledger.db.lock'));
  held.exec('BEGIN EXCLUSIVE');
  assert.deepEqual((await run(rebuild, data)).says['code'], 'store_locked');
  assert.equal((await run(check, data)).code, 0, 'it may be checked all the same');
  held.close();
});

test('rebuild begins with the last snapshot where records are gone, and refuses without one', async (t) => {
  const data = await storeOf(t, ...told(20));
  const at10 = await storeOf(t, ...told(7));
  mkdirSync(join(data, 'snapshot'));
  cpSync(join(at10, 'ledger.db'), join(data, 'snapshot', 'ledger-10.db'));
  const journal = await openFor(t, data);
  await journal.append(told(5, 20));
  await journal.close();
  await tell(t, data);
  const db = new DatabaseSync(join(data, 'journal.db'));
  db.exec('UPDATE retention SET faded = 10');
  db.close();
  const { code, says } = await run(rebuild, data);
  assert.deepEqual([code, says['from'], says['offset'], says['unlike']], [0, 10, 28, []]);
  const cut = new DatabaseSync(join(data, 'journal.db'));
  cut.exec('UPDATE retention SET cut = 23, faded = 23; DELETE FROM page WHERE seq <= 23');
  cut.close();
  const refused = await run(rebuild, data);
  assert.deepEqual([refused.code, refused.says['code']], [1, 'journal_cut']);
  assert.match(String(refused.says['says']), /begins at record 24/);
  assert.equal((await run(verify, data)).code, 0);
});

test('a backup brings the store back, and is made beside a writer', async (t) => {
  const data = await storeOf(t, ...told(20));
  const to = join(await temporaryFolder(t), 'b');
  const journal = await openFor(t, data);
  const made = await run(backUp(to), data);
  await journal.close();
  assert.deepEqual(
    [made.code, made.says['offset'], made.says['journal']],
    [0, 23, { first: 1, last: 23, lastAt: START + 19 }],
  );
  assert.deepEqual(readdirSync(to).sort(), ['backup.json', 'journal.db', 'ledger.db']);
  assert.equal((await run(backUp(to), data)).says['code'], 'backup_exists');

  const other = join(await temporaryFolder(t), 'new', 'data');
  const back = await run(restore(to), other, START + HOUR);
  assert.deepEqual([back.code, back.says['lost'], back.says['kept']], [0, null, null]);
  assert.equal((await run(verify, other)).code, 0);
  const [before, after] = [await openJournalReader(data), await openJournalReader(other)];
  assert.deepEqual(await after.read(0, 23), await before.read(0, 23));
  assert.deepEqual(
    (await after.read(23, 9)).map(({ kind, body }) => [kind, body['from'], body['to']]),
    [['restored', START, START + HOUR]],
  );
  await Promise.all([before.close(), after.close()]);
  assert.equal((await run(check, other)).code, 0);
});

test('what was on its way when the backup was made is not sent again by itself, and counts as a copy', async (t) => {
  const data = await storeOf(t, ...told(3), sentTold(4, START + 3));
  const to = join(await temporaryFolder(t), 'b');
  await run(backUp(to), data, START + 10);
  const other = await temporaryFolder(t);
  const { says } = await run(restore(to), other, START + HOUR);
  assert.equal(says['unknown'], 3);
  const ledger = await openLedgerReader(other);
  const { dispatches } = await ledger.load({ events: [2, 4, 5, 6], orders: [] });
  assert.deepEqual(
    dispatches.filter(({ leg }) => leg === 'api').map(({ event, state, why, copyAt }) => [event, state, why, copyAt]),
    [
      [2, 'held', 'delay', [START + 10, START + HOUR]],
      [4, 'unknown', 'restored', [START + 3, START + HOUR]],
      [5, 'unknown', 'restored', [START + 10, START + HOUR]],
      [6, 'unknown', 'restored', [START + 10, START + HOUR]],
    ],
  );
  assert.deepEqual(await ledger.inFlight(), []);
  assert.deepEqual(
    (await ledger.due(START + HOUR, 10)).map(({ dispatch }) => dispatch.event),
    [2],
  );
  assert.deepEqual(
    (await ledger.findings(9)).map(({ id }) => id.split(':')[0]),
    ['store_restored'],
  );
  await ledger.close();
  const limits = { merge: HOUR / 15, drop: 47 * HOUR };
  const copy = { leg: 'api', at: [START + 10, START + HOUR] } as const;
  assert.ok(mayLeave(forecast({ ...copy, at: [...copy.at] }, 'api', START + 2 * HOUR, limits)));
  assert.ok(!mayLeave(forecast({ ...copy, at: [...copy.at] }, 'api', START + 49 * HOUR, limits)));
});

test('an older backup says what it takes away, and keeps the store that was there', async (t) => {
  const data = await storeOf(t, ...told(3));
  const to = join(await temporaryFolder(t), 'b');
  await run(backUp(to), data);
  await tell(t, data, ...told(5, 3));
  const refused = await run(restore(to), data);
  assert.deepEqual([refused.code, refused.says['code']], [1, 'restore_refused']);
  const { code, says } = await run(restore(to, true), data, START + HOUR);
  assert.deepEqual([code, says['lost']], [0, { from: 7, to: 11, lastAt: START + 7 }]);
  assert.equal((await run(verify, String(says['kept']))).says['offset'], 11);
  assert.equal((await run(verify, data)).says['offset'], 7);
});

const damage: [what: string, code: string, change: (backup: string) => void][] = [
  ['was cut while it was made', 'backup_unreadable', (backup) => rmSync(join(backup, 'backup.json'))],
  ['lost a file', 'backup_damaged', (backup) => rmSync(join(backup, 'ledger.db'))],
  ['lost its end', 'backup_damaged', (backup) => truncateSync(join(backup, 'journal.db'), 8192)],
  ['has one other byte', 'backup_damaged', (backup) => flip(join(backup, 'journal.db'))],
  ['has a list that is no JSON', 'backup_unreadable', (backup) => writeFileSync(join(backup, 'backup.json'), '{')],
  ['names a file elsewhere', 'backup_unreadable', (backup) => edit(backup, '"ledger.db"', '"../ledger.db"')],
  ['is of a newer program', 'store_newer', (backup) => edit(backup, '"version": 3', '"version": 99')],
];
for (const [what, wants, spoil] of damage)
  test(`a backup that ${what} is refused, and nothing is changed`, async (t) => {
    const data = await storeOf(t, ...told(3));
    const to = join(await temporaryFolder(t), 'b');
    await run(backUp(to), data);
    spoil(to);
    const before = readdirSync(data).sort();
    const { code, says } = await run(restore(to, true), data);
    assert.deepEqual([code, says['code']], [2, wants], JSON.stringify(says));
    assert.deepEqual(readdirSync(data).sort(), before);
    assert.equal((await run(verify, data)).code, 0);
  });

test('what a cut backup left goes when the next one is made, and nothing else does', async (t) => {
  const data = await storeOf(t, ...told(3));
  const to = join(await temporaryFolder(t), 'b');
  mkdirSync(`${to}.partial`);
  writeFileSync(join(`${to}.partial`, 'journal.db'), 'half');
  assert.equal((await run(backUp(to), data)).code, 0);
  assert.equal(existsSync(`${to}.partial`), false);
  mkdirSync(`${to}2.partial`);
  writeFileSync(join(`${to}2.partial`, 'photos.zip'), 'mine');
  assert.equal((await run(backUp(`${to}2`), data)).says['code'], 'backup_exists');
  assert.equal(readFileSync(join(`${to}2.partial`, 'photos.zip'), 'utf8'), 'mine');
});

test('a folder without a store is said as that', async (t) => {
  const empty = await temporaryFolder(t);
  for (const command of [verify, rebuild, check, backUp(join(empty, 'b'))])
    assert.deepEqual((await run(command, join(empty, 'nothing'))).code, 2);
  const io = testIo();
  assert.equal(await verifyCommand({ data: empty }, io), 2);
  assert.match(io.err(), /^There is no store in .*\. Name its folder with --data or ASSAY_DATA\.\n$/);
});

function change(folder: string, sql: string): void {
  const db = new DatabaseSync(join(folder, ledgerFile.name));
  db.exec(sql);
  db.close();
  openReader(folder, ledgerFile).close();
}

function flip(path: string): void {
  const bytes = readFileSync(path);
  bytes.writeUInt8((bytes[9000] ?? 0) ^ 1, 9000);
  writeFileSync(path, bytes);
}

function edit(backup: string, from: string, to: string): void {
  const path = join(backup, 'backup.json');
  const text = readFileSync(path, 'utf8');
  assert.ok(text.includes(from), text);
  writeFileSync(path, text.replace(from, to));
}
