import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { becomes } from './tag/becomes.ts';
import type { Collector } from './tag/collector.ts';
import { tag } from './tag/shop.ts';
import { openStage } from './tag/stage.ts';
import { loaded, type Visit } from './tag/visit.ts';

let collector: Collector;
const stage = openStage(async () => {
  collector = await stage.collector();
});

const OTHER = 'other.localhost';

/** A page of the shop with a link to this address. */
async function visitor(name: string, href: (visit: Visit) => string): Promise<[Visit, Page]> {
  const visit = await stage.visit(name, collector);
  visit.put('', { head: tag(collector.url), body: `<a href="${href(visit)}">On</a>` });
  visit.put('pay', tag(collector.url));
  const page = await visit.open();
  await loaded(page);
  await becomes(() => visit.told('Pageview').length, 1);
  return [visit, page];
}

/** Presses the link and lets go when it has its token. */
async function follow(page: Page): Promise<string> {
  await page.hover('a');
  await page.mouse.down();
  await page.waitForFunction(`document.querySelector('a').href.includes('_assay=')`);
  const href = (await page.locator('a').getAttribute('href')) ?? '';
  await page.mouse.up();
  await page.waitForURL((url) => url.hostname === OTHER);
  return href;
}

test('a link to another domain of the site takes visitor and session along, once', async () => {
  const [visit, page] = await visitor('carry', (visit) => visit.url('pay', OTHER));
  const href = await follow(page);
  await loaded(page);
  await becomes(() => visit.told('Pageview').length, 2);
  const known = visit.told('Pageview').map(({ visitor, session }) => `${visitor} ${session}`);
  assert.equal(new Set(known).size, 1);
  assert.equal(page.url(), visit.url('pay', OTHER));
  for (const { page } of visit.told()) assert.ok(!page?.url?.includes('_assay'), page?.url);
  assert.deepEqual(
    (await visit.lines())
      .filter((line) => line.includes('/v1/carry'))
      .map((line) => line.replace(/carry\/.+/, 'carry/:token')),
    ['GET collect.localhost/v1/carry/:token', 'POST collect.localhost/v1/carry'],
  );
  // Whoever gets the address afterwards is somebody else.
  const stranger = await visit.context.browser()?.newContext();
  const theirs = await stranger?.newPage();
  await theirs?.goto(href);
  await becomes(() => visit.told('Pageview').length, 3);
  assert.notEqual(visit.told('Pageview')[2]?.visitor, visit.told('Pageview')[0]?.visitor);
  await stranger?.close();
  assert.deepEqual(visit.errors, []);
});

test('a link to a foreign site, or to a page of the same domain, takes nothing along', async () => {
  for (const [name, host] of [
    ['foreign-site', 'elsewhere.localhost'],
    ['same-site', 'shop.localhost'],
  ] as const) {
    const [visit, page] = await visitor(name, (visit) => visit.url('pay', host));
    await page.click('a');
    await page.waitForURL(visit.url('pay', host));
    assert.deepEqual(
      (await visit.lines()).filter((line) => line.includes('/v1/carry')),
      [],
    );
    assert.equal(page.url(), visit.url('pay', host));
  }
});
