import assert from 'node:assert/strict';
import { appendFileSync, readdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { type Change, histories, Known, STATEMENT, Standing } from '../../../test/histories.ts';
import { Book } from './book.ts';

async function temporaryFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'assay-book-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A warehouse whose facts nobody needs to read, because they are saved. */
class Unread extends Known {
  read = 0;

  tiesRead = 0;

  override ties(): ReturnType<Known['ties']> {
    this.tiesRead++;
    return super.ties();
  }

  override touchColumns(): ReturnType<Known['touchColumns']> {
    this.read++;
    return super.touchColumns();
  }
}

async function take(book: Book, known: Known, history: Change[][]): Promise<void> {
  await book.recall();
  for (const changes of history) {
    book.take(known.take(changes));
    book.settle({ asOf: 0, change: known.change });
    book.save(known.change);
  }
}

async function same(book: Book, known: Known): Promise<void> {
  const written = (one: Book): unknown => {
    const standing = new Standing();
    standing.write(one.all({ ...STATEMENT, model: 'linear' }));
    return standing.shown();
  };
  assert.deepEqual(written(book), written(await Book.open(known, { visitorsMax: 2 })));
}

test('a book that is opened again has what was saved, and reads none of it from the warehouse', async (t) => {
  const folder = await temporaryFolder(t);
  await fc.assert(
    fc.asyncProperty(histories, histories, async (first, then) => {
      const known = new Unread();
      await take(await Book.open(known, { visitorsMax: 2, folder, fresh: true }), known, first);
      const again = await Book.open(known, { visitorsMax: 2, folder });
      assert.equal(known.read, 1, 'only the first time, when nothing was saved');
      await same(again, known);
      await take(again, known, then);
      known.read = 0;
      await same(await Book.open(known, { visitorsMax: 2, folder }), known);
      assert.equal(known.read, 1, 'for the comparison alone');
    }),
    { numRuns: 50 },
  );
});

test('a start from what was saved reads no ties before somebody recalls them, and takes no links until then', async (t) => {
  const folder = await temporaryFolder(t);
  const known = new Unread();
  (await followed(known, folder)).save(known.change);
  known.tiesRead = 0;
  const book = await Book.open(known, { visitorsMax: 2, folder });
  book.all(STATEMENT);
  assert.equal(known.tiesRead, 0);
  const link: Change = {
    ...{ what: 'link' },
    row: { visitor: 'v1', kind: 'email', value: 'new', firstAt: 1, lastAt: 1, seq: 99 },
  };
  const batch = known.take([link]);
  assert.throws(() => book.take(batch), /before it knows/);
  assert.throws(() => book.personOf('v1'), /before it knows/);
  await book.recall();
  await book.recall();
  assert.equal(known.tiesRead, 1);
  book.take(batch);
  book.settle({ asOf: 0, change: known.change });
  await same(book, known);
});

test('what was taken and never committed is not in a book that is opened again', async (t) => {
  const folder = await temporaryFolder(t);
  await fc.assert(
    fc.asyncProperty(histories, async ([lost = [], ...history]) => {
      const known = new Unread();
      await take(await Book.open(known, { visitorsMax: 2, folder, fresh: true }), known, history);
      const committed = await Book.open(known, { visitorsMax: 2, folder });
      const elsewhere = new Known();
      elsewhere.change = known.change;
      await committed.recall();
      committed.take(elsewhere.take(lost));
      committed.settle({ asOf: 0, change: elsewhere.change });
      await same(await Book.open(known, { visitorsMax: 2, folder }), known);
    }),
    { numRuns: 50 },
  );
});

/** A book of a history, of which nothing is saved yet. */
async function followed(known: Known, folder: string): Promise<Book> {
  const book = await Book.open(known, { visitorsMax: 2, folder });
  for (const changes of HISTORY) book.take(known.take(changes));
  book.settle({ asOf: 0, change: known.change });
  return book;
}

const [HISTORY] = fc.sample(histories, { numRuns: 20, seed: 7 }).sort((a, b) => b.flat().length - a.flat().length) as [
  Change[][],
];
const strange: [what: string, spoil: (folder: string, known: Known) => void][] = [
  ['of a later change than the warehouse', (_, known) => known.change--],
  ['of an earlier change than the warehouse', (_, known) => known.change++],
  ...(['touchAt-0', 'visitorKeys-0', 'conversionMinor-0', 'manifest.json'] as const).map(
    (name): [string, (folder: string) => void] => [
      `damaged in ${name}`,
      (folder) => {
        const file = readdirSync(folder).find((one) => one.startsWith(name)) as string;
        writeFileSync(join(folder, file), 'x');
      },
    ],
  ),
];
for (const [what, spoil] of strange)
  test(`what is saved and ${what} is read from the warehouse instead, and saved again`, async (t) => {
    const folder = await temporaryFolder(t);
    const known = new Unread();
    (await followed(known, folder)).save(known.change);
    spoil(folder, known);
    known.read = 0;
    const book = await Book.open(known, { visitorsMax: 2, folder });
    assert.equal(known.read, 1);
    await same(book, known);
    book.save(known.change);
    known.read = 0;
    await Book.open(known, { visitorsMax: 2, folder });
    assert.equal(known.read, 0);
  });

test('a step that was written in half is as good as none', async (t) => {
  const folder = await temporaryFolder(t);
  const known = new Unread();
  await take(await Book.open(known, { visitorsMax: 2, folder }), known, HISTORY);
  appendFileSync(join(folder, 'changes.log'), '12345678 {"from":');
  await same(await Book.open(known, { visitorsMax: 2, folder }), known);
});

test('a folder that takes nothing costs only that nothing is saved', async (t) => {
  const folder = await temporaryFolder(t);
  writeFileSync(join(folder, 'columns'), 'a file');
  const known = new Unread();
  const book = await Book.open(known, { visitorsMax: 2, folder: join(folder, 'columns', 'below') });
  await take(book, known, HISTORY);
  await same(book, known);
});
