import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { TWIN } from '../../src/sim/twin/client.ts';
import { until } from './road/visit.ts';
import { sorted } from './tag/asks.ts';
import { becomes } from './tag/becomes.ts';
import type { Collector } from './tag/collector.ts';
import { tag } from './tag/shop.ts';
import { openStage } from './tag/stage.ts';
import { CART, call, listed, loaded, type Visit } from './tag/visit.ts';

let collector: Collector;
const stage = openStage(async () => {
  collector = await stage.collector();
});

const SHOWS = `<script>addEventListener('pageshow', ({ persisted }) => {
  globalThis.shows = [...(globalThis.shows ?? []), persisted];
});</script>`;

async function visitor(name: string): Promise<[Visit, Page]> {
  const visit = await stage.visit(name, collector);
  visit.put('', SHOWS + tag(collector.url));
  visit.put('away', '');
  const page = await visit.open();
  await loaded(page);
  return [visit, page];
}

/** Leaves for a page without the tag and comes back to the very page that was left. */
async function goAndReturn(visit: Visit, page: Page, times = 1): Promise<void> {
  await page.goto(visit.url('away'));
  // A page from the cache is shown, not loaded.
  await page.goBack({ waitUntil: 'commit' });
  await page.waitForFunction((n) => (globalThis as unknown as { shows?: boolean[] }).shows?.length === n, times + 1);
  assert.equal(await page.evaluate('shows.at(-1)'), true, 'the browser kept the page');
}

const ids = (visit: Visit, event: string): (string | undefined)[] => visit.told(event).map(({ event_id }) => event_id);

test('a page from the back-forward cache is a new view, and no event is told again', async () => {
  const [visit, page] = await visitor('back');
  await call(page, 'track', 'AddToCart', CART);
  await becomes(async () => (await visit.copies()).length, 2);
  await goAndReturn(visit, page);
  await becomes(() => visit.told('Pageview').length, 2);
  await call(page, 'track', 'Contact', {});
  await becomes(async () => sorted((await visit.copies('Contact')).map(({ channel }) => channel)), ['api', 'pixel']);
  assert.equal(new Set(ids(visit, 'Pageview')).size, 2);
  assert.equal(visit.told('AddToCart').length, 1);
  assert.equal((await visit.copies('AddToCart')).length, 2);
  assert.equal((await visit.scripts()).length, 1);
  assert.deepEqual([visit.errors, visit.complaints], [[], []]);
});

test('what waited when the page went into the cache is told after it came back, once', async () => {
  const [visit, page] = await visitor('waits');
  await becomes(() => visit.told('Pageview').length, 1);
  await collector.gate.become('busy');
  await call(page, 'track', 'AddToCart', CART, { event_id: 'b-1' });
  await until('a refused try', () =>
    collector.gate.asks.some(({ status, body }) => status === 503 && body.includes('b-1')),
  );
  await goAndReturn(visit, page);
  await collector.gate.become('open');
  await becomes(() => ids(visit, 'AddToCart').includes('b-1'), true);
  await goAndReturn(visit, page, 2);
  await call(page, 'track', 'Contact', {}, { event_id: 'b-2' });
  await becomes(() => ids(visit, 'Contact'), ['b-2']);
  for (const id of ['b-1', 'b-2']) {
    await becomes(() => visit.legs(id), ['api main delivered accepted', 'pixel main unknown fired_by_page']);
    assert.deepEqual(
      (await stage.twin.events({ event_id: id })).map(({ counted }) => counted),
      [1],
    );
  }
  assert.deepEqual(visit.errors, []);
});

test('an order waits for its payment while its page is away: it is fired once, after the page came back', async () => {
  const paid = await stage.collector({
    business: { id: 'paid' },
    events: { Purchase: { require: ['order_id', 'value', 'currency'], confirm: 'webhook', delay: '20ms' } },
  });
  const visit = await stage.visit('order', paid);
  visit.put('', tag(paid.url));
  visit.put('away', '');
  const page = await visit.open();
  await loaded(page);
  await call(page, 'order', { order_id: '6001', value: '9.50', currency: 'EUR' });
  await becomes(() => visit.legs('6001'), ['api main held awaiting_confirmation', 'pixel main held awaiting_api']);
  await until('the page asks for its handout', async () =>
    (await visit.lines()).some((line) => line.includes('handouts')),
  );
  await page.goto(visit.url('away'));
  await paid.pay('6001', '9.50');
  await becomes(async () => listed(await visit.copies()), [`api ${TWIN.pixel} Purchase paid-6001`]);
  await page.goBack({ waitUntil: 'commit' });
  await becomes(
    async () => listed(await visit.copies()),
    [`api ${TWIN.pixel} Purchase paid-6001`, `pixel ${TWIN.pixel} Purchase paid-6001`],
  );
  await becomes(() => visit.reports('fired').map(([, , event_id]) => event_id), ['paid-6001']);
  await page.reload();
  await becomes(() => visit.reports('engagement').length > 0, true);
  assert.equal((await visit.copies()).length, 2);
  assert.deepEqual(
    (await stage.twin.events({ order_id: '6001' })).map(({ counted }) => counted),
    [1],
  );
  assert.equal(visit.orders().length, 1);
  assert.deepEqual(visit.errors, []);
});
