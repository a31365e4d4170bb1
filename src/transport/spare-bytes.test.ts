import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SpareBytes } from './spare-bytes.ts';

const memories = (taken: readonly Buffer[]): number => new Set(taken.map(({ buffer }) => buffer)).size;

test('memory that was given back is taken again, whole, and by one at a time', () => {
  const spare = new SpareBytes();
  const first = spare.take(50_000);
  spare.give(first.subarray(0, 10));
  const again = spare.take(40_000);
  assert.deepEqual([again.buffer === first.buffer, again.length], [true, first.length]);
  assert.notEqual(spare.take(40_000).buffer, first.buffer);
  spare.give(again);
  const longer = spare.take(70_000);
  assert.ok(longer.length >= 70_000 && longer.buffer !== first.buffer);
  assert.equal(spare.take(60_000).buffer, first.buffer);
});

test('memory that came from elsewhere, or that others have a part of, is not taken in', () => {
  const spare = new SpareBytes();
  const others = [Buffer.alloc(50_000), spare.take(100), Buffer.from('{}')];
  for (const one of others) spare.give(one);
  const taken = spare.take(50_000);
  assert.ok(others.every(({ buffer }) => buffer !== taken.buffer));
});

test('no more is kept than some megabytes', () => {
  const spare = new SpareBytes();
  const before = Array.from({ length: 50 }, () => spare.take(1_000_000));
  for (const one of before) spare.give(one);
  const after = Array.from({ length: 50 }, () => spare.take(1_000_000));
  assert.equal(memories(after), 50);
  assert.equal(memories([...before, ...after]), 50 + 50 - Math.floor(32_000_000 / 2 ** 20));
});
