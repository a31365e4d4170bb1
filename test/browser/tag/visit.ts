import assert from 'node:assert/strict';
import type { BrowserContext, Page } from 'playwright-core';
import type { BrowserBatch, BrowserReport, WireEvent, WireOrder } from '../../../src/api/wire.ts';
import type { JsonObject } from '../../../src/event/event.ts';
import { until } from '../road/visit.ts';
import { bodyOf, eventsOf, isReport, type ReportOf, reportsOf } from '../told.ts';
import { type Ask, lineOf, sorted } from './asks.ts';
import type { Collector } from './collector.ts';
import type { PageParts } from './shop.ts';
import type { Stage } from './stage.ts';

/** An event as the collector has it, with what its batch says of the visitor. */
type Told = WireEvent & Pick<BrowserBatch, 'visitor' | 'session' | 'spec'> & { batchConsent: string };

/** One copy of an event that reached TikTok's twin. */
export interface Copy {
  channel: 'api' | 'pixel';
  code: string;
  event: string;
  event_id: string | undefined;
  body: JsonObject;
}

/** A fresh browser profile whose pages stand in a folder of their own, and all that was asked for by them. */
export interface Visit {
  context: BrowserContext;
  /** exceptions in its pages */
  errors: string[];
  /** what its browser complained of by itself, such as a request that failed */
  complaints: string[];
  url(path: string, host?: string): string;
  put(path: string, parts: PageParts | string): void;
  /** A tab with this page. */
  open(path?: string): Promise<Page>;
  /** Every request that arrived at shop, collector or twin from these pages. */
  asks(): Promise<Ask[]>;
  /** The lines of those, each once and sorted, and of what its browser only tried. */
  lines(): Promise<string[]>;
  /** Events, reports and orders that the collector took. */
  told(name?: string): Told[];
  reports<K extends BrowserReport[0]>(kind: K): ReportOf<K>[];
  orders(): WireOrder[];
  /** Codes that TikTok's script was loaded for, sorted. */
  scripts(): Promise<string[]>;
  /** Copies at the twin, page views apart unless they are asked for. */
  copies(name?: string): Promise<Copy[]>;
  /** `api main delivered accepted` for each leg of an event */
  legs(id: string, collector?: Collector): Promise<string[]>;
  close(): Promise<void>;
}

export async function startVisit(stage: Stage, name: string, collector: Collector): Promise<Visit> {
  const context = await stage.browser.newContext();
  context.setDefaultTimeout(15_000);
  const folder = `/${name}/`;
  const errors: string[] = [];
  const complaints: string[] = [];
  const wanted: string[] = [];
  context.on('request', (request) => {
    const { protocol, host, pathname } = new URL(request.url());
    if (protocol !== 'data:') wanted.push(lineOf(request.method(), host, pathname));
  });
  context.on('console', (message) => {
    const { url } = message.location();
    if (message.type() === 'error') complaints.push(`${message.text()} ${url}`);
  });
  context.on('weberror', (error) => errors.push(String(error.error())));

  const mine = ({ from, body, line }: Ask): boolean =>
    from.includes(folder) || body.includes(folder) || line.includes(folder);
  const atGates = (): Ask[] => stage.collectors.flatMap(({ gate }) => gate.asks.filter(mine));
  const taken = <T extends BrowserBatch | WireOrder>(path: string): T[] =>
    atGates()
      .filter(({ line, status }) => line === `POST collect.localhost${path}` && status >= 200 && status < 300)
      .map(({ body }) => bodyOf<T>(body));
  const batches = (): BrowserBatch[] => taken('/v1/events');

  async function atTwin(): Promise<Ask[]> {
    return (await stage.twinRequests())
      .map(({ channel, ask }) => (channel === 'api' ? { ...ask, from: '' } : ask))
      .filter(mine);
  }
  async function asks(): Promise<Ask[]> {
    return [...stage.shop.asks.filter(mine), ...atGates(), ...(await atTwin())];
  }

  const visit: Visit = {
    context,
    errors,
    complaints,
    url: (path, host = 'shop.localhost') => `http://${host}:${stage.shop.port}${folder}${path}`,
    put(path, parts) {
      stage.shop.put(folder + path, typeof parts === 'string' ? { head: parts } : parts);
    },
    async open(path = '') {
      const page = await context.newPage();
      await page.goto(visit.url(path));
      return page;
    },
    asks,
    async lines() {
      const all = [...wanted, ...(await asks()).map(({ line }) => line)];
      // Those are `pass`'s own.
      return sorted(new Set(all.filter((line) => !line.startsWith('HEAD '))));
    },
    scripts: async () =>
      sorted(
        (await asks())
          .filter(({ line }) => line === 'GET tiktok.localhost/i18n/pixel/events.js')
          .map(({ query }) => new URLSearchParams(query).get('sdkid') ?? ''),
      ),
    told(event) {
      const all = batches().flatMap((batch) => {
        const { visitor, session, spec, consent, page = {} } = batch;
        return eventsOf(batch).map((one) => ({ page, ...one, visitor, session, spec, batchConsent: consent }));
      });
      return event === undefined ? all : all.filter((one) => one.event === event);
    },
    reports: (kind) => batches().flatMap(reportsOf).filter(isReport(kind)),
    orders: () => taken('/v1/orders'),
    async copies(name) {
      const all = (await stage.twinRequests()).flatMap(({ channel, ask }) => copiesIn(channel, ask));
      const own = all.filter(({ body }) => JSON.stringify(body['page'] ?? body['context']).includes(folder));
      return own.filter(({ event }) => (name === undefined ? event !== 'Pageview' : event === name));
    },
    async legs(id, at = collector) {
      const events = (await at.trace(id))?.events ?? [];
      return sorted(
        events
          .flatMap(({ dispatches }) => dispatches)
          .map(({ leg, destination, state, why }) => `${leg} ${destination} ${state} ${why}`),
      );
    },
    close: () => context.close(),
  };
  return visit;
}

/** What a request to TikTok carries, by its channel. */
function copiesIn(channel: string | null, { body, status }: Ask): Copy[] {
  if (status !== 200) return [];
  if (channel === 'api') {
    const { event_source_id, data } = JSON.parse(body) as { event_source_id: string; data: JsonObject[] };
    return data.map((item) => ({
      channel: 'api',
      code: event_source_id,
      event: String(item['event']),
      event_id: item['event_id'] as string | undefined,
      body: item,
    }));
  }
  if (channel !== 'pixel') return [];
  const message = JSON.parse(body) as JsonObject;
  const { pixel } = message['context'] as { pixel: { code: string } };
  const { event, event_id } = message as { event: string; event_id?: string };
  return [{ channel, code: pixel.code, event, event_id, body: message }];
}

/** Calls the tag as pages do. */
export async function call(page: Page, ...args: unknown[]): Promise<void> {
  await page.evaluate((args) => {
    (globalThis as unknown as { assay(...args: unknown[]): unknown }).assay(...args);
  }, args);
}

/** `pixel CODE AddToCart 4711`, sorted: what came over which leg to which pixel. */
export function listed(copies: readonly Copy[]): string[] {
  return sorted(copies.map(({ channel, code, event, event_id }) => `${channel} ${code} ${event} ${event_id}`));
}

/** Waits until the script has come, and has taken the place of its stub. */
export async function loaded(page: Page): Promise<void> {
  await page.waitForFunction(() => 'page' in (globalThis as unknown as { assay: object }).assay);
}

/** An AddToCart that keeps the rules of the built-in spec. */
export const CART = { content_id: 'cup', quantity: 1, value: 9.5, currency: 'EUR' };

const STEP_MS = 1000;

/** Lets the pages' own time pass, with the answers of each second in their time. Their clock must be installed. */
export async function pass(visit: Visit, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += STEP_MS) {
    await visit.context.clock.runFor(STEP_MS);
    // A page sends again what has no answer yet, and its time is quicker than the answers.
    await until('every answer', async () => !(await visit.asks()).some(isOpen));
    for (const page of visit.context.pages()) await page.evaluate("fetch('/', { method: 'HEAD' })");
    // Tabs see each other's storage a little late; of their own time that would be seconds.
    await until('one storage', async () => new Set(await Promise.all(visit.context.pages().map(storageOf))).size <= 1);
  }
}

/**
 * The collector has this event once. Of what was sent while a page was left nobody knows whether it arrived: that is
 * told again, and is a duplicate by its id.
 */
export async function assertAdmittedOnce(collector: Collector, id: string): Promise<void> {
  const events = (await collector.trace(id))?.events ?? [];
  assert.equal(events.length, 1, id);
  const [first, ...more] = events[0]?.observations.map(({ verdict }) => verdict) ?? [];
  assert.equal(first, 'admitted', id);
  for (const verdict of more) assert.equal(verdict, 'duplicate', id);
}

function storageOf(page: Page): Promise<string> {
  return page.evaluate('JSON.stringify(Object.entries(localStorage).sort())');
}

/** Does the collector still owe an answer? That to a handout takes its time. */
function isOpen({ line, status }: Ask): boolean {
  return status === 0 && line.includes('collect.localhost') && !line.includes('/handouts/');
}
