import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { ledgerFile } from './ledger-file.ts';
import { type Narrowed, newestFirst } from './newest-first.ts';
import { upgrade } from './upgrade.ts';

/** Orders that begin alike: so many that they are not collected, and so few that they are. */
const [MANY, FEW] = [21_000, 2_000];

const all: Narrowed = { status: undefined, prefix: undefined, from: undefined, to: undefined, after: undefined };
const after = { createdAt: 100, key: ['many-20003', 'demo'] };
const asked: Narrowed[] = [undefined, 'many-', 'many-2', 'few-', 'few-49', 'nobody'].flatMap((prefix) =>
  [undefined, 'paid', 'lost'].flatMap((status) => [
    { ...all, prefix, status },
    { ...all, prefix, status, after },
    { ...all, prefix, status, from: 50, to: 150 },
    { ...all, prefix, status, from: 50, to: 90, after },
    { ...all, prefix, status, from: 120, after },
    { ...all, prefix, status, after, marks: ['currency JPY', 'shop demo'] },
  ]),
);

test('the keys are the same, whichever way they are found', () => {
  const db = ledger();
  const list = newestFirst(db, 'order', ['order_id', 'shop']);
  const stored = rows(db);
  for (const one of asked) assert.deepEqual(list(one, 20), plainly(stored, one, 20), JSON.stringify(one));
});

test('what is walked is a covering index in its own order; only a few that begin alike are sorted', () => {
  const db = ledger();
  const asking = new Set<string>();
  const watched = {
    prepare(sql: string) {
      if (sql.includes('ORDER BY')) asking.add(sql);
      return db.prepare(sql);
    },
  } as DatabaseSync;
  const list = newestFirst(watched, 'order', ['order_id', 'shop']);
  for (const one of asked) list(one, 20);
  const plans = [...asking].map((sql) => {
    const steps = db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all();
    return steps.map(({ detail }) => String(detail)).join('; ');
  });
  const [walked, collected] = [
    /^SEARCH order USING COVERING INDEX order_(?:created|status) \([^)]*created_at[=>].*\)$/,
    /^SEARCH order USING PRIMARY KEY \(order_id>\? AND order_id<\?\); USE TEMP B-TREE FOR ORDER BY$/,
  ];
  for (const plan of plans) assert.ok(walked.test(plan) || collected.test(plan), plan);
  assert.ok(plans.some((plan) => walked.test(plan)) && plans.some((plan) => collected.test(plan)));
});

/** Some 200 orders of each moment. */
function ledger(): DatabaseSync {
  const db = new DatabaseSync(':memory:');
  upgrade(db, '', ledgerFile, () => undefined);
  const fill = db.prepare(`WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?1)
    INSERT INTO "order" (order_id, shop, status, created_at, marks, doc)
    SELECT ?2 || i, 'demo', CASE i % 3 WHEN 0 THEN 'paid' ELSE 'created' END, i * 7 % 200,
    char(10) || 'shop demo' || char(10) || CASE i % 5 WHEN 0 THEN 'currency JPY' ELSE 'currency JP' END || char(10), '{}' FROM n`);
  fill.run(MANY, 'many-');
  fill.run(FEW, 'few-');
  return db;
}

function rows(db: DatabaseSync): Stored[] {
  return db
    .prepare('SELECT order_id, shop, status, created_at, marks FROM "order"')
    .all()
    .map((row) => ({
      key: [String(row['order_id']), String(row['shop'])],
      status: String(row['status']),
      marks: String(row['marks']).split('\n'),
      at: Number(row['created_at']),
    }));
}

/** The list as one would write it down, without a thought for speed. */
function plainly(stored: readonly Stored[], asked: Narrowed, limit: number): string[][] {
  const { status, prefix = '', marks = [], from = 0, to = 1000, after: last } = asked;
  return stored
    .filter((row) => row.status === (status ?? row.status) && row.key[0]?.startsWith(prefix))
    .filter((row) => marks.every((mark) => row.marks.includes(mark)))
    .filter((row) => row.at >= from && row.at < to)
    .filter((row) => !last || newer({ at: last.createdAt, key: last.key }, row) < 0)
    .sort(newer)
    .slice(0, limit)
    .map(({ key }) => [...key]);
}

interface Placed {
  at: number;
  key: readonly string[];
}

interface Stored extends Placed {
  status: string;
  marks: string[];
}

function newer(a: Placed, b: Placed): number {
  if (a.at !== b.at) return b.at - a.at;
  const [left = '', right = ''] = [a.key[0], b.key[0]];
  return left === right ? 0 : left < right ? 1 : -1;
}
