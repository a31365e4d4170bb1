import assert from 'node:assert/strict';
import type { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { effectsOf, eventRow, verdictRow } from '../sample-rows.ts';
import { fails, temporaryFolder } from '../test-folder.ts';
import { journalFile } from './journal-file.ts';
import { journalForgetter } from './journal-forget.ts';
import { openJournalReader } from './journal-reader.ts';
import { pageCommitter, type Told } from './journal-writer.ts';
import { openLedgerReader } from './ledger.ts';
import { ledgerFile } from './ledger-file.ts';
import { ledgerForgetter } from './ledger-forget.ts';
import { committer } from './ledger-writes.ts';
import { openWriter, type StoreFile } from './open.ts';

/** Ways in which a file can no longer be written, and how it can again. */
const TROUBLES = {
  'a full file': {
    begin: (db: DatabaseSync) => db.exec('PRAGMA max_page_count = 1'),
    end: (db: DatabaseSync) => db.exec('PRAGMA max_page_count = 1000000'),
    says: /full/,
  },
  'a read-only file': {
    begin: (db: DatabaseSync) => db.exec('PRAGMA query_only = ON'),
    end: (db: DatabaseSync) => db.exec('PRAGMA query_only = OFF'),
    says: /readonly|read-only/,
  },
};

for (const [name, trouble] of Object.entries(TROUBLES)) {
  test(`${name} takes no page of the journal in part, and all that come once it can be written`, async (t) => {
    const { folder, db } = await openFile(t, journalFile);
    const commit = pageCommitter(db);
    assert.deepEqual(commit([[page(2)], [page(1), page(3)]]), [[1], [3, 4]]);
    trouble.begin(db);
    for (let tries = 0; tries < 3; tries++)
      assert.throws(() => commit([[page(1)], [page(1), page(2, 300_000)]]), trouble.says);
    trouble.end(db);
    assert.deepEqual(commit([[page(0)]]), [[7]]);
    assert.deepEqual(commit([[page(2, 300_000)]]), [[7]]);
    const reader = await openJournalReader(folder);
    t.after(() => reader.close());
    const records = await reader.read(0, 100);
    assert.deepEqual(
      records.map(({ seq }) => seq),
      [1, 2, 3, 4, 5, 6, 7, 8],
    );
  });

  test(`${name} takes a batch of the ledger whole or not at all, and the same batch once it can be written`, async (t) => {
    const { folder, db } = await openFile(t, ledgerFile);
    const commit = committer(db);
    const effects = effectsOf({
      verdicts: Array.from({ length: 500 }, (_, n) => verdictRow(n + 1, { n: 0, event: n + 1 })),
      events: Array.from({ length: 500 }, (_, n) => eventRow(n + 1, { visitor: `v-${n}` })),
    });
    trouble.begin(db);
    for (let tries = 0; tries < 3; tries++) assert.throws(() => commit(effects, 500), fails('ledger_unwritable'));
    const reader = await openLedgerReader(folder);
    t.after(() => reader.close());
    assert.deepEqual([await reader.offset(), (await reader.lineage([1, 500], [])).events], [0, []]);
    trouble.end(db);
    commit(effects, 500);
    assert.deepEqual([await reader.offset(), (await reader.find('v-499', 5))[0]], [500, 500]);
    assert.equal((await reader.verdicts(1, 500)).length, 500);
  });
}

test('after a failure an append of nothing tries the file', async (t) => {
  const { db } = await openFile(t, journalFile);
  const commit = pageCommitter(db);
  const { begin, end } = TROUBLES['a read-only file'];
  begin(db);
  for (let tries = 0; tries < 2; tries++) assert.throws(() => commit([[page(0)]]), /readonly/);
  end(db);
  assert.deepEqual(commit([[page(0)]]), [[1]]);
});

test('a step of retention that cannot be written changes nothing, and the next one does it', async (t) => {
  const journal = await openFile(t, journalFile);
  pageCommitter(journal.db)([[page(1)], [page(1)]]);
  const forget = journalForgetter(journal.db);
  const ledger = await openFile(t, ledgerFile);
  committer(ledger.db)(effectsOf({ events: [eventRow(1)] }), 1);
  const fade = ledgerForgetter(ledger.db);
  for (const { db } of [journal, ledger]) TROUBLES['a read-only file'].begin(db);
  for (const what of ['personal', 'records'] as const) assert.throws(() => forget(what, 10, 2), /readonly/);
  assert.throws(() => fade(9e12), /readonly/);
  for (const { db } of [journal, ledger]) TROUBLES['a read-only file'].end(db);
  assert.equal(forget('personal', 10, 2).count, 2);
  assert.equal(forget('records', 10, 1).count, 1);
  assert.equal(fade(9e12).count, 1);
});

async function openFile(t: TestContext, file: StoreFile): Promise<{ folder: string; db: DatabaseSync }> {
  const folder = await temporaryFolder(t);
  const { db, close } = openWriter(folder, file);
  t.after(close);
  return { folder, db };
}

/** What the journal's thread is told to write: records of the time 5, their text `chars` long. */
function page(count: number, chars = 10): Told {
  const lines = Array.from({ length: count }, () => [5, 'browser', 'k', 'event', { text: 'x'.repeat(chars) }]);
  const personal = lines.map(() => ({ user: { ip: '192.0.2.1' } }));
  const bytes = (list: unknown[]) => Uint8Array.from(Buffer.from(JSON.stringify(list)));
  return { count, records: bytes(lines), personal: bytes(personal) };
}
