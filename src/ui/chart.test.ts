import assert from 'node:assert/strict';
import { test } from 'node:test';
import { areaPath, countScale, logScale, stepPath } from './chart.ts';

test('a scale of counts ends at the next round number, and is never empty', () => {
  for (const [values, ticks] of [
    [[], [0, 1]],
    [[0], [0, 1]],
    [[2], [0, 1, 2]],
    [
      [3, 4],
      [0, 5],
    ],
    [[11], [0, 10, 20]],
    [[480], [0, 250, 500]],
    [[500], [0, 250, 500]],
    [[12_001], [0, 10_000, 20_000]],
  ] as const)
    assert.deepEqual(countScale(values).ticks, ticks, String(values));
  assert.equal(countScale([40]).height(25), 0.5);
});

test('a scale by orders of magnitude lies between the marks around its values', () => {
  const marks = [10, 100, 1000, 10_000];
  for (const [values, ticks] of [
    [[], []],
    [[50], [10, 100]],
    [[10], [10, 100]],
    [[100], [10, 100]],
    [[101], [100, 1000]],
    [
      [200, 1000],
      [100, 1000],
    ],
    [[5, 90_000], marks],
    [
      [90_000, 90_000],
      [1000, 10_000],
    ],
  ] as const)
    assert.deepEqual(logScale(values, marks).ticks, ticks, String(values));
  const scale = logScale([20, 900], marks);
  assert.deepEqual([scale.height(10), scale.height(100), scale.height(1000), scale.height(5000)], [0, 0.5, 1, 1]);
});

test('a line goes in steps and breaks where nothing is known', () => {
  const points = [1, 2, undefined, 2].map((value, at) => ({ at, values: [value] }));
  assert.equal(stepPath(points, 0, countScale([2]), 10), 'M0 5H1V0H2M3 0H4');
  assert.equal(areaPath(points, 0, countScale([2]), 10), 'M0 10V5H1V10ZM1 10V0H2V10ZM3 10V0H4V10Z');
  assert.equal(stepPath([], 0, countScale([]), 10), '');
});
