import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { CopyAt, Leg } from '../event/event.ts';
import { HOUR, MINUTE, SECOND } from '../event/time.ts';
import { CLOCK_LIMITS, type Copy, earliest, forecast, mayLeave } from './clocks.ts';

const api = (from: number, to = from): Copy => ({ leg: 'api', at: [from, to] });

test('what TikTok does with a copy, at the edges of its clocks', () => {
  for (const [first, leg, now, answer] of [
    [undefined, 'api', 0, 'willCount'],
    [undefined, 'pixel', 0, 'willCount'],
    [api(0), 'pixel', 0, 'willMerge'],
    [api(0), 'pixel', 4 * MINUTE, 'willMerge'],
    [api(0), 'pixel', 4 * MINUTE + 1, 'unknown'],
    [api(0), 'pixel', 5 * MINUTE, 'unknown'],
    [api(0), 'pixel', 5 * MINUTE + 1, 'willBeDropped'],
    [api(0), 'pixel', 47 * HOUR, 'willBeDropped'],
    [api(0), 'pixel', 47 * HOUR + 1, 'wouldCountTwice'],
    [api(0), 'api', 0, 'willBeDropped'],
    [api(0), 'api', 47 * HOUR, 'willBeDropped'],
    [api(0), 'api', 47 * HOUR + 1, 'wouldCountTwice'],
    [api(10), 'api', 9, 'unknown'],
    // The first arrival lies somewhere between 0 and one minute.
    [api(0, MINUTE), 'pixel', 4 * MINUTE, 'willMerge'],
    [api(0, MINUTE), 'pixel', 6 * MINUTE, 'unknown'],
    [api(0, MINUTE), 'pixel', 6 * MINUTE + 1, 'willBeDropped'],
    [api(0, HOUR), 'pixel', 47 * HOUR + 1, 'wouldCountTwice'],
  ] as const)
    assert.equal(forecast(first, leg, now, CLOCK_LIMITS), answer, JSON.stringify([first, leg, now]));
});

test('a copy may leave in every case but a second count', () => {
  assert.deepEqual((['willCount', 'willMerge', 'willBeDropped', 'wouldCountTwice', 'unknown'] as const).map(mayLeave), [
    true,
    true,
    true,
    false,
    true,
  ]);
});

test('no promise is broken, wherever in its interval the first copy arrived', () => {
  const moment = fc.integer({ min: 0, max: 3 * 24 * HOUR });
  const legs = fc.constantFrom<Leg>('api', 'pixel');
  fc.assert(
    fc.property(
      moment,
      fc.integer({ min: 0, max: HOUR }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      legs,
      legs,
      moment,
      (from, long, part, first, leg, wait) => {
        const arrived = from + long * part;
        const now = from + long + wait;
        const answer = forecast({ leg: first, at: [from, from + long] }, leg, now, CLOCK_LIMITS);
        const age = now - arrived;
        assert.notEqual(answer, 'willCount');
        if (answer === 'willMerge') assert.ok(age <= 5 * MINUTE && leg !== first);
        if (answer === 'willBeDropped') assert.ok(age <= 48 * HOUR && (leg === first || age > 5 * MINUTE));
        if (mayLeave(answer)) assert.ok(age <= 48 * HOUR, 'a copy that leaves is never counted again');
      },
    ),
    { numRuns: 2000, seed: 3 },
  );
});

test('of two intervals the earlier arrival may be anywhere before the earlier end', () => {
  for (const [a, b, both] of [
    [undefined, [5, 9], [5, 9]],
    [
      [1, 3],
      [5, 9],
      [1, 3],
    ],
    [
      [5, 9],
      [1, 3],
      [1, 3],
    ],
    [
      [1, 9],
      [3, 5],
      [1, 5],
    ],
  ] as [CopyAt | undefined, CopyAt, CopyAt][])
    assert.deepEqual(earliest(a, b), both);
  assert.ok(CLOCK_LIMITS.merge < 5 * MINUTE - 30 * SECOND && CLOCK_LIMITS.drop < 48 * HOUR);
});
