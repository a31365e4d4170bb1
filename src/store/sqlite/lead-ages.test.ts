import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { ageReader } from './lead-ages.ts';
import { ledgerFile } from './ledger-file.ts';
import { newestFirst } from './newest-first.ts';
import { upgrade } from './upgrade.ts';

test('ages are counted from an index, and lists of an age walk one, without reading a document', () => {
  const db = new DatabaseSync(':memory:');
  upgrade(db, '', ledgerFile, () => undefined);
  const asked: string[] = [];
  const watched = {
    prepare(sql: string) {
      asked.push(sql);
      return db.prepare(sql);
    },
  } as DatabaseSync;
  ageReader(watched, () => [])(100, [10, 20]);
  const list = newestFirst(watched, 'lead', ['lead_id']);
  const all = { prefix: undefined, from: undefined, to: undefined, after: undefined };
  for (const status of [undefined, 'new']) list({ ...all, status, changed: { from: 5, to: 9 } }, 10);
  const plans = asked
    .filter((sql) => sql.includes('changed_at'))
    .map((sql) => String(db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all()[0]?.['detail']));
  assert.deepEqual(
    plans.map((plan) => plan.replace(/ \(.*/, '')),
    ['changed', 'created', 'status'].map((index) => `SEARCH lead USING COVERING INDEX lead_${index}`),
  );
});
