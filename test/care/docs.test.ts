import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { RETENTION_EMPTIES } from '../../src/store/care/stores.ts';

test('the columns that retention empties are those of the documentation', () => {
  const text = readFileSync(join(import.meta.dirname, '../../docs/store.md'), 'utf8');
  const [, part = ''] = text.split('## What retention empties\n');
  const listed = [...(part.split('\n## ')[0] ?? '').matchAll(/^\| `([^`]+)` \|/gm)].map(([, column]) => column);
  assert.deepEqual(listed, [...RETENTION_EMPTIES]);
});
