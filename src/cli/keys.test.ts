import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { runAssay } from '../../test/assay.ts';
import { testIo } from '../../test/io.ts';
import { SECRET_KEY, startTestServer, type TestServer } from '../../test/server.ts';
import type { NewKeyAnswer, SettingsKey } from '../api/answers.ts';
import { AssayError } from '../event/error.ts';
import { hashOf } from '../server/keys.ts';
import { openJournal } from '../store/sqlite/journal.ts';
import { openLedger } from '../store/sqlite/ledger.ts';
import { keysCreate, keysEnd, keysList, keysRotate } from './keys.ts';

let server: TestServer;
let folder = '';
before(async () => {
  server = await startTestServer('http://127.0.0.1:1');
  folder = mkdtempSync(join(tmpdir(), 'assay-keys-'));
  await (await openJournal(folder)).close();
  await (await openLedger(folder)).close();
});
after(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

/** A command's answer as JSON, told to the running server or to a store without one. */
async function run<T>(work: (io: ReturnType<typeof testIo>) => Promise<number>): Promise<T> {
  const io = testIo({ now: Date.now() });
  assert.equal(await work(io), 0, io.err());
  assert.equal(io.err(), '');
  return JSON.parse(io.out()) as T;
}

for (const at of ['a running server', 'a store without a server']) {
  const data = (): string => (at === 'a running server' ? server.folder : folder);
  const json = () => ({ data: data(), json: true });
  const list = () => run<{ served: boolean; keys: SettingsKey[] }>((io) => keysList(json(), io));
  const byId = async (id: string): Promise<SettingsKey | undefined> => (await list()).keys.find((key) => key.id === id);

  test(`keys are made, rotated and ended at ${at}`, async () => {
    const made = await run<NewKeyAnswer>((io) =>
      keysCreate({ ...json(), role: 'server', name: 'shop', draft: true }, io),
    );
    assert.match(made.key, /^sk_[\w-]{43}$/);
    assert.deepEqual(await byId(made.id), {
      ...{ id: made.id, role: 'server', name: 'shop', draft: true, from: 'operator', createdAt: made.createdAt },
    });
    type Rotated = { made: NewKeyAnswer; ended: SettingsKey };
    const { made: next, ended } = await run<Rotated>((io) => keysRotate(made.id, { ...json(), grace: '24h' }, io));
    assert.deepEqual([next.role, next.name, next.draft], ['server', 'shop', true]);
    assert.notEqual(next.key, made.key);
    assert.deepEqual([ended.id, (ended.endsAt ?? 0) > Date.now() + 86_000_000], [made.id, true]);
    await run((io) => keysEnd(made.id, { ...json(), grace: '0s' }, io));
    assert.ok(((await byId(made.id))?.endsAt ?? Number.POSITIVE_INFINITY) <= Date.now());
    assert.equal((await byId(next.id))?.endsAt, undefined);
  });

  test(`what can’t be done is said, and changes nothing, at ${at}`, async () => {
    const made = await run<NewKeyAnswer>((io) => keysCreate({ ...json(), role: 'import', name: 'crm' }, io));
    await run((io) => keysEnd(made.id, { ...json(), grace: '0s' }, io));
    const before = await list();
    for (const [work, says] of [
      [(io) => keysCreate({ ...json(), role: 'server', name: '<b>' }, io), /^The body .*\n {2}name .*: send name/],
      [(io) => keysEnd('key-none', { ...json(), grace: '0s' }, io), /^No key has this id/],
      [(io) => keysEnd('key/../none', { ...json(), grace: '0s' }, io), /^No key has this id/],
      [(io) => keysEnd(made.id, { ...json(), grace: '0s' }, io), /^This key has ended/],
      [(io) => keysEnd(made.id, { ...json(), grace: 'a day' }, io), /^Write the grace as/],
      [(io) => keysRotate('key-none', { ...json(), grace: '1h' }, io), /^No key has this id/],
      [(io) => keysRotate(made.id, { ...json(), grace: '1h' }, io), /^This key has ended/],
    ] as [(io: ReturnType<typeof testIo>) => Promise<number>, RegExp][]) {
      const io = testIo({ now: Date.now() });
      await assert.rejects(work(io), (error) => error instanceof AssayError && says.test(error.message), String(says));
      assert.equal(io.out(), '');
    }
    assert.deepEqual(await list(), before);
  });
}

test('a key made without a server is the server’s when it starts, with its text kept nowhere', async () => {
  const made = await run<NewKeyAnswer>((io) =>
    keysCreate({ data: folder, json: true, role: 'server', name: 'early' }, io),
  );
  const ledger = await openLedger(folder);
  const row = (await ledger.keys()).find(({ id }) => id === made.id);
  await ledger.close();
  assert.equal(row?.hash, hashOf(made.key));
  const other = await startTestServer('http://127.0.0.1:1', { dataFolder: folder });
  try {
    const answer = await fetch(`${other.publicUrl}/v1/server/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${made.key}` },
      body: JSON.stringify({ event: 'Contact', page: { url: 'https://shop.example/' }, consent: 'granted' }),
    });
    assert.equal(answer.status, 202);
  } finally {
    await other.stop();
  }
});

test('the words show a text once, who uses what, and that a draft key is one', async () => {
  const io = testIo({ now: Date.now() });
  await keysCreate({ data: server.folder, role: 'browser', name: 'blog', draft: true }, io);
  const [, id = '', text = ''] =
    /^(key-\w+) opens the browser doors\. .*drafts.*\n\n {2}(wk_\S+)\n\n$/.exec(io.out()) ?? [];
  assert.ok(text !== '');
  await fetch(`${server.publicUrl}/v1/server/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${SECRET_KEY}` },
  });
  const listed = testIo({ now: Date.now() });
  await keysList({ data: server.folder }, listed);
  assert.match(listed.out(), new RegExp(`^${id} +browser +blog +lives, draft$`, 'm'));
  assert.match(listed.out(), /^env-server +server +ASSAY_SECRET_KEY +lives, used \d/m);
  assert.ok(!listed.out().includes(text) && !listed.out().includes(SECRET_KEY));
  const unserved = testIo();
  await keysList({ data: folder }, unserved);
  assert.match(unserved.out(), /keys of its environment are not known\.\n$/);
});

test('each command of the keys has an example, and a role that does not exist is named', async () => {
  for (const command of ['list', 'create', 'end', 'rotate'])
    assert.match((await runAssay(['keys', command, '--help'])).stdout, /\nExample:\n {2}\$ assay keys /);
  const wrong = await runAssay(['keys', 'create', '--role', 'king', '--name', 'shop', '--data', folder]);
  assert.deepEqual([wrong.code, wrong.stdout], [1, '']);
  assert.match(wrong.stderr, /'king' is invalid.*browser, server, import/s);
});

test('the command reaches a running server by its folder, and says in one line what can’t be done', async () => {
  const listed = await runAssay(['keys', 'list', '--json'], { env: { ASSAY_DATA: server.folder } });
  assert.equal((JSON.parse(listed.stdout) as { served: boolean }).served, true);
  const refused = await runAssay(['keys', 'end', 'key-none', '--data', server.folder]);
  assert.deepEqual([refused.code, refused.stdout], [1, '']);
  assert.match(refused.stderr, /^No key has this id\..*\n$/);
});

test('a key of the environment is rotated there', async () => {
  const rotated = keysRotate('env-server', { data: server.folder, grace: '1h' }, testIo({ now: Date.now() }));
  await assert.rejects(rotated, /ASSAY_SECRET_KEY: set the new one and the old one there/);
});

test('a file that a killed server left leads nowhere, and the store itself is asked', async () => {
  for (const url of ['http://127.0.0.1:1', server.adminUrl]) {
    writeFileSync(join(folder, 'operator.json'), JSON.stringify({ url, token: 'of the dead', pid: 1 }));
    const { served } = await run<{ served: boolean }>((io) => keysList({ data: folder, json: true }, io));
    assert.equal(served, false);
  }
});

test('without a store there are no keys, and no store is made', async () => {
  const io = testIo();
  const nowhere = join(folder, 'nowhere');
  assert.equal(await keysCreate({ data: nowhere, role: 'server', name: 'shop' }, io), 2);
  assert.equal(io.err(), `There is no store in ${nowhere}. Name its folder with --data or ASSAY_DATA.\n`);
  assert.equal(await keysList({ data: nowhere }, testIo()), 2);
});

test('a store that a server holds is left to it, also when the way to the server is gone', async () => {
  rmSync(join(server.folder, 'operator.json'));
  await assert.rejects(keysList({ data: server.folder }, testIo()), { code: 'store_locked' });
});
