import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { checkout, counts, heldTrace, liveRows, MARKUP, noCounts, purchase, reasons, trace } from './answers.ts';
import { type Pages, type Scene, servePages } from './serve.ts';

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const LOOKS = [
  [360, 'light'],
  [360, 'dark'],
  [1440, 'dark'],
  [1440, 'light'],
] as const;

const calm: Scene = { live: { rows: liveRows(1, 40), counts }, trace, reasons };
const errors: string[] = [];
let pages: Pages;
let browser: Browser;
let axe: string;

before(async () => {
  pages = await servePages({ ...calm });
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  browser = await chromium.launch({ executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args: FLAGS });
});

after(async () => {
  await browser?.close();
  await pages?.close();
});

const states: [name: string, path: string, shows: string, scene: Partial<Scene>][] = [
  ['Live with records', '/live', 'no verdict yet', {}],
  ['Live before any record', '/', 'Nothing has arrived yet', { live: { rows: [], counts: noCounts } }],
  ['Live while the server is unwell', '/live', 'The ledger is being rebuilt.', { live: 503, reasons: 503 }],
  ['Live when signed out', '/live', 'You are signed out', { live: 401, reasons: 401 }],
  ['Trace before a search', '/trace', 'Enter an id', {}],
  ['Trace of an order', '/trace/10045', 'TikTok accepted the event after one attempt.', {}],
  ['Trace of nothing known', '/trace/99999', 'Nothing is known about 99999', { trace: 404 }],
  ['Trace while the server is unwell', '/trace/10045', 'Try again', { trace: 503 }],
  ['Trace when signed out', '/trace/10045', 'You are signed out', { trace: 401 }],
  ['a page that is not there', '/nowhere', 'There is no such page', {}],
];

for (const [name, path, shows, scene] of states)
  test(`${name} fits every width and has no accessibility fault in either theme`, async () => {
    await onPage(path, scene, async (page) => {
      await page.getByText(shows).first().waitFor();
      await assertFlawless(page);
    });
  });

test('the detail panel fits every width and has no accessibility fault in either theme', async () => {
  await onPage('/live', {}, async (page) => {
    await page.locator('.row-open').nth(2).click();
    await page.getByRole('dialog').waitFor();
    await assertFlawless(page);
  });
});

test('a pause stops the list and not the counts, and tells how many are new', async () => {
  await onPage('/live', {}, async (page) => {
    await page.getByRole('button', { name: 'Pause' }).click();
    const first = await page.locator('tbody tr').first().innerText();
    pages.send('rows', liveRows(41, 55));
    pages.send('counts', { ...counts, records: counts.records + 15, lag: counts.lag + 15 });
    await page.getByText('15 new while paused').waitFor();
    await page.getByText('12,861').waitFor();
    assert.equal(await page.locator('tbody tr').first().innerText(), first);
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    assert.equal(await page.locator('tbody tr').count(), 55);
  });
});

test('the list of Live is never cut, whatever the width', async () => {
  await onPage('/live', {}, async (page) => {
    await page.getByText('40 records on this page').waitFor();
    for (let width = 320; width <= 1600; width += 64) {
      await page.setViewportSize({ width, height: 800 });
      assert.deepEqual(await cutTables(page), [], `${width} px`);
    }
  });
});

test('a sum that does not add up is told', async () => {
  await onPage('/live', { live: { rows: [], counts: { ...counts, records: 12_850 } } }, async (page) => {
    await page.getByText('The right side adds up to 12,846, not 12,850.').waitFor();
  });
});

test('filters narrow the list, stand in the address, and can be cleared', async () => {
  await onPage('/live', {}, async (page) => {
    await page.getByLabel('Verdict').selectOption('refused');
    await page.getByText('of 40 records').waitFor();
    assert.deepEqual(new Set(await page.locator('tbody .badge').allInnerTexts()), new Set(['refused']));
    await page.waitForURL('**/live?verdict=refused');
    await page.getByLabel('Id contains').fill('no such id');
    await page.getByText('No record matches').waitFor();
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await page.getByText('40 records on this page').waitFor();
    await page.waitForURL('**/live');
  });
  await onPage('/live?door=server', {}, async (page) => {
    await page.getByText('of 40 records').waitFor();
    assert.equal(await page.getByLabel('Door').inputValue(), 'server');
  });
});

for (const width of [360, 1440])
  test(`at ${width} px rows are walked by arrows, opened by Enter and closed by Escape`, async () => {
    await onPage(
      '/live',
      {},
      async (page) => {
        const rows = page.locator('.row-open');
        await rows.first().focus();
        await page.keyboard.press('ArrowDown');
        await page.keyboard.press('ArrowDown');
        await page.keyboard.press('ArrowUp');
        await page.keyboard.press('Enter');
        const panel = page.getByRole('dialog');
        await panel.getByText('Sequence').waitFor();
        assert.match(await panel.innerText(), /\b39\b/);
        assert.ok(await panel.evaluate((dialog) => dialog.matches(':focus-within')));
        await page.keyboard.press('Escape');
        await panel.waitFor({ state: 'detached' });
        assert.ok(await rows.nth(1).evaluate((row) => row.matches(':focus')));
        await page.keyboard.press('End');
        assert.ok(await rows.last().evaluate((row) => row.matches(':focus')));
      },
      width,
    );
  });

test('a row opens to its reasons with their meaning, and leads to its trace', async () => {
  await onPage('/live?verdict=quarantined', {}, async (page) => {
    await page.locator('.row-open').first().click();
    const panel = page.getByRole('dialog');
    await panel.getByText('A parameter that the tracking spec requires is missing.').waitFor();
    await panel.getByText('Add it at the source, then replay the record.').waitFor();
    await panel.getByRole('link', { name: 'Trace', exact: true }).click();
    await page.waitForURL('**/trace/e-01JD7W3K2Q8Y5N4M6P0R9S1T*');
    await page.getByRole('heading', { name: 'Trace', level: 1 }).waitFor();
    await page.goBack();
    await page.getByRole('heading', { name: 'Live', level: 1 }).waitFor();
  });
});

test('a broken stream is told and comes back by itself', async () => {
  await onPage('/live', {}, async (page) => {
    await page.getByText('40 records on this page').waitFor();
    pages.drop();
    await page.getByText(/^Reconnecting, last data \d/).waitFor();
    await page.getByText('Live', { exact: true }).and(page.locator('.state')).waitFor();
    assert.equal(await page.locator('tbody tr').count(), 40);
  });
});

test('what comes from outside is shown as text', async () => {
  const rows = liveRows(1, 1).map((row) => ({ ...row, event: MARKUP, eventId: MARKUP }));
  await onPage('/live', { live: { rows, counts } }, async (page) => {
    await page.getByRole('button', { name: MARKUP }).waitFor();
    assert.equal(await page.locator('img').count(), 0);
  });
  const event = { ...purchase, event: MARKUP, hops: purchase.hops.map((hop) => ({ ...hop, says: MARKUP })) };
  await onPage('/trace/1', { trace: { ...trace, events: [event] } }, async (page) => {
    await page.getByText(MARKUP).first().waitFor();
    assert.equal(await page.locator('img').count(), 0);
  });
});

test('a search leads to the order, its two legs, its hops and its bodies', async () => {
  await onPage('/trace', {}, async (page) => {
    await page.getByLabel(/ttclid or request id/).fill(' 10045 ');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/trace/10045');
    await page.getByRole('heading', { name: 'Order 10045' }).waitFor();
    const card = page.locator('details.card').first();
    assert.deepEqual(await card.locator('.leg .badge').allInnerTexts(), ['delivered', 'unknown']);
    assert.equal(await card.locator('.timeline > li').count(), purchase.hops.length);
    assert.match(await card.locator('.timeline').innerText(), /14:04:28\.340/);
    const opened = card.locator('.timeline').getByText('"order_id": "10045"');
    assert.equal(await opened.isVisible(), false);
    await card.getByText('Detail of record 812').click();
    assert.equal(await opened.isVisible(), true);
    await card.getByRole('button', { name: 'Copy Request to TikTok' }).click();
    await card.getByText('Copied').waitFor();
    assert.equal(await page.getByText(checkout.eventId).first().isVisible(), false);
  });
});

test('a trace is asked for again while something is under way, and no more when it is settled', async () => {
  await onPage('/trace/10045', { trace: heldTrace }, async (page) => {
    await page.getByText('Looks again every 2 s.').waitFor();
    pages.scene.trace = trace;
    await page.getByText('All is settled.').waitFor();
    const asked = pages.traces();
    await page.waitForTimeout(2300);
    assert.equal(pages.traces(), asked);
  });
});

test('a failed refresh leaves the last answer standing', async () => {
  await onPage('/trace/10045', { trace: heldTrace }, async (page) => {
    await page.getByText('Looks again every 2 s.').waitFor();
    pages.scene.trace = 503;
    await page.getByRole('alert').getByText('The ledger is being rebuilt.').waitFor();
    assert.ok(await page.getByRole('heading', { name: 'Order 10045' }).isVisible());
  });
});

test('on a phone the menu opens the pages and closes behind a choice', async () => {
  await onPage(
    '/live',
    {},
    async (page) => {
      const link = page.getByRole('link', { name: 'Trace', exact: true });
      assert.equal(await link.isVisible(), false);
      await page.getByRole('button', { name: 'Menu' }).click();
      await link.click();
      await page.getByText('Enter an id').waitFor();
      assert.equal(await link.isVisible(), false);
    },
    360,
  );
});

test('the chosen theme wins over the system and outlives a reload', async () => {
  await onPage('/live', {}, async (page) => {
    const theme = page.getByRole('button', { name: /^Theme/ });
    await theme.click();
    await theme.click();
    await page.reload();
    await page.getByRole('button', { name: 'Theme: dark' }).waitFor();
    assert.equal(await page.locator('html').getAttribute('data-theme'), 'dark');
  });
});

test('no page broke a script or the content policy', () => {
  assert.deepEqual(errors, []);
});

async function onPage(
  path: string,
  scene: Partial<Scene>,
  use: (page: Page) => Promise<void>,
  width = 1440,
): Promise<void> {
  const context = await browser.newContext({
    viewport: { width, height: 800 },
    reducedMotion: 'reduce',
    permissions: ['clipboard-write'],
  });
  context.setDefaultTimeout(5000);
  try {
    await context.addInitScript({ content: axe });
    await use(await open(context, path, scene));
  } finally {
    await context.close();
  }
}

async function assertFlawless(page: Page): Promise<void> {
  for (const [width, colorScheme] of LOOKS) {
    await page.setViewportSize({ width, height: 800 });
    await page.emulateMedia({ colorScheme });
    assert.equal(await overflow(page), 0, `wider than ${width} px`);
    assert.deepEqual(await cutTables(page), [], `a table is cut at ${width} px`);
    assert.deepEqual(await faults(page), [], `${width} px, ${colorScheme}`);
  }
}

async function open(context: BrowserContext, path: string, scene: Partial<Scene>): Promise<Page> {
  Object.assign(pages.scene, calm, scene);
  const page = await context.newPage();
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (line) => {
    // A refused request is part of several scenes.
    if (line.type() === 'error' && !line.text().startsWith('Failed to load resource')) errors.push(line.text());
  });
  await page.goto(pages.url + path);
  return page;
}

function overflow(page: Page): Promise<number> {
  return page.locator('html').evaluate((html) => html.scrollWidth - html.clientWidth);
}

// A card clips what is too wide for it, so the document alone would not show it.
function cutTables(page: Page): Promise<number[]> {
  return page
    .locator('.table-box')
    .evaluateAll((boxes) => boxes.map((box) => box.scrollWidth - box.clientWidth).filter((tooMuch) => tooMuch > 0));
}

interface Axe {
  run(options: {
    resultTypes: ['violations'];
  }): Promise<{ violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[] }>;
}

async function faults(page: Page): Promise<string[]> {
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: Axe }).axe.run({ resultTypes: ['violations'] }),
  );
  return violations.flatMap((fault) => fault.nodes.map((node) => `${fault.id}: ${node.html} ${node.failureSummary}`));
}
