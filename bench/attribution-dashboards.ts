// Reports over a store of the full size, as the server asks for them, each again and again with other days; and beside those
// that walk through facts, the bare SQL that gives the same answer.
import { readFileSync } from 'node:fs';
import { DAY } from '../src/event/time.ts';
import { daySpan } from '../src/server/reports/day-span.ts';
import { openReports } from '../src/store/duckdb/reports/reports.ts';
import { openWarehouse } from '../src/store/duckdb/warehouse.ts';
import type { Days, FiguresAsked } from '../src/store/warehouse-reports.ts';
import { CLICK_MS, VIEW_MS } from './attribution-data.ts';
import { STATEMENT } from './attribution-store.ts';
import { type Dashboard, median } from './result.ts';

const [folder = '', looks = '1'] = process.argv.slice(2);
const FIRST = Date.UTC(2026, 9, 1) / DAY;
const daysOf = (from: number): Days => daySpan(STATEMENT.timezone, FIRST + from, FIRST + 29);

const warehouse = await openWarehouse(folder);
const reports = openReports(warehouse.connect);
const { statement } = STATEMENT;
const asked = (look: number, basis: 'touch' | 'conversion' = 'conversion'): FiguresAsked => ({
  ...{ statement, days: daysOf(look % 7), basis, names: [], currency: 'EUR', narrowed: {} },
});
const STEPS = ['ViewContent', 'AddToCart', 'InitiateCheckout', 'Purchase'];
const BARE: Record<string, string> = { windows: 'windows.sql', funnel: 'funnel.sql' };
/** It walks through everything each time, and takes as long each time. */
const BARE_LOOKS = 3;
const windows = [1, 7, 14, 28].map((days) => ({ click: days * DAY, engagedView: 0, view: VIEW_MS }));
const precedence = ['click', 'engagedView', 'view'] as const;
const newest = (await reports.credited(asked(0), 'earned', undefined, 50)).map(({ conversion }) => conversion);

const QUESTIONS: Record<string, (look: number) => Promise<unknown>> = {
  campaigns: (look) => reports.figures(asked(look), 'campaign'),
  ads: (look) => reports.figures(asked(look, 'touch'), 'ad'),
  days: (look) => reports.figures(asked(look), 'day'),
  'conversions behind a figure': (look) => reports.credited(asked(look), 'earned', undefined, 50),
  'a conversion’s path': (look) => reports.path(newest[look % newest.length] as number, statement),
  windows: (look) => reports.windows({ days: daysOf(look % 7), names: [], currency: 'EUR', precedence, windows }),
  funnel: (look) =>
    reports.funnel({
      ...{ days: daysOf(look % 7), by: 'campaign', narrowed: {}, reach: CLICK_MS },
      steps: STEPS,
    }),
};
const dashboards: Dashboard[] = [];
for (const [name, ask] of Object.entries(QUESTIONS)) {
  const took: number[] = [];
  // The first look reads the file; people come back to a page.
  for (let look = -1; look < Number(looks); look++) {
    const from = performance.now();
    await ask(Math.abs(look));
    if (look >= 0) took.push(performance.now() - from);
  }
  took.sort((a, b) => a - b);
  const at = (share: number): number => took[Math.min(took.length - 1, Math.floor(took.length * share))] as number;
  dashboards.push({ name, p50Ms: at(0.5), p95Ms: at(0.95) });
}
for (const dashboard of dashboards) {
  const file = BARE[dashboard.name];
  if (file !== undefined) dashboard.bareMs = await bareMs(file);
}
await warehouse.close();
console.log(JSON.stringify({ dashboards }));

/** The middle of a few looks, with the days of the report's. */
async function bareMs(file: string): Promise<number> {
  const sql = readFileSync(new URL(`peers/${file}`, import.meta.url), 'utf8');
  const db = await warehouse.connect();
  const took: number[] = [];
  for (let look = 0; look < BARE_LOOKS; look++) {
    const { starts, end } = daysOf(look);
    const all: Record<string, string | bigint> = {
      ...{ from: BigInt(starts[0] as number), end: BigInt(end), reach: BigInt(CLICK_MS), currency: 'EUR' },
      ...Object.fromEntries(STEPS.map((step, n) => [`step${n}`, step])),
    };
    const named = Object.entries(all).filter(([name]) => new RegExp(`\\$${name}\\b`).test(sql));
    const from = performance.now();
    await db.runAndReadAll(sql, Object.fromEntries(named));
    took.push(performance.now() - from);
  }
  db.closeSync();
  return median(took);
}
