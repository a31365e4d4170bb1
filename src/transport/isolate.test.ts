import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { after, named, nextTest, type Search, search, without } from './isolate.ts';

/** Most requests in all, the refused batch included, that any consistent answers of TikTok can cost. */
function most(items: number, bad: number): number {
  const known = new Map<string, number>();
  // Only the sizes of the lists decide what follows, so few states stand for all answers.
  const worst = (at: Search<number>, left: number): number => {
    const tested = nextTest(at);
    if (tested.length === 0) return 0;
    const key = `${at.bad.length} ${at.open.length} ${at.whole} ${left}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const mayPass = at.bad.length === 0 || tested.length < at.bad.length;
    const mayFail = left > 0;
    assert.ok(mayPass || mayFail);
    const cost = Math.max(
      mayPass ? worst(after(at, tested, 'accepted'), left) : 0,
      mayFail ? worst(after(at, tested, 'refused'), left - Number(tested.length === 1)) : 0,
    );
    known.set(key, cost + 1);
    return cost + 1;
  };
  return 1 + worst(search(range(items)), bad);
}

for (const [items, bad, requests] of [
  [1000, 1, 14],
  [1000, 2, 25],
  [1000, 7, 80],
  [100, 3, 27],
  [2, 2, 3],
] as const)
  test(`${bad} bad of ${items} cost ${requests} requests at most, wherever they stand`, () => {
    assert.equal(most(items, bad), requests);
  });

test('random and hostile places: the bad ones alone are given up, with at most 80 requests where 7 of 1,000 are bad', () => {
  const hostile = [
    [0, 1, 2, 3, 4, 5, 6],
    [993, 994, 995, 996, 997, 998, 999],
    [0, 142, 285, 428, 571, 714, 999],
    [249, 250, 499, 500, 749, 750, 999],
    [1, 3, 7, 15, 31, 63, 127],
  ];
  const check = (bad: readonly number[]): void => {
    const { given, sent, requests } = played(1000, new Set(bad), () => 'silent');
    assert.deepEqual(given, new Set(bad));
    assert.equal(sent.size, 1000 - bad.length);
    assert.ok(requests <= 80, `${requests} requests for ${bad.join(' ')}`);
  };
  for (const bad of hostile) check(bad);
  fc.assert(fc.property(fc.uniqueArray(fc.nat(999), { minLength: 7, maxLength: 7 }), check), {
    numRuns: 500,
    seed: 7,
  });
});

test('where the answer names the bad event each costs one request, and all others leave in one', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(999), { minLength: 1, maxLength: 7 }), (bad) => {
      const { given, sent, requests } = played(1000, new Set(bad), () => 'naming');
      assert.deepEqual(given, new Set(bad));
      assert.equal(sent.size, 1000 - bad.length);
      assert.equal(requests, bad.length + 1);
    }),
    { numRuns: 200, seed: 8 },
  );
});

test('answers that name some events and not others end the same way', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.nat(299), { maxLength: 12 }),
      fc.infiniteStream(fc.constantFrom('naming' as const, 'silent' as const)),
      (bad, manner) => {
        const { given, sent } = played(300, new Set(bad), () => manner.next().value);
        assert.deepEqual(given, new Set(bad));
        assert.equal(sent.size, 300 - bad.length);
      },
    ),
    { numRuns: 200, seed: 9 },
  );
});

test('a batch that is refused with nothing bad in it costs requests and no event', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.nat(199), { maxLength: 5 }),
      fc.infiniteStream(fc.integer({ min: 0, max: 4 })),
      (bad, chance) => {
        let freaks = 12;
        const isFreak = (): boolean => freaks > 0 && chance.next().value === 0 && freaks-- > 0;
        const { given, sent } = played(200, new Set(bad), (tested) =>
          tested.length > 1 && isFreak() ? 'refused' : 'silent',
        );
        assert.deepEqual(given, new Set(bad));
        assert.equal(sent.size, 200 - bad.length);
      },
    ),
    { numRuns: 200, seed: 10 },
  );
});

test('what is taken out of a search is in no later test, and the rest still is', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.nat(99), { maxLength: 5 }),
      fc.uniqueArray(fc.nat(99), { maxLength: 40 }),
      fc.nat(12),
      (bad, gone, when) => {
        const { given, sent } = played(
          100,
          new Set(bad),
          () => 'silent',
          (at, request) => (request === when ? without(at, new Set(gone)) : at),
        );
        const out = new Set([...given, ...sent]);
        for (const item of range(100)) assert.ok(out.has(item) || gone.includes(item), `${item} was forgotten`);
        for (const item of given) assert.ok(bad.includes(item));
      },
    ),
    { numRuns: 300, seed: 11 },
  );
});

test('a search of nothing is over, and so is one from which all was taken', () => {
  assert.deepEqual(nextTest(search([])), []);
  assert.deepEqual(nextTest(without(search([1, 2, 3]), new Set([1, 2, 3]))), []);
  assert.deepEqual(nextTest(named(search([1]), 1)), []);
});

/** TikTok's manner with a test: it names a bad event or not, or refuses whatever is in it. */
type Manner = 'naming' | 'silent' | 'refused';

/** A search played to its end against bad events; `between` changes it before the request of that number. */
function played(
  items: number,
  bad: ReadonlySet<number>,
  manner: (tested: readonly number[]) => Manner,
  between: (at: Search<number>, request: number) => Search<number> = (at) => at,
): { given: Set<number>; sent: Set<number>; requests: number } {
  const given = new Set<number>();
  const sent = new Set<number>();
  let at = search(range(items));
  let first = true;
  for (let requests = 0; requests < 3000; requests++) {
    at = between(at, requests);
    const tested = first
      ? range(items).filter((item) => at.bad.includes(item) || at.open.includes(item))
      : nextTest(at);
    if (tested.length === 0) return { given, sent, requests };
    for (const item of tested) assert.ok(!given.has(item) && !sent.has(item), `${item} was already settled`);
    const found = tested.filter((item) => bad.has(item));
    const how = manner(tested);
    if (how !== 'refused' && found.length === 0) {
      for (const item of tested) sent.add(item);
      at = after(at, tested, 'accepted');
    } else if (how === 'naming') {
      given.add(found[0] ?? assert.fail());
      at = named(at, found[0] ?? assert.fail());
    } else {
      if (tested.length === 1) given.add(tested[0] ?? assert.fail());
      at = first ? at : after(at, tested, 'refused');
    }
    first = false;
  }
  return assert.fail('the search does not end');
}

function range(items: number): number[] {
  return Array.from({ length: items }, (_, item) => item);
}
