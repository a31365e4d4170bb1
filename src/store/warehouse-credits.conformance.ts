import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OpenWarehouse } from './warehouse.conformance.ts';
import { type CreditRow, noFacts, type Warehouse } from './warehouse.ts';
import { conversionFact, creditWrite, factsOf, placeAt, shareOf, sharesIn, statementOf } from './warehouse-samples.ts';

/** What every engine does with statements and their credits. */
export function creditConformance(open: OpenWarehouse): void {
  const standing = statementOf(1);

  test('credits of all conversions replace those that a statement had, and no other’s', async (t) => {
    const warehouse = await withConversions(await open(t));
    await warehouse.commit(noFacts(), placeAt(2), creditWrite(standing, [shareOf(1, 5), shareOf(2, 6)]));
    const asked = statementOf(2, { role: 'asked', model: 'first' });
    await warehouse.commit(noFacts(), placeAt(2), creditWrite(asked, [shareOf(1, 7)]));
    await warehouse.commit(noFacts(), placeAt(3), creditWrite({ ...standing, asOf: 6000 }, [shareOf(3, 8)]));
    assert.deepEqual(await creditsIn(warehouse, 1), [shareOf(3, 8)]);
    assert.deepEqual(await creditsIn(warehouse, 2), [shareOf(1, 7)]);
    assert.deepEqual(await warehouse.statements(), [{ ...standing, asOf: 6000 }, asked]);
  });

  test('credits of these conversions leave those of all others as they were', async (t) => {
    const warehouse = await withConversions(await open(t));
    await warehouse.commit(noFacts(), placeAt(2), creditWrite(standing, [shareOf(1, 5), shareOf(2, 6), shareOf(3, 7)]));
    const shared = [shareOf(2, 8, { share: 0.25 }), shareOf(2, 9, { share: 0.75 })];
    await warehouse.commit(noFacts(), placeAt(3), creditWrite(standing, shared, [2, 3, 4]));
    assert.deepEqual(await creditsIn(warehouse, 1), [shareOf(1, 5), ...shared]);
  });

  test('every column of a credit comes back as it was told', async (t) => {
    const warehouse = await withConversions(await open(t));
    const shares = [
      shareOf(1, 2 ** 52, { creative: 2 ** 53 - 1, kind: 2, share: 1 / 3, minor: 2n ** 62n, net: -1n, touchedDay: -1 }),
      shareOf(2, 0, { creative: 0, kind: 255, why: 1, minor: 0n, net: 0n }),
    ];
    await warehouse.commit(noFacts(), placeAt(2), creditWrite(standing, shares));
    assert.deepEqual(await creditsIn(warehouse, 1), shares);
  });

  test('a commit without credits leaves them as they are', async (t) => {
    const warehouse = await withConversions(await open(t));
    await warehouse.commit(noFacts(), placeAt(2), creditWrite(standing, [shareOf(1, 5)]));
    await warehouse.commit(factsOf({ conversions: [conversionFact(1, { net: 0n })] }), placeAt(3));
    assert.deepEqual(await creditsIn(warehouse, 1), [shareOf(1, 5)]);
  });

  test('a statement that stands no longer is past, with its credits', async (t) => {
    const warehouse = await withConversions(await open(t));
    await warehouse.commit(noFacts(), placeAt(2), creditWrite(standing, [shareOf(1, 5)]));
    const past = { ...standing, role: 'past' as const };
    await warehouse.commit(noFacts(), placeAt(3), creditWrite(past, [], []));
    assert.deepEqual(await warehouse.statements(), [past]);
    assert.deepEqual(await creditsIn(warehouse, 1), [shareOf(1, 5)]);
  });

  test('a statement that is forgotten takes its credits along, and its number may come again', async (t) => {
    const warehouse = await withConversions(await open(t));
    await warehouse.commit(noFacts(), placeAt(2), creditWrite(standing, [shareOf(1, 5)]));
    await warehouse.commit(noFacts(), placeAt(2), creditWrite(statementOf(2), [shareOf(2, 6)]));
    await warehouse.forgetStatement(1);
    assert.deepEqual(await warehouse.statements(), [statementOf(2)]);
    assert.deepEqual(await creditsIn(warehouse, 1), []);
    await warehouse.commit(noFacts(), placeAt(3), creditWrite(standing, [shareOf(3, 5)]));
    assert.deepEqual(await creditsIn(warehouse, 1), [shareOf(3, 5)]);
    assert.deepEqual(await creditsIn(warehouse, 2), [shareOf(2, 6)]);
  });

  test('a precedence of one kind, and of none, comes back', async (t) => {
    const warehouse = await open(t);
    const statements = [statementOf(1, { precedence: ['view'] }), statementOf(2, { precedence: [] })];
    for (const statement of statements) await warehouse.commit(noFacts(), placeAt(1), creditWrite(statement, []));
    assert.deepEqual(await warehouse.statements(), statements);
  });
}

async function withConversions(warehouse: Warehouse): Promise<Warehouse> {
  await warehouse.commit(factsOf({ conversions: [1, 2, 3, 4].map((n) => conversionFact(n)) }), placeAt(1));
  return warehouse;
}

async function creditsIn(warehouse: Warehouse, statement: number): Promise<CreditRow[]> {
  return sharesIn(await warehouse.creditsOf(statement, [4, 3, 2, 1]));
}
