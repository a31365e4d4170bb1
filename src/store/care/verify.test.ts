import assert from 'node:assert/strict';
import { closeSync, openSync, readFileSync, statSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { eventTold, paymentTold, purchaseTold, specTold } from '../../../test/admission-kit.ts';
import { derive } from '../../admission/derive.ts';
import { openLedger } from '../sqlite/ledger.ts';
import { ledgerFile } from '../sqlite/ledger-file.ts';
import { openWriter } from '../sqlite/open.ts';
import { openFor, temporaryFolder } from '../test-folder.ts';
import { faultText } from './fault.ts';
import { verify } from './verify.ts';

const APPENDS = 40;
/** One record of its own, and then three in a page. */
const LAST = 1 + APPENDS * 3;

test('a sound store has no faults, also while a writer has it open', async (t) => {
  const folder = await stored(t);
  assert.deepEqual(faults(folder), []);
  const journal = await openFor(t, folder);
  await journal.append([eventTold('server', { event_id: 'one more' })]);
  const { journal: state, offset } = verify(folder, () => undefined);
  assert.deepEqual([state, offset, faults(folder)], [{ first: 1, last: LAST + 1 }, LAST, []]);
});

test('a flipped byte is named with its file, page and records', async (t) => {
  const folder = await stored(t);
  flip(folder, 'journal.db', 'e-20.1');
  const first = 1 + 20 * 3 + 1;
  assert.deepEqual(faults(folder), [
    `journal.db, page ${first} (records ${first} to ${first + 2}): its checksum differs`,
  ]);
});

test('whatever byte is flipped in the text of records, it is found', async (t) => {
  const folder = await stored(t);
  const path = join(folder, 'journal.db');
  const bytes = readFileSync(path);
  const text = bytes.toString('latin1');
  const places = [...text.matchAll(/"e-\d+\.\d"/g)].map(({ index }) => index);
  assert.ok(places.length >= APPENDS * 2);
  for (const place of places.filter((_, n) => n % 12 === 0)) {
    const torn = Buffer.from(bytes);
    torn.writeUInt8((torn[place + 2] ?? 0) ^ 1, place + 2);
    writeFileSync(path, torn);
    assert.equal(faults(folder).length, 1, `byte ${place}`);
  }
});

test('a page of the file that is torn is told by the records that can’t be read, and the others are read on', async (t) => {
  const folder = await stored(t);
  const path = join(folder, 'journal.db');
  const place = readFileSync(path).indexOf('"e-20.1"');
  const file = openSync(path, 'r+');
  // The head of a page, with zeros as a disk leaves them.
  writeSync(file, Buffer.alloc(512), 0, 512, Math.floor(place / 8192) * 8192);
  closeSync(file);
  const found = verify(folder, () => undefined).faults;
  const unread = found.filter(({ what }) => /cannot be read|missing/.test(what));
  assert.ok(unread.length > 0, found.map(faultText).join('\n'));
  for (const { file: name, records } of unread) {
    assert.equal(name, 'journal.db');
    assert.ok(records && records[0] > 1 && records[1] <= LAST && records[1] >= records[0], JSON.stringify(records));
  }
});

test('a file that is cut off says so, and which records are gone', async (t) => {
  const folder = await stored(t);
  const path = join(folder, 'journal.db');
  truncateSync(path, Math.floor(statSync(path).size / 2 / 8192) * 8192);
  const found = faults(folder);
  assert.ok(
    found.some((line) => /^journal\.db.*(cannot be read|missing)/.test(line)),
    found.join('\n'),
  );
  writeFileSync(path, 'no database at all, and long enough to be looked at as one '.repeat(200));
  assert.match(faults(folder).join('\n'), /journal\.db: it cannot be read: .*not a database/);
});

const broken: [what: string, file: 'journal.db' | 'ledger.db', sql: string, says: RegExp][] = [
  [
    'a page that is gone',
    'journal.db',
    'DROP TRIGGER page_remains; DELETE FROM page WHERE seq = 8',
    /^journal\.db \(records 8 to 10\): missing$/,
  ],
  [
    'the end that is gone',
    'journal.db',
    `DROP TRIGGER page_remains; DELETE FROM page WHERE seq > 100`,
    /^journal\.db \(records 101 to 121\): missing at its end/,
  ],
  [
    'personal fields of other records',
    'journal.db',
    `UPDATE page SET personal = '[null]' WHERE seq = 5`,
    /page 5 .*its personal fields are no list of as many/,
  ],
  [
    'a total that lies',
    'ledger.db',
    "UPDATE verdict_total SET count = count + 1 WHERE door = 'server'",
    /^ledger\.db: the total of verdicts, server admitted, says 81, and there are 80$/,
  ],
  [
    'a total of dispatches that lies',
    'ledger.db',
    "DELETE FROM dispatch_total WHERE leg = 'api'",
    /the total of dispatches, main api \w+, says 0, and there are \d+/,
  ],
  [
    'a total of the books that lies',
    'ledger.db',
    `UPDATE book_total SET sums = '["1","1"]' WHERE book = 'orders'`,
    /the total of the book of orders, \w+ EUR, says 1 with 1 and 1, and there are 1 with 5990 and/,
  ],
  [
    'an offset ahead of its verdicts',
    'ledger.db',
    `UPDATE progress SET "offset" = 125`,
    /^ledger\.db: records 122 to 125 have no verdict/,
  ],
  [
    'an event that is gone',
    'ledger.db',
    'DELETE FROM event WHERE seq = 2',
    /^ledger\.db: dispatch 2\/main\/\w+ is of an event that does not exist$/,
  ],
  [
    'a delivery that nobody accepted',
    'ledger.db',
    "UPDATE dispatch SET state = 'delivered', doc = json_set(doc, '$.state', 'delivered') WHERE event = 2 AND leg = 'api'",
    /dispatch 2\/main\/api is delivered, and TikTok accepted no attempt of it/,
  ],
  [
    'a column that says something else',
    'ledger.db',
    "UPDATE dispatch SET state = 'dead' WHERE event = 2 AND leg = 'api'",
    /dispatch 2\/main\/api has state dead beside a document of \w+/,
  ],
  ['an index without an id', 'ledger.db', 'DELETE FROM mention', /event \d+ is not found by one of its ids/],
];
for (const [what, file, sql, says] of broken)
  test(`${what} is found`, async (t) => {
    const folder = await stored(t);
    const db = new DatabaseSync(join(folder, file));
    db.exec(sql);
    db.close();
    const found = faults(folder);
    assert.ok(
      found.some((line) => says.test(line)),
      found.join('\n'),
    );
  });

test('a list of faults ends', async (t) => {
  const folder = await stored(t);
  const { db, close } = openWriter(folder, ledgerFile);
  db.exec('DELETE FROM event; DELETE FROM mention');
  close();
  const { faults: some, cut } = verify(folder, () => undefined);
  assert.deepEqual([some.length, cut], [100, true]);
});

/** A store in which 41 appends were decided. */
async function stored(t: TestContext): Promise<string> {
  const folder = await temporaryFolder(t);
  const journal = await openFor(t, folder);
  await journal.append([specTold()]);
  for (let n = 0; n < APPENDS; n++)
    await journal.append([
      eventTold('server', {
        event_id: `e-${n}.1`,
        visitor: `v-${n}`,
        session: 'long '.repeat(300),
      }),
      n % 4 === 0 && n > 0 ? paymentTold('1.00', `p-${n}`) : eventTold('browser', { event_id: `e-${n}.2` }),
      n === 0 ? purchaseTold('server') : eventTold('server', { event_id: `e-${n}.3` }),
    ]);
  const ledger = await openLedger(folder);
  await derive(journal, ledger, LAST, () => undefined);
  await ledger.close();
  await journal.close();
  return folder;
}

function faults(folder: string): string[] {
  return verify(folder, () => undefined).faults.map(faultText);
}

function flip(folder: string, file: string, text: string): void {
  const path = join(folder, file);
  const bytes = readFileSync(path);
  const at = bytes.indexOf(text);
  assert.ok(at > 0, text);
  bytes.writeUInt8((bytes[at + 2] ?? 0) ^ 1, at + 2);
  writeFileSync(path, bytes);
}
