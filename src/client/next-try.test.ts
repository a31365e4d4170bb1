import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextTry, retryAfterMs } from './next-try.ts';

const LIMITS = { firstRetryMs: 500, ceilingMs: 30_000, giveUpMs: 600_000 };

const table = `
  # tries  since   asked   chance  waits
  1        0       -       1       500
  1        0       -       0       250
  2        500     -       1       1000
  4        3500    -       0.5     3000
  9        99999   -       1       30000
  999      99999   -       1       30000
  1        0       7000    1       7000
  1        0       100     1       500
  3        599000  -       1       -
  1        0       600001  1       -
`;
for (const row of table.split('\n').filter((line) => /^ +\d/.test(line))) {
  const [tries = '', since = '', asked = '', chance = '', waits = ''] = row.trim().split(/ +/);
  test(`after ${tries} tries in ${since} ms, asked to wait ${asked}, chance ${chance}: ${waits}`, () => {
    const afterMs = asked === '-' ? undefined : Number(asked);
    const found = nextTry(Number(tries), Number(since), afterMs, LIMITS, Number(chance));
    assert.equal(found, waits === '-' ? undefined : Number(waits));
  });
}

test('Retry-After is seconds or a date, never more than five minutes, and nonsense is nothing', () => {
  const now = Date.UTC(2026, 7, 1, 12);
  for (const [header, ms] of [
    ['7', 7000],
    [' 0 ', 0],
    ['99999', 300_000],
    ['Sat, 01 Aug 2026 12:00:10 GMT', 10_000],
    ['Sat, 01 Aug 2026 11:00:00 GMT', 0],
    ['soon', undefined],
    [null, undefined],
  ] as const)
    assert.equal(retryAfterMs(header, now), ms, String(header));
});
