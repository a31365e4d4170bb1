import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TWIN } from '../../src/sim/twin/client.ts';
import { sorted } from './tag/asks.ts';
import { becomes } from './tag/becomes.ts';
import type { Collector } from './tag/collector.ts';
import { baseCode, tag } from './tag/shop.ts';
import { openStage, SECOND_PIXEL } from './tag/stage.ts';
import { CART, call, listed, loaded, pass, type Visit } from './tag/visit.ts';

let collector: Collector;
const stage = openStage(async () => {
  collector = await stage.collector();
});

const own = (code: string): string => baseCode(stage.pixelScript, code);

const existing: [name: string, text: string, head: () => string, codes: string[]][] = [
  ['before', 'the same pixel’s base code before the tag', () => own(TWIN.pixel) + tag(collector.url), [TWIN.pixel]],
  ['after', 'the same pixel’s base code after the tag', () => tag(collector.url) + own(TWIN.pixel), [TWIN.pixel]],
  [
    'foreign',
    'another pixel’s base code before the tag',
    () => own(SECOND_PIXEL) + tag(collector.url),
    [TWIN.pixel, SECOND_PIXEL],
  ],
  [
    'foreign-after',
    'another pixel’s base code after the tag',
    () => tag(collector.url) + own(SECOND_PIXEL),
    [TWIN.pixel, SECOND_PIXEL],
  ],
];

for (const [name, text, head, codes] of existing)
  test(`${text}: one script for each pixel, and each event once with one name and id`, async () => {
    const visit = await stage.visit(name, collector);
    await visit.context.clock.install();
    visit.put('', head());
    const page = await visit.open();
    await loaded(page);
    await call(page, 'track', 'AddToCart', CART);
    await becomes(async () => (await visit.copies('AddToCart')).filter(({ channel }) => channel === 'api').length, 1);
    await pass(visit, 10_000);
    assert.deepEqual(await visit.scripts(), codes);
    await assertOnce(visit, codes);
    await becomes(async () => sorted((await visit.copies('Pageview')).map(({ code }) => code)), codes);
  });

/** One AddToCart at the collector, and by both legs at our pixel. */
async function assertOnce(visit: Visit, codes: readonly string[]): Promise<void> {
  const ids = visit.told('AddToCart').map(({ event_id }) => event_id);
  assert.equal(ids.length, 1);
  const copies = await visit.copies();
  assert.deepEqual(listed(copies.filter(({ code }) => code === TWIN.pixel)), [
    `api ${TWIN.pixel} AddToCart ${ids[0]}`,
    `pixel ${TWIN.pixel} AddToCart ${ids[0]}`,
  ]);
  // The shop's other pixel belongs to somebody else: it hears what that code tells it.
  assert.deepEqual(listed(copies.filter(({ code }) => code !== TWIN.pixel)), []);
  const counted = await stage.twin.events({ event_id: String(ids[0]) });
  assert.deepEqual(
    counted.map((event) => `${event.source_id} ${event.counted}`),
    [`${TWIN.pixel} 1`],
  );
  assert.equal(visit.told('Pageview').length, 1);
  assert.equal(codes.length, new Set(codes).size);
  assert.deepEqual([visit.errors, visit.complaints], [[], []]);
}

test('the same pixel’s base code comes long after the tag: nothing that was fired is fired again', async () => {
  const visit = await stage.visit('late', collector);
  await visit.context.clock.install();
  visit.put('', tag(collector.url));
  const page = await visit.open();
  await loaded(page);
  await call(page, 'track', 'AddToCart', CART);
  await becomes(async () => (await visit.copies()).length, 2);
  const [, code = ''] = /<script>([\s\S]*)<\/script>/.exec(own(TWIN.pixel)) ?? [];
  await page.evaluate(code);
  await page.waitForFunction(`document.querySelectorAll('script[src*="sdkid"]').length === 2`);
  await call(page, 'track', 'Contact', {});
  await becomes(async () => sorted((await visit.copies('Contact')).map(({ channel }) => channel)), ['api', 'pixel']);
  await pass(visit, 10_000);
  await becomes(async () => (await visit.copies('AddToCart')).length, 2);
  assert.equal((await visit.copies('Contact')).length, 2);
  assert.deepEqual([visit.errors, visit.complaints], [[], []]);
});

test('another pixel has long been there when a tag manager adds the tag: ours hears everything, theirs nothing more', async () => {
  const visit = await stage.visit('long-there', collector);
  const early = `<script>window.assay = function () { (assay.q = assay.q || []).push(arguments); };
    assay('track', 'AddToCart', ${JSON.stringify(CART)}, { event_id: 'early' });</script>`;
  visit.put('', early + own(SECOND_PIXEL));
  const page = await visit.open();
  await becomes(async () => (await visit.copies('Pageview')).map(({ code }) => code), [SECOND_PIXEL]);
  await page.addScriptTag({ url: `${collector.url}/a.js` });
  await loaded(page);
  await becomes(
    async () => listed(await visit.copies('AddToCart')),
    [`api ${TWIN.pixel} AddToCart early`, `pixel ${TWIN.pixel} AddToCart early`],
  );
  await becomes(
    async () => sorted((await visit.copies('Pageview')).map(({ code }) => code)),
    [TWIN.pixel, SECOND_PIXEL],
  );
  assert.deepEqual(await visit.scripts(), [TWIN.pixel, SECOND_PIXEL]);
  assert.deepEqual([visit.errors, visit.complaints], [[], []]);
});
