import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { type LinkFact, TOUCH_KINDS } from '../event/fact.ts';
import { creativeNumber, creativesOf } from './creative.ts';
import { noFacts, type Warehouse } from './warehouse.ts';
import { creditConformance } from './warehouse-credits.conformance.ts';
import {
  adReportFact,
  conversionFact,
  dispatchFact,
  entryFact,
  eventFact,
  factsOf,
  leadFact,
  linkFact,
  orderFact,
  placeAt,
  touchFact,
} from './warehouse-samples.ts';

export type OpenWarehouse = (t: TestContext) => Promise<Warehouse>;

/** What every engine of the warehouse does; `open` gives an empty one that the test's end closes. */
export function warehouseConformance(engine: string, open: OpenWarehouse): void {
  describe(`warehouse, ${engine}`, () => {
    factConformance(open);
    readConformance(open);
    creditConformance(open);
    forgetConformance(open);
  });
}

function factConformance(open: OpenWarehouse): void {
  test('an empty warehouse knows nothing', async (t) => {
    const warehouse = await open(t);
    assert.deepEqual(await warehouse.place(), { change: 0, offset: 0, credited: 0 });
    assert.deepEqual(await warehouse.touchesByKey(['ttclid:c1']), []);
    assert.deepEqual(await warehouse.touchesByKey([]), []);
    assert.deepEqual(await warehouse.touchesNumbered([]), []);
    assert.deepEqual(await warehouse.linksOf([{ kind: 'email', value: 'x' }]), []);
    assert.deepEqual(await warehouse.statements(), []);
    assert.deepEqual(await all(warehouse.touches(0)), []);
    assert.deepEqual(await all(warehouse.conversions(0)), []);
    assert.deepEqual(await all(warehouse.ties()), []);
  });

  test('a commit writes facts and the place, and what is asked comes back as it was told', async (t) => {
    const warehouse = await open(t);
    const events = [eventFact(1), eventFact(2, { minor: null, currency: null, visitor: null, page: null, bot: true })];
    const conversions = [
      conversionFact(1),
      conversionFact(2, { confirmed: false, minor: -5n, currency: '', shop: null }),
    ];
    const touches = [
      touchFact(1, { kind: 'view', ttclid: null, key: 'touch:a', source: 'import' }),
      touchFact(2, {
        kind: 'engagedView',
        campaign: 'naïve “quotes” 🙂\u0000 end',
        adId: '',
        referrer: 'blog.example',
      }),
    ];
    const entries = [entryFact('o1', 'p1'), entryFact('o1', 'p2', { minor: null, provider: null })];
    await warehouse.commit(
      factsOf({
        ...{ events, conversions, touches, entries, links: [linkFact('v1', 'x')], orders: [orderFact('o1')] },
        ...{ leads: [leadFact('L1')], dispatches: [dispatchFact(1)], adReports: [adReportFact('7')] },
      }),
      { change: 3, offset: 30, credited: 2 },
    );
    assert.deepEqual(await warehouse.place(), { change: 3, offset: 30, credited: 2 });
    assert.deepEqual(await warehouse.eventsOf([2, 1, 9]), events);
    assert.deepEqual(await warehouse.conversionsOf([1, 2]), conversions);
    assert.deepEqual(await warehouse.touchesNumbered([2, 1]), touches);
    assert.deepEqual(byReference(await warehouse.entriesOf([{ shop: 'demo', orderId: 'o1' }])), entries);
    assert.deepEqual(await warehouse.linksOf([{ kind: 'email', value: 'x' }]), [linkFact('v1', 'x')]);
  });

  test('a row replaces the one with its key, whole, wherever it stands', async (t) => {
    const warehouse = await open(t);
    const many = Array.from({ length: 5000 }, (_, n) => n + 1);
    await warehouse.commit(
      factsOf({
        ...{ events: many.map((n) => eventFact(n)), touches: many.map((n) => touchFact(n)) },
        ...{ conversions: many.map((n) => conversionFact(n)), links: many.map((n) => linkFact(`v${n}`, `x${n}`)) },
        entries: many.map((n) => entryFact('o1', `p${n}`)),
      }),
      placeAt(1),
    );
    const again = [5, 4999, 5001];
    const touches = again.map((n) => touchFact(n, { visitor: 'other', key: `touch:${n}` }));
    await warehouse.commit(
      factsOf({
        ...{ touches, events: again.map((n) => eventFact(n, { name: 'Search' })) },
        conversions: again.map((n) => conversionFact(n, { net: 1n })),
        links: again.map((n) => linkFact(`v${n}`, `x${n}`, { lastAt: 7 })),
        entries: [entryFact('o1', 'p5', { minor: 1n })],
      }),
      placeAt(2),
    );
    assert.deepEqual(await warehouse.touchesNumbered(again), touches);
    assert.equal((await all(warehouse.touches(0))).length, 5001);
    assert.deepEqual(await warehouse.touchesByKey(['ttclid:c5']), []);
    assert.deepEqual(
      (await warehouse.eventsOf([4, ...again])).map(({ name }) => name),
      ['AddToCart', 'Search', 'Search', 'Search'],
    );
    assert.deepEqual(
      (await warehouse.conversionsOf([4, 5])).map(({ net }) => net),
      [5990n, 1n],
    );
    assert.equal((await all(warehouse.conversions(0))).length, 5001);
    assert.deepEqual(await warehouse.linksOf([{ kind: 'email', value: 'x5' }]), [linkFact('v5', 'x5', { lastAt: 7 })]);
    const entries = await warehouse.entriesOf([{ shop: 'demo', orderId: 'o1' }]);
    assert.deepEqual([entries.length, entries.filter(({ minor }) => minor === 1n).length], [5000, 1]);
  });

  test('of a key that is told twice at once, the last word counts', async (t) => {
    const warehouse = await open(t);
    const twice = [touchFact(1), touchFact(1, { visitor: 'last' })];
    await warehouse.commit(
      factsOf({ touches: twice, links: [linkFact('v', 'x'), linkFact('v', 'x', { seq: 9 })] }),
      placeAt(1),
    );
    assert.deepEqual(await warehouse.touchesNumbered([1]), twice.slice(1));
    assert.deepEqual(await warehouse.linksOf([{ kind: 'email', value: 'x' }]), [linkFact('v', 'x', { seq: 9 })]);
  });

  test('what is gone goes before the rest is written', async (t) => {
    const warehouse = await open(t);
    await warehouse.commit(
      factsOf({
        ...{ orders: [orderFact('o1')], entries: [entryFact('o1', 'p1'), entryFact('o1', 'p2')] },
        ...{ conversions: [conversionFact(1), conversionFact(2)], touches: [touchFact(1), touchFact(2)] },
        links: [linkFact('v1', 'x'), linkFact('v2', 'x')],
      }),
      placeAt(1),
    );
    await warehouse.commit(
      factsOf({
        conversions: [conversionFact(2, { net: 0n })],
        gone: {
          orders: [{ shop: 'demo', orderId: 'o1' }],
          entries: [{ shop: 'demo', orderId: 'o1', reference: 'p1' }],
          conversions: [1, 2],
          touches: [2],
          links: [{ visitor: 'v1', kind: 'email', value: 'x' }],
        },
      }),
      placeAt(2),
    );
    assert.deepEqual(await warehouse.entriesOf([{ shop: 'demo', orderId: 'o1' }]), [entryFact('o1', 'p2')]);
    assert.deepEqual(await warehouse.conversionsOf([1, 2]), [conversionFact(2, { net: 0n })]);
    assert.deepEqual(await all(warehouse.touches(0)), [touchFact(1)]);
    assert.deepEqual(await warehouse.linksOf([{ kind: 'email', value: 'x' }]), [linkFact('v2', 'x')]);
  });

  test('money beyond 64 bits is held as the most that 64 bits hold', async (t) => {
    const warehouse = await open(t);
    await warehouse.commit(
      factsOf({ conversions: [conversionFact(1, { minor: 10n ** 30n, net: -(10n ** 30n) })] }),
      placeAt(1),
    );
    const [{ minor, net } = conversionFact(1)] = await warehouse.conversionsOf([1]);
    assert.deepEqual([minor, net], [2n ** 63n - 1n, -(2n ** 63n)]);
  });
}

function readConformance(open: OpenWarehouse): void {
  test('touches are found by key and by number', async (t) => {
    const warehouse = await open(t);
    const touches = Array.from({ length: 300 }, (_, n) => touchFact(n + 1, { visitor: `v${n % 3}` }));
    await warehouse.commit(factsOf({ touches }), placeAt(1));
    assert.deepEqual(inOrder(await warehouse.touchesByKey(['ttclid:c7', 'ttclid:c300', 'ttclid:none', 'ttclid:c7'])), [
      touches[6],
      touches[299],
    ]);
    assert.deepEqual(await warehouse.touchesNumbered([9, 8, 8]), [touches[7], touches[8]]);
  });

  test('a book’s columns are those of all touches, and creatives those that touches have, each with the names of its best touch', async (t) => {
    const warehouse = await open(t);
    const touches = Array.from({ length: 5000 }, (_, n) =>
      touchFact(n + 1, { kind: n % 2 ? 'view' : 'click', adId: String(n % 7), ad: n === 3000 ? 'Shoes' : null }),
    );
    await warehouse.commit(factsOf({ touches }), placeAt(1));
    const rows: unknown[][] = [];
    for await (const { touch, occurredAt, kind, creative, visitor } of warehouse.touchColumns())
      for (const [n, number] of touch.entries()) rows.push([number, occurredAt[n], kind[n], creative[n], visitor[n]]);
    const told = touches.map((one) => [
      ...[one.touch, one.occurredAt, TOUCH_KINDS.indexOf(one.kind), creativeNumber(one), one.visitor],
    ]);
    assert.deepEqual(
      rows.toSorted((a, b) => Number(a[0]) - Number(b[0])),
      told,
    );
    const creatives = await warehouse.creatives();
    assert.deepEqual(creatives, creativesOf(touches));
    const named = new Set(creatives.map(({ adId, ad }) => `${adId} ${ad}`));
    assert.deepEqual(named, new Set(['0 null', '1 null', '2 null', '3 null', '4 Shoes', '5 null', '6 null']));
    await warehouse.commit(factsOf({ gone: { touches: [3001] } }), placeAt(2));
    assert.ok((await warehouse.creatives()).every(({ ad }) => ad === null));
  });

  test('an identifier is its kind and its value', async (t) => {
    const warehouse = await open(t);
    const links = [linkFact('v1', 'x'), linkFact('v1', 'x', { kind: 'phone' }), linkFact('v2', 'x')];
    await warehouse.commit(factsOf({ links }), placeAt(1));
    const found = await warehouse.linksOf([{ kind: 'phone', value: 'x' }]);
    assert.deepEqual(found, [links[1]]);
    assert.equal((await warehouse.linksOf([{ kind: 'email', value: 'x' }])).length, 2);
  });

  test('a link is found by its key, however many came with the same identifier', async (t) => {
    const warehouse = await open(t);
    const links = [...pairs('email', 'shared', 4000), linkFact('v1', 'shared', { kind: 'phone' })];
    await warehouse.commit(factsOf({ links }), placeAt(1));
    const keys = [links[7], links[4000], links[7], linkFact('nobody', 'shared')] as LinkFact[];
    const found = await warehouse.linksByKey(keys);
    assert.deepEqual(
      found.toSorted((a, b) => a.kind.localeCompare(b.kind)),
      [links[7], links[4000]],
    );
    assert.deepEqual(await warehouse.linksByKey([]), []);
  });

  test('ties are all links of identifiers that several visitors came with, an identifier in one page', async (t) => {
    const warehouse = await open(t);
    const tied = [...pairs('email', 'shared', 4000), ...pairs('phone', 'two', 2), ...pairs('order', 'o1', 3)];
    const alone = [linkFact('v1', 'alone'), linkFact('v1', 'two', { kind: 'external_id' })];
    await warehouse.commit(factsOf({ links: [...tied, ...alone] }), placeAt(1));
    const pages: LinkFact[][] = [];
    for await (const page of warehouse.ties()) pages.push(page);
    const text = (links: readonly LinkFact[]) =>
      links.map(({ kind, value, visitor }) => `${kind} ${value} ${visitor}`).sort();
    assert.deepEqual(text(pages.flat()), text(tied));
    for (const { kind, value } of tied) {
      const with_ = pages.filter((page) => page.some((link) => link.kind === kind && link.value === value));
      assert.equal(with_.length, 1);
    }
  });

  test('pages of touches and conversions come in the order of their numbers, from any of them on', async (t) => {
    const warehouse = await open(t);
    const numbers = [3, 1, 90_000, 4_000_000_000, 2 ** 40, 2 ** 52];
    await warehouse.commit(
      factsOf({ touches: numbers.map((n) => touchFact(n)), conversions: numbers.map((n) => conversionFact(n)) }),
      placeAt(1),
    );
    await warehouse.commit(factsOf({ touches: [touchFact(2)], conversions: [conversionFact(2)] }), placeAt(2));
    const sorted = [1, 2, 3, 90_000, 4_000_000_000, 2 ** 40, 2 ** 52];
    assert.deepEqual(
      (await all(warehouse.touches(0))).map(({ touch }) => touch),
      sorted,
    );
    assert.deepEqual(
      (await all(warehouse.conversions(2))).map(({ conversion }) => conversion),
      sorted.slice(2),
    );
  });
}

function forgetConformance(open: OpenWarehouse): void {
  test('retention takes away what identifies a person in older facts, and nothing that is counted', async (t) => {
    const warehouse = await open(t);
    const month = 31 * 86_400_000;
    const before = 10 * month;
    const links = [
      linkFact('v1', 'old', { firstAt: 10, lastAt: before - 1 }),
      linkFact('v1', 'seen again', { firstAt: 10, lastAt: before }),
      linkFact('v1', 'o1', { kind: 'order', firstAt: 10, lastAt: 10 }),
      linkFact('v1', 'L1', { kind: 'lead', firstAt: 10, lastAt: 10 }),
    ];
    const touches = [
      touchFact(1, { key: 'click:c1', occurredAt: before - month - 1, referrer: 'blog.example' }),
      touchFact(2, { key: 'click:c2', occurredAt: before - month, referrer: 'blog.example' }),
      touchFact(3, { key: 'click:c3', occurredAt: before, referrer: 'blog.example' }),
      touchFact(4, { key: 's1:google / organic:::', occurredAt: 10, ttclid: null, referrer: 'www.google.com' }),
    ];
    const events = [
      eventFact(1, { receivedAt: before - 1, shows: '["email x"]' }),
      eventFact(2, { receivedAt: before }),
    ];
    await warehouse.commit(factsOf({ links, touches, events, conversions: [conversionFact(1)] }), placeAt(1));
    for (const gone of [links.slice(0, 1), []]) {
      assert.deepEqual(await warehouse.forget(before), gone);
      assert.deepEqual(await all(warehouse.touches(0)), [
        { ...touches[0], ttclid: null, referrer: null, key: 'touch 1' },
        { ...touches[1], ttclid: null, referrer: null },
        touches[2],
        { ...touches[3], referrer: null },
      ]);
      assert.deepEqual(await warehouse.touchesByKey(['click:c1']), []);
      assert.deepEqual(await warehouse.eventsOf([1, 2]), [{ ...events[0], page: null, shows: null }, events[1]]);
      assert.deepEqual(await warehouse.linksOf(links), links.slice(1));
      assert.deepEqual(await warehouse.conversionsOf([1]), [conversionFact(1)]);
      assert.deepEqual(await warehouse.place(), placeAt(1));
      assert.equal(await warehouse.forgotBefore(), before);
    }
    assert.deepEqual(await warehouse.forget(month), []);
    assert.equal(await warehouse.forgotBefore(), before);
  });

  test('a commit of nothing moves the place alone', async (t) => {
    const warehouse = await open(t);
    await warehouse.commit(noFacts(), placeAt(7));
    assert.deepEqual(await warehouse.place(), placeAt(7));
  });
}

function pairs(kind: LinkFact['kind'], value: string, visitors: number): LinkFact[] {
  return Array.from({ length: visitors }, (_, n) => linkFact(`v${n}`, value, { kind }));
}

function inOrder<Row extends { touch: number }>(rows: readonly Row[]): Row[] {
  return rows.toSorted((a, b) => a.touch - b.touch);
}

function byReference<Row extends { reference: string }>(rows: readonly Row[]): Row[] {
  return rows.toSorted((a, b) => (a.reference < b.reference ? -1 : 1));
}

async function all<Row>(pages: AsyncIterable<Row[]>): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const page of pages) rows.push(...page);
  return rows;
}
