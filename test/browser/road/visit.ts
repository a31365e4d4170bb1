import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import type { Browser, BrowserContext, Page, Request } from 'playwright-core';
import type { HandoutAnswer } from '../../../src/api/wire.ts';
import type { CheckoutSession } from '../../../src/sim/checkout/session.ts';
import { lineOf, type Seen } from './arrivals.ts';
import type { Road } from './road.ts';

/** What the customer types into the checkout form; none of it may leave the shop as it is. */
export const CONTACT = {
  name: 'Rowena Ashgrove',
  email: 'Rowena.Ashgrove+Road@Example.com',
  phone: '+49 30 2312 5100',
};

/** One browser of one customer, with everything that it asked for and all that went wrong in it. */
export interface Visit {
  context: BrowserContext;
  page: Page;
  userAgent: string;
  /** when it began, and what had arrived before it: at this process, and at the twin */
  since: { at: number; arrivals: number; requests: number };
  ttclid: string;
  /** what the browser told of; that it sends while a page is left it keeps to itself */
  seen: Seen[];
  /** answers that allowed the page to fire */
  handouts: Extract<HandoutAnswer, { fire: true }>[];
  /** requests that something in the browser stopped: `GET tiktok.localhost/i18n/pixel/events.js` */
  blocked: string[];
  /** console errors, exceptions and violations of the page's policy */
  troubles: string[];
  open(url: string): Promise<void>;
  /** A new tab in the place of the one that was closed. */
  newTab(): Promise<void>;
  /** Moves this browser's clock, in open pages and later ones; cookies get older by as much. */
  move(ms: number): Promise<void>;
}

/** A fresh profile in a browser. Its user agent is the browser's own: an emulated one is not told while a page is left. */
export async function startVisit(road: Road, browser: Browser, name: string): Promise<Visit> {
  const context = await browser.newContext();
  context.setDefaultTimeout(15_000);
  const seen: Seen[] = [];
  const handouts: Visit['handouts'] = [];
  const blocked: string[] = [];
  const troubles: string[] = [];
  context.on('request', (request) => note(request, seen));
  context.on('requestfailed', (request) => {
    const { hostname, pathname } = new URL(request.url());
    // What DevTools say of a request that they blocked.
    if (request.failure()?.errorText === 'inspector') blocked.push(lineOf(request.method(), hostname, pathname));
  });
  context.on('console', (message) => message.type() === 'error' && troubles.push(message.text()));
  context.on('weberror', (error) => troubles.push(String(error.error())));
  context.on('response', (response) => {
    if (!response.url().includes('/v1/handouts/')) return;
    const keep = (answer: HandoutAnswer): unknown => answer.fire && handouts.push(answer);
    // A page that is left takes its answers with it.
    response.json().then(keep, () => undefined);
  });
  await context.addInitScript({
    content: `addEventListener('securitypolicyviolation', (event) =>
      console.error('violation of ' + event.violatedDirective + ' by ' + event.blockedURI));`,
  });
  await context.addInitScript(shiftDate, road.offsetMs());
  const page = await context.newPage();
  const visit: Visit = {
    context,
    page,
    userAgent: await page.evaluate(() => navigator.userAgent),
    since: { at: road.now(), arrivals: road.arrivals.length, requests: (await road.twin.requests()).at(-1)?.n ?? 0 },
    ttclid: `E.C.P.${name}`,
    seen,
    handouts,
    blocked,
    troubles,
    async open(url) {
      await visit.page.goto(url, { waitUntil: 'load' });
    },
    async newTab() {
      visit.page = await context.newPage();
    },
    async move(ms) {
      await context.addInitScript(shiftDate, ms);
      for (const page of context.pages()) await page.evaluate(shiftDate, ms);
      const cookies = await context.cookies();
      await context.clearCookies();
      const older = cookies.map((cookie) =>
        cookie.expires < 0 ? cookie : { ...cookie, expires: cookie.expires - ms / 1000 },
      );
      await context.addCookies(older.filter(({ expires }) => expires < 0 || expires * 1000 > Date.now()));
    },
  };
  return visit;
}

function note(request: Request, seen: Seen[]): void {
  const url = new URL(request.url());
  // The shop's icon is an empty data address.
  if (url.protocol === 'data:') return;
  const body = request.postData() ?? '';
  seen.push({
    line: lineOf(request.method(), url.hostname, url.pathname),
    host: url.hostname,
    text: [request.url(), JSON.stringify(request.headers()), body].join('\n'),
    body,
  });
}

/** Runs in the page. Every move adds to the ones before. */
function shiftDate(ms: number): void {
  const Before = globalThis.Date;
  globalThis.Date = new Proxy(Before, {
    construct: (target, given: []) => (given.length > 0 ? new target(...given) : new target(target.now() + ms)),
    get: (target, name) => (name === 'now' ? () => target.now() + ms : (Reflect.get(target, name) as unknown)),
  });
}

/** From the ad to the bank's page, with the customer's yes. Gives the order's number. */
export async function goToBank(road: Road, visit: Visit): Promise<string> {
  const { page, context } = visit;
  await placeOrder(road, visit);
  await page.waitForURL(`${road.bankUrl}/pay?*`);
  const cookies = await context.cookies(road.shopUrl);
  assert.ok(cookies.some(({ name }) => name === 'nugget_session'));
  return new URL(page.url()).searchParams.get('order') ?? '';
}

/** From the ad to the hosted checkout's page, likewise. Gives its session, which knows the order's number. */
export async function goToCheckout(road: Road, visit: Visit): Promise<CheckoutSession> {
  await placeOrder(road, visit);
  await visit.page.waitForURL(`${road.checkout.url}/c/pay/*`);
  const session = road.checkout.sessions.find(({ id }) => visit.page.url().endsWith(id));
  assert.ok(session);
  return session;
}

/** From the ad to the end of the shop's own form. */
async function placeOrder(road: Road, visit: Visit): Promise<void> {
  const { page } = visit;
  await visit.open(adLink(road, visit));
  await accept(visit);
  await page.click('a[href="/product/ember-cup"]');
  await page.waitForURL(`${road.shopUrl}/product/ember-cup`);
  await settled(visit, 'Pageview', 2);
  await page.fill('#quantity', '2');
  await page.click('form[data-add] button');
  await page.waitForURL(`${road.shopUrl}/cart`);
  await settled(visit, 'Pageview', 3);
  await page.click('a[href="/checkout"]');
  await page.waitForURL(`${road.shopUrl}/checkout`);
  await settled(visit, 'InitiateCheckout', 1);
  for (const [field, value] of Object.entries(CONTACT)) await page.fill(`#${field}`, value);
  await page.click('form.details button');
}

export function adLink(road: Road, visit: Visit): string {
  return `${road.shopUrl}/?ttclid=${visit.ttclid}&utm_source=tiktok&utm_campaign=Autumn`;
}

/** Says yes to the shop's question and waits until shop and SDK have acted on it. */
export async function accept(visit: Visit): Promise<void> {
  await visit.page.click('#consent button[value=granted]');
  const cookies = async (): Promise<string[]> => (await visit.context.cookies()).map(({ name }) => name);
  await until('the shop has the choice', async () => (await cookies()).includes('nugget_consent'));
  await settled(visit, 'Pageview', 1);
}

/** Waits until the pixel fired an event for the n-th time; where its host is blocked, until its script failed. */
async function settled(visit: Visit, event: string, count: number): Promise<void> {
  const fired = (): number => beaconsIn(visit.seen).filter((name) => name === event).length;
  await until(`${event} number ${count}`, () => visit.blocked.length > 0 || fired() >= count);
}

/** Names of the events among these requests that went to the pixel's host. */
export function beaconsIn(requests: readonly Seen[]): string[] {
  return requests
    .filter(({ line }) => line === 'POST tiktok.localhost/api/v2/pixel')
    .map(({ body }) => (JSON.parse(body) as { event: string }).event);
}

/** Pays at the bank and waits for the shop's thank-you page. */
export async function payAndReturn(road: Road, visit: Visit): Promise<void> {
  await visit.page.click('button[value=pay]');
  await visit.page.waitForURL(`${road.shopUrl}/thanks?*`, { waitUntil: 'load' });
}

/** The bank's confirmation, at once: of the order's payment, or of one that the customer made elsewhere. */
export async function confirm(road: Road, orderId: string): Promise<void> {
  const payment = road.bank.payments.find((one) => one.orderId === orderId);
  const asked = payment ? { payment_id: payment.paymentId } : { order_id: orderId, amount: '37.80', currency: 'EUR' };
  const answer = await fetch(`http://127.0.0.1:${new URL(road.bankUrl).port}/bank/webhooks`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(asked),
  });
  assert.equal(((await answer.json()) as { status: number }).status, 202);
}

/** The shop's sign-in, taken to another browser or back to one that lost it. */
export async function signIn(
  visit: Visit,
  as: { name: string; value: string; domain: string; path: string },
): Promise<void> {
  const { name, value, domain, path } = as;
  await visit.context.addCookies([{ name, value, domain, path }]);
}

export async function shopSession(visit: Visit): Promise<Parameters<typeof signIn>[1]> {
  const found = (await visit.context.cookies()).find(({ name }) => name === 'nugget_session');
  assert.ok(found);
  return found;
}

export async function until(what: string, holds: () => boolean | Promise<boolean>, ms = 15_000): Promise<void> {
  for (const end = Date.now() + ms; !(await holds()); await wait(25)) assert.ok(Date.now() < end, `in time: ${what}`);
}
