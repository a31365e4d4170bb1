import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { step, written } from '../../../test/admission-steps.ts';
import { derive } from '../../admission/derive.ts';
import { openAdmission } from '../../admission/run.ts';
import type { Journal } from '../journal.ts';
import { openLedger } from '../sqlite/ledger.ts';
import { ledgerFile } from '../sqlite/ledger-file.ts';
import { openReader, openWriter } from '../sqlite/open.ts';
import { temporaryFolder } from '../test-folder.ts';
import { compareLedgers, type Unlike } from './compare.ts';
import { LEDGER_CHECKS } from './ledger-checks.ts';

test('every table of a ledger on disk is equal in every column, whatever the batches', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.array(step(), { minLength: 20, maxLength: 60 }), async (steps) => {
      const journal = await written(steps);
      const whole = await temporaryFolder(t);
      const ledger = await openLedger(whole);
      await derive(journal, ledger, steps.length, () => undefined);
      await ledger.close();
      for (const batchMax of [1, 7]) {
        const other = await lived(t, journal, batchMax);
        assert.deepEqual(unlike(other, whole), [], `batches of ${batchMax}`);
        assert.deepEqual(checked(other), [], `batches of ${batchMax}`);
      }
    }),
    { numRuns: 25, seed: 11 },
  );
});

test('a difference names table, key, column and both values', async (t) => {
  const journal = await written(fc.sample(step(), { numRuns: 60, seed: 3 }));
  const [is, would] = [await lived(t, journal, 7), await lived(t, journal, 1000)];
  change(
    is,
    `UPDATE "order" SET status = 'lost' WHERE (order_id, shop) = ('77', 'demo'); DELETE FROM spec WHERE version = 1;
    INSERT INTO refusal VALUES ('nobody', 1); UPDATE event SET personal = NULL;
    UPDATE touch SET personal = NULL; DELETE FROM touch_id WHERE id = 'c-1'`,
  );
  const found = unlike(is, would);
  assert.deepEqual(
    found.map(({ table, key, column }) => [table, key, column]),
    [
      ['order', '77/demo', 'status'],
      ['refusal', 'nobody', undefined],
      ['spec', '1', undefined],
    ],
  );
  assert.deepEqual([found[0]?.is, found[1]?.would, found[2]?.is], ['lost', undefined, undefined]);
});

async function lived(t: TestContext, journal: Journal, batchMax: number): Promise<string> {
  const folder = await temporaryFolder(t);
  const ledger = await openLedger(folder);
  await (await openAdmission(journal, ledger, { batchMax })).catchUp();
  await ledger.close();
  return folder;
}

function change(folder: string, sql: string): void {
  const { db, close } = openWriter(folder, ledgerFile);
  db.exec(sql);
  close();
}

function unlike(is: string, would: string): Unlike[] {
  const [one, other] = [openReader(is, ledgerFile), openReader(would, ledgerFile)];
  try {
    return [...compareLedgers(one.db, other.db)];
  } finally {
    one.close();
    other.close();
  }
}

/** The made-up answers of the steps tell no outcome: all else has to hold. */
function checked(folder: string): string[] {
  const { db, close } = openReader(folder, ledgerFile);
  try {
    return LEDGER_CHECKS.flatMap(({ find }) => [...find(db)]).filter((says) => !says.includes('accepted no attempt'));
  } finally {
    close();
  }
}
