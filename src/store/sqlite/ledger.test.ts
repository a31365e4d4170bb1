import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { newRecord } from '../journal.conformance.ts';
import { dispatchRow, effectsOf, eventRow, leadRow, orderRow, verdictRow } from '../sample-rows.ts';
import { startChild } from '../test-child.ts';
import { fails, openFor, temporaryFolder } from '../test-folder.ts';
import { workerUrl } from '../worker-url.ts';
import { openLedger, openLedgerReader } from './ledger.ts';

const CHILD = fileURLToPath(workerUrl('./ledger-child', import.meta.url));

test('rows survive closing and opening again', async (t) => {
  const folder = await temporaryFolder(t);
  const before = await openLedger(folder);
  await before.commit(effectsOf({ events: [eventRow(1)] }), 1);
  await before.close();
  const after = await openLedger(folder);
  assert.equal(await after.offset(), 1);
  assert.deepEqual((await after.load({ events: [1], orders: [] })).events, [eventRow(1)]);
  await after.close();
});

test('a reader on a connection of its own sees each commit once it is done', async (t) => {
  const folder = await temporaryFolder(t);
  const ledger = await openLedger(folder);
  const reader = await openLedgerReader(folder);
  for (let seq = 1; seq <= 10; seq++) {
    const effects = effectsOf({ events: [eventRow(seq)], dispatches: [dispatchRow(seq, { dueAt: seq })] });
    await ledger.commit(effects, seq);
    assert.equal(await reader.offset(), seq);
    assert.equal((await reader.due(seq, 100)).length, seq);
    assert.deepEqual(await reader.find(`id-${seq}`, 1), [seq]);
  }
  await reader.close();
  await ledger.close();
});

test('kill -9 of the writer at any instant keeps every commit that was done, and each of them whole', async (t) => {
  const folder = await temporaryFolder(t);
  for (let kill = 0; kill < 5; kill++) {
    const child = startChild(t, process.execPath, [CHILD, folder]);
    await child.lines(1 + kill * 9);
    const done = Number((await child.kill()).at(-1));
    const ledger = await openLedger(folder);
    const { offset, verdicts, dispatches } = await ledger.totals();
    assert.ok(offset >= done, `offset ${offset}, but ${done} was done`);
    assert.equal(offset % 10, 0);
    assert.equal(verdicts[0]?.count, offset);
    assert.equal(dispatches[0]?.count, offset);
    assert.equal((await ledger.verdicts(1, offset + 10)).length, offset);
    assert.equal((await ledger.due(offset + 10, offset + 10)).length, offset);
    await ledger.close();
  }
});

test('a reader sees whole commits while another process makes them', async (t) => {
  const folder = await temporaryFolder(t);
  const child = startChild(t, process.execPath, [CHILD, folder]);
  await child.lines(1);
  const reader = await openLedgerReader(folder);
  const offsets = new Set<number>();
  while (offsets.size < 200) {
    const { offset, verdicts, dispatches } = await reader.totals();
    assert.deepEqual([verdicts[0]?.count, dispatches[0]?.count], [offset, offset]);
    offsets.add(offset);
    await setImmediate();
  }
  await child.kill();
  await reader.close();
});

test('a second writer is refused, while readers come and go', async (t) => {
  const folder = await temporaryFolder(t);
  const first = await openLedger(folder);
  await assert.rejects(openLedger(folder), fails('store_locked'));
  await (await openLedgerReader(folder)).close();
  await first.commit(effectsOf({ verdicts: [verdictRow(1)] }), 1);
  await first.close();
  await (await openLedger(folder)).close();
});

test('a ledger of a newer program, or one that was never made, is refused', async (t) => {
  const folder = await temporaryFolder(t);
  await assert.rejects(openLedgerReader(folder), fails('store_unreadable'));
  await (await openLedger(folder)).close();
  change(folder, 'PRAGMA user_version = 99');
  await assert.rejects(openLedger(folder), fails('store_newer'));
  await assert.rejects(openLedgerReader(folder), fails('store_newer'));
});

test('a reader does not upgrade: an older ledger has to be opened for writing first', async (t) => {
  const folder = await temporaryFolder(t);
  await (await openLedger(folder)).close();
  change(folder, 'PRAGMA user_version = 0');
  await assert.rejects(openLedgerReader(folder), fails('store_older'));
});

test('a ledger of an older shape is emptied, so that all of it is derived again', async (t) => {
  const folder = await temporaryFolder(t);
  const before = await openLedger(folder);
  await before.commit(effectsOf({ verdicts: [verdictRow(1)], events: [eventRow(1)], orders: [orderRow('A')] }), 1);
  await before.close();
  const journal = await openFor(t, folder);
  await journal.append([newRecord('first')]);
  await journal.close();
  change(folder, 'DROP TABLE lead; DROP TABLE book_total; DROP INDEX order_status; PRAGMA user_version = 3');
  const ledger = await openLedger(folder);
  assert.deepEqual(await ledger.totals(), { offset: 0, verdicts: [], dispatches: [] });
  assert.deepEqual([await ledger.orders({}, 10), await ledger.orderTotals(), await ledger.find('1', 1)], [[], [], []]);
  await ledger.commit(effectsOf({ orders: [orderRow('A')], leads: [leadRow('L1')] }), 1);
  assert.deepEqual([(await ledger.orders({}, 10)).length, (await ledger.leads({}, 10)).length], [1, 1]);
  await ledger.close();
});

test('personal columns can be nulled in place, and the rest of the row stays', async (t) => {
  const folder = await temporaryFolder(t);
  const ledger = await openLedger(folder);
  const personal = { user: { ttclid: 'E.C.P.1' } };
  const orders = [orderRow('A', { personal })];
  const leads = [leadRow('L1', { personal })];
  await ledger.commit(effectsOf({ events: [eventRow(1, { personal })], orders, leads }), 1);
  await ledger.close();
  for (const table of ['event', '"order"', 'lead']) change(folder, `UPDATE ${table} SET personal = NULL`);
  const reader = await openLedgerReader(folder);
  assert.deepEqual((await reader.load({ events: [1], orders: [] })).events, [eventRow(1, { personal: null })]);
  assert.deepEqual(await reader.find('E.C.P.1', 10), []);
  assert.deepEqual(await reader.leads({}, 10), [leadRow('L1')]);
  assert.deepEqual(await reader.orders({}, 10), [{ order: orderRow('A'), entries: [] }]);
  await reader.close();
});

test('the log stays bounded while commits follow each other without a pause', async (t) => {
  const folder = await temporaryFolder(t);
  const ledger = await openLedger(folder);
  const reader = await openLedgerReader(folder);
  const text = 'x'.repeat(1024 * 1024);
  for (let seq = 1; seq <= 240; seq++) {
    await ledger.commit(effectsOf({ events: [eventRow(seq, { properties: { text } })] }), seq);
    await reader.totals();
  }
  const log = await stat(join(folder, 'ledger.db-wal'));
  assert.ok(log.size < 130 * 1024 * 1024, `the log has ${log.size} bytes`);
  await reader.close();
  await ledger.close();
});

test('a reader of an old state delays the copying of the log, but no commit; afterwards the log is cut', async (t) => {
  const folder = await temporaryFolder(t);
  const ledger = await openLedger(folder);
  const old = new DatabaseSync(join(folder, 'ledger.db'), { readOnly: true });
  old.exec('BEGIN; SELECT * FROM progress');
  const write = async (from: number, to: number) => {
    for (let seq = from; seq <= to; seq++)
      await ledger.commit(
        effectsOf({ events: [eventRow(seq, { properties: { text: 'x'.repeat(1024 * 1024) } })] }),
        seq,
      );
  };
  const logMegabytes = async () => (await stat(join(folder, 'ledger.db-wal'))).size / 1024 / 1024;
  const restarts: string[] = [];
  const { exec } = DatabaseSync.prototype;
  t.mock.method(DatabaseSync.prototype, 'exec', function (this: DatabaseSync, sql: string) {
    if (sql.includes('RESTART')) restarts.push(sql);
    exec.call(this, sql);
  });
  await write(1, 110);
  // Each of them waits for the reader, so there are few, and none waits for long.
  assert.ok(restarts.length > 0 && restarts.length <= 110 / 4, `${restarts.length} waits for the reader`);
  assert.deepEqual(new Set(restarts), new Set(['PRAGMA busy_timeout = 100; PRAGMA wal_checkpoint(RESTART)']));
  assert.ok((await logMegabytes()) > 100);
  old.exec('COMMIT');
  old.close();
  await write(111, 150);
  assert.ok((await logMegabytes()) <= 64, `the log has ${await logMegabytes()} MB`);
  await ledger.close();
});

function change(folder: string, sql: string): void {
  const db = new DatabaseSync(join(folder, 'ledger.db'));
  try {
    db.exec(sql);
  } finally {
    db.close();
  }
}
