import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { WAREHOUSE_FORGETS } from '../../src/store/care/compare-warehouses.ts';
import { RETENTION_EMPTIES } from '../../src/store/care/stores.ts';

test('the columns that retention empties, in ledger and warehouse, are those of the documentation', () => {
  const text = readFileSync(join(import.meta.dirname, '../../docs/store.md'), 'utf8');
  const [, part = ''] = text.split('## What retention empties\n');
  const listed = [...(part.split('\n## ')[0] ?? '').matchAll(/^\| `([^`]+)` \|/gm)].map(([, column]) => column);
  assert.deepEqual(listed, [...RETENTION_EMPTIES, ...WAREHOUSE_FORGETS]);
});
