import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Days } from './days.ts';
import { DAY } from './time.ts';

const ZONES = [
  ...['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Pacific/Apia'],
  ...['Pacific/Chatham', 'America/St_Johns', 'Africa/Casablanca', 'Asia/Tehran'],
];

/** The day as the calendar of the zone shows it. */
function shown(at: number, timeZone: string): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(at);
}

const edges: [timezone: string, at: string, day: string][] = [
  ['Europe/Berlin', '2026-10-24T21:59:59.999Z', '2026-10-24'],
  ['Europe/Berlin', '2026-10-24T22:00:00.000Z', '2026-10-25'],
  ['Europe/Berlin', '2026-10-25T22:59:59.999Z', '2026-10-25'],
  ['Europe/Berlin', '2026-10-25T23:00:00.000Z', '2026-10-26'],
  ['America/New_York', '2026-03-08T04:59:59.999Z', '2026-03-07'],
  ['America/New_York', '2026-03-09T03:59:59.999Z', '2026-03-08'],
  ['Pacific/Apia', '2011-12-30T09:59:59.999Z', '2011-12-29'],
  ['Pacific/Apia', '2011-12-30T10:00:00.000Z', '2011-12-31'],
  ['UTC', '1969-12-31T23:59:59.999Z', '1969-12-31'],
];
for (const [timezone, at, day] of edges)
  test(`${at} is ${day} in ${timezone}`, () => {
    const number = new Days(timezone).of(Date.parse(at));
    assert.equal(new Date(number * DAY).toISOString().slice(0, 10), day);
  });

test('a day is the one that the zone’s calendar shows, whatever was asked before', () => {
  const instants = fc.array(fc.integer({ min: Date.UTC(1975), max: Date.UTC(2035) }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(instants, fc.constantFrom(...ZONES), (told, timezone) => {
      const days = new Days(timezone);
      for (const at of told)
        assert.equal(new Date(days.of(at) * DAY).toISOString().slice(0, 10), shown(at, timezone), `${at} ${timezone}`);
    }),
  );
});
