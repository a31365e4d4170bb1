import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TWIN } from '../../src/sim/twin/client.ts';
import { sorted } from './tag/asks.ts';
import { becomes } from './tag/becomes.ts';
import type { Collector, SpecPart } from './tag/collector.ts';
import { tag } from './tag/shop.ts';
import { openStage, SECOND_PIXEL } from './tag/stage.ts';
import { CART, call, listed, loaded, type Visit } from './tag/visit.ts';

const stage = openStage();
// Of the standard events only Purchase and Lead were ever renamed.
const LEAD = { Lead: { guarded: false } };
const ORDER = { value: '9.50', currency: 'EUR', contents: [{ content_id: 'cup', quantity: 1, price: 9.5 }] };

/** Every copy of both legs, and that each was counted once at its pixel. */
async function assertCopies(visit: Visit, expected: string[]): Promise<void> {
  await becomes(async () => listed(await visit.copies()), sorted(expected));
  const ids = new Set((await visit.copies()).map(({ event_id }) => String(event_id)));
  for (const id of ids) {
    const events = await stage.twin.events({ event_id: id });
    const wanted = expected.filter((line) => line.startsWith('api') && line.endsWith(` ${id}`));
    assert.deepEqual(sorted(events.map((one) => `api ${one.source_id} ${one.event} ${one.event_id}`)), sorted(wanted));
    for (const { counted } of events) assert.equal(counted, 1);
  }
}

const both = (code: string, event: string, id: string): string[] => [
  `api ${code} ${event} ${id}`,
  `pixel ${code} ${event} ${id}`,
];

test('two destinations with names of two generations: each has its own name on both legs', async () => {
  const collector = await stage.collector({
    destinations: [{ id: 'main' }, { id: 'old', pixel: SECOND_PIXEL, eventNames: 'legacy' }],
    events: LEAD,
  });
  const visit = await stage.visit('generations', collector);
  visit.put('', tag(collector.url));
  const page = await visit.open();
  await loaded(page);
  await call(page, 'track', 'AddToCart', CART, { event_id: 'g-cart' });
  await call(page, 'track', 'Lead', { content_name: 'Kitchen' }, { event_id: 'g-lead' });
  await call(page, 'order', { order_id: '9001', ...ORDER });
  await assertCopies(visit, [
    ...both(TWIN.pixel, 'AddToCart', 'g-cart'),
    ...both(SECOND_PIXEL, 'AddToCart', 'g-cart'),
    ...both(TWIN.pixel, 'Lead', 'g-lead'),
    ...both(SECOND_PIXEL, 'SubmitForm', 'g-lead'),
    ...both(TWIN.pixel, 'Purchase', 'demo-9001'),
    ...both(SECOND_PIXEL, 'CompletePayment', 'demo-9001'),
  ]);
  assert.deepEqual(await visit.scripts(), [TWIN.pixel, SECOND_PIXEL]);
  assert.deepEqual([visit.errors, visit.complaints], [[], []]);
});

test('the names are switched under an open page: it keeps its own, and a new page has the new ones', async () => {
  const spec = (eventNames: 'current' | 'legacy'): SpecPart => ({
    destinations: [{ id: 'main', eventNames }],
    events: LEAD,
    business: { id: 'switch' },
  });
  const collector: Collector = await stage.collector(spec('current'));
  const visit = await stage.visit('switched', collector);
  visit.put('', tag(collector.url));
  const page = await visit.open();
  await loaded(page);
  await call(page, 'track', 'Lead', {}, { event_id: 's-1' });
  await becomes(() => visit.told('Lead').length, 1);
  await collector.restart(spec('legacy'));
  await call(page, 'track', 'Lead', {}, { event_id: 's-2' });
  await call(page, 'order', { order_id: '9101', ...ORDER });
  await assertCopies(visit, [
    ...both(TWIN.pixel, 'Lead', 's-1'),
    ...both(TWIN.pixel, 'Lead', 's-2'),
    ...both(TWIN.pixel, 'Purchase', 'switch-9101'),
  ]);
  assert.deepEqual(
    visit.told('Lead').map(({ spec }) => spec),
    [1, 1],
  );

  const next = await stage.visit('after-switch', collector);
  next.put('', tag(collector.url));
  const fresh = await next.open();
  await loaded(fresh);
  await call(fresh, 'track', 'Lead', {}, { event_id: 's-3' });
  await call(fresh, 'order', { order_id: '9102', ...ORDER });
  await assertCopies(next, [
    ...both(TWIN.pixel, 'SubmitForm', 's-3'),
    ...both(TWIN.pixel, 'CompletePayment', 'switch-9102'),
  ]);
  assert.deepEqual(
    next.told('Lead').map(({ spec }) => spec),
    [2],
  );
  assert.deepEqual([visit.errors, next.errors], [[], []]);
});

test('two shops on one pixel give the same order number: both orders are counted, each once', async () => {
  const shops = [
    { business: 'alpha', host: 'shop.localhost' },
    { business: 'beta', host: 'other.localhost' },
  ];
  for (const { business, host } of shops) {
    const collector = await stage.collector({ business: { id: business } });
    const visit = await stage.visit(business, collector);
    visit.put('', tag(collector.url));
    const page = await visit.context.newPage();
    await page.goto(visit.url('', host));
    await loaded(page);
    await call(page, 'order', { order_id: '10045', ...ORDER });
    await call(page, 'track', 'Purchase', { order_id: '10045', ...ORDER });
    await assertCopies(visit, both(TWIN.pixel, 'Purchase', `${business}-10045`));
    await becomes(() => visit.legs('10045'), ['api main delivered accepted', 'pixel main unknown fired_by_page']);
    assert.deepEqual([visit.errors, visit.complaints], [[], []]);
  }
  const counted = await stage.twin.events({ order_id: '10045' });
  assert.deepEqual(sorted(counted.map(({ event_id, counted }) => `${event_id} ${counted}`)), [
    'alpha-10045 1',
    'beta-10045 1',
  ]);
});
