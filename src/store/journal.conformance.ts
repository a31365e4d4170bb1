import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { AssayError } from '../event/error.ts';
import type { Journal, NewRecord } from './journal.ts';

/** What every engine of the journal does; `open` gives an empty one that the test's end closes. */
export function journalConformance(engine: string, open: (t: TestContext) => Promise<Journal>): void {
  describe(`journal, ${engine}`, () => {
    test('an empty journal ends at 0 and reads nothing', async (t) => {
      const journal = await open(t);
      assert.equal(await journal.last(), 0);
      assert.deepEqual(await journal.read(0, 10), []);
    });

    test('the first record has sequence 1 and each append continues where the last one ended', async (t) => {
      const journal = await open(t);
      assert.equal(await journal.append([newRecord('a'), newRecord('b')]), 1);
      assert.equal(await journal.append([newRecord('c')]), 3);
      assert.equal(await journal.last(), 3);
    });

    test('records come back as they were told, with their sequence', async (t) => {
      const journal = await open(t);
      const told: NewRecord[] = [
        newRecord('plain'),
        {
          kind: 'payment',
          door: 'webhook:shopify',
          keyId: '',
          receivedAt: 1_700_000_000_123,
          body: {
            text: 'ü 😀 \u0000 \ud800 "\n',
            deep: { list: [1, 1.5, -0.25, null, true, { a: [] }] },
            big: 9007199254740991,
          },
          personal: {
            user: { email: ['ab'.repeat(32)], ip: '2001:db8::1' },
            page: { url: 'https://shop.example/?a=1' },
          },
        },
        { ...newRecord('no personal fields'), personal: null },
      ];
      await journal.append(told);
      assert.deepEqual(
        await journal.read(0, 10),
        told.map((record, n) => ({ ...record, seq: n + 1 })),
      );
    });

    test('a page starts after the given sequence, keeps to its limit and ends with the journal', async (t) => {
      const journal = await open(t);
      await journal.append(Array.from({ length: 10 }, (_, n) => newRecord(`r${n}`)));
      const page = async (after: number, limit: number) => (await journal.read(after, limit)).map(({ seq }) => seq);
      assert.deepEqual(await page(0, 3), [1, 2, 3]);
      assert.deepEqual(await page(3, 3), [4, 5, 6]);
      assert.deepEqual(await page(8, 100), [9, 10]);
      assert.deepEqual(await page(10, 100), []);
      assert.deepEqual(await page(0, 0), []);
    });

    test('appends under way at the same time keep their order, stay whole and leave no hole', async (t) => {
      const journal = await open(t);
      const sizes = Array.from({ length: 200 }, (_, n) => (n % 7) + 1);
      const firsts = await Promise.all(
        sizes.map((size, n) => journal.append(Array.from({ length: size }, (_, k) => newRecord(`${n}.${k}`)))),
      );
      const records = await journal.read(0, 10_000);
      assert.deepEqual(
        records.map(({ seq }) => seq),
        records.map((_, n) => n + 1),
      );
      assert.deepEqual(
        records.map(({ body }) => body['name']),
        sizes.flatMap((size, n) => Array.from({ length: size }, (_, k) => `${n}.${k}`)),
      );
      for (const [n, first] of firsts.entries()) assert.equal(records[first - 1]?.body['name'], `${n}.0`);
    });

    test('a record is readable once its append is resolved', async (t) => {
      const journal = await open(t);
      for (let n = 1; n <= 20; n++) {
        const first = await journal.append([newRecord(`r${n}`)]);
        assert.equal(await journal.last(), first);
        assert.equal((await journal.read(first - 1, 1))[0]?.body['name'], `r${n}`);
      }
    });

    test('an empty append writes nothing and gives the sequence that comes next', async (t) => {
      const journal = await open(t);
      await journal.append([newRecord('a')]);
      assert.equal(await journal.append([]), 2);
      assert.equal(await journal.last(), 1);
    });

    test('what the caller changes afterwards changes nothing in the journal', async (t) => {
      const journal = await open(t);
      const record = newRecord('before');
      const appended = journal.append([record]);
      record.body['name'] = 'after';
      await appended;
      const [read] = await journal.read(0, 1);
      assert.equal(read?.body['name'], 'before');
      if (read) read.body['name'] = 'changed by a reader';
      assert.equal((await journal.read(0, 1))[0]?.body['name'], 'before');
    });

    const named = async (journal: Journal, after: number): Promise<string[]> =>
      (await journal.read(after, 100)).map(
        ({ seq, body, personal }) => `${seq} ${body['name']}${personal ? '' : ' -'}`,
      );
    const aged = (n: number): NewRecord => ({ ...newRecord(`r${n}`), receivedAt: n * 1000 });

    test('retention empties and removes what is old, and only up to the sequence that it is told', async (t) => {
      const journal = await open(t);
      for (const n of [1, 2, 3, 4]) await journal.append([aged(n)]);
      assert.deepEqual(await journal.forget('personal', 3000, 1), { count: 1, next: 'beyond' });
      assert.deepEqual(await journal.forget('personal', 3000, 9), { count: 1, next: 'nothing' });
      assert.deepEqual(await journal.forget('personal', 3000, 9), { count: 0, next: 'nothing' });
      assert.deepEqual(await named(journal, 0), ['1 r1 -', '2 r2 -', '3 r3', '4 r4']);
      assert.deepEqual(await journal.forget('records', 4000, 1), { count: 1, next: 'beyond' });
      assert.deepEqual([await journal.first(), await journal.last()], [2, 4]);
      assert.deepEqual(await named(journal, 1), ['2 r2 -', '3 r3', '4 r4']);
    });

    test('what was removed is asked for in vain, and says so', async (t) => {
      const journal = await open(t);
      for (const n of [1, 2, 3]) await journal.append([aged(n)]);
      await journal.forget('records', 3000, 9);
      for (const after of [0, 1])
        await assert.rejects(
          journal.read(after, 5),
          (error) => error instanceof AssayError && error.code === 'journal_cut' && /up to 2/.test(error.message),
        );
      assert.deepEqual(await named(journal, 2), ['3 r3']);
    });

    test('the sequence goes on after all records were removed', async (t) => {
      const journal = await open(t);
      assert.equal(await journal.first(), 1);
      for (const n of [1, 2]) await journal.append([aged(n)]);
      assert.deepEqual(await journal.forget('records', 9000, 2), { count: 2, next: 'nothing' });
      assert.deepEqual([await journal.first(), await journal.last()], [3, 2]);
      assert.deepEqual(await journal.read(2, 5), []);
      assert.equal(await journal.append([aged(3)]), 3);
      assert.deepEqual(await named(journal, 2), ['3 r3']);
    });

    test('a closed journal refuses appends, and closing twice is harmless', async (t) => {
      const journal = await open(t);
      const last = journal.append([newRecord('under way')]);
      await Promise.all([last, journal.close()]);
      assert.equal(await last, 1);
      await journal.close();
      await assert.rejects(
        journal.append([newRecord('late')]),
        (error) => error instanceof AssayError && error.code === 'journal_unwritable',
      );
      await assert.rejects(journal.forget('records', 1, 1));
    });
  });
}

export function newRecord(name: string): NewRecord {
  return {
    kind: 'event',
    door: 'browser',
    keyId: 'key1',
    receivedAt: 1_700_000_000_000,
    body: { name },
    personal: { user: { ip: '192.0.2.1' } },
  };
}
