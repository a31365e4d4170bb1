import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { bundleScript } from '../../../scripts/sdk.ts';
import type { BrowserBatch, BrowserReport, HandoutAnswer, WireEvent, WireOrder } from '../../../src/api/wire.ts';
import { type ClientConfig, writeParts } from '../../../src/event/client-spec.ts';
import { launch } from '../../chromium.ts';
import { bodyOf, eventsOf, isReport, type ReportOf, reportsOf } from '../told.ts';

// One server under many names: Chromium resolves every *.localhost to this machine and treats it as secure.
export const PIXEL_CODE = 'CD9079RC77U0N3GBV16Y';
export const STUB =
  '<script nonce="n1">window.assay=window.assay||function(){(assay.q=assay.q||[]).push(arguments)}</script>';
export const TAG = `${STUB}<script async nonce="n1" src="http://collector.localhost:PORT/a.js"></script>`;

/** What arrived since the test began. */
export const seen = {
  events: [] as WireEvent[],
  batches: [] as BrowserBatch[],
  reports: [] as BrowserReport[],
  orders: [] as WireOrder[],
  /** calls that reached the pixel's script */
  hits: [] as unknown[][],
  /** `POST collector/v1/events {…}`, pages of the shop apart */
  requests: [] as string[],
  /** cookies of the requests to the collector */
  cookies: [] as string[],
  polls: [] as string[],
  carried: [] as { visitor: string; session: string }[],
};

/** How everybody answers. */
export const world = start();

let browser: Browser;
export let context: BrowserContext;
/** Counts the profiles: each test has one of its own. */
let profile = 0;
export let port = 0;
let script = '';

function start() {
  return {
    client: {} as Partial<ClientConfig>,
    html: TAG,
    csp: '',
    status: 202,
    pixel: 'up' as 'up' | 'down',
    setCookie: '',
    /** how long the carry door takes */
    carryMs: 0,
    handout: (): HandoutAnswer => ({ fire: false, why: 'notConfirmed', again: true }),
  };
}

const client = (): ClientConfig => ({
  version: 7,
  shop: 'demo',
  pixels: [PIXEL_CODE],
  consent: 'none',
  domains: ['shop.localhost', 'pay.localhost'],
  events: {
    ViewContent: { oncePer: ['session', 'content_id'], within: 1_800_000 },
    Purchase: { guarded: true },
    Lead: { guarded: true },
  },
  key: 'wk_test',
  collector: `http://collector.localhost:${port}`,
  pixelScript: `http://pixel.localhost:${port}/events.js`,
  ...world.client,
});

/** TikTok's script in small: drains the array, then tells its host of every call. */
const PIXEL_SCRIPT = `(() => {
  const send = (call) => navigator.sendBeacon('http://pixel.localhost:PORT/hit', JSON.stringify(call));
  const run = (name, ...args) => (name === 'ready' ? args[0]() : send([name, ...args]));
  for (const call of ttq.splice(0)) run(...call);
  for (const name of ['page', 'track', 'identify', 'ready', 'holdConsent', 'grantConsent', 'revokeConsent'])
    ttq[name] = (...args) => run(name, ...args);
  ttq.instance = () => ttq;
})();`;

const server = createServer((request, response) => {
  void answer(request, response);
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  // What the last test's pages say as they close comes late: it is not this test's.
  if (Number(/profile\/(\d+)/.exec(request.headers['user-agent'] ?? '')?.[1] ?? profile) !== profile)
    return void request.socket.destroy();
  const host = (request.headers.host ?? '').replace(/\.?localhost.*/, '');
  const { pathname } = new URL(request.url ?? '/', 'http://any');
  const isPage = host === 'shop' || host === 'pay';
  if (!isPage) seen.requests.push(`${request.method} ${host}${request.url} ${body}`);
  const reply = (status: number, text = '', type = 'application/json'): void => {
    response.writeHead(status, {
      'access-control-allow-origin': request.headers.origin ?? '*',
      'access-control-allow-credentials': 'true',
      'content-type': type,
      ...(world.csp && { 'content-security-policy': world.csp }),
      ...(world.setCookie && !isPage && { 'set-cookie': world.setCookie }),
    });
    response.end(text);
  };
  const ported = (text: string): string => text.replaceAll('PORT', String(port));
  if (isPage) return reply(200, ported(`<!doctype html><title>Shop</title>${world.html}`), 'text/html');
  if (host === 'pixel') {
    if (world.pixel === 'down') return void request.socket.destroy();
    if (pathname === '/hit') seen.hits.push(JSON.parse(body) as unknown[]);
    return reply(200, ported(PIXEL_SCRIPT), 'text/javascript');
  }
  if (pathname === '/a.js') return reply(200, writeParts(script, client()), 'text/javascript');
  seen.cookies.push(request.headers.cookie ?? '');
  if (pathname === '/v1/events') {
    if (world.status === 202) keep(bodyOf(body));
    return reply(world.status, '{}');
  }
  if (pathname === '/v1/orders') {
    seen.orders.push(bodyOf(body));
    return reply(201, JSON.stringify({ handout: 'cap-1' }));
  }
  if (pathname.startsWith('/v1/carry')) {
    if (request.method === 'POST') seen.carried.push(JSON.parse(body) as { visitor: string; session: string });
    const answer = request.method === 'POST' ? { token: 'token-1', expires_in: 120 } : (seen.carried[0] ?? {});
    await quiet(world.carryMs);
    return reply(200, JSON.stringify(answer));
  }
  seen.polls.push(pathname);
  await quiet(150);
  const handout = world.handout();
  // As the collector does: the first to ask has it.
  if (handout.fire) world.handout = () => ({ fire: false, why: 'handed_out', again: false });
  return reply(200, JSON.stringify(handout));
}

function keep(batch: BrowserBatch): void {
  seen.batches.push(batch);
  seen.events.push(...eventsOf(batch));
  seen.reports.push(...reportsOf(batch));
}

/** One browser for the file, a fresh profile for each test. */
export function openStage(): void {
  before(async () => {
    script = (await bundleScript()).text;
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    port = (server.address() as AddressInfo).port;
    browser = await launch('--headless');
  });

  after(async () => {
    await browser.close();
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });

  beforeEach(async () => {
    await context?.close();
    Object.assign(world, start());
    for (const list of Object.values(seen)) list.splice(0);
    profile++;
    context = await browser.newContext({ userAgent: `Mozilla/5.0 profile/${profile}` });
  });
}

export function url(path = '/', host = 'shop'): string {
  return `http://${host}.localhost:${port}${path}`;
}

export async function open(path = '/'): Promise<Page> {
  const page = await context.newPage();
  await page.goto(url(path));
  return page;
}

/** Calls the tag as pages do. */
export function call(page: Page, ...args: unknown[]): Promise<unknown> {
  return page.evaluate(
    (args) => (globalThis as unknown as { assay(...args: unknown[]): unknown }).assay(...args),
    args,
  );
}

/** Runs text in the page. */
export function run(page: Page, text: string): Promise<unknown> {
  return page.evaluate(text);
}

/** Begins to wait for the script of the page. */
export async function loaded(page: Page): Promise<void> {
  await page.waitForFunction(() => !!(globalThis as unknown as { assay?: { page?: unknown } }).assay?.page);
}

/** The names of what the script stored, ids cut off. */
export function stored(page: Page): Promise<string[]> {
  return page.evaluate(() => Object.keys((globalThis as unknown as { localStorage: object }).localStorage));
}

export async function until(what: string, holds: () => boolean, ms = 8000): Promise<void> {
  for (const end = Date.now() + ms; !holds(); await quiet(20)) assert.ok(Date.now() < end, `in time: ${what}`);
}

export function quiet(ms = 500): Promise<unknown> {
  return new Promise((done) => setTimeout(done, ms));
}

export function named(name: string): WireEvent[] {
  return seen.events.filter((event) => event.event === name);
}

export function reported<K extends BrowserReport[0]>(kind: K): ReportOf<K>[] {
  return seen.reports.filter(isReport(kind));
}

export function pixelTracks(): unknown[][] {
  return seen.hits.filter(([method]) => method === 'track');
}
