import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openCarries } from './carry.ts';

test('ten thousand tokens are held at once; the oldest makes room', () => {
  const carries = openCarries(() => 0);
  const ids = { visitor: 'v', session: 's' };
  const tokens = Array.from({ length: 10_001 }, () => carries.give(ids));
  assert.equal(new Set(tokens).size, 10_001);
  assert.equal(carries.take(tokens[0] ?? ''), undefined);
  assert.deepEqual(carries.take(tokens[1] ?? ''), ids);
  assert.deepEqual(carries.take(tokens.at(-1) ?? ''), ids);
});
