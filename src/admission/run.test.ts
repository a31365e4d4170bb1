import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  answerTold,
  consentTold,
  eventTold,
  factTold,
  hookedOrder,
  leadTold,
  orderTold,
  paymentTold,
  purchaseTold,
  rawRecord,
  START,
  sentTold,
  specTold,
  testTold,
} from '../../test/admission-kit.ts';
import { AssayError } from '../event/error.ts';
import type { Personal } from '../event/event.ts';
import { type FactKind, MOVES_MONEY } from '../event/order.ts';
import { DAY, MINUTE } from '../event/time.ts';
import type { ToldPayment } from '../event/told.ts';
import type { Journal, NewRecord } from '../store/journal.ts';
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
      const first = { read: (after: number) => journal.read(after, Math.max(0, (where % steps.length) + 1 - after)) };
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

interface Step {
  tell(at: number): NewRecord;
  laterMs: number;
}

function step(): fc.Arbitrary<Step> {
  const doors = fc.constantFrom('browser', 'server', 'crm') as fc.Arbitrary<'browser' | 'server' | 'crm'>;
  const seq = fc.integer({ min: 1, max: 8 });
  const visitor = fc.constantFrom('v-1', 'v-2');
  const leg = fc.constantFrom('api', 'pixel') as fc.Arbitrary<'api' | 'pixel'>;
  const inputs = fc.constantFrom('accept', 'retry', 'bury', 'park') as fc.Arbitrary<
    'accept' | 'retry' | 'bury' | 'park'
  >;
  const consent = fc.constantFrom('granted', 'denied', 'unknown') as fc.Arbitrary<'granted' | 'denied' | 'unknown'>;
  const order = fc.tuple(
    fc.constantFrom('browser', 'server') as fc.Arbitrary<'browser' | 'server'>,
    visitor,
    consent,
    fc.constantFrom('59.90', '1.00', 'x'),
  );
  const bought = (value: string) => ({ order_id: '77', value, currency: 'EUR', contents: [{ content_id: 'a' }] });
  const tell = fc.oneof<fc.Arbitrary<Step['tell']>[]>(
    fc.tuple(doors, fc.constantFrom('e-1', 'e-2'), consent).map(
      ([door, id, told]) =>
        (at) =>
          eventTold(door, { event_id: id, consent: told, pixel: 'fired' }, at),
    ),
    order.map(
      ([door, who, told, value]) =>
        (at) =>
          orderTold(door, { visitor: who, consent: told, properties: bought(value), capability: `c-${who}` }, at),
    ),
    order.map(
      ([door, who, told, value]) =>
        (at) =>
          purchaseTold(door, { visitor: who, consent: told, properties: bought(value) }, at),
    ),
    fc.tuple(fc.constantFrom('30.00', '59.90'), fc.constantFrom('p-1', 'p-2')).map(
      ([amount, id]) =>
        (at) =>
          paymentTold(amount, id, at),
    ),
    fc
      .tuple(
        fc.constantFrom(...(Object.keys(MOVES_MONEY) as FactKind[])),
        fc.constantFrom('p-2', 'f-1', 'f-2', 'f-3'),
        fc.constantFrom<Partial<ToldPayment>[]>({}, { origin: 'system' }, { draft: true }),
        fc.constantFrom<(Personal | null)[]>(null, { user: { phone: ['b'.repeat(64)] } }),
      )
      .map(([fact, id, more, personal]) => (at) => ({
        ...factTold(fact, id, MOVES_MONEY[fact] ? '59.90 EUR' : '', at, more),
        personal,
      })),
    fc.tuple(visitor, fc.constantFrom('59.90', '70.00')).map(
      ([who, value]) =>
        (at) =>
          hookedOrder({ visitor: who, properties: bought(value) }, at),
    ),
    fc.tuple(seq, leg).map(
      ([event, which]) =>
        (at) =>
          sentTold(event, at, which),
    ),
    fc.tuple(seq, inputs).map(
      ([event, input]) =>
        (at) =>
          answerTold(event, input, at, input === 'retry' ? { dueAt: at, copy: event % 2 > 0 } : {}),
    ),
    fc.tuple(seq, leg).map(
      ([event, which]) =>
        (at) =>
          rawRecord(
            'expired',
            { legs: [{ event, destination: 'main', leg: which, input: 'withhold', why: 'confirmation_expired' }] },
            { receivedAt: at },
          ),
    ),
    fc.tuple(doors, fc.constantFrom('e-1', 'e-3'), visitor, fc.constantFrom({}, { draft: true } as const)).map(
      ([door, id, who, more]) =>
        (at) =>
          eventTold(door, { event_id: id, visitor: who, ...more }, at),
    ),
    fc.tuple(visitor, fc.constantFrom('granted', 'denied') as fc.Arbitrary<'granted' | 'denied'>).map(
      ([who, choice]) =>
        (at) =>
          consentTold(choice, at, who),
    ),
    fc.tuple(doors, fc.constantFrom('new', 'rejected', 'x'), visitor, fc.constantFrom({}, { bot: true } as const)).map(
      ([door, status, who, more]) =>
        (at) =>
          leadTold(door, { status, visitor: who, ...more }, at),
    ),
    fc.constantFrom(0, MINUTE, 2 * DAY).map((lasts) => (at) => testTold(at + lasts, at)),
    fc
      .constantFrom({}, { endsAt: START + DAY }, { endsAt: START })
      .map(
        (more) => (at) =>
          rawRecord(
            'key',
            { id: 'k-1', role: 'server', name: 'shop', hash: 'h', createdAt: START, ...more },
            { door: 'operator', receivedAt: at },
          ),
      ),
    fc
      .constantFrom('t-1', 't-2')
      .map(
        (touch) => (at) =>
          rawRecord('touch', { touch, type: 'click', visitor: 'v-1' }, { door: 'browser', receivedAt: at }),
      ),
    fc
      .constantFrom('e-1', 'e-9')
      .map(
        (id) => (at) =>
          rawRecord(
            'foreign',
            { visitor: 'v-1', session: 's', event: 'Contact', event_id: id },
            { door: 'browser', receivedAt: at },
          ),
      ),
    visitor.map(
      (who) => (at) =>
        rawRecord('fired', { capability: `c-${who}`, event_id: 'demo-77' }, { door: 'browser', receivedAt: at }),
    ),
    fc.constantFrom('id: demo', 'pairWithin: 10m', 'confirm: webhook', 'orphans: book').map(
      (field) => (at) =>
        specTold(
          (text) =>
            text.replace(
              field,
              {
                'id: demo': 'id: other',
                'pairWithin: 10m': 'pairWithin: 1s',
                'confirm: webhook': 'confirm: none',
                'orphans: book': 'orphans: send',
              }[field] ?? field,
            ),
          at,
        ),
    ),
  );
  return fc.record({ tell, laterMs: fc.constantFrom(0, 1000, 6 * MINUTE, DAY, 2 * DAY) });
}

async function written(steps: readonly Step[]): Promise<Journal> {
  const journal = memoryJournal();
  let at = START;
  for (const { tell, laterMs } of steps) {
    at += laterMs;
    await journal.append([tell(at)]);
  }
  return journal;
}

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
