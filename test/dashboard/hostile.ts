import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { attribution, credited, path, windows } from './attribution-answers.ts';
import { frozenLeads, orders } from './books-answers.ts';
import { funnel } from './funnel-answers.ts';
import { cutTables, type Kit, overflow } from './kit.ts';
import { counts, liveRows, notices, otherRows } from './live-answers.ts';
import { reasons } from './reason-answers.ts';
import { newKey, settings } from './settings-answers.ts';
import { leadTrace, trace } from './trace-answers.ts';

/** An address for a script, markup, an e-mail address, marks that turn the writing round, and a word without an end. */
const HOSTILE = [
  'javascript:document.title=1//',
  '<img src=x onerror="document.title=2"><script>document.title=3</script>',
  'max.mustermann@example.com',
  '\u202Etxet dedluof\u2066 \u200F',
  'x'.repeat(1000),
].join(' ');

/** Fields whose words are ours: the closed unions, and what names a time zone. */
const OURS = [
  ...['verdict', 'reasons', 'door', 'state', 'kind', 'leg', 'type', 'timezone', 'forecast', 'role', 'from'],
  'createdBy',
];

const SCENE = {
  live: { rows: [...liveRows(1, 7), ...otherRows(8)], counts, notices },
  reasons,
  trace: { ...trace, ...leadTrace, events: trace.events, touches: trace.touches },
  settings,
  change: newKey,
};

/** An order's status and what its facts are is one of ours; a lead's status is the spec's, and its steps are anybody's. */
const BOOKS = {
  orders: everywhere(orders, HOSTILE, [...OURS, 'status', 'fact', 'origin']),
  leads: everywhere(frozenLeads, HOSTILE, OURS),
};

/** Names of campaigns and of events are anybody's; days, rules and money are the server's own. */
const CREDITS = everywhere({ attribution, credited, path, windows, funnel }, HOSTILE, [
  ...[...OURS, 'by', 'basis', 'day', 'to', 'amount', 'currency', 'model', 'count', 'source'],
  ...['click', 'engagedView', 'view', 'halfLife'],
]);

/** Text from outside in every field of every page: it is shown as text, harms nothing and breaks no width. */
export function hostilePages(kit: () => Kit): void {
  test('hostile text in every field of every page is shown as text', async () => {
    const scene = { ...everywhere(SCENE, HOSTILE, OURS), ...BOOKS };
    for (const path of ['/orders', '/leads'])
      await kit().onPage(path, scene, async (page) => {
        await page.locator('.row-open').first().click();
        await page.getByRole('dialog').waitFor();
        await assertHarmless(page, HOSTILE);
      });
    await kit().onPage('/attribution', { ...scene, ...CREDITS }, async (page) => {
      await page.locator('tbody .figure-link').first().click();
      await page.getByRole('dialog').locator('.tally').waitFor();
      await assertHarmless(page, HOSTILE);
      await page.getByRole('dialog').locator('.figure-link').first().click();
      await page.getByRole('dialog').locator('.timeline').waitFor();
      await assertHarmless(page, HOSTILE);
    });
    for (const [path, shown] of [
      ['/attribution/windows', '.chart'],
      ['/funnel', '.funnel'],
    ] as const)
      await kit().onPage(path, { ...scene, ...CREDITS }, async (page) => {
        await page.locator(shown).first().waitFor();
        await assertHarmless(page, HOSTILE);
      });
    await kit().onPage('/live?ours=too', scene, async (page) => {
      await page.locator('.row-open').first().click();
      await assertHarmless(page, HOSTILE);
    });
    await kit().onPage('/trace/1', scene, async (page) => {
      await page.locator('.timeline').first().waitFor();
      await assertHarmless(page, HOSTILE);
    });
    await kit().onPage('/settings', scene, async (page) => {
      await page.getByRole('region', { name: 'Keys' }).waitFor();
      await assertHarmless(page, HOSTILE);
    });
  });
}

async function assertHarmless(page: Page, text: string): Promise<void> {
  await page.locator('details').evaluateAll((all) => {
    for (const one of all) one.setAttribute('open', '');
  });
  const found = await page.locator('#app').evaluate((app, words) => {
    const turned: string[] = [];
    const walker = app.ownerDocument.createTreeWalker(app, 4);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement;
      if (!parent || !/[\u200F\u202E\u2066]/.test(node.textContent ?? '')) continue;
      const { display, unicodeBidi } = app.ownerDocument.defaultView.getComputedStyle(parent);
      const alone = parent.textContent === node.textContent && !display.startsWith('inline');
      if (!alone && !unicodeBidi.includes('isolate')) turned.push(parent.outerHTML.slice(0, 200));
    }
    return {
      shown: app.textContent?.includes(words) ?? false,
      elements: app.querySelectorAll('img, script, iframe, object, svg:not(figure > svg, .plot > svg)').length,
      links: [...app.querySelectorAll('a')]
        .map((link) => link.getAttribute('href') ?? '')
        .filter((href) => !/^[/#]/.test(href)),
      turned,
    };
  }, text);
  assert.deepEqual(found, { shown: true, elements: 0, links: [], turned: [] });
  assert.match(await page.title(), / · Assay$/);
  for (const width of [360, 1440]) {
    await page.setViewportSize({ width, height: 800 });
    assert.equal(await overflow(page), 0, `wider than ${width} px`);
    assert.deepEqual(await cutTables(page), [], `a table is cut at ${width} px`);
  }
}

/** The same with `text` for every string that may come from outside; each is numbered, as ids are unlike each other. */
function everywhere<T>(from: T, text: string, ours: readonly string[]): T {
  let count = 0;
  const walk = (value: unknown, name: string): unknown => {
    if (typeof value === 'string') return ours.includes(name) ? value : `${text} ${count++}`;
    if (Array.isArray(value)) return value.map((one) => walk(one, name));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, walk(one, key)]));
  };
  return walk(from, '') as T;
}
