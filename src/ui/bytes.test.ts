import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesText } from './bytes.ts';

test('a size is told in the largest unit that keeps it above one', () => {
  assert.deepEqual([0, 512, 4096, 1_400_000_000, 2 ** 60].map(bytesText), [
    '0 bytes',
    '512 bytes',
    '4.0 KiB',
    '1.3 GiB',
    '1048576.0 TiB',
  ]);
});
