import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SettingsKey } from '../../api/answers.ts';
import { inOrder, keyState } from './key-state.ts';

const key = (id: string, createdAt?: number, endsAt?: number): SettingsKey => ({
  id,
  role: 'server',
  name: id,
  draft: false,
  from: 'operator',
  ...(createdAt === undefined ? {} : { createdAt }),
  ...(endsAt === undefined ? {} : { endsAt }),
});

test('a key is open, ending while its grace runs, and then ended', () => {
  assert.equal(keyState(key('a'), 100), 'open');
  assert.equal(keyState(key('a', 1, 101), 100), 'ending');
  assert.equal(keyState(key('a', 1, 100), 100), 'ended');
});

test('keys that open something come first, the newest first', () => {
  const keys = [key('env'), key('old', 5), key('over', 9, 50), key('new', 8), key('ending', 7, 200)];
  assert.deepEqual(
    inOrder(keys, 100).map(({ id }) => id),
    ['new', 'ending', 'old', 'env', 'over'],
  );
});
