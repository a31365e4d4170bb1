import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { TOUCH_KINDS } from '../../event/fact.ts';
import { creativeNumber } from '../creative.ts';
import { inTemporaryFolder } from '../test-folder.ts';
import {
  conversionFact,
  creditWrite,
  factsOf,
  placeAt,
  shareOf,
  statementOf,
  touchFact,
} from '../warehouse-samples.ts';
import { type ColumnWarehouse, openWarehouse } from './warehouse.ts';

/** What a table says as text, so that neither order nor type of rows counts. */
async function textOf(warehouse: ColumnWarehouse, sql: string): Promise<string[]> {
  const result = await (await warehouse.reader()).runAndReadAll(sql);
  return result
    .getRows()
    .map((row) => row.map(String).join(' '))
    .sort((a, b) => (a < b ? -1 : 1));
}

const shares = fc.array(
  fc.record({
    conversion: fc.integer({ min: 1, max: 12 }),
    touch: fc.integer({ min: 1, max: 4 }),
    quarters: fc.integer({ min: 0, max: 4 }),
    touchedDay: fc.integer({ min: 0, max: 3 }),
    minor: fc.bigInt({ min: -100n, max: 2n ** 62n }),
  }),
  { maxLength: 12 },
);

const writes = fc.array(
  fc.record({
    statement: fc.integer({ min: 1, max: 2 }),
    all: fc.boolean(),
    conversions: fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 5 }),
    shares,
  }),
  { minLength: 1, maxLength: 8 },
);

test('the sums by day are those of the credits, whatever was written in whatever order', async (t) => {
  const warehouse = await inTemporaryFolder(t, openWarehouse);
  const conversions = Array.from({ length: 12 }, (_, n) =>
    conversionFact(n + 1, { name: n % 3 ? 'Purchase' : 'Subscribe', currency: n % 2 ? 'EUR' : 'USD' }),
  );
  await warehouse.commit(factsOf({ conversions }), placeAt(1));
  await fc.assert(
    fc.asyncProperty(writes, async (all) => {
      for (const { statement, all: whole, conversions: named, shares: told } of all) {
        const about = whole ? undefined : [...new Set(named)];
        const rows = told
          .filter(({ conversion }) => about === undefined || about.includes(conversion))
          .map(({ conversion, touch, quarters, touchedDay, minor }) =>
            // Quarters are summed without a rest, in any order.
            shareOf(conversion, touch, { share: quarters / 4, touchedDay, convertedDay: conversion % 4, minor }),
          );
        await warehouse.commit(factsOf({}), placeAt(1), creditWrite(statementOf(statement), rows, about));
      }
      const kept = await textOf(warehouse, 'FROM credit_day');
      const summed = await textOf(
        warehouse,
        `SELECT statement, converted_day, touched_day, name, currency, creative, kind, why, sum(share), sum(c.minor),
        sum(c.net) FROM credit AS c JOIN conversion USING (conversion) GROUP BY ALL
        HAVING sum(share) <> 0 OR sum(c.minor) <> 0 OR sum(c.net) <> 0`,
      );
      assert.deepEqual(kept, summed);
    }),
    { numRuns: 25 },
  );
});

test('thirds that are added and taken away in whatever order leave the sums of what is there', async (t) => {
  const warehouse = await inTemporaryFolder(t, openWarehouse);
  const numbers = Array.from({ length: 60 }, (_, n) => n + 1);
  await warehouse.commit(factsOf({ conversions: numbers.map((n) => conversionFact(n)) }), placeAt(1));
  const thirds = (n: number) =>
    [1, 2, 3].map((touch) => shareOf(n, touch, { share: 1 / 3, minor: 7n, convertedDay: 1 }));
  const commit = (told: readonly number[], about: readonly number[]): Promise<void> =>
    warehouse.commit(factsOf({}), placeAt(1), creditWrite(statementOf(1), told.flatMap(thirds), about));
  await commit([], []);
  for (const n of numbers) await commit([n], [n]);
  for (const n of numbers.filter((number) => number % 7 !== 0)) await commit([], [n]);
  const [sum = ''] = await textOf(warehouse, 'SELECT count(*), sum(conversions), sum(minor) FROM credit_day');
  const [rows, conversions, minor] = sum.split(' ').map(Number);
  assert.deepEqual([rows, minor], [3, 8 * 21]);
  assert.ok(Math.abs((conversions as number) - 8) < 1e-9, sum);
  await commit([], numbers);
  assert.deepEqual(await textOf(warehouse, 'FROM credit_day'), []);
});

test('a conversion that is renamed takes its credit from the sums of its old name', async (t) => {
  const warehouse = await inTemporaryFolder(t, openWarehouse);
  for (const name of ['Purchase', 'Subscribe']) {
    const credits = creditWrite(statementOf(1), [shareOf(1, 5)], [1]);
    await warehouse.commit(factsOf({ conversions: [conversionFact(1, { name })] }), placeAt(1), credits);
  }
  assert.deepEqual(await textOf(warehouse, 'SELECT name, conversions FROM credit_day'), ['Subscribe 1']);
  const gone = factsOf({ gone: { conversions: [1] } });
  await warehouse.commit(gone, placeAt(1), creditWrite(statementOf(1), [], [1]));
  assert.deepEqual(await textOf(warehouse, 'FROM credit_day'), []);
});

const touch = fc.record({
  touch: fc.integer({ min: 1, max: 8 }),
  occurredAt: fc.integer({ min: 1, max: 5 }),
  campaignId: fc.constantFrom('1', '2'),
  campaign: fc.constantFrom(null, 'Spring', 'Summer'),
  adId: fc.constantFrom(null, '7'),
  ad: fc.constantFrom(null, 'Shoes', 'Hats'),
});
const steps = fc.array(
  fc.record({
    touches: fc.array(touch, { maxLength: 4 }),
    gone: fc.array(fc.integer({ min: 1, max: 8 }), { maxLength: 2 }),
  }),
  { minLength: 1, maxLength: 8 },
);

test('a creative is named by that of its touches which knows most names, then the newest, whatever came and went', async (t) => {
  const warehouse = await inTemporaryFolder(t, openWarehouse);
  const everyTouch = Array.from({ length: 8 }, (_, n) => n + 1);
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      await warehouse.commit(factsOf({ gone: { touches: everyTouch } }), placeAt(1));
      for (const { touches, gone } of all)
        await warehouse.commit(
          factsOf({ touches: touches.map(({ touch: n, ...more }) => touchFact(n, more)), gone: { touches: gone } }),
          placeAt(1),
        );
      const kept = await textOf(warehouse, 'SELECT * FROM creative');
      const best = await textOf(
        warehouse,
        `SELECT creative, channel, campaign_id, campaign, adgroup_id, adgroup, ad_id, ad, placement,
          (campaign IS NOT NULL)::INT + (adgroup IS NOT NULL)::INT + (ad IS NOT NULL)::INT AS names, occurred_at, touch
        FROM touch QUALIFY row_number() OVER (PARTITION BY creative ORDER BY names DESC, occurred_at DESC, touch DESC) = 1`,
      );
      assert.deepEqual(kept, best);
    }),
    { numRuns: 25 },
  );
});

const HOUR = 3_600_000;
const visits = fc.array(
  fc.record({
    touches: fc.array(
      fc.record({
        touch: fc.integer({ min: 1, max: 12 }),
        // Around a day that has 25 hours in New York.
        occurredAt: fc.integer({ min: -36, max: 36 }).map((hours) => Date.UTC(2026, 10, 1) + hours * HOUR),
        kind: fc.constantFrom(...TOUCH_KINDS),
        adId: fc.constantFrom('7', '8'),
      }),
      { maxLength: 6 },
    ),
    gone: fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 4 }),
    zone: fc.constantFrom(undefined, undefined, 'UTC', 'America/New_York', 'Asia/Kolkata'),
    drop: fc.boolean(),
  }),
  { minLength: 1, maxLength: 8 },
);

test('touches are counted by the days of the standing statement, whatever came, went and stood', async (t) => {
  const warehouse = await inTemporaryFolder(t, openWarehouse);
  await fc.assert(
    fc.asyncProperty(visits, async (all) => {
      for (const { touches, gone, zone, drop } of all) {
        const facts = factsOf({
          touches: touches.map(({ touch: n, ...more }) => touchFact(n, more)),
          gone: { touches: gone },
        });
        const timezone = zone ?? 'UTC';
        const write = zone === undefined ? undefined : creditWrite(statementOf(1, { timezone }), []);
        await warehouse.commit(facts, placeAt(1), write);
        const [standing] = await warehouse.statements();
        const counted = await textOf(
          warehouse,
          `SELECT CAST(timezone('${standing?.timezone ?? 'UTC'}', make_timestamptz(occurred_at * 1000)) AS DATE)
              - DATE '1970-01-01' AS day, creative, kind, count(*)
            FROM touch WHERE ${standing !== undefined} GROUP BY ALL`,
        );
        assert.deepEqual(await textOf(warehouse, 'FROM touch_day'), counted);
        if (drop) await warehouse.forgetStatement(1);
      }
      await warehouse.forgetStatement(1);
      assert.deepEqual(await textOf(warehouse, 'FROM touch_day'), []);
    }),
    { numRuns: 25 },
  );
});

test('a creative is numbered by its ids, and by a name where it has none', () => {
  const number = (more: Parameters<typeof touchFact>[1]): number => creativeNumber(touchFact(1, more));
  const one = number({ campaignId: '1', campaign: 'Spring' });
  assert.equal(number({ campaignId: '1', campaign: 'Renamed' }), one);
  assert.notEqual(number({ campaignId: '2', campaign: 'Spring' }), one);
  assert.notEqual(number({ campaignId: null, campaign: '1' }), one);
  assert.notEqual(number({ campaignId: null, campaign: 'Spring' }), number({ campaignId: null, campaign: 'Renamed' }));
  assert.ok(Number.isSafeInteger(one) && one > 0);
});
