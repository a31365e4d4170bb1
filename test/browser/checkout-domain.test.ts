import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import type { JsonObject } from '../../src/event/event.ts';
import { until } from './road/visit.ts';
import { becomes } from './tag/becomes.ts';
import type { Collector } from './tag/collector.ts';
import { tag } from './tag/shop.ts';
import { openStage } from './tag/stage.ts';
import { loaded, type Visit } from './tag/visit.ts';

/** The domain on which the shop's customers check out: declared, and no cookie of the first reaches it. */
const CHECKOUT = 'other.localhost';
const ORDER = { value: '19.00', currency: 'EUR', contents: [{ content_id: 'cup', quantity: 2, price: 9.5 }] };

let collector: Collector;
const stage = openStage(async () => {
  collector = await stage.collector({ events: { Purchase: { confirm: 'webhook', delay: '20ms' } } });
});

/** A shop whose cart leads to its checkout's domain and, once the order is placed there, back to its own. */
async function visitor(name: string): Promise<[Visit, Page]> {
  const visit = await stage.visit(name, collector);
  visit.put('', { head: tag(collector.url), body: `<a href="${visit.url('pay', CHECKOUT)}">Check out</a>` });
  visit.put('pay', { head: tag(collector.url), body: `<a href="${visit.url(`thanks?order=${name}`)}">Pay</a>` });
  visit.put('thanks', tag(collector.url));
  const page = await visit.open(`?ttclid=E.C.P.${name}`);
  await loaded(page);
  await becomes(() => visit.told('Pageview').length, 1);
  return [visit, page];
}

/** Presses the link and lets go when it has its token. */
async function follow(page: Page): Promise<void> {
  const left = page.url();
  await page.hover('a');
  await page.mouse.down();
  await page.waitForFunction(`document.querySelector('a').href.includes('_assay=')`);
  await page.mouse.up();
  await page.waitForURL((url) => new URL(left).hostname !== url.hostname);
  await loaded(page);
}

test('a checkout on another domain of the shop keeps visitor, session, click and order', async () => {
  const order = 'domain-1';
  const [visit, page] = await visitor(order);
  await follow(page);
  await becomes(() => visit.told('Pageview').length, 2);
  await page.evaluate(
    (told) => (globalThis as unknown as { assay: { order(told: object): Promise<unknown> } }).assay.order(told),
    { order_id: order, ...ORDER },
  );
  await until('the order at the collector', () => visit.orders().length === 1);
  await follow(page);
  await becomes(() => visit.told('Pageview').length, 3);
  const [{ visitor: who, session } = {}] = visit.told('Pageview');
  const all = [...visit.told('Pageview'), ...visit.orders()].map((told) => [told.visitor, told.session]);
  assert.deepEqual([...new Set(all.map(String))], [`${who},${session}`]);

  await collector.pay(order, '19.00');
  await until('the Purchase at the twin', async () => (await stage.twin.events({ order_id: order })).length > 0);
  const [purchase, ...more] = await stage.twin.events({ order_id: order });
  assert.deepEqual([purchase?.event, purchase?.counted, more.length], ['Purchase', 1, 0]);
  const [api] = purchase?.arrivals ?? [];
  const { user, page: told } = (api?.body ?? {}) as Record<string, JsonObject>;
  assert.equal(user?.['ttclid'], `E.C.P.${order}`);
  assert.equal(new URL(String(told?.['url'])).hostname, CHECKOUT);
  const trace = await collector.trace(order);
  assert.deepEqual(
    trace?.events[0]?.hops.filter(({ kind }) => kind === 'finding').map(({ says }) => says),
    [],
  );
  assert.deepEqual(visit.errors, []);
});
