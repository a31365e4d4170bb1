import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { HOUR, MINUTE, SECOND } from '../event/time.ts';
import { answeredWell, openRate, type Rate, type RateLimits, readyAt, spent, throttled } from './rate.ts';

const NOW = Date.UTC(2026, 7, 1, 12);

interface Drained {
  rate: Rate;
  /** requests that were taken, throttles, and the most that were tried in one calendar second */
  taken: number;
  throttles: number;
  most: number;
}

/** A backlog that never ends, at a host that takes `limit` requests a calendar second and answers after `answerMs`. */
function drain(
  limits: RateLimits,
  limit: number,
  ms: number,
  { answerMs = 0, lateMs = 0, offsetMs = 0 } = {},
): Drained {
  let rate = openRate(limits, NOW);
  let now = NOW;
  const counts = new Map<number, number>();
  const answers: { at: number; sentAt: number; ok: boolean }[] = [];
  let [taken, throttles, until] = [0, 0, 0];
  const hear = (upTo: number): void => {
    for (let next = answers[0]; next && next.at <= upTo; next = answers[0]) {
      answers.shift();
      if (next.ok) rate = answeredWell(rate, next.sentAt);
      else if (next.sentAt >= until) {
        throttles++;
        rate = throttled(rate, next.at);
        until = next.at + SECOND;
      }
    }
  };
  while (now < NOW + ms) {
    hear(now);
    const at = Math.max(readyAt(rate, now), until);
    if (at > now) {
      now = Math.min(at + lateMs, answers[0]?.at ?? Number.POSITIVE_INFINITY);
      continue;
    }
    rate = spent(rate, limits, now);
    const second = Math.floor((now + offsetMs) / 1000);
    const count = (counts.get(second) ?? 0) + 1;
    counts.set(second, count);
    if (count <= limit) taken++;
    answers.push({ at: now + answerMs, sentAt: now, ok: count <= limit });
    if (answerMs === 0) hear(now);
  }
  return { rate, taken, throttles, most: Math.max(...counts.values()) };
}

test('a backlog drains at no less than four fifths of what the host takes, with a handful of throttles', () => {
  for (const limit of [5, 20, 100, 700, 5000])
    for (const how of [{}, { answerMs: 80 }, { lateMs: 25 }, { answerMs: 30, lateMs: 20, offsetMs: 333 }]) {
      const ms = 10 * MINUTE;
      const { taken, throttles } = drain({ start: 50, max: 900 }, limit, ms, how);
      const most = (Math.min(limit, 900) * ms) / SECOND;
      assert.ok(taken >= 0.8 * most, `${taken} of ${most} at ${limit}/s ${JSON.stringify(how)}`);
      assert.ok(throttles <= 10, `${throttles} throttles at ${limit}/s ${JSON.stringify(how)}`);
    }
});

test('what was too much is asked for again, more and more rarely', () => {
  const { throttles } = drain({ start: 50, max: 900 }, 20, 12 * HOUR);
  assert.ok(throttles >= 4 && throttles <= 30, `${throttles} throttles in twelve hours`);
});

test('a host that takes more than it did is found out', () => {
  const slow = drain({ start: 50, max: 900 }, 20, MINUTE).rate;
  let rate = slow;
  for (let now = NOW + MINUTE; now < NOW + HOUR; ) {
    const at = readyAt(rate, now);
    if (at > now) {
      now = at;
      continue;
    }
    rate = answeredWell(spent(rate, { start: 50, max: 900 }, now), now);
  }
  assert.ok(slow.perSecond < 20 && rate.perSecond > 100, `${slow.perSecond} then ${rate.perSecond}`);
});

test('it starts below the limit, grows only while it is used up, and never exceeds its setting', () => {
  assert.equal(openRate({ start: 50, max: 20 }, NOW).perSecond, 20);
  const busy = drain({ start: 50, max: 200 }, 10_000, MINUTE);
  assert.equal(busy.rate.perSecond, 200);
  assert.ok(busy.most <= 200 * 1.1 + 1, `${busy.most} in a second`);
  let idle = openRate({ start: 50, max: 200 }, NOW);
  for (let n = 0; n < 100; n++) idle = answeredWell(spent(idle, { start: 50, max: 200 }, NOW + n * SECOND), NOW + n);
  assert.equal(idle.perSecond, 50);
});

test('in no stretch of a second leaves more than the rate and its burst, whatever the clock does', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 300 }),
      fc.array(fc.integer({ min: -2000, max: 400 }), { maxLength: 200 }),
      (perSecond, steps) => {
        const limits = { start: perSecond, max: perSecond };
        let rate = openRate(limits, NOW);
        let now = NOW;
        // Time that has really passed, as a clock that is set back does not tell.
        let passed = 0;
        const left: number[] = [];
        for (const step of steps) {
          now += step;
          passed += Math.max(0, step);
          for (let most = 0; most < 1000 && readyAt(rate, now) === now; most++) {
            rate = spent(rate, limits, now);
            left.push(passed);
          }
          assert.ok(readyAt(rate, now) > now && readyAt(rate, now) <= now + 1000 / perSecond + 1);
        }
        for (const from of left)
          assert.ok(left.filter((at) => at >= from && at < from + SECOND).length <= perSecond * 1.1 + 1 + 1e-6);
      },
    ),
  );
});
