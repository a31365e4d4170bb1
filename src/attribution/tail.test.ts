import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { eventTold, openKit, paymentTold, purchaseTold, START, specTold } from '../../test/admission-kit.ts';
import { type Step, written } from '../../test/admission-steps.ts';
import { contents, visits } from '../../test/visits.ts';
import { openAdmission } from '../admission/run.ts';
import { AssayError } from '../event/error.ts';
import type { LinkFact } from '../event/fact.ts';
import { DAY, HOUR } from '../event/time.ts';
import type { Ledger } from '../store/ledger.ts';
import { memoryLedger } from '../store/memory/ledger.ts';
import { type MemoryWarehouse, memoryWarehouse } from '../store/memory/warehouse.ts';
import { Book } from './book/book.ts';
import { follows } from './changes.ts';
import { Tail } from './tail.ts';

test('a warehouse comes to the same wherever its reading was cut, and however the ledger’s was', async () => {
  await fc.assert(
    fc.asyncProperty(
      visits(),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 5 }),
      async (steps, every, n) => {
        const told = [{ tell: () => specTold(), laterMs: 0 }, ...steps];
        const followed = await lived(told, { batchMax: n, every });
        const whole = await lived(told, { batchMax: 1000, every: Number.POSITIVE_INFINITY });
        assert.deepEqual(contents(followed), contents(whole));
      },
    ),
    { numRuns: 150 },
  );
});

test('read again from its place after a kill, a warehouse comes to the same as one made from scratch', async () => {
  await fc.assert(
    fc.asyncProperty(visits(), fc.nat(30), async (steps, kill) => {
      const ledger = await ledgerOf([{ tell: () => specTold(), laterMs: 0 }, ...steps]);
      const warehouse = memoryWarehouse();
      const commit = warehouse.commit.bind(warehouse);
      let left = kill;
      warehouse.commit = async (...write) => {
        if (left-- <= 0) throw new Error('killed');
        await commit(...write);
      };
      await caughtUp(ledger, warehouse).catch(() => undefined);
      warehouse.commit = commit;
      await caughtUp(ledger, warehouse);
      assert.deepEqual(contents(warehouse), contents(await caughtUp(ledger)));
    }),
    { numRuns: 50 },
  );
});

test('an order is credited to the click before it, once it is confirmed, and its refund changes what is left', async () => {
  const kit = await openKit();
  const tail = await open(kit.ledger);
  await kit.tell(
    eventTold('browser', { event: 'Pageview', event_id: 'l', visitor: 'v-1' }, START - HOUR, {
      page: { url: 'https://shop.example/?ttclid=A' },
      user: { ttclid: 'A' },
    }),
    purchaseTold('browser'),
  );
  await tail.catchUp();
  assert.deepEqual(tail.credits(), []);
  await kit.tell(paymentTold());
  await tail.catchUp();
  assert.deepEqual(tail.credits(), ['3 by 2: 5990 5990']);
  await kit.tell(paymentTold('9.90', 'r-1', START, { fact: 'refund' }));
  await tail.catchUp();
  assert.deepEqual(tail.credits(), ['3 by 2: 5990 5000']);
});

test('a spec with another window states figures anew and leaves those before as they were', async () => {
  const kit = await openKit();
  const tail = await open(kit.ledger);
  await kit.tell(
    eventTold('browser', { event: 'Pageview', event_id: 'l', visitor: 'v-1' }, START - 3 * DAY, {
      page: { url: 'https://shop.example/?ttclid=A' },
      user: { ttclid: 'A' },
    }),
    purchaseTold('browser'),
    paymentTold(),
  );
  await tail.catchUp();
  await kit.tell(specTold((text) => text.replace('click: 7d', 'click: 1d')));
  await tail.catchUp();
  const statements = [...tail.warehouse.rows.statements.values()];
  assert.deepEqual(
    statements.map(({ statement, role, specVersion, windows }) => [statement, role, specVersion, windows.click / DAY]),
    [
      [1, 'past', 1, 7],
      [2, 'standing', 2, 1],
    ],
  );
  assert.deepEqual(tail.credits(1), ['3 by 2: 5990 5990']);
  assert.deepEqual(tail.credits(2), ['3 by 0: 5990 5990']);
  await kit.tell(paymentTold('9.90', 'r-1', START, { fact: 'refund' }));
  await tail.catchUp();
  assert.deepEqual(tail.credits(1), ['3 by 2: 5990 5990'], 'what was stated stays as it was');
  assert.deepEqual(tail.credits(2), ['3 by 0: 5990 5000']);
});

test('a spec that changes figures, and one that changes them back, come to the same read at once as one by one', async () => {
  const window = (days: number) => specTold((text) => text.replace('click: 7d', `click: ${days}d`));
  const kit = await openKit();
  const [together, oneByOne] = [await open(kit.ledger), await open(kit.ledger)];
  for (const tail of [together, oneByOne]) await tail.catchUp();
  for (const days of [1, 7]) {
    await kit.tell(window(days));
    await oneByOne.catchUp();
  }
  await together.catchUp();
  assert.deepEqual(contents(together.warehouse), contents(oneByOne.warehouse));
  assert.deepEqual(contents(together.warehouse), contents(await caughtUp(kit.ledger)));
});

test('a spec that changes nothing that figures rest on makes no statement', async () => {
  const kit = await openKit();
  const tail = await open(kit.ledger);
  await kit.tell(specTold((text) => text.replace('pairWithin: 10m', 'pairWithin: 9m')));
  await tail.catchUp();
  assert.deepEqual(
    [...tail.warehouse.rows.statements.values()].map(({ statement, specVersion }) => [statement, specVersion]),
    [[1, 1]],
  );
});

test('a spec that matches by less, counts other events or knows other domains makes all facts anew', async () => {
  const visit = (n: number, visitor: string, referrer: string) =>
    eventTold('browser', { event: 'Pageview', event_id: `l-${n}`, visitor }, START + n, {
      page: { url: 'https://shop.example/', referrer },
      user: { email: ['e1'.repeat(32)] },
    });
  const changes: ((text: string) => string)[] = [
    (text) => text.replace('match: [ttclid, visitor, external_id, email, phone]', 'match: [visitor]'),
    (text) => text.replace('\nattribution:', '\nattribution:\n  conversions: [Pageview]'),
    (text) => text.replace('domains: [shop.example, ', 'domains: [shop.example, blog.example, '),
    (text) => text.replace('\nattribution:', '\nattribution:\n  sharedBy: 2'),
  ];
  for (const change of changes) {
    const kit = await openKit();
    const tail = await open(kit.ledger);
    await kit.tell(
      visit(1, 'v-1', 'https://blog.example/'),
      visit(2, 'v-2', 'https://other.example/'),
      visit(3, 'v-3', ''),
    );
    await tail.catchUp();
    await kit.tell(specTold(change));
    await tail.catchUp();
    assert.deepEqual(contents(tail.warehouse), contents(await caughtUp(kit.ledger)), String(change));
    assert.equal(tail.warehouse.rows.statements.size, 2);
  }
});

test('what could not be written is written before anything else, and nothing is lost by it', async () => {
  const kit = await openKit();
  const tail = await open(kit.ledger);
  const { warehouse } = tail;
  const commit = warehouse.commit.bind(warehouse);
  await kit.tell(eventTold('browser', { visitor: 'v-1' }, START, { user: { email: ['e1'.repeat(32)] } }));
  warehouse.commit = () => Promise.reject(new AssayError('warehouse_unwritable', 'full'));
  await assert.rejects(tail.catchUp(), { code: 'warehouse_unwritable' });
  await assert.rejects(tail.catchUp(), { code: 'warehouse_unwritable' });
  warehouse.commit = commit;
  await kit.tell(
    eventTold('browser', { visitor: 'v-2', event_id: 'e-2' }, START, { user: { email: ['e1'.repeat(32)] } }),
  );
  await tail.catchUp();
  assert.deepEqual(contents(warehouse), contents(await caughtUp(kit.ledger)));
});

test('a warehouse of another ledger is known as such', async () => {
  const kit = await openKit();
  const { place } = (await caughtUp(kit.ledger)).rows;
  assert.ok(await follows(place, kit.ledger));
  assert.ok(!(await follows({ change: 0, offset: 0, credited: 0 }, kit.ledger)), 'one that was never filled');
  assert.ok(!(await follows({ ...place, offset: place.offset + 1 }, kit.ledger)));
  assert.ok(!(await follows({ ...place, change: place.change + 1 }, kit.ledger)));
  assert.ok(!(await follows(place, memoryLedger())));
});

/** Told and decided in batches of at most `batchMax`, and read after `every` of them. */
async function lived(
  steps: readonly Step[],
  { batchMax, every }: { batchMax: number; every: number },
): Promise<MemoryWarehouse> {
  const ledger = memoryLedger();
  const admission = await openAdmission(await written(steps), ledger, { batchMax });
  const tail = await open(ledger);
  const commit = ledger.commit.bind(ledger);
  let commits = 0;
  ledger.commit = async (...write) => {
    await commit(...write);
    commits += 1;
    if (commits % every === 0) await tail.catchUp();
  };
  await admission.catchUp();
  await tail.catchUp();
  return tail.warehouse;
}

test('of an identifier that many came with, only links that a record shows are read', async () => {
  const warehouse = memoryWarehouse();
  const kit = await openKit();
  const tail = await open(kit.ledger, warehouse);
  const visit = (n: number) =>
    eventTold('browser', { event: 'Contact', event_id: `c-${n}`, visitor: `v-${n}` }, START + n, {
      page: { url: 'https://shop.example/' },
      user: { email: ['e1'.repeat(32)] },
    });
  const read: number[] = [];
  for (const name of ['linksOf', 'linksByKey'] as const) {
    const was = warehouse[name] as (of: readonly LinkFact[]) => Promise<LinkFact[]>;
    warehouse[name] = async (of: readonly unknown[]) => {
      const links = await was(of as LinkFact[]);
      read.push(links.length);
      return links;
    };
  }
  await kit.tell(...Array.from({ length: 30 }, (_, n) => visit(n)));
  await tail.catchUp();
  read.length = 0;
  await kit.tell(visit(30), visit(31), { ...visit(7), body: { ...visit(7).body, event_id: 'again' } });
  await tail.catchUp();
  assert.equal(
    read.reduce((sum, links) => sum + links, 0),
    1,
  );
  assert.deepEqual(
    warehouse.rows.shared.map(({ kind, visitors }) => [kind, visitors]),
    [['email', 32]],
  );
  assert.deepEqual(contents(warehouse), contents(await caughtUp(kit.ledger)));
});

async function ledgerOf(steps: readonly Step[]): Promise<Ledger> {
  const ledger = memoryLedger();
  await (await openAdmission(await written(steps), ledger, { batchMax: 3 })).catchUp();
  return ledger;
}

async function caughtUp(ledger: Ledger, warehouse = memoryWarehouse()): Promise<MemoryWarehouse> {
  await (await open(ledger, warehouse)).catchUp();
  return warehouse;
}

interface OpenTail {
  warehouse: MemoryWarehouse;
  catchUp(): Promise<void>;
  /** `conversion by touch: value net` */
  credits(statement?: number): string[];
}

async function open(reader: Ledger, warehouse = memoryWarehouse()): Promise<OpenTail> {
  const openBook = ({ visitorsMax }: { visitorsMax: number }): Promise<Book> => Book.open(warehouse, { visitorsMax });
  const tail = await Tail.open({ reader, warehouse, openBook, closes: false });
  return {
    warehouse,
    async catchUp() {
      while (await tail.step());
    },
    credits: (statement = 1) =>
      [...(warehouse.rows.credits.get(statement)?.values() ?? [])]
        .flat()
        .map(({ conversion, touch, minor, net }) => `${conversion} by ${touch}: ${minor} ${net}`),
  };
}
