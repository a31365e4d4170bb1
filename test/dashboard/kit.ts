import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launch } from '../chromium.ts';
import { attribution, credited, noShared, path, windows } from './attribution-answers.ts';
import { leads, orders } from './books-answers.ts';
import { deliveries, letters } from './delivery-answers.ts';
import { funnel } from './funnel-answers.ts';
import { counts, liveRows, notices } from './live-answers.ts';
import { reasons } from './reason-answers.ts';
import { type OpenScene, type Pages, type Scene, servePages } from './serve.ts';
import { newKey, settings } from './settings-answers.ts';
import { trace } from './trace-answers.ts';

/** What tests of pages need: pages with answers of their own, all in one browser. */
export interface Kit {
  /** script errors, and breaks of the content policy, of all pages so far */
  errors: string[];
  onPage(
    path: string,
    scene: Partial<Scene>,
    use: (page: Page, at: OpenScene) => Promise<void>,
    more?: More,
  ): Promise<void>;
  close(): Promise<void>;
}

interface More {
  width?: number;
  /** axe is there for `assertFlawless` */
  axe?: true;
  /** nothing that the page keeps in the browser is seen by others */
  alone?: true;
  /** the test can move the page's time on; it is then alone, since a clock is installed in all pages of a context */
  clock?: true;
}

const CALM: Scene = {
  live: { rows: liveRows(1, 40), counts, notices },
  trace,
  orders,
  leads,
  deliveries,
  letters,
  attribution,
  credited,
  path,
  shared: noShared,
  windows,
  funnel,
  reasons,
  settings,
  change: newKey,
};

export async function openKit(): Promise<Kit> {
  const pages: Pages = await servePages();
  const browser: Browser = await launch();
  const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  const errors: string[] = [];
  const newContext = async (): Promise<BrowserContext> => {
    const context = await browser.newContext({ reducedMotion: 'reduce', permissions: ['clipboard-write'] });
    context.setDefaultTimeout(10_000);
    return context;
  };
  const shared = await newContext();

  return {
    errors,
    async onPage(path, scene, use, { width = 1440, axe: withAxe, clock, alone = clock } = {}) {
      const context = alone ? await newContext() : shared;
      const page = await context.newPage();
      try {
        const open = pages.open({ ...CALM, ...scene });
        await page.setExtraHTTPHeaders(open.headers);
        await page.setViewportSize({ width, height: 800 });
        if (clock) await page.clock.install();
        if (withAxe) await page.addInitScript({ content: axe });
        page.on('pageerror', (error) => errors.push(error.message));
        page.on('console', (line) => {
          // A refused request is part of several scenes.
          if (line.type() === 'error' && !line.text().startsWith('Failed to load resource')) errors.push(line.text());
        });
        await page.goto(pages.url + path);
        await use(page, open);
      } finally {
        await (alone ? context : page).close();
      }
    },
    async close() {
      await browser.close();
      await pages.close();
    },
  };
}

/** What a page asked for its lists. */
export function questions({ asked }: OpenScene): string[] {
  return asked.filter((line) => line.startsWith('GET /v1/reports/'));
}

/** A page asks a moment after its address has changed: its last question becomes this one. */
export async function assertAsks(at: OpenScene, question: string): Promise<void> {
  const until = Date.now() + 5000;
  while (questions(at).at(-1) !== question && Date.now() < until) await sleep(10);
  assert.equal(questions(at).at(-1), question);
}

/** The page asks this, once again since `from` requests were made. */
export async function assertAsked({ asked }: OpenScene, question: string, from = 0): Promise<void> {
  const until = Date.now() + 5000;
  while (!asked.slice(from).includes(question) && Date.now() < until) await sleep(10);
  assert.ok(asked.slice(from).includes(question), asked.slice(from).join('\n'));
}

const LOOKS = [
  [360, 'light'],
  [360, 'dark'],
  [1440, 'dark'],
  [1440, 'light'],
] as const;

/** At phone and desktop width, light and dark: nothing wider than the page, no table cut, nothing for axe to say. */
export async function assertFlawless(page: Page): Promise<void> {
  let lastWidth = 0;
  for (const [width, colorScheme] of LOOKS) {
    await page.setViewportSize({ width, height: 800 });
    await page.emulateMedia({ colorScheme });
    assert.equal(await overflow(page), 0, `wider than ${width} px`);
    assert.deepEqual(await cutTables(page), [], `a table is cut at ${width} px`);
    // A theme changes colours alone, so all other rules are asked once a width.
    assert.deepEqual(await faults(page, width === lastWidth), [], `${width} px, ${colorScheme}`);
    lastWidth = width;
  }
}

export function overflow(page: Page): Promise<number> {
  return page.locator('html').evaluate((html) => html.scrollWidth - html.clientWidth);
}

// A card clips what is too wide for it, so the document alone would not show it.
export function cutTables(page: Page): Promise<number[]> {
  return page
    .locator('.table-box')
    .evaluateAll((boxes) => boxes.map((box) => box.scrollWidth - box.clientWidth).filter((tooMuch) => tooMuch > 0));
}

interface Axe {
  run(options: {
    resultTypes: ['violations'];
    runOnly?: string[];
  }): Promise<{ violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[] }>;
}

/** What axe has to say about the page as it is. */
export async function faults(page: Page, onlyColours = false): Promise<string[]> {
  const { violations } = await page.evaluate(
    (colours) =>
      (globalThis as unknown as { axe: Axe }).axe.run({
        resultTypes: ['violations'],
        ...(colours ? { runOnly: ['color-contrast'] } : {}),
      }),
    onlyColours,
  );
  return violations.flatMap((fault) => fault.nodes.map((node) => `${fault.id}: ${node.html} ${node.failureSummary}`));
}
