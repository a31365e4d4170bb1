import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LiveCounts } from '../../api/answers.ts';
import { equation, legs } from './counts.ts';

const counts: LiveCounts = {
  asOf: 0,
  timezone: 'UTC',
  specVersion: 1,
  records: 21,
  lag: 6,
  lagMs: 400,
  overdueMs: 0,
  drafts: { records: 0, byVerdict: {} },
  byVerdict: { admitted: 1, paired: 2, duplicate: 3, quarantined: 4, refused: 5 },
  byDoor: [
    { door: 'answer', total: 1, byVerdict: { admitted: 1 } },
    { door: 'browser', total: 14, byVerdict: { paired: 2, duplicate: 3, quarantined: 4, refused: 5 } },
  ],
  dispatches: [],
};
const words = (withOurs: boolean): string[] =>
  equation(counts, withOurs).terms.map((term) => `${term.is} ${term.count}`);

test('the terms are the verdicts in their order, then lag', () => {
  assert.deepEqual(words(true), ['admitted 1', 'paired 2', 'duplicate 3', 'quarantined 4', 'refused 5', 'lag 6']);
});

test('without our own records the equation holds all the same', () => {
  const { records, terms, ours } = equation(counts, false);
  assert.deepEqual(words(false), ['admitted 0', 'paired 2', 'duplicate 3', 'quarantined 4', 'refused 5', 'lag 6']);
  assert.deepEqual([records, ours], [20, 1]);
  assert.equal(
    terms.reduce((sum, { count }) => sum + count, 0),
    records,
  );
});

test('the terms add up, or it is told that they do not', () => {
  assert.equal(equation(counts, true).adds, true);
  const wrong = equation({ ...counts, records: 22 }, false);
  assert.deepEqual([wrong.adds, wrong.sum], [false, 21]);
});

test('dispatches stand by leg, with their states in the order of a life', () => {
  const rows: LiveCounts['dispatches'] = [
    { destination: 'main', leg: 'pixel', state: 'unknown', count: 4 },
    { destination: 'main', leg: 'api', state: 'dead', count: 1 },
    { destination: 'main', leg: 'api', state: 'held', count: 2 },
    { destination: 'main', leg: 'api', state: 'queued', count: 0 },
  ];
  assert.deepEqual(legs(rows), [
    {
      destination: 'main',
      leg: 'api',
      total: 3,
      states: [
        { state: 'held', count: 2 },
        { state: 'dead', count: 1 },
      ],
    },
    { destination: 'main', leg: 'pixel', total: 4, states: [{ state: 'unknown', count: 4 }] },
  ]);
});
