import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { START, specTold } from '../../test/admission-kit.ts';
import type { Step } from '../../test/admission-steps.ts';
import { visits } from '../../test/visits.ts';
import { openAdmission } from '../admission/run.ts';
import { DAY } from '../event/time.ts';
import { compareWarehouses } from '../store/care/compare-warehouses.ts';
import type { Ledger } from '../store/ledger.ts';
import { openJournal } from '../store/sqlite/journal.ts';
import { openLedger } from '../store/sqlite/ledger.ts';
import { startChild } from '../store/test-child.ts';
import { fails, temporaryFolder } from '../store/test-folder.ts';
import { type OpenAttribution, openAttribution } from './open.ts';
import { rulesOf } from './statement.ts';
import { readSpecs } from './stored-specs.ts';

const CHILD = fileURLToPath(new URL('../../test/crash/follow-child.ts', import.meta.url));
/** On a machine with too much to do a transaction of the warehouse takes a second. */
const SLOW = { timeout: 180_000 };
const SPEC: Step = { tell: () => specTold(), laterMs: 0 };

for (const seed of [1, 2, 3])
  test(
    `a warehouse that ran along is equal to one made anew, in every table and column (history ${seed})`,
    SLOW,
    async (t) => {
      const folder = await written(t, historyOf(seed));
      const ledger = await decided(t, folder, { batchMax: 6 }, () => attribution.catchUp());
      const attribution = await openFor(t, folder);
      await ledger.decide();
      await attribution.catchUp();
      await sameAsAnew(t, folder, attribution);
    },
  );

for (const lines of [1, 4, 9])
  test(`killed after ${lines} commits, a warehouse comes to the same as one that was not`, SLOW, async (t) => {
    const folder = await written(t, historyOf(10 + lines));
    const child = startChild(t, process.execPath, [CHILD, folder]);
    await child.lines(lines);
    await child.kill();
    await (await decided(t, folder)).decide();
    const attribution = await openFor(t, folder);
    await attribution.catchUp();
    await sameAsAnew(t, folder, attribution);
  });

test('a warehouse of another ledger, or of one that was derived anew, is made anew', async (t) => {
  const folder = await written(t, historyOf(4));
  const other = await written(t, historyOf(5));
  for (const one of [folder, other]) await (await decided(t, one)).decide();
  const first = await openAttribution(other, { into: folder, now: () => START });
  await first.catchUp();
  await first.close();
  const attribution = await openFor(t, folder);
  assert.equal(attribution.tail.standing, undefined);
  assert.deepEqual(await attribution.statements(), []);
  await attribution.catchUp();
  await sameAsAnew(t, folder, attribution);
});

test('one process has a warehouse open', async (t) => {
  const folder = await written(t, historyOf(6));
  await (await decided(t, folder)).decide();
  await openFor(t, folder);
  await assert.rejects(openAttribution(folder, { now: () => START }), fails('store_locked'));
});

test('a question under other rules gets a statement of its own, until it is old and many came after it', async (t) => {
  const folder = await written(t, historyOf(7));
  const ledger = await decided(t, folder);
  await ledger.decide();
  const attribution = await openFor(t, folder);
  const rules = rulesOf((await readSpecs(ledger.ledger)).at(-1) ?? assert.fail());
  await assert.rejects(attribution.statementOf(rules), fails('warehouse_behind'));
  await attribution.catchUp();
  const standing = await attribution.statementOf(rules);
  assert.equal(standing.role, 'standing');
  const linear = await attribution.statementOf({ ...rules, model: 'linear' });
  assert.deepEqual([linear.role, linear.model, linear.change], ['asked', 'linear', standing.change]);
  assert.deepEqual(await attribution.statementOf({ ...rules, model: 'linear' }), linear);
  for (let days = 8; days < 22; days++)
    await attribution.statementOf({
      ...rules,
      policy: { ...rules.policy, windows: { click: days * DAY, engagedView: 0, view: 0 } },
    });
  const kept = await attribution.statements();
  assert.equal(kept.filter(({ role }) => role === 'asked').length, 12);
  assert.ok(kept.some(({ statement }) => statement === standing.statement));
  assert.ok(!kept.some(({ statement }) => statement === linear.statement));
});

test('what retention forgets goes from the warehouse, and credits of closed conversions stay', async (t) => {
  const folder = await written(t, historyOf(8));
  await (await decided(t, folder)).decide();
  const attribution = await openFor(t, folder);
  await attribution.catchUp();
  const { statement = 0 } = attribution.tail.standing ?? {};
  const conversions: number[] = [];
  for await (const page of attribution.warehouse.conversions(0)) conversions.push(...page.map((one) => one.conversion));
  const before = await attribution.warehouse.creditsOf(statement, conversions);
  await attribution.forget(START + 1000 * DAY);
  for await (const page of attribution.warehouse.touches(0)) for (const { ttclid } of page) assert.equal(ttclid, null);
  for await (const page of attribution.warehouse.ties())
    for (const { kind } of page) assert.ok(kind === 'order' || kind === 'lead', kind);
  assert.deepEqual((await attribution.warehouse.creditsOf(statement, conversions)).conversion, before.conversion);
});

function historyOf(seed: number): Step[] {
  const steps = fc.sample(visits(), { seed, numRuns: 40 }).flat();
  return [SPEC, ...steps.slice(0, 100).map((one) => ({ ...one, laterMs: Math.min(one.laterMs, 60_000) }))];
}

/** A folder with a journal of the history. */
async function written(t: TestContext, steps: readonly Step[]): Promise<string> {
  const folder = await temporaryFolder(t);
  const journal = await openJournal(folder);
  let at = START;
  await journal.append(
    steps.map(({ tell, laterMs }) => {
      at += laterMs;
      return tell(at);
    }),
  );
  await journal.close();
  return folder;
}

async function decided(
  t: TestContext,
  folder: string,
  { batchMax = 1000 } = {},
  committed: () => Promise<void> = async () => undefined,
): Promise<{ ledger: Ledger; decide(): Promise<void> }> {
  const journal = await openJournal(folder);
  const ledger = await openLedger(folder);
  t.after(() => Promise.all([journal.close(), ledger.close()]));
  const commit = ledger.commit.bind(ledger);
  ledger.commit = async (...write) => {
    await commit(...write);
    await committed();
  };
  const admission = await openAdmission(journal, ledger, { batchMax });
  return { ledger, decide: async () => void (await admission.catchUp()) };
}

async function openFor(t: TestContext, folder: string, into = folder): Promise<OpenAttribution> {
  const attribution = await openAttribution(folder, { into, now: () => START });
  t.after(() => attribution.close());
  return attribution;
}

async function sameAsAnew(t: TestContext, folder: string, attribution: OpenAttribution): Promise<void> {
  const into = join(folder, 'anew');
  mkdirSync(into);
  const anew = await openFor(t, folder, into);
  await anew.catchUp();
  const unlike = [];
  for await (const one of compareWarehouses(attribution.warehouse, anew.warehouse, { past: false })) unlike.push(one);
  assert.deepEqual(unlike, []);
}
