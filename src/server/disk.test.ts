import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { KEY } from '../../test/door.ts';
import { startTestServer, type TestServer } from '../../test/server.ts';
import { AssayError } from '../event/error.ts';
import { newRecord } from '../store/journal.conformance.ts';
import type { NewRecord } from '../store/journal.ts';
import { startWriter } from '../store/sqlite/journal-thread.ts';
import { diskState, watchJournal } from './disk.ts';
import { listen, type Route } from './http.ts';

const WAIT_MS_MAX = 40_000;

test('a journal that cannot be written is told once, tried every second, and told again once it is written', async () => {
  const world = watched();
  assert.equal(await world.append(), 7);
  world.trouble = new AssayError('journal_unwritable', 'disk I/O error');
  for (let n = 0; n < 3; n++) await assert.rejects(world.append(), { code: 'journal_unwritable' });
  assert.deepEqual(diskState(world.journal.unwritable()), { state: 'waits', why: 'disk I/O error' });
  assert.equal(world.log.length, 1);
  await world.tick();
  assert.deepEqual([world.timers.length, world.log.length], [1, 1]);
  world.trouble = undefined;
  await world.tick();
  assert.deepEqual([diskState(world.journal.unwritable()), world.timers.length], [{ state: 'written' }, 0]);
  assert.match(world.log.join(' '), /can't be written: disk I\/O error.*is written again/);
  assert.equal(world.log.length, 2);
});

test('an append that comes through is word enough that the journal is written again', async () => {
  const world = watched();
  world.trouble = new AssayError('journal_unwritable', 'full');
  await assert.rejects(world.append());
  world.trouble = undefined;
  await world.append();
  assert.equal(world.journal.unwritable(), undefined);
});

test('an answer of TikTok’s waits for the disk and is written once; at the end it waits no more', async () => {
  const world = watched();
  const answer: NewRecord = { ...newRecord('answer'), kind: 'answer' };
  const trouble = new AssayError('journal_unwritable', 'full');
  world.trouble = trouble;
  const told = world.journal.append([answer]);
  await world.tick();
  assert.deepEqual([world.kept, world.log.length], [[], 1]);
  world.trouble = undefined;
  await world.tick();
  assert.equal(await told, 7);
  assert.deepEqual(world.kept, [answer]);
  world.trouble = trouble;
  const late = world.journal.append([answer]);
  await world.tick();
  world.journal.close();
  await assert.rejects(late, { code: 'journal_unwritable' });
});

test('too much that waits is no news, and neither is a journal that is closed', async () => {
  const world = watched();
  world.trouble = new AssayError('journal_behind', 'too much is waiting for the disk');
  await assert.rejects(world.append(), { code: 'journal_behind' });
  world.journal.close();
  world.trouble = new AssayError('journal_unwritable', 'the journal is closed');
  await assert.rejects(world.append(), { code: 'journal_unwritable' });
  assert.deepEqual([world.log, world.timers, world.journal.unwritable()], [[], [], undefined]);
});

test('a ledger that cannot be written makes admission wait: the doors take all, and it goes on by itself', async (t) => {
  const server = await started(t, 'http://127.0.0.1:9');
  // To a writer another one that never ends is as good as a disk that takes nothing.
  const other = holding(t, join(server.folder, 'ledger.db'));
  assert.equal(await tell(server, 'while it waits'), 202);
  await until(async () => (await ready(server)).ledger.state === 'waits', 'admission waits');
  assert.equal((await ready(server)).ok, true);
  for (let n = 0; n < 20; n++) assert.equal(await tell(server, `e-${n}`), 202);
  const { offset } = await ready(server);
  other.release();
  await until(async () => (await ready(server)).offset >= offset + 21, 'admission catches up');
  assert.equal((await ready(server)).ledger.state, 'written');
  assert.deepEqual(
    [/^admission waits: /, /^the ledger is written again/].map(
      (line) => server.log.filter((told) => line.test(told)).length,
    ),
    [1, 1],
  );
});

test('what waits for a slow disk is bounded: beyond it the door says 503, and what waited is taken', async (t) => {
  const word = new BroadcastChannel('a slow disk');
  const writer = await startWriter(new URL(`data:text/javascript,${encodeURIComponent(SLOW_WRITER)}`), '');
  const journal = watchJournal(writer, { wake: () => undefined, log: assert.fail });
  const large = { ...newRecord('large'), body: { text: 'x'.repeat(20 * 1024 * 1024) } };
  const door: Route = {
    ...{ method: 'POST', path: '/' },
    answer: async () => ({ status: 202, json: { first: await journal.append([large]) } }),
  };
  const listener = await listen({ host: '127.0.0.1', port: 0 }, [door], { failed: assert.fail });
  t.after(() => Promise.all([word.close(), listener.close(), writer.close()]));
  const ask = () => fetch(`http://127.0.0.1:${listener.port}/`, { method: 'POST' });
  const asked = [1, 2, 3, 4].map(ask);
  const refused = await Promise.race(asked);
  const { code } = (await refused.json()) as { code: string };
  assert.deepEqual([refused.status, code, refused.headers.get('retry-after')], [503, 'journal_behind', '5']);
  word.postMessage('go on');
  assert.deepEqual((await Promise.all(asked)).map(({ status }) => status).sort(), [202, 202, 202, 503]);
  assert.equal((await ask()).status, 202);
});

test('the doors take everything while TikTok hangs', async (t) => {
  const hangs = createServer(() => undefined).listen(0, '127.0.0.1');
  await new Promise((listening) => hangs.once('listening', listening));
  const sockets = new Set<{ destroy(): void }>();
  hangs.on('connection', (socket) => sockets.add(socket));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    hangs.close();
  });
  const server = await started(t, `http://127.0.0.1:${(hangs.address() as AddressInfo).port}`);
  for (let n = 0; n < 100; n++) assert.equal(await tell(server, `e-${n}`), 202);
  await until(async () => sockets.size > 0, 'something is sent');
  for (let n = 100; n < 200; n++) assert.equal(await tell(server, `e-${n}`), 202);
  for (const socket of sockets) socket.destroy();
});

/** Takes what it is told, and says that it is written once it hears the word. */
const SLOW_WRITER = `
  import { BroadcastChannel, parentPort } from 'node:worker_threads';
  const held = [];
  let next = 1;
  let goesOn = false;
  const word = new BroadcastChannel('a slow disk');
  const written = (pages) => parentPort.postMessage({ firsts: pages.map(({ count }) => (next += count) - count) });
  word.onmessage = () => {
    goesOn = true;
    held.splice(0).forEach(written);
  };
  parentPort.on('message', (told) => {
    if (told === 'close') process.exit();
    if (goesOn) written(told);
    else held.push(told);
  });
  parentPort.postMessage({ opened: true });`;

/** A journal whose troubles, and time, the test makes. */
function watched() {
  const timers: (() => void)[] = [];
  const log: string[] = [];
  const world = {
    trouble: undefined as AssayError | undefined,
    timers,
    log,
    kept: [] as NewRecord[],
    append: () => journal.append([]),
    async tick() {
      timers.splice(0)[0]?.();
      await new Promise(setImmediate);
    },
  };
  const journal = watchJournal(
    {
      async append(records) {
        if (world.trouble) throw world.trouble;
        world.kept.push(...records);
        return 7;
      },
    },
    {
      wake: () => undefined,
      log: (line) => log.push(line),
      setTimer(run) {
        timers.push(run);
        return () => timers.splice(0);
      },
    },
  );
  return Object.assign(world, { journal });
}

async function started(t: TestContext, tiktok: string): Promise<TestServer> {
  const server = await startTestServer(tiktok);
  t.after(() => server.stop());
  return server;
}

/** Another writer that has a file of the store for itself, until it lets go. */
function holding(t: TestContext, path: string): { release(): void } {
  const db = new DatabaseSync(path);
  db.exec('BEGIN IMMEDIATE');
  const release = (): void => {
    if (db.isOpen) db.close();
  };
  t.after(release);
  return { release };
}

async function tell(server: TestServer, id: string): Promise<number> {
  const event = { event: 'Contact', event_id: id, source: 'web', consent: 'granted' };
  const body = JSON.stringify({ ...event, page: { url: 'https://shop.example/' } });
  const url = `http://127.0.0.1:${server.publicPort}/v1/server/events`;
  return (await fetch(url, { method: 'POST', headers: KEY, body })).status;
}

async function ready(server: TestServer) {
  const answer = await fetch(`${server.adminUrl}/readyz`);
  return (await answer.json()) as { ok: boolean; offset: number; ledger: { state: string } };
}

async function until(holds: () => Promise<boolean>, what: string): Promise<void> {
  for (const end = performance.now() + WAIT_MS_MAX; !(await holds()); await wait(50))
    assert.ok(performance.now() < end, `waited in vain: ${what}`);
}
