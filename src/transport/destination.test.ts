import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY, MINUTE, SECOND } from '../event/time.ts';
import { type Reading, read } from '../tiktok/answer.ts';
import { type DestinationState, HEALTHY, renewed, settled, toldOf, tried } from './destination.ts';

const NOW = Date.UTC(2026, 7, 1, 12);
const coded = (code: number, events = 1): Reading[] =>
  read(
    { kind: 'http', status: 200, body: JSON.stringify({ code, message: 'm' }) },
    Array.from({ length: events }, (_, n) => `e-${n}`),
  );
const YES = coded(0);
const THROTTLED = coded(40100);
const NO_TOKEN = coded(40105);
const REFUSED = coded(40002);
const BATCH = coded(40002, 2);
const BUSY = coded(50000);
const CUT = read({ kind: 'unanswered', why: 'cut' }, ['e']);
const AWAY = read({ kind: 'unsent', why: 'ECONNREFUSED' }, ['e']);

/** Answers one after the other, each to a request that leaves as soon as the destination takes one. */
function after(answers: readonly Reading[][], old: DestinationState = HEALTHY, chance = 1): DestinationState {
  let now = NOW;
  return answers.reduce((state, answer) => {
    now = Math.max(now, state.until);
    return settled(tried(state), answer, now, now, chance);
  }, old);
}

const times = <T>(count: number, one: T): T[] => Array.from({ length: count }, () => one);

test('where answers lead a destination', () => {
  for (const [name, answers, state, why] of [
    ['a yes', [YES], 'healthy', ''],
    ['a throttle', [THROTTLED], 'throttled', '40100 m'],
    ['a yes after it', [THROTTLED, YES], 'healthy', ''],
    ['a wrong token', [NO_TOKEN], 'paused', '40105 m'],
    ['a yes after it', [NO_TOKEN, NO_TOKEN, YES], 'healthy', ''],
    ['four failures', [BUSY, CUT, AWAY, BUSY], 'healthy', ''],
    ['five', [BUSY, CUT, AWAY, BUSY, CUT], 'open', 'no_answer cut'],
    ['a yes between them', [BUSY, CUT, AWAY, BUSY, YES, CUT], 'healthy', ''],
    ['a refusal between them', [BUSY, CUT, AWAY, BUSY, REFUSED, CUT], 'healthy', ''],
    ['one more failure', [...times(6, CUT)], 'open', 'no_answer cut'],
    ['a refused batch, half open', [...times(5, CUT), BATCH], 'halfOpen', 'no_answer cut'],
    ['a yes, half open', [...times(9, CUT), YES], 'healthy', ''],
    ['19 refused alone', times(19, REFUSED), 'healthy', ''],
    ['20 refused alone', times(20, REFUSED), 'open', 'refuses_everything'],
    ['20 with a yes between', [...times(19, REFUSED), YES, REFUSED], 'healthy', ''],
    ['20 with failures between', [...times(19, REFUSED), CUT, CUT, REFUSED], 'open', 'refuses_everything'],
    ['refused again', times(21, REFUSED), 'open', 'refuses_everything'],
    ['no answer then', [...times(21, REFUSED), CUT], 'open', 'refuses_everything'],
    ['a yes then', [...times(21, REFUSED), YES], 'healthy', ''],
    ['a throttle in a pause', [NO_TOKEN, THROTTLED], 'throttled', '40100 m'],
  ] as const) {
    const end = after(answers);
    assert.deepEqual([end.state, end.why], [state, why], name);
  }
});

test('a throttle rests until the next second, then five minutes, then until midnight UTC', () => {
  const waits = [1, 2, 3].map((count) => after(times(count, THROTTLED)).until - NOW);
  assert.deepEqual(waits, [SECOND, SECOND + 5 * MINUTE, DAY / 2]);
});

test('the breaker waits from one second to five minutes, doubling, half of it by chance', () => {
  for (const [chance, waits] of [
    [1, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]],
    [0, [0.5, 1, 2, 4, 8, 16, 32, 64, 128, 150, 150]],
  ] as const) {
    const untils = waits.map((_, n) => after(times(5 + n, CUT), HEALTHY, chance).until);
    const gaps = untils.map((until, n) => (until - (untils[n - 1] ?? NOW)) / SECOND);
    assert.deepEqual(gaps, [...waits]);
  }
});

test('an answer to a request that left before the rest began says nothing new', () => {
  for (const state of [after([THROTTLED]), after([NO_TOKEN]), after(times(5, CUT))])
    for (const answer of [THROTTLED, NO_TOKEN, CUT, YES])
      assert.equal(settled(state, answer, state.until - 1, NOW + SECOND, 1), state);
});

test('a pause ends at once where the token’s source has changed, and nothing else does', () => {
  const paused = after([NO_TOKEN]);
  assert.deepEqual([renewed(paused, NOW + 5).until, renewed(paused, NOW + 5).state], [NOW + 5, 'paused']);
  const throttled = after([THROTTLED, THROTTLED]);
  assert.equal(renewed(throttled, NOW), throttled);
});

test('a person hears of each trouble once, and of its end', () => {
  for (const [name, answers, told] of [
    ['a throttle that is over in a second', [THROTTLED, YES], []],
    ['a long one', [THROTTLED, THROTTLED, YES], ['is throttled: 40100 m', 'is healthy']],
    ['a pause', [NO_TOKEN, NO_TOKEN, YES], ['is paused: 40105 m', 'is healthy']],
    ['a breaker', [...times(12, CUT), YES], ['is not answering: no_answer cut', 'is healthy']],
    ['refusals', [...times(30, REFUSED), YES], ['is refusing all events: refuses_everything', 'is healthy']],
  ] as const) {
    const heard: string[] = [];
    let state = HEALTHY;
    for (const answer of answers) {
      const next = after([answer], state);
      const what = toldOf(state, next);
      if (what !== undefined) heard.push(what);
      state = next;
    }
    assert.deepEqual(heard, told, name);
  }
});
