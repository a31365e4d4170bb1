import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Days } from '../../event/days.ts';
import { DAY, HOUR } from '../../event/time.ts';
import { dayStart } from '../books/days.ts';
import { daySpan, dayText, readDay } from './day-span.ts';

test('days begin where the calendar of their zone says, at changes of the clock too', () => {
  const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Africa/Cairo'];
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.integer({ min: 18_000, max: 21_000 }),
      fc.nat(20),
      (zone, first, more) => {
        const span = daySpan(zone, first, first + more);
        assert.deepEqual(
          [...span.starts, span.end],
          [...span.starts, span.end].sort((a, b) => a - b),
        );
        for (const [n, start] of span.starts.entries()) assert.equal(start, dayStart(dayText(first + n), zone));
        assert.equal(span.end, dayStart(dayText(first + more + 1), zone));
      },
    ),
    { numRuns: 60 },
  );
});

test('every moment of a day is counted on that day', () => {
  const days = new Days('Europe/Berlin');
  // The clocks go back on 2026-10-25: the day has 25 hours.
  const first = readDay('2026-10-25') ?? 0;
  const { starts, end } = daySpan('Europe/Berlin', first, first);
  assert.equal(end - (starts[0] ?? 0), 25 * HOUR);
  assert.deepEqual([days.of(starts[0] ?? 0), days.of(end - 1), days.of(end)], [first, first, first + 1]);
});

test('a day that a zone left out is as long as nothing', () => {
  // Samoa went over the date line and had no 30th of December.
  const day = readDay('2011-12-30') ?? 0;
  const { starts, end } = daySpan('Pacific/Apia', day, day);
  assert.equal(end, starts[0]);
});

for (const [text, day] of [
  ['2026-11-22', Date.UTC(2026, 10, 22) / DAY],
  ['2026-02-29', undefined],
  ['2026-13-01', undefined],
  ['2026-1-1', undefined],
  ["2026-11-22'", undefined],
  ['', undefined],
] as const)
  test(`${JSON.stringify(text)} is ${day === undefined ? 'no day' : 'a day'}`, () => assert.equal(readDay(text), day));
