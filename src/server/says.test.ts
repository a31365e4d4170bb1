import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOUR, MINUTE } from '../event/time.ts';
import { dispatchRow } from '../store/sample-rows.ts';
import { CLOCK_LIMITS, type Copy } from '../tiktok/clocks.ts';
import { clockWords, differenceSays, forecastSays, legSays } from './says.ts';

/** 3 August 2026, 12:00:00 in Berlin. */
const NOW = Date.UTC(2026, 7, 3, 10);
const clock = clockWords('Europe/Berlin', NOW);

test('a moment of today is told by its time, another by its day, another year by its year too', () => {
  assert.equal(clock(NOW), '12:00:00');
  assert.equal(clock(NOW + 47 * HOUR), '5 Aug 11:00:00');
  assert.equal(clock(Date.UTC(2025, 11, 31, 9)), '31 Dec 2025 10:00:00');
  assert.equal(clock(undefined), '');
});

const table = `
  # first copy  by     asked   after    forecast         words
  -             -      api     0m       willCount        the first one to arrive counts
  now           pixel  api     1m       willMerge        merges copies by this leg until 12:04:00, drops them until 5 Aug 11:00:00
  now           pixel  api     1h       willBeDropped    merged copies by this leg until 12:04:00, drops them until 5 Aug 11:00:00
  now           api    api     1m       willBeDropped    has a copy by this leg: it drops them until 5 Aug 11:00:00
  now           api    pixel   48h      wouldCountTwice  one that arrives now would count again
`;
const UNIT: Record<string, number> = { m: MINUTE, h: HOUR };

for (const line of table.trim().split('\n').slice(1)) {
  const [at, by, leg, after = '', answer, words = ''] = line.trim().split(/\s{2,}/);
  test(`a copy by ${leg} ${after} after one by ${by} ${answer}, and the sentence says until when`, () => {
    const first: Copy | undefined = at === '-' ? undefined : { leg: by as Copy['leg'], at: [NOW, NOW] };
    const now = NOW + Number.parseInt(after, 10) * (UNIT[after.slice(-1)] ?? 0);
    const told = forecastSays(first, leg as Copy['leg'], now, CLOCK_LIMITS, clock);
    assert.equal(told.forecast, answer);
    assert.ok(told.forecastSays.includes(words), told.forecastSays);
  });
}

test('a delay says how long, what for, and until when the page may fire', () => {
  const api = dispatchRow(5, { leg: 'api', state: 'held', why: 'delay', changedAt: NOW, dueAt: NOW + 5000 });
  const pixel = dispatchRow(5, { leg: 'pixel', state: 'held', why: 'awaiting_api' });
  const says = (legs: (typeof api)[]): string => legSays(api, clock, legs, CLOCK_LIMITS.merge);
  const waits = 'Confirmed at 12:00:00; waits 5 s for a repeated webhook, then goes to TikTok';
  assert.equal(says([api, pixel]), `${waits}; the page may fire the pixel until 12:04:05.`);
  assert.equal(says([api]), `${waits}.`);
  assert.equal(says([api, { ...pixel, destination: 'second' }]), `${waits}.`);
  assert.equal(says([api, { ...pixel, state: 'withheld', why: 'page_before_destination' }]), `${waits}.`);
});

test('a kept value is explained by precedence, or else by who told it first', () => {
  const row = { event: 1, field: 'value', seq: 2, kept: '2.00 EUR', told: '1.00 EUR' };
  const precedence = ['webhook', 'server', 'browser'];
  const event = { value: '2.00 EUR' } as const;
  const says = (decidedBy: string, toldBy: 'browser' | 'server', more = {}): string =>
    differenceSays({ ...row, decidedBy }, toldBy, precedence, { ...event, ...more });
  assert.match(says('webhook:bank', 'browser'), /webhook:bank comes before browser\.$/);
  assert.match(says('crm', 'browser'), /crm comes before browser\.$/);
  assert.match(says('browser', 'server'), /browser told it first\.$/);
  assert.match(
    says('server', 'browser', { sendValue: '1.00 EUR' }),
    /TikTok gets 1\.00 EUR, as its first copy had it\.$/,
  );
  assert.match(
    differenceSays({ ...row, decidedBy: 'server' }, undefined, ['server'], event),
    /^Another observation says value 1\.00 EUR; 2\.00 EUR was kept/,
  );
});
