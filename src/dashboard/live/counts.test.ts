import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LiveCounts } from '../../api/answers.ts';
import { legs, terms } from './counts.ts';

const counts: LiveCounts = {
  asOf: 0,
  timezone: 'UTC',
  specVersion: 1,
  records: 21,
  lag: 6,
  byVerdict: { admitted: 1, paired: 2, duplicate: 3, quarantined: 4, refused: 5 },
  byDoor: [],
  dispatches: [],
};

test('the terms are the verdicts in their order, then lag', () => {
  assert.deepEqual(
    terms(counts).terms.map((term) => `${term.is} ${term.count}`),
    ['admitted 1', 'paired 2', 'duplicate 3', 'quarantined 4', 'refused 5', 'lag 6'],
  );
});

test('the terms add up, or it is told that they do not', () => {
  assert.equal(terms(counts).adds, true);
  assert.deepEqual([terms({ ...counts, records: 22 }).adds, terms({ ...counts, records: 22 }).sum], [false, 21]);
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
