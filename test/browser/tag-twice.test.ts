import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TWIN } from '../../src/sim/twin/client.ts';
import { until } from './road/visit.ts';
import { sorted } from './tag/asks.ts';
import { becomes } from './tag/becomes.ts';
import type { Collector } from './tag/collector.ts';
import { tag, tagManager } from './tag/shop.ts';
import { openStage } from './tag/stage.ts';
import { CART, call, listed, loaded } from './tag/visit.ts';

let collector: Collector;
const stage = openStage(async () => {
  collector = await stage.collector();
});

const twice: [name: string, text: string, head: () => string][] = [
  ['twice', 'the tag stands twice in a page', () => tag(collector.url) + tag(collector.url)],
  ['managed', 'a tag manager puts it in twice', () => tagManager(collector.url) + tagManager(collector.url)],
  [
    'mixed',
    'it stands in the page and a tag manager puts it in as well',
    () => tag(collector.url) + tagManager(collector.url),
  ],
];

for (const [name, text, head] of twice)
  test(`${text}: one page view, and one event for each act`, async () => {
    const visit = await stage.visit(name, collector);
    await visit.context.clock.install();
    visit.put('', head());
    const page = await visit.open();
    await loaded(page);
    await call(page, 'track', 'AddToCart', CART);
    await call(page, 'track', 'AddToCart', CART);
    await until('four copies', async () => (await visit.copies()).length >= 4);
    // A second tag that worked would have told of it by now.
    await visit.context.clock.runFor(60_000);
    await becomes(() => visit.told('Pageview').length, 1);
    assert.equal((await visit.copies('Pageview')).length, 1);
    const ids = visit.told('AddToCart').map(({ event_id }) => event_id);
    assert.equal(new Set(ids).size, 2);
    assert.deepEqual(
      listed(await visit.copies()),
      sorted(ids.flatMap((id) => [`api ${TWIN.pixel} AddToCart ${id}`, `pixel ${TWIN.pixel} AddToCart ${id}`])),
    );
    const legs = ['api main delivered accepted', 'pixel main unknown fired_by_page'];
    for (const id of ids) await becomes(() => visit.legs(String(id)), legs);
    assert.deepEqual(await visit.scripts(), [TWIN.pixel]);
    await becomes(
      () => visit.lines(),
      [
        'GET collect.localhost/a.js',
        `GET shop.localhost/${name}/`,
        'GET tiktok.localhost/i18n/pixel/events.js',
        'POST 127.0.0.1/open_api/v1.3/event/track/',
        'POST collect.localhost/v1/events',
        'POST tiktok.localhost/api/v2/pixel',
      ],
    );
    assert.deepEqual([visit.errors, visit.complaints], [[], []]);
    await visit.close();
  });
