import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bandPath, climbPath, logPlace } from './band.ts';

test('places are by orders of magnitude, and what lies outside stands at the end', () => {
  assert.equal(logPlace(10, 1, 100), 0.5);
  for (const [value, place] of [
    [0, 0],
    [1, 0],
    [100, 1],
    [1e9, 1],
  ] as const)
    assert.equal(logPlace(value, 1, 100), place);
});

const points = [
  { x: 0.25, y: 0.5, low: 0.4, high: 0.6 },
  { x: 0.5, y: 1, low: 0.8, high: 1 },
];

test('a curve keeps its height up to the next point', () => {
  assert.equal(climbPath(points, 100), 'M0 100H25V50H50V0H100');
  assert.equal(climbPath([], 100), 'M0 100H100');
});

test('a band runs along its upper ends and back along its lower ones', () => {
  assert.equal(bandPath(points, 100), 'M25 40H50V0H100V20H50V60H25Z');
  assert.equal(bandPath([], 100), '');
});
