import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ReplayAnswer, ReplayRequest } from '../../api/letters.ts';
import type { Failure } from '../fetch.ts';
import { type Outcome, refusedIn, replayAll } from './replay.ts';

const refusal = (why: string, count: number) => ({ why, says: `${why} it is`, count, ids: [] });
const failure: Failure = { kind: 'unreachable', code: '', what: 'The server does not answer.', fix: '', problems: [] };

test('a replay goes on from part to part, says how far it is, and adds up what was refused', async () => {
  const asked: ReplayRequest[] = [];
  const heard: number[] = [];
  const parts: ReplayAnswer[] = [
    { replayed: 1000, refused: [], dry: false, next: 'a' },
    { replayed: 998, refused: [refusal('clock_passed', 2)], dry: false, next: 'b' },
    { replayed: 7, refused: [refusal('clock_passed', 1), refusal('may_have_fired', 4)], dry: false },
  ];
  const { outcome, failure: failed } = await replayAll(
    { where: { kind: 'dead' } },
    false,
    async (request) => {
      asked.push(request);
      return { ok: true, value: parts[asked.length - 1] as ReplayAnswer };
    },
    ({ replayed }) => heard.push(replayed),
  );
  assert.deepEqual(asked, [
    { where: { kind: 'dead' }, dry: false },
    { where: { kind: 'dead' }, after: 'a', dry: false },
    { where: { kind: 'dead' }, after: 'b', dry: false },
  ]);
  assert.deepEqual(heard, [1000, 1998, 2005]);
  assert.deepEqual(
    outcome.refused.map(({ why, count }) => [why, count]),
    [
      ['clock_passed', 3],
      ['may_have_fired', 4],
    ],
  );
  assert.deepEqual([refusedIn(outcome), failed], [7, undefined]);
});

test('a replay that fails on the way says what was done until then', async () => {
  let n = 0;
  const heard: Outcome[] = [];
  const done = await replayAll(
    { where: {} },
    false,
    async () =>
      ++n === 1 ? { ok: true, value: { replayed: 5, refused: [], dry: false, next: 'a' } } : { ok: false, failure },
    (soFar) => heard.push(soFar),
  );
  assert.deepEqual(done, { outcome: { replayed: 5, refused: [] }, failure });
  assert.equal(heard.length, 1);
});
