import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DAY, HOUR, MINUTE, SECOND } from '../event/time.ts';
import { readTime } from './when.ts';

const NOW = Date.UTC(2026, 7, 1, 12);
const LIMITS = { warnAge: 7 * DAY, clockTolerance: 30 * SECOND };
const YEARS = 10 * 366 * DAY;

test('an event’s time is corrected by what its sender’s clock is wrong by', () => {
  for (const [toldAgo, sentAgo, ago, notes] of [
    // The clock is right, or nearly: the request was under way.
    [HOUR, 0, HOUR, []],
    [HOUR, 30 * SECOND, HOUR, []],
    [HOUR, undefined, HOUR, []],
    // It is behind, and the event waited an hour in the page.
    [3 * HOUR, 2 * HOUR, HOUR, ['clock_corrected']],
    // It is ahead: the event seems to be in the future, or younger than it is.
    [-2 * HOUR, -2 * HOUR, 0, ['clock_corrected']],
    [-1 * HOUR, -2 * HOUR, HOUR, ['clock_corrected']],
    // An old clock tells how old an event is all the same.
    [YEARS + MINUTE, YEARS, MINUTE, ['clock_corrected']],
    [-YEARS + MINUTE, -YEARS, MINUTE, ['clock_corrected']],
    // What is far from both is no clock: milliseconds, zero.
    [HOUR, NOW - NOW * 1000, HOUR, ['clock_unreadable']],
    [HOUR, NOW, HOUR, ['clock_unreadable']],
    // After the correction the ordinary rules hold.
    [8 * DAY + 2 * HOUR, 2 * HOUR, 8 * DAY, ['clock_corrected', 'old']],
    [2 * HOUR - MINUTE, 2 * HOUR, 0, ['clock_corrected', 'time_in_future']],
    [-HOUR, 0, 0, ['time_in_future']],
  ] as const) {
    const sentAt = sentAgo === undefined ? undefined : (NOW - sentAgo) / 1000;
    const read = readTime((NOW - toldAgo) / 1000, NOW, LIMITS, sentAt);
    assert.deepEqual([NOW - read.at, read.notes], [ago, notes], `${toldAgo} ${sentAgo}`);
    assert.equal(read.told, ago === toldAgo ? undefined : NOW - toldAgo);
  }
});

test('a device whose clock was never set still tells when', () => {
  const boot = Date.UTC(1970, 0, 1, 0, 5) / 1000;
  const read = readTime(boot, NOW, LIMITS, boot + 60);
  assert.deepEqual([NOW - read.at, read.problems], [MINUTE, []]);
});

test('whatever is told, the time is readable and never after the receipt, or a problem says why', () => {
  const time = fc.oneof(fc.double(), fc.string(), fc.date().map(String), fc.integer({ min: 0, max: 4e9 }));
  fc.assert(
    fc.property(
      time,
      fc.option(fc.oneof(fc.double(), fc.integer({ min: 0, max: 4e9 })), { nil: undefined }),
      (told, sent) => {
        const { at, problems } = readTime(told, NOW, LIMITS, sent);
        assert.ok(Number.isFinite(at) && at <= NOW);
        for (const { code, fix } of problems) assert.ok(code.startsWith('time_') && fix !== '');
      },
    ),
    { numRuns: 2000, seed: 6 },
  );
});
