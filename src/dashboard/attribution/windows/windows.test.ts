import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ageAt, cameBy } from './lag.ts';
import { extremes } from './places.ts';
import { shortNames } from './windows-words.ts';

const points = [
  { ageMs: 1000, share: 0.2, low: 0.1, high: 0.3 },
  { ageMs: 5000, share: 0.5, low: 0.4, high: 0.6 },
];

test('a curve is read at an age and at a share', () => {
  assert.equal(cameBy(points, 999), undefined);
  assert.equal(cameBy(points, 4999)?.share, 0.2);
  assert.equal(cameBy(points, 1e9)?.share, 0.5);
  assert.equal(ageAt(points, 0.5), 5000);
  assert.equal(ageAt(points, 0.9), undefined);
});

test('windows are named by what they differ in', () => {
  const at = (click: string, view: string) => ({ click, engagedView: '1d', view });
  assert.deepEqual(shortNames([at('7d', '1d'), at('1d', '1d')]), ['click 7d', 'click 1d']);
  assert.deepEqual(shortNames([at('7d', 'off'), at('1d', '1d')]), ['click 7d, view off', 'click 1d, view 1d']);
  assert.deepEqual(shortNames([at('7d', '1d')]), ['click 7d']);
});

test('a campaign has a place under the spec, a highest and a lowest one, and none is the lowest of all', () => {
  assert.deepEqual(extremes([2, 1, 3], 0), { spec: 2, best: { place: 1, window: 1 }, worst: { place: 3, window: 2 } });
  assert.deepEqual(extremes([null, 4, 4], 2), {
    ...{ spec: 4, best: { place: 4, window: 1 } },
    worst: { place: null, window: 0 },
  });
  assert.deepEqual(extremes([], -1), {
    spec: null,
    best: { place: null, window: 0 },
    worst: { place: null, window: 0 },
  });
});
