import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  byConversion,
  type Change,
  conversionFact,
  histories,
  Known,
  STATEMENT,
  Standing,
  touchFact,
} from '../../../test/histories.ts';
import { DAY, HOUR, models } from '../../../test/journeys.ts';
import { TOUCH_KINDS } from '../../event/fact.ts';
import { type CreditColumns, NO_CREDIT, type Statement } from '../../store/warehouse.ts';
import { credit } from '../credit.ts';
import { Book } from './book.ts';

const window = fc.constantFrom(12 * HOUR, DAY, 7 * DAY);
const statements: fc.Arbitrary<Statement> = fc.record({
  ...{ statement: fc.constant(1), role: fc.constant('standing' as const), specVersion: fc.constant(1) },
  ...{ model: models, windows: fc.record({ click: window, engagedView: window, view: window }) },
  precedence: fc.shuffledSubarray([...TOUCH_KINDS], { minLength: 1 }),
  ...{ count: fc.constantFrom('every' as const, 'once' as const), halfLife: fc.constant(DAY) },
  ...{ timezone: fc.constantFrom('UTC', 'Europe/Berlin'), asOf: fc.constant(0), change: fc.constant(0) },
});
const visitorsMax = fc.integer({ min: 1, max: 4 });

/** Follows a history step by step; resolves with the credits that its settlements wrote. */
async function followed(
  history: Change[][],
  statement: Statement,
  max: number,
): Promise<{ known: Known; book: Book; standing: Standing }> {
  const known = new Known();
  const standing = new Standing();
  const book = await Book.open(known, { visitorsMax: max });
  book.stand(statement);
  for (const changes of history) {
    book.take(known.take(changes, (identifier) => book.knows(identifier)));
    const { credits } = book.settle({ asOf: known.change, change: known.change });
    if (credits) standing.write(credits);
  }
  return { known, book, standing };
}

function written(book: Book, statement: Statement): unknown {
  const standing = new Standing();
  standing.write(book.all(statement));
  return standing.shown();
}

test('whatever comes late, is corrected or goes, the credits are those of a book made from what is known then', async () => {
  await fc.assert(
    fc.asyncProperty(histories, statements, visitorsMax, async (history, statement, max) => {
      const { known, book, standing } = await followed(history, statement, max);
      const fresh = await Book.open(known, { visitorsMax: max });
      assert.deepEqual(standing.shown(), written(fresh, statement));
      assert.deepEqual(written(book, statement), written(fresh, statement));
    }),
    { numRuns: 500 },
  );
});

test('the passes over columns say what is said of each journey', async () => {
  await fc.assert(
    fc.asyncProperty(histories, statements, visitorsMax, async (history, statement, max) => {
      const { known, book } = await followed(history, statement, max);
      const rows = byConversion(book.all(statement).credits);
      for (const { conversion, confirmed, minor, net } of known.conversionRows.values()) {
        const mine = rows.get(conversion) ?? [];
        assert.equal(mine.length > 0, confirmed);
        if (!confirmed) continue;
        const journey = book.journeyOf(conversion);
        assert.ok(journey);
        const weights = statement.model === 'markov' ? book.channelWeights(statement) : undefined;
        const model = statement.model as Parameters<typeof credit>[2];
        const said = credit(journey, statement, model, weights).find((one) => Number(one.conversion.id) === conversion);
        assert.ok(said);
        const shares = mine.map(({ touch, share }) => [touch, share]);
        if (said.kind === null) assert.deepEqual([shares, NO_CREDIT[mine[0]?.['why'] as number]], [[[0, 1]], said.why]);
        else {
          assert.deepEqual(
            shares,
            said.shares.map(({ touch: { id }, share }) => [Number(id), share]),
          );
          assert.ok(mine.every(({ kind }) => TOUCH_KINDS[kind as number] === said.kind));
        }
        const sum = (column: string): unknown => mine.reduce((total, row) => total + (row[column] as bigint), 0n);
        assert.deepEqual([sum('minor'), sum('net')], [minor, net], 'not a cent is lost or invented');
      }
    }),
    { numRuns: 300 },
  );
});

test('a refund of what its touch had earned before already, counted once, earns it nothing', async () => {
  const touch = touchFact({ touch: 1, occurredAt: 0, visitor: 'a' });
  const second = conversionFact({ conversion: 102, occurredAt: 2 * HOUR, visitor: 'a' });
  const history: Change[][] = [
    [{ what: 'touch', row: touch }],
    [{ what: 'conversion', row: conversionFact({ conversion: 101, occurredAt: HOUR, visitor: 'a' }) }],
    [{ what: 'conversion', row: second }],
    [{ what: 'refund', conversion: 102, net: 1n }],
  ];
  const { standing } = await followed(history, { ...STATEMENT, count: 'once' }, 2);
  const [row] = standing.credits.get(102) ?? [];
  assert.deepEqual([NO_CREDIT[row?.['why'] as number], row?.['net']], ['counted_once', 1n]);
});

test('what is told twice changes nothing the second time', async () => {
  await fc.assert(
    fc.asyncProperty(histories, statements, async (history, statement) => {
      const known = new Known();
      const book = await Book.open(known, { visitorsMax: 2 });
      for (const changes of history) {
        const batch = known.take(changes);
        book.take(batch);
        const once = written(book, statement);
        book.take(batch);
        assert.deepEqual(written(book, statement), once);
      }
    }),
  );
});

test('people are named by their smallest visitor, and who is alone again by itself', async () => {
  await fc.assert(
    fc.asyncProperty(histories, visitorsMax, async (history, max) => {
      const known = new Known();
      const book = await Book.open(known, { visitorsMax: max });
      const people = new Map<string, string>();
      for (const changes of history) {
        book.take(known.take(changes));
        for (const { visitor, person } of book.settle({ asOf: 0, change: known.change }).people)
          if (person === visitor) people.delete(visitor);
          else people.set(visitor, person);
      }
      for (const visitor of new Set([...people.keys(), ...[...known.links.values()].map((link) => link.visitor)]))
        assert.equal(people.get(visitor) ?? visitor, book.personOf(visitor)[0]);
    }),
  );
});

test('a touch takes 40 bytes of memory at most, where a visitor has five', async () => {
  const book = await Book.open(new Known(), { visitorsMax: 2 });
  const nothing = { touchesBefore: [], conversions: [], goneConversions: [], links: [], unlinks: [] };
  const rows = 100_000;
  const touches = Array.from({ length: rows }, (_, n) =>
    touchFact({ touch: n + 1, occurredAt: n, visitor: `visitor ${(n * 7919) % (rows / 5)}` }),
  );
  book.take({ ...nothing, touches });
  book.all(STATEMENT);
  assert.ok(book.bytes / rows <= 40, `${book.bytes / rows}`);
});

test('an identifier of too many visitors is told, and told again when it has less', async () => {
  const known = new Known();
  const book = await Book.open(known, { visitorsMax: 2 });
  const link = (visitor: string, what: 'link' | 'unlink'): Change[] => [
    { what, row: { visitor, kind: 'email', value: 'h', firstAt: 1, lastAt: 1, seq: 1 } },
  ];
  const shared = (changes: Change[]): unknown => {
    book.take(known.take(changes));
    return book.settle({ asOf: 0, change: 0 }).shared;
  };
  assert.deepEqual(shared(['a', 'b', 'c'].flatMap((one) => link(one, 'link'))), [
    { kind: 'email', value: 'h', visitors: 3 },
  ]);
  assert.deepEqual(book.personOf('a'), ['a']);
  assert.equal(shared([]), undefined);
  assert.deepEqual(shared(link('c', 'unlink')), []);
  assert.deepEqual(book.personOf('a'), ['a', 'b']);
});

test('a conversion of a time that is closed keeps its shares, and a late refund moves its money alone', async () => {
  const known = new Known();
  const standing = new Standing();
  const statement: Statement = { ...STATEMENT, model: 'linear' };
  const book = await Book.open(known, { visitorsMax: 5 });
  book.stand(statement);
  const settle = (changes: Change[], closedBefore: number): void => {
    book.take(known.take(changes));
    const closed = book.closedChanges(closedBefore);
    const rows = closed.flatMap((one) => standing.credits.get(one) ?? []);
    const kept = rows.length === 0 ? undefined : columnsOf(rows);
    const { credits } = book.settle({ asOf: 0, change: 0, closedBefore, ...(kept && { kept }) });
    assert.ok(credits);
    standing.write(credits);
  };
  const email = { kind: 'email' as const, value: 'h', firstAt: 0, lastAt: 0, seq: 1 };
  settle(
    [
      { what: 'touch', row: touchFact({ touch: 1, occurredAt: 0, visitor: 'a' }) },
      { what: 'touch', row: touchFact({ touch: 2, occurredAt: HOUR, visitor: 'b' }) },
      { what: 'link', row: { ...email, visitor: 'a' } },
      { what: 'link', row: { ...email, visitor: 'b' } },
      { what: 'conversion', row: conversionFact({ conversion: 101, occurredAt: DAY, visitor: 'b', minor: 101n }) },
    ],
    0,
  );
  const shares = (): unknown => standing.credits.get(101)?.map(({ touch, minor, net }) => [touch, minor, net]);
  assert.deepEqual(shares(), [
    [1, 51n, 50n],
    [2, 50n, 50n],
  ]);

  settle([{ what: 'unlink', row: { ...email, visitor: 'a' } }], 2 * DAY);
  assert.deepEqual(
    shares(),
    [
      [1, 51n, 50n],
      [2, 50n, 50n],
    ],
    'what tied them has gone, and the time is closed',
  );

  const refunded = conversionFact({ conversion: 101, occurredAt: DAY, visitor: 'b', minor: 101n, net: 31n });
  settle([{ what: 'conversion', row: refunded }], 2 * DAY);
  assert.deepEqual(shares(), [
    [1, 51n, 16n],
    [2, 50n, 15n],
  ]);

  const late = conversionFact({ conversion: 102, occurredAt: DAY + 1, visitor: 'b' });
  settle([{ what: 'conversion', row: late }], 2 * DAY);
  assert.deepEqual(
    standing.credits.get(102)?.map(({ touch }) => touch),
    [2],
    'one that is new has no shares to keep',
  );

  settle([{ what: 'conversion', row: { ...refunded, confirmed: false } }], 2 * DAY);
  assert.equal(standing.credits.get(101), undefined, 'one that does not count is not credited');
});

function columnsOf(rows: readonly Record<string, number | bigint>[]): CreditColumns {
  const column = (name: string): number[] => rows.map((row) => row[name] as number);
  return {
    conversion: Float64Array.from(column('conversion')),
    touch: Float64Array.from(column('touch')),
    creative: Float64Array.from(column('creative')),
    kind: Uint8Array.from(column('kind')),
    why: Uint8Array.from(column('why')),
    share: Float64Array.from(column('share')),
    minor: BigInt64Array.from(rows, (row) => row['minor'] as bigint),
    net: BigInt64Array.from(rows, (row) => row['net'] as bigint),
    touchedDay: Int32Array.from(column('touchedDay')),
    convertedDay: Int32Array.from(column('convertedDay')),
  };
}
