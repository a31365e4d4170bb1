import assert from 'node:assert/strict';
import { test } from 'node:test';
import { restMs } from './pace.ts';

for (const [stepMs, rest] of [
  [0, 1000],
  [30, 1000],
  [1000, 1000],
  [8000, 8000],
  [600_000, 60_000],
] as const)
  test(`after a transaction of ${stepMs} ms attribution rests for ${rest} ms`, () => {
    assert.equal(restMs(stepMs), rest);
  });
