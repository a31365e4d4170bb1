import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { eventTold, factTold, orderTold, paymentTold, rawRecord, START, specTold } from '../../test/admission-kit.ts';
import { openAdmission } from '../admission/run.ts';
import { DAY } from '../event/time.ts';
import type { Journal } from '../store/journal.ts';
import type { Ledger } from '../store/ledger.ts';
import { memoryJournal } from '../store/memory/journal.ts';
import { memoryLedger } from '../store/memory/ledger.ts';
import { openJournal } from '../store/sqlite/journal.ts';
import { openLedger } from '../store/sqlite/ledger.ts';
import { ledgerSnapshots, openSnapshots, type Snapshots } from '../store/sqlite/ledger-snapshots.ts';
import { temporaryFolder } from '../store/test-folder.ts';
import { startAdmission } from './admission.ts';
import { type Retention, startRetention } from './retention.ts';

const KEPT = { personal: 30 * DAY, journal: 400 * DAY };
const PERSONAL = { user: { ip: '192.0.2.1' }, page: { url: 'https://shop.example/' } };
const MONTH = 30;

/** A store with admission and retention, on a clock that only the test moves. */
interface World {
  journal: Journal;
  ledger: Ledger;
  snapshots: Snapshots;
  retention: Retention;
  folder: string;
  log: string[];
  /** up to when the warehouse was told to forget */
  forgotten: number[];
  /** A day of a small shop: an event and an order that was paid, whose legs all end, but those of `waiting` events. */
  day(n: number, waiting?: ReadonlySet<number>): Promise<void>;
  /** Ends the legs of events that still wait. */
  end(events: readonly number[], at?: number): Promise<void>;
  /** at the end of a day */
  retain(day: number): ReturnType<Retention['run']>;
}

async function openWorld(t: TestContext, engine: 'memory' | 'sqlite', told: Partial<World> = {}): Promise<World> {
  const folder = told.folder ?? (engine === 'sqlite' ? await temporaryFolder(t) : '');
  const journal = engine === 'sqlite' ? await openJournal(folder) : memoryJournal();
  const ledger = engine === 'sqlite' ? await openLedger(folder) : memoryLedger();
  const admission = await openAdmission(journal, ledger);
  if ((await journal.last()) === 0) await journal.append([specTold()]);
  let offset = await admission.catchUp();
  let now = START;
  const log: string[] = [];
  const forgotten: number[] = [];
  const snapshots = told.snapshots ?? (engine === 'sqlite' ? openSnapshots(folder) : memorySnapshots(() => offset));
  const retention = startRetention({
    journal: told.journal ?? journal,
    ...{ snapshots, forget: ledger.forget, offset: () => offset, retention: () => KEPT, now: () => now },
    log: (line) => log.push(line),
    warehouse: async (before) => void forgotten.push(before),
    setTimer: () => () => undefined,
  });
  t.after(() => Promise.all([retention.stop(), journal.close(), ledger.close()]));
  const world: World = {
    ...{ journal, ledger, snapshots, retention, folder, log, forgotten },
    async day(n, waiting = new Set()) {
      const at = START + n * DAY;
      const first = await journal.append([
        eventTold('browser', { event: 'Contact', event_id: `e-${n}`, visitor: `v-${n}` }, at, PERSONAL),
      ]);
      await journal.append([
        {
          ...orderTold('server', { event_id: `demo-${n}`, properties: propertiesOf(n), capability: `c-${n}` }, at),
          personal: PERSONAL,
        },
        paymentTold('59.90', `pay-${n}`, at, { order_id: `${n}` }),
      ]);
      await admission.catchUp();
      await world.end(
        [first, first + 1].filter((event) => !waiting.has(event)),
        at,
      );
    },
    async end(events, at = START) {
      const { dispatches } = await ledger.load({ events: [...events], orders: [] });
      const legs = dispatches
        .filter(({ state }) => state === 'held' || state === 'queued')
        .map(({ event, destination, leg }) => ({ event, destination, leg, input: 'withhold', why: 'no_destination' }));
      await journal.append([rawRecord('expired', { legs }, { door: 'timer', receivedAt: at })]);
      offset = await admission.catchUp();
    },
    async retain(n) {
      now = START + n * DAY + DAY / 2;
      return retention.run();
    },
  };
  return world;
}

/** Snapshots of a ledger in memory are its word alone. */
function memorySnapshots(offset: () => number): Snapshots {
  let newest = 0;
  return {
    newest: () => newest,
    async make() {
      newest = offset();
      return newest;
    },
    forget: async () => 0,
  };
}

function propertiesOf(n: number) {
  return { order_id: `${n}`, value: '59.90', currency: 'EUR', contents: [{ content_id: 'a', quantity: 1 }] };
}

for (const engine of ['memory', 'sqlite'] as const)
  test(`over 500 days what is old goes, and a refund after 400 days finds its order, ${engine}`, async (t) => {
    const world = await openWorld(t, engine);
    const { journal, ledger } = world;
    // Files take their time, so the shop on them is open every fifth day.
    const every = engine === 'sqlite' ? 5 : 1;
    const last = 500 - every;
    for (let n = 0; n <= last; n += every) {
      await world.day(n);
      if ((n + every) % 10 === 0) assert.equal((await world.retain(n)).failed, undefined);
    }
    await journal.append([factTold('refund', 're-1', '59.90 EUR', START + last * DAY, { order_id: '5' })]);
    await (await openAdmission(journal, ledger)).catchUp();
    const [order] = (await ledger.orders({ orderId: '5' }, 200)).filter((one) => one.order.orderId === '5');
    assert.deepEqual([order?.order.status, order?.order.net, order?.entries.length], ['refunded', '0.00 EUR', 2]);

    const first = await journal.first();
    const kept = await journal.read(first - 1, 100_000);
    const now = START + last * DAY + DAY / 2;
    assert.ok(kept.every(({ receivedAt }) => receivedAt >= now - KEPT.journal));
    assert.deepEqual([first, (await journal.last()) - kept.length + 1], [first, first]);
    assert.ok(first > 300 / every);
    assert.equal(kept.filter(({ receivedAt, personal }) => personal && receivedAt < now - KEPT.personal).length, 0);
    const days = (rows: { personal: unknown }[]) => rows.filter(({ personal }) => personal !== null).length;
    assert.equal(days((await ledger.orders({}, 1000)).map((one) => one.order)), MONTH / every);
    assert.equal(days((await ledger.lineage(eventsOf(await journal.last()), [])).events), (2 * MONTH) / every);
    const totals = await ledger.totals();
    assert.equal(
      totals.verdicts.reduce((sum, { count }) => sum + count, 0),
      await journal.last(),
    );
    assert.equal(
      (await ledger.orderTotals()).reduce((sum, { count }) => sum + count, 0),
      500 / every,
    );
  });

test('what can still leave keeps its personal fields until it has ended', async (t) => {
  const world = await openWorld(t, 'sqlite');
  await world.day(0, new Set([2, 3]));
  await world.day(1);
  await world.retain(60);
  const personal = async () =>
    (await world.ledger.lineage(eventsOf(9), [])).events.filter((row) => row.personal).map(({ seq }) => seq);
  assert.deepEqual(await personal(), [2, 3]);
  await world.end([2, 3]);
  await world.retain(61);
  assert.deepEqual(await personal(), []);
});

test('the newest snapshot and the journal after it give the same ledger', async (t) => {
  const world = await openWorld(t, 'sqlite');
  for (let n = 0; n < 90; n++) {
    await world.day(n);
    if (n % 7 === 6) await world.retain(n);
  }
  await world.retain(89);
  const [newest, older, ...others] = ledgerSnapshots(world.folder);
  assert.ok(newest && older && newest.offset < (await world.ledger.offset()));
  assert.deepEqual(others, []);
  const again = await temporaryFolder(t);
  cpSync(newest.path, join(again, 'ledger.db'));
  const rebuilt = await openLedger(again);
  t.after(() => rebuilt.close());
  await (await openAdmission(world.journal, rebuilt)).catchUp();
  while ((await rebuilt.forget(START + 89.5 * DAY - KEPT.personal)).next === 'more');
  assert.deepEqual(await everything(rebuilt), await everything(world.ledger));
});

test('personal fields go from the snapshots as they go from the ledger', async (t) => {
  const world = await openWorld(t, 'sqlite');
  for (let n = 0; n < 40; n++) await world.day(n);
  await world.retain(39);
  const [made] = ledgerSnapshots(world.folder);
  await world.retain(80);
  const again = await temporaryFolder(t);
  cpSync(made?.path ?? '', join(again, 'ledger.db'));
  const snapshot = await openLedger(again);
  t.after(() => snapshot.close());
  assert.equal((await snapshot.lineage(eventsOf(200), [])).events.filter(({ personal }) => personal).length, 0);
});

test('a crash between a snapshot and the deletion loses nothing, and the next run goes on without another', async (t) => {
  const folder = await temporaryFolder(t);
  const first = await openWorld(t, 'sqlite', { folder });
  for (let n = 0; n < 3; n++) await first.day(n);
  const before = await everything(first.ledger);
  const crashed = startRetention({
    journal: {
      async forget(_what, _before, upTo) {
        if (upTo > 0) throw new Error('killed');
        return { count: 0, next: 'beyond' };
      },
    },
    forget: async () => ({ count: 0, next: 'nothing' }),
    ...{ snapshots: first.snapshots, offset: () => 13, retention: () => KEPT, now: () => START + 500 * DAY },
    ...{ log: () => undefined, setTimer: () => () => undefined, warehouse: async () => undefined },
  });
  assert.equal((await crashed.run()).failed, 'killed');
  assert.equal(await first.journal.first(), 1);
  assert.deepEqual(await everything(first.ledger), before);
  const run = await first.retain(500);
  assert.deepEqual([run.removed > 0, run.snapshot, run.failed], [true, undefined, undefined]);
});

test('a snapshot that a crash left unfinished is none, and the next one takes its place', async (t) => {
  const world = await openWorld(t, 'sqlite');
  await world.day(0);
  mkdirSync(join(world.folder, 'snapshot'));
  writeFileSync(join(world.folder, 'snapshot/ledger.part'), 'half');
  assert.equal(world.snapshots.newest(), 0);
  const { snapshot } = await world.retain(100);
  assert.deepEqual(readdirSync(join(world.folder, 'snapshot')), [`ledger-${snapshot}.db`]);
});

test('nothing is emptied or removed that no snapshot covers', async (t) => {
  const world = await openWorld(t, 'sqlite', {
    snapshots: { newest: () => 0, make: () => Promise.reject(new Error('no room')), forget: async () => 0 },
  });
  await world.day(0);
  const run = await world.retain(500);
  assert.deepEqual([run.faded, run.removed, run.failed, world.retention.last()], [0, 0, 'no room', run]);
  await world.retain(501);
  assert.equal(world.log.filter((line) => line.includes('no room')).length, 1);
  assert.equal((await world.journal.read(0, 1)).length, 1);
});

test('what no verdict stands for yet is not removed, however old', async (t) => {
  const world = await openWorld(t, 'sqlite');
  await world.day(0);
  const late = await world.journal.append([eventTold('browser', { event_id: 'late' }, START, PERSONAL)]);
  await world.retain(500);
  assert.equal(await world.journal.first(), late);
  assert.ok((await world.journal.read(late - 1, 1))[0]?.personal);
});

test('the warehouse forgets the same as the ledger, and what it can’t is tried in an hour', async (t) => {
  const world = await openWorld(t, 'memory');
  await world.retain(60);
  assert.deepEqual(world.forgotten, [(world.retention.last()?.at ?? 0) - KEPT.personal]);
  const retention = startRetention({
    ...{ journal: world.journal, forget: world.ledger.forget, offset: () => 0, now: () => START },
    ...{ snapshots: world.snapshots, retention: () => KEPT, log: () => undefined, setTimer: () => () => undefined },
    warehouse: () => Promise.reject(new Error('it is not open yet')),
  });
  assert.equal((await retention.run()).failed, 'it is not open yet');
});

test('it runs soon after the start and then every hour, and once it has stopped no more', async () => {
  const waits: { ms: number; run(): void }[] = [];
  let cancelled = 0;
  const retention = startRetention({
    ...{ journal: memoryJournal(), forget: memoryLedger().forget, offset: () => 0, now: () => START },
    ...{ snapshots: memorySnapshots(() => 0), retention: () => KEPT, log: () => undefined },
    warehouse: async () => undefined,
    setTimer(run, ms) {
      waits.push({ ms, run });
      return () => cancelled++;
    },
  });
  assert.equal(retention.last(), undefined);
  waits[0]?.run();
  await retention.run();
  await new Promise(setImmediate);
  assert.deepEqual(
    waits.map(({ ms }) => ms),
    [60_000, 3_600_000],
  );
  await retention.stop();
  assert.equal(cancelled, 1);
});

test('admission’s thread takes the steps of the ledger, and says why one cannot be written', async (t) => {
  const folder = await temporaryFolder(t);
  const journal = await openJournal(folder);
  await journal.append([specTold(), eventTold('browser', { consent: 'denied' }, START, PERSONAL)]);
  const unexpected = (what: unknown) => assert.fail(String(what));
  const thread = await startAdmission(folder, { committed: () => undefined, waits: unexpected, failed: unexpected });
  t.after(() => Promise.all([thread.close(), journal.close()]));
  assert.equal(thread.offset(), 2);
  assert.deepEqual(await thread.forget(START), { count: 0, next: 'nothing' });
  const other = new DatabaseSync(join(folder, 'ledger.db'));
  other.exec('BEGIN IMMEDIATE');
  await assert.rejects(thread.forget(START + 1), /locked/);
  other.close();
  assert.deepEqual(await thread.forget(START + 1), { count: 1, next: 'nothing' });
});

function eventsOf(last: number): number[] {
  return Array.from({ length: last }, (_, n) => n + 1);
}

async function everything(ledger: Ledger): Promise<unknown> {
  const last = await ledger.offset();
  return {
    last,
    lineage: await ledger.lineage(eventsOf(last), []),
    orders: await ledger.orders({}, 1000),
    totals: [await ledger.totals(), await ledger.orderTotals(), await ledger.orderMarks()],
    verdicts: await ledger.verdicts(1, last),
    findings: await ledger.findings(1000),
    specs: await ledger.specs(),
  };
}
