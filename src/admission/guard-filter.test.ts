import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { GuardFilter, GuardPast, PAST_DAYS } from './guard-filter.ts';

const word = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const keys = fc.array(
  fc.tuple(word, word, word, word).map((words) => Uint32Array.from(words)),
  { minLength: 1, maxLength: 300 },
);

test('a filter never says no of a key that was added, however many were foreseen', () => {
  fc.assert(
    fc.property(keys, fc.integer({ min: 0, max: 5000 }), (added, foreseen) => {
      const filter = new GuardFilter(foreseen);
      for (const key of added) filter.add(key);
      assert.ok(added.every((key) => filter.has(key)));
    }),
    { seed: 7 },
  );
});

test('a filter takes two bytes a key, and when it is full it still says no to nearly all others', () => {
  const filter = new GuardFilter(50_000);
  const next = randomKeys();
  for (let n = 0; n < 50_000; n++) {
    assert.equal(filter.isFull, false);
    filter.add(next());
  }
  assert.ok(filter.isFull);
  assert.ok(Math.abs(filter.bytes - 100_000) <= 64);
  let wrong = 0;
  for (let n = 0; n < 100_000; n++) if (filter.has(next())) wrong++;
  assert.ok(wrong < 300, `${wrong} of 100,000`);
});

test('no id of the last four weeks is lost, in whatever order days come and whatever was foreseen', () => {
  const day = fc.integer({ min: 100 - PAST_DAYS + 1, max: 100 });
  fc.assert(
    fc.property(fc.array(fc.tuple(keys, day, fc.integer({ min: 0, max: 500 })), { maxLength: 12 }), (told) => {
      const past = new GuardPast();
      for (const [added, at, perDay] of told) for (const key of added) past.add(key, at, perDay);
      past.forget(100);
      for (const [added] of told) assert.ok(added.every((key) => past.has(key, 100)));
    }),
    { seed: 8, numRuns: 50 },
  );
});

test('ids of more than four weeks ago are let go', () => {
  const past = new GuardPast();
  const next = randomKeys();
  const key = next();
  past.add(key, 100, 10);
  assert.deepEqual([past.has(key, 100 + PAST_DAYS - 1), past.has(key, 100 + PAST_DAYS)], [true, false]);
  past.forget(100 + PAST_DAYS);
  assert.equal(past.bytes, 0);
});

test('memory has an end: the oldest ids go first, and many more ids than foreseen need few filters', () => {
  const past = new GuardPast(2 ** 16);
  const next = randomKeys();
  const byDay = Array.from({ length: 28 }, (_, day) => {
    const added = Array.from({ length: 3000 }, next);
    for (const key of added) past.add(key, day, 1);
    return added;
  });
  assert.ok(past.bytes <= 2 ** 16);
  const known = byDay.map((added) => added.filter((key) => past.has(key, 27)).length);
  assert.equal(known[27], 3000);
  assert.ok((known[0] ?? 0) < 300, `${known[0]} of the first day’s`);
});

/** Keys from a seed, spread as fingerprints are. */
function randomKeys(): () => Uint32Array {
  let state = 12345;
  const random = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  return () => Uint32Array.of(random(), random(), random(), random());
}
