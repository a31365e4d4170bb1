import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { defaultSpec } from '../spec/default.ts';
import { memoryLedger } from '../store/memory/ledger.ts';
import { effectsOf, eventRow, findingRow, verdictRow } from '../store/sample-rows.ts';
import { findingFix } from './finding-fixes.ts';
import { readNotices } from './notices.ts';

const spec = defaultSpec();

test('a difference is told with its time, both values, which was kept and why', async () => {
  const ledger = memoryLedger();
  await ledger.commit(
    effectsOf({
      events: [eventRow(4, { name: 'Purchase', orderId: '10045' })],
      verdicts: [verdictRow(9, { door: 'browser', at: 5_000 })],
      differences: [{ event: 4, field: 'value', seq: 9, kept: '59.90 EUR', told: '58.00 EUR', decidedBy: 'server' }],
    }),
    9,
  );
  const { differences } = await readNotices(ledger, () => spec);
  assert.deepEqual(differences, [
    {
      seq: 9,
      at: 5_000,
      event: 'Purchase',
      field: 'value',
      kept: '59.90 EUR',
      told: '58.00 EUR',
      says: "browser says value 58.00 EUR; 59.90 EUR was kept, because in the spec's precedence server comes before browser.",
      trace: '10045',
    },
  ]);
});

test('a finding comes with what to do and the way to its subject', async () => {
  const ledger = memoryLedger();
  const findings = [
    findingRow('a', { check: 'order_clash', subject: 'order a b/1', lastSeenAt: 9 }),
    findingRow('b', { check: 'dispatch_impossible', subject: 'dispatch 4/main/api', lastSeenAt: 8 }),
    findingRow('c', { check: 'foreign_pixel', subject: 'event Purchase', lastSeenAt: 7 }),
  ];
  await ledger.commit(effectsOf({ findings }), 1);
  const told = (await readNotices(ledger, () => spec)).findings;
  assert.deepEqual(
    told.map(({ trace }) => trace),
    ['a b/1', undefined, undefined],
  );
  assert.match(told[0]?.fix ?? '', /one id/);
});

test('every check of admission has words of its own for what to do', () => {
  const folder = join(import.meta.dirname, '../admission');
  const checks = globSync('*.ts', { cwd: folder, exclude: (name) => name.endsWith('.test.ts') }).flatMap((file) =>
    [...readFileSync(join(folder, file), 'utf8').matchAll(/\.finding\(\s*'(\w+)'/g)].map(([, check]) => check ?? ''),
  );
  assert.ok(checks.length > 0);
  assert.deepEqual(
    checks.filter((check) => findingFix(check) === findingFix('')),
    [],
  );
});
