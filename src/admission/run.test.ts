import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { eventTold, specTold } from '../../test/admission-kit.ts';
import { step, written } from '../../test/admission-steps.ts';
import { AssayError } from '../event/error.ts';
import type { Journal } from '../store/journal.ts';
import type { Ledger } from '../store/ledger.ts';
import { memoryJournal } from '../store/memory/journal.ts';
import { memoryLedger } from '../store/memory/ledger.ts';
import { openLedger } from '../store/sqlite/ledger.ts';
import { inTemporaryFolder } from '../store/test-folder.ts';
import { openAdmission } from './run.ts';

const RUNS = { numRuns: 150, seed: 11 };

test('a ledger rebuilt from the journal is the same, whatever the batches', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step(), { minLength: 1, maxLength: 40 }), async (steps) => {
      const journal = await written(steps);
      const whole = await rebuilt(journal, 1000);
      for (const batchMax of [1, 3, 7])
        assert.deepEqual(await rebuilt(journal, batchMax), whole, `batches of ${batchMax}`);
    }),
    RUNS,
  );
});

test('a ledger on disk holds the same rows as one in memory', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.array(step(), { minLength: 20, maxLength: 40 }), async (steps) => {
      const journal = await written(steps);
      const ledger = await inTemporaryFolder(t, openLedger);
      await (await openAdmission(journal, ledger, { batchMax: 7 })).catchUp();
      assert.deepEqual(await everything(ledger, journal), await rebuilt(journal, 1000));
    }),
    { numRuns: 10, seed: 11 },
  );
});

test('a restart between any two records changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step(), { minLength: 2, maxLength: 30 }), fc.nat(), async (steps, where) => {
      const journal = await written(steps);
      const ledger = memoryLedger();
      const first = {
        ...journal,
        read: (after: number) => journal.read(after, Math.max(0, (where % steps.length) + 1 - after)),
      };
      await (await openAdmission(first, ledger)).catchUp();
      await (await openAdmission(journal, ledger)).catchUp();
      assert.deepEqual(await everything(ledger, journal), await rebuilt(journal, 1000));
    }),
    RUNS,
  );
});

test('a commit that fails and is tried again leaves no trace', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step(), { minLength: 1, maxLength: 30 }),
      fc.integer({ min: 1, max: 9 }),
      async (steps, batchMax) => {
        const journal = await written(steps);
        const ledger = memoryLedger();
        let commits = 0;
        const failing: Ledger = {
          ...ledger,
          async commit(effects, offset) {
            if (commits++ % 2 === 0) throw new AssayError('ledger_unwritable', 'the disk is full');
            await ledger.commit(effects, offset);
          },
        };
        const admission = await openAdmission(journal, failing, { batchMax });
        for (let tries = 0; (await ledger.offset()) < (await journal.last()); tries++) {
          assert.ok(tries < 100);
          await admission
            .catchUp()
            .catch((error: unknown) => assert.equal((error as AssayError).code, 'ledger_unwritable'));
        }
        assert.deepEqual(await everything(ledger, journal), await rebuilt(journal, 1000));
      },
    ),
    RUNS,
  );
});

test('every record has one verdict with a reason, and the totals add up to the offset', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step(), { minLength: 1, maxLength: 40 }), async (steps) => {
      const journal = await written(steps);
      const ledger = memoryLedger();
      await (await openAdmission(journal, ledger)).catchUp();
      const verdicts = await ledger.verdicts(1, steps.length);
      assert.deepEqual(
        verdicts.map(({ seq }) => seq),
        steps.map((_, index) => index + 1),
      );
      assert.ok(verdicts.every(({ reasons }) => reasons.length > 0));
      const totals = await ledger.totals();
      assert.equal(
        totals.verdicts.reduce((sum, { count }) => sum + count, 0),
        totals.offset,
      );
    }),
    RUNS,
  );
});

test('one order has one Purchase, whatever is told of it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step(), { minLength: 1, maxLength: 40 }), async (steps) => {
      const journal = await written(steps);
      const ledger = memoryLedger();
      await (await openAdmission(journal, ledger, { batchMax: 4 })).catchUp();
      const { events } = await ledger.lineage([], ['77']);
      const ids = events
        .filter(({ name, source }) => name === 'Purchase' && source === 'web')
        .map(({ sourceId, eventId }) => `${sourceId} ${eventId}`);
      assert.equal(new Set(ids).size, ids.length);
    }),
    RUNS,
  );
});

test('two calls at once decide each record once', async () => {
  const journal = await written([{ tell: (at) => eventTold('browser', {}, at), laterMs: 0 }]);
  const admission = await openAdmission(journal, memoryLedger());
  const offsets: number[] = [];
  await Promise.all([admission.catchUp((offset) => offsets.push(offset)), admission.catchUp()]);
  assert.deepEqual(offsets, [1]);
});

test('the version of a spec is its place among the activations, also after a restart', async () => {
  const journal = memoryJournal();
  await journal.append([specTold(), specTold((text) => text.replace('linger: 1s', 'linger: 2s'))]);
  const ledger = memoryLedger();
  assert.equal((await openAdmission(journal, ledger)).state.spec.version, 0);
  const admission = await openAdmission(journal, ledger);
  await admission.catchUp();
  assert.deepEqual([admission.state.spec.version, admission.state.spec.delivery.linger], [2, 2000]);
  assert.equal((await openAdmission(journal, ledger)).state.spec.delivery.linger, 2000);
});

async function rebuilt(journal: Journal, batchMax: number): Promise<unknown> {
  const ledger = memoryLedger();
  await (await openAdmission(journal, ledger, { batchMax })).catchUp();
  return everything(ledger, journal);
}

/** Every row of a ledger. */
async function everything(ledger: Ledger, journal: Journal): Promise<unknown> {
  const last = await journal.last();
  const seqs = Array.from({ length: last }, (_, index) => index + 1);
  const shops = ['demo', 'other'].map((shop) => ({ shop, orderId: '77' }));
  return {
    lineage: await ledger.lineage(seqs, ['77', 't-1', 't-2']),
    keys: await ledger.keys(),
    tests: await ledger.tests(),
    known: await Promise.all(shops.map((order) => ledger.load({ events: [], orders: [order] }))),
    verdicts: await ledger.verdicts(1, last),
    findings: await ledger.findings(1000),
    totals: await ledger.totals(),
    specs: await ledger.specs(),
  };
}
