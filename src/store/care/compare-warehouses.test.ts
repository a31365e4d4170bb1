import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type ColumnWarehouse, openWarehouse } from '../duckdb/warehouse.ts';
import { inTemporaryFolder } from '../test-folder.ts';
import {
  adReportFact,
  conversionFact,
  creditWrite,
  dispatchFact,
  entryFact,
  eventFact,
  factsOf,
  leadFact,
  linkFact,
  orderFact,
  placeAt,
  reachOf,
  shareOf,
  statementOf,
  touchFact,
} from '../warehouse-samples.ts';
import { compareWarehouses } from './compare-warehouses.ts';

test('two warehouses that say the same are alike, however they came to it', async (t) => {
  const [one, other] = [await filled(t), await filled(t, 3)];
  await other.commit(factsOf({}), placeAt(1), creditWrite(statementOf(2, { role: 'asked' }), [shareOf(1, 2)]));
  assert.deepEqual(await unlike(one, other), []);
  await other.commit(factsOf({}), placeAt(1), creditWrite(statementOf(3, { role: 'past' }), [shareOf(1, 2)]));
  assert.deepEqual(await unlike(one, other, false), []);
  assert.deepEqual((await unlike(one, other)).slice(-1), ['statement 3/past whole']);
});

const changes: [sql: string, found: string][] = [
  ["UPDATE event SET name = 'Other' WHERE seq = 2", 'event 2 name'],
  ['UPDATE conversion SET net = 1 WHERE conversion = 1', 'conversion 1 net'],
  ["UPDATE touch SET visitor = 'other' WHERE touch = 2", 'touch 2 visitor'],
  ["UPDATE link SET last_at = 9 WHERE kind = 'order'", 'link v1/order/o1 last_at'],
  ["UPDATE orders SET status = 'refunded'", 'orders demo/o1 status'],
  ['DELETE FROM entry', 'entry demo/o1/p1 whole'],
  ['UPDATE lead SET steps = 2', 'lead L1 steps'],
  ["UPDATE dispatch SET state = 'dead'", 'dispatch 1/main/api state'],
  ['UPDATE ad_report SET spend = 1', 'ad_report ad/7/2026-08-01/impression spend'],
  ["UPDATE person SET person = 'v0'", 'person v2 person'],
  ['DELETE FROM shared', 'shared email/all whole'],
  ["UPDATE creative SET campaign = 'Other'", 'creative'],
  ["UPDATE statement SET model = 'first'", 'statement 1/standing model'],
  ["UPDATE statement SET role = 'past'", 'statement 1/past whole'],
  ['UPDATE credit SET share = 0.9', 'credit 1/1/1 share'],
  ['UPDATE credit_day SET minor = 1', 'credit_day'],
  ['UPDATE touch_day SET touches = 7', 'touch_day'],
  ['UPDATE reach SET click = 7', 'reach 1 click'],
  ['UPDATE place SET journal_offset = 11', 'place'],
];
for (const [sql, found] of changes)
  test(`a difference is found: ${sql}`, async (t) => {
    const [one, other] = [await filled(t), await filled(t)];
    const db = await other.connect();
    await db.run(sql);
    db.closeSync();
    const [first = ''] = await unlike(one, other);
    assert.ok(first.startsWith(found), first);
  });

test('what retention has taken away in one of them is no difference', async (t) => {
  const [one, other] = [await filled(t), await filled(t)];
  const before = 40 * 86_400_000;
  await other.forget(before);
  assert.deepEqual(await unlike(one, other), []);
  assert.deepEqual(await unlike(other, one), []);
});

test('an error above what sums may differ by is one', async (t) => {
  const [one, other] = [await filled(t), await filled(t)];
  const db = await other.connect();
  await db.run('UPDATE credit SET share = 1 - 1e-12');
  assert.deepEqual(await unlike(one, other), []);
  await db.run('UPDATE credit SET share = 1 - 1e-6');
  db.closeSync();
  assert.equal((await unlike(one, other)).length, 1);
});

/** A row of every kind, in so many commits. */
async function filled(t: TestContext, commits = 1): Promise<ColumnWarehouse> {
  const warehouse = await inTemporaryFolder(t, openWarehouse);
  const facts = factsOf({
    ...{
      events: [eventFact(1), eventFact(2)],
      conversions: [conversionFact(1)],
      touches: [touchFact(1), touchFact(2)],
    },
    links: [linkFact('v1', 'x'), linkFact('v2', 'x'), linkFact('v1', 'o1', { kind: 'order' })],
    ...{ orders: [orderFact('o1')], entries: [entryFact('o1', 'p1')], leads: [leadFact('L1')] },
    ...{ dispatches: [dispatchFact(1)], adReports: [adReportFact('7')], people: [{ visitor: 'v2', person: 'v1' }] },
    shared: [{ kind: 'email', value: 'all', visitors: 99 }],
  });
  for (let n = 1; n <= commits; n++) {
    const write = creditWrite(statementOf(1, { change: n }), [shareOf(1, 1)]);
    await warehouse.commit(facts, { change: n, offset: 10, credited: n }, { ...write, reach: reachOf(1) });
  }
  return warehouse;
}

async function unlike(one: ColumnWarehouse, other: ColumnWarehouse, past = true): Promise<string[]> {
  const found: string[] = [];
  for await (const { table, key, column } of compareWarehouses(one, other, { past }))
    found.push(`${table} ${key} ${column ?? 'whole'}`);
  return found;
}
