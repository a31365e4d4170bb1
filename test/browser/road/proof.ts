import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserBatch, WireOrder } from '../../../src/api/wire.ts';
import type { JsonObject } from '../../../src/event/event.ts';
import { BANK_AGENT } from '../../../src/sim/bank/webhook.ts';
import { CHECKOUT_AGENT } from '../../../src/sim/checkout/webhook.ts';
import type { EventView } from '../../../src/sim/twin/views.ts';
import { bodyOf } from '../told.ts';
import { type Arrival, lineOf, type Seen } from './arrivals.ts';
import { BANK_ADDRESS, CHECKOUT_ADDRESS, type Road } from './road.ts';
import { beaconsIn, CONTACT, until, type Visit } from './visit.ts';

const MERGE_MS = 4 * 60_000;

/** What a browser asks for on the way from the ad to the thank-you page: all of it, and nothing else. */
export const ROAD = `
  GET shop.localhost/
  GET shop.localhost/shop.css
  GET shop.localhost/shop.js
  POST shop.localhost/consent
  GET shop.localhost/product/ember-cup
  POST shop.localhost/cart/add
  GET shop.localhost/cart
  GET shop.localhost/checkout
  POST shop.localhost/checkout
  GET shop.localhost/pay
  GET pay.localhost/pay
  GET pay.localhost/bank.css
  POST pay.localhost/pay
  GET shop.localhost/thanks
  GET collect.localhost/a.js
  POST collect.localhost/v1/events
  GET collect.localhost/v1/handouts/:capability
  GET tiktok.localhost/i18n/pixel/events.js
  POST tiktok.localhost/api/v2/pixel
`;

/** Everything that a browser asked for: what it told of, and what arrived from its user agent, at the twin as well. */
export async function requestsOf(road: Road, visit: Visit): Promise<Seen[]> {
  const requests = await road.twin.requests(visit.since.requests);
  const own = requests.filter(({ headers }) => headers['user-agent'] === visit.userAgent);
  const atTwin = own.map((request): Seen => {
    const host = (request.headers['host'] ?? '').replace(/:\d+$/, '');
    const line = lineOf(request.method, host, request.path.replace(/\?.*/, ''));
    return { line, host, text: JSON.stringify(request), body: request.body };
  });
  return [...visit.seen, ...arrivalsOf(road, visit), ...atTwin];
}

function arrivalsOf(road: Road, visit: Visit): Arrival[] {
  return road.arrivals.slice(visit.since.arrivals).filter(({ userAgent }) => userAgent === visit.userAgent);
}

/** The browser asked for every line of the list at least once, and for nothing that is not in it. */
export async function assertRequests(road: Road, visit: Visit, list: string): Promise<void> {
  const wanted = list.trim().split(/\s*\n\s*/);
  const requests = await requestsOf(road, visit);
  assert.deepEqual(sorted(new Set(requests.map(({ line }) => line))), sorted(wanted));
}

/** Names of the events that the twin got from this browser, page views apart. */
async function beaconsOf(road: Road, visit: Visit): Promise<string[]> {
  const requests = await requestsOf(road, visit);
  return beaconsIn(requests.slice(visit.seen.length)).filter((name) => name !== 'Pageview');
}

/** The Purchase of this order at the twin, once its api leg has arrived. */
export async function delivered(road: Road, orderId: string): Promise<EventView> {
  const find = async (): Promise<EventView[]> => road.twin.events({ order_id: orderId });
  await until(`order ${orderId} at the twin`, async () => (await find()).length > 0);
  const [event] = await find();
  return event as EventView;
}

/** Waits until a page of this visit has had its handout and the twin has the copy. */
export async function fired(road: Road, visit: Visit, orderId: string): Promise<void> {
  const arrived = async (): Promise<boolean> =>
    (await delivered(road, orderId)).arrivals.some(({ channel }) => channel === 'pixel');
  await until(`the pixel copy of order ${orderId}`, arrived);
  await until(`the handout of order ${orderId}`, () =>
    visit.handouts.some((given) => given.event_id === `demo-${orderId}`),
  );
}

/**
 * The heart of it: the twin counts the order once, no pixel copy came before the accepted api leg or after fireBefore,
 * the legs are equal, and the body is the visitor's own.
 */
export async function assertCountedOnce(
  road: Road,
  visit: Visit,
  orderId: string,
  copies: { pixel: 0 | 1; ttp?: string | undefined; visits?: Visit[] },
): Promise<void> {
  const found = await road.twin.events({ order_id: orderId });
  assert.deepEqual(
    found.map(({ event, event_id, counted }) => ({ event, event_id, counted })),
    [{ event: 'Purchase', event_id: `demo-${orderId}`, counted: 1 }],
  );
  const [event] = found as [EventView];
  const outcomes = event.arrivals.map(({ channel, outcome }) => `${channel} ${outcome}`);
  assert.deepEqual(outcomes, ['api counted', ...(copies.pixel === 1 ? ['pixel merged'] : [])]);
  const [api, pixel] = event.arrivals as [EventView['arrivals'][number], EventView['arrivals'][number] | undefined];
  const beacons = await beaconsOf(road, visit);
  for (const other of copies.visits ?? []) beacons.push(...(await beaconsOf(road, other)));
  const unguarded = copies.ttp === undefined ? [] : ['AddToCart', 'InitiateCheckout', 'ViewContent'];
  assert.deepEqual(sorted(beacons), sorted([...unguarded, ...(copies.pixel === 1 ? ['Purchase'] : [])]));
  await assertEachCountedOnce(road, visit);
  await assertVisitor(road, visit, orderId);

  const properties = api.body['properties'] as JsonObject;
  const user = api.body['user'] as JsonObject;
  const legOf = (body: JsonObject) => {
    const { order_id, value, currency, contents } = body['properties'] as JsonObject;
    return { name: body['event'], id: body['event_id'], order_id, value, currency, contents };
  };
  if (pixel) {
    assert.deepEqual(legOf(pixel.body), legOf(api.body));
    assert.ok(api.at <= pixel.at && pixel.at < api.at + MERGE_MS, 'inside the time in which TikTok merges');
    const allowed = [visit, ...(copies.visits ?? [])].flatMap(({ handouts }) => handouts);
    const mine = allowed.filter((handout) => handout.event_id === event.event_id);
    assert.equal(mine.length, 1, 'handouts given');
    assert.ok(pixel.at < (mine[0]?.fire_before ?? 0), 'before fireBefore');
  }
  const ips = [...new Set(arrivalsOf(road, visit).map(({ ip }) => ip))];
  assert.deepEqual(ips, ['127.0.0.1']);
  assert.deepEqual([properties['value'], properties['currency']], [37.8, 'EUR']);
  assert.deepEqual(
    { ttclid: user['ttclid'], ttp: user['ttp'], ip: user['ip'], user_agent: user['user_agent'] },
    { ttclid: visit.ttclid, ttp: copies.ttp, ip: ips[0], user_agent: visit.userAgent },
  );
  assert.equal(user['email'], sha256(CONTACT.email.toLowerCase()));
  assert.equal(user['phone'], sha256(CONTACT.phone.replaceAll(' ', '')));
  assert.ok(String((api.body['page'] as JsonObject)['url']).startsWith(road.shopUrl));
}

/** The order was told once, by the shop's server or its page, under the visitor and session of the SDK's events. */
async function assertVisitor(road: Road, visit: Visit, orderId: string): Promise<void> {
  const told = road.arrivals.filter(({ line }) => /^POST .*\/v1\/orders$/.test(line));
  const orders = told.map(({ body }) => bodyOf<WireOrder>(body)).filter(({ order_id }) => order_id === orderId);
  const batches = (await requestsOf(road, visit))
    .filter(({ line, body }) => line === 'POST collect.localhost/v1/events' && body.includes('InitiateCheckout'))
    .map(({ body }) => bodyOf<BrowserBatch>(body));
  const known = (list: { visitor?: string; session?: string }[]): string[] =>
    sorted(new Set(list.map(({ visitor, session }) => `${visitor} ${session}`)));
  assert.equal(orders.length, 1);
  assert.match(known(orders)[0] ?? '', /^[\da-f]{32} [\da-f]{32}$/);
  assert.deepEqual(known(orders), known(batches));
}

/** All that was done since this visit began was counted once, by whichever leg. */
async function assertEachCountedOnce(road: Road, visit: Visit): Promise<void> {
  const since = async (): Promise<EventView[]> =>
    (await road.twin.events()).filter(({ event, firstAt }) => firstAt >= visit.since.at && event !== 'Pageview');
  await until('all four events at the twin', async () => (await since()).length >= 4);
  const own = await since();
  const counts = sorted(own.map(({ event, counted }) => `${event} ${counted}`));
  assert.deepEqual(counts, ['AddToCart 1', 'InitiateCheckout 1', 'Purchase 1', 'ViewContent 1']);
}

/** The visitor's `_ttp`, which the pixel set. */
export async function ttpOf(visit: Visit): Promise<string | undefined> {
  return (await visit.context.cookies()).find(({ name }) => name === '_ttp')?.value;
}

const MACHINES = [`${BANK_ADDRESS} ${BANK_AGENT}`, `${CHECKOUT_ADDRESS} ${CHECKOUT_AGENT}`];

/** Nothing of the bank's or the checkout's own reached TikTok, and no plain contact any host but the shop or any file. */
export async function assertClean(road: Road, visits: readonly Visit[]): Promise<void> {
  const atTikTok = JSON.stringify(await road.twin.requests());
  for (const foreign of MACHINES.flatMap((machine) => [machine, ...machine.split(' ', 1)]))
    assert.ok(!atTikTok.includes(foreign), `${foreign} at TikTok`);
  const hooks = road.arrivals.filter(({ line }) => line.includes('/v1/hooks/'));
  const senders = new Set(hooks.map(({ ip, userAgent }) => `${ip} ${userAgent}`));
  assert.ok(senders.size > 0);
  assert.deepEqual(
    [...senders].filter((sender) => !MACHINES.includes(sender)),
    [],
  );
  const requests = await Promise.all(visits.map((visit) => requestsOf(road, visit)));
  const elsewhere = [...requests.flat(), ...hooks].filter(({ host }) => host !== 'shop.localhost');
  assert.ok(plainIn(road.arrivals.map(({ text }) => text).join('\n')).length > 0, 'the search finds the form');
  assert.deepEqual(plainIn(atTikTok), []);
  for (const { line, text } of elsewhere) assert.deepEqual(plainIn(text), [], line);
  const kept = readdirSync(road.dataFolder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');
  assert.ok(kept.includes(sha256(CONTACT.email.toLowerCase())), 'the search finds the hash');
  assert.deepEqual(plainIn(kept), []);
}

/** Contacts of the checkout form that stand in a text, however they are written. */
function plainIn(text: string): string[] {
  const plain = text.replace(/%([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  const letters = plain.toLowerCase();
  const digits = plain.replace(/[\s()./+-]/g, '');
  const names = CONTACT.name.toLowerCase().split(' ');
  const found = names.filter((name) => letters.includes(name));
  const national = CONTACT.phone.replace(/\D/g, '').slice(2);
  return digits.includes(national) ? [...found, national] : found;
}

function sorted(texts: Iterable<string>): string[] {
  return [...texts].sort((a, b) => (a < b ? -1 : 1));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
