// The longest task of the Attribution page in a real browser, with the most that one answer holds: lines, and days behind the first.
import type { Page } from 'playwright-core';
import { DAY } from '../src/event/time.ts';
import { REPORT_LINES_MAX, SERIES_LINES_MAX } from '../src/store/warehouse-reports.ts';
import { attribution, campaigns } from '../test/dashboard/attribution-answers.ts';
import { openKit } from '../test/dashboard/kit.ts';
import { median, type PageTask } from './result.ts';

const [rounds = '1'] = process.argv.slice(2);
const DAYS = 400;
const LAST = Date.UTC(2026, 10, 1);

/** Tasks of 50 ms and more are what a browser calls long. */
const WATCH = `globalThis.longTasks = [];
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) globalThis.longTasks.push(duration);
  }).observe({ type: 'longtask', buffered: true });`;

const rows = campaigns(REPORT_LINES_MAX);
const answer = {
  ...attribution,
  rows,
  series: rows.slice(0, SERIES_LINES_MAX).map(({ key, of }, line) => ({
    ...{ key, of },
    days: Array.from({ length: DAYS }, (_, n) => {
      const conversions = (n * (line + 1)) % 40;
      const day = new Date(LAST - (DAYS - n) * DAY).toISOString().slice(0, 10);
      return { day, conversions, value: `${conversions * 59}.00` };
    }),
  })),
};

const STEPS: Record<string, (page: Page) => Promise<void>> = {
  opening: async (page) => {
    await page.addInitScript({ content: WATCH });
    await page.goto(new URL('/attribution', page.url()).href);
    await page
      .getByText(`of ${REPORT_LINES_MAX.toLocaleString('en-US')} rows`)
      .first()
      .waitFor();
  },
  sorting: (page) => page.locator('.sort').getByText('Net', { exact: true }).click(),
  'more rows': (page) => page.getByRole('button', { name: 'Show more' }).first().click(),
  'a figure’s conversions': (page) => page.locator('tbody .figure-link').first().click(),
};

const found = new Map(Object.keys(STEPS).map((name) => [name, [] as number[]]));
const kit = await openKit();
for (let round = 0; round < Number(rounds); round++)
  await kit.onPage('/settings', { attribution: answer }, async (page) => {
    for (const [name, step] of Object.entries(STEPS)) {
      await page.evaluate('if (globalThis.longTasks) globalThis.longTasks.length = 0');
      await step(page);
      await settled(page);
      found.get(name)?.push(Math.max(0, ...(await page.evaluate<number[]>('globalThis.longTasks'))));
    }
  });
await kit.close();
const page: PageTask[] = [...found].map(([name, ms]) => ({ name, ms: median(ms), high: Math.max(...ms) }));
console.log(JSON.stringify({ page }));

/** Long enough for the longest task that would still be one. */
async function settled(page: Page): Promise<void> {
  await page.waitForTimeout(600);
}
