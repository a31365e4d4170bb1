import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { TWIN } from '../../src/sim/twin/client.ts';
import { becomes } from './tag/becomes.ts';
import type { Collector } from './tag/collector.ts';
import { tag } from './tag/shop.ts';
import { openStage } from './tag/stage.ts';
import { listed, loaded, pass, type Visit } from './tag/visit.ts';

let collector: Collector;
const stage = openStage(async () => {
  collector = await stage.collector({ more: { pages: [{ match: '/map/product/*', event: 'ViewContent' }] } });
});

async function visitor(name: string, body = ''): Promise<[Visit, Page]> {
  const visit = await stage.visit(name, collector);
  await visit.context.clock.install();
  visit.put('', { head: tag(collector.url), body });
  const page = await visit.open();
  await loaded(page);
  await becomes(() => visit.told('Pageview').length, 1);
  return [visit, page];
}

const views = (visit: Visit): string[] =>
  visit.told('Pageview').map(({ page }) => (page?.url ?? '?').replace(visit.url(''), ''));

test('a page that changes its address without a load is a new view, once an address', async () => {
  const [visit, page] = await visitor('router');
  await page.evaluate(`history.pushState({}, '', 'second')`);
  await pass(visit, 3000);
  await page.evaluate(`history.replaceState({}, '', 'second')`);
  await page.evaluate(`location.hash = 'part'`);
  await pass(visit, 3000);
  await page.evaluate(`history.pushState({}, '', 'third')`);
  await pass(visit, 3000);
  await page.evaluate('history.go(-2)');
  await page.waitForURL(/second$/);
  await pass(visit, 3000);
  // Each event belongs to the page it was told on, however quickly the next one follows.
  await page.evaluate(`{
    assay('track', 'Contact', {}, { event_id: 'on-second' });
    history.pushState({}, '', 'fourth');
    assay('track', 'Contact', {}, { event_id: 'on-fourth' });
  }`);
  await pass(visit, 3000);
  await becomes(() => views(visit), ['', 'second', 'third', 'second', 'fourth']);
  assert.equal(new Set(visit.told('Pageview').map(({ event_id }) => event_id)).size, 5);
  await becomes(
    () => visit.told('Contact').map(({ event_id, page }) => `${event_id} ${page?.url}`),
    [`on-second ${visit.url('second')}`, `on-fourth ${visit.url('fourth')}`],
  );
  assert.deepEqual(await visit.scripts(), [TWIN.pixel]);
  await becomes(
    () => visit.lines(),
    [
      'GET collect.localhost/a.js',
      'GET shop.localhost/router/',
      'GET tiktok.localhost/i18n/pixel/events.js',
      'POST 127.0.0.1/open_api/v1.3/event/track/',
      'POST collect.localhost/v1/events',
      'POST tiktok.localhost/api/v2/pixel',
    ],
  );
  assert.deepEqual([visit.errors, visit.complaints], [[], []]);
});

/** The event, its id taken out, as the collector has it. */
const toldOf = (visit: Visit, event: string): object[] => visit.told(event).map(({ properties = {} }) => properties);

async function assertBothLegs(visit: Visit, event: string, id: string | undefined): Promise<void> {
  await becomes(
    async () => listed(await visit.copies(event)),
    [`api ${TWIN.pixel} ${event} ${id}`, `pixel ${TWIN.pixel} ${event} ${id}`],
  );
}

test('an element with data-assay tells its event when it is clicked, with its attributes, once a click', async () => {
  const button = `<button data-assay="AddToCart" data-assay-content_id="cup" data-assay-quantity="1"
    data-assay-value="9.50" data-assay-currency="EUR"><b>Buy</b></button><button id="other">Other</button>`;
  const [visit, page] = await visitor('attributes', button);
  await page.click('#other');
  await page.click('b');
  await becomes(() => toldOf(visit, 'AddToCart'), [{ content_id: 'cup', quantity: 1, value: 9.5, currency: 'EUR' }]);
  await assertBothLegs(visit, 'AddToCart', visit.told('AddToCart')[0]?.event_id);
  await page.click('b');
  await becomes(() => visit.told('AddToCart').length, 2);
  await pass(visit, 5000);
  assert.deepEqual(
    visit.told().map(({ event }) => event),
    ['Pageview', 'AddToCart', 'AddToCart'],
  );
  assert.equal((await visit.copies()).length, 4);
  assert.deepEqual([visit.errors, visit.complaints], [[], []]);
});

test('a page of the page map tells its event by being shown, and other pages do not', async () => {
  const visit = await stage.visit('map', collector);
  const body = `<main data-assay-page data-assay-content_id="cup" data-assay-content_type="product"
    data-assay-page_category="cups"></main>`;
  for (const path of ['', 'product/cup']) visit.put(path, { head: tag(collector.url), body });
  const first = await visit.open();
  await becomes(() => visit.told('Pageview').length, 1);
  await first.goto(visit.url('product/cup'));
  await becomes(
    () => toldOf(visit, 'ViewContent'),
    [{ content_id: 'cup', content_type: 'product', page_category: 'cups' }],
  );
  const id = visit.told('ViewContent')[0]?.event_id;
  await assertBothLegs(visit, 'ViewContent', id);
  // The same product again in the session is the same act: the collector knows it by its id, and the pixel is not fired.
  await first.reload();
  await becomes(
    () => visit.told('ViewContent').map(({ event_id, pixel }) => `${event_id} ${pixel ? 'fired' : 'none'}`),
    [`${id} fired`, `${id} none`],
  );
  await becomes(() => visit.told('Pageview').length, 3);
  await assertBothLegs(visit, 'ViewContent', id);
  assert.deepEqual([visit.errors, visit.complaints], [[], []]);
});
