import assert from 'node:assert/strict';
import type { TraceAnswer } from '../../../src/api/answers.ts';
import type { OrderAnswer, OrdersAnswer } from '../../../src/api/books.ts';
import type { JsonObject } from '../../../src/event/event.ts';
import { CHECKOUT_AGENT } from '../../../src/sim/checkout/webhook.ts';
import type { EventView } from '../../../src/sim/twin/views.ts';
import { CHECKOUT_ADDRESS, type Road } from '../road/road.ts';
import { until, type Visit } from '../road/visit.ts';

/** Whom the order has to belong to, read before anything could be lost. */
export interface Customer {
  visitor: string;
  session: string;
  ttp: string;
}

/** The visitor as the shop's own cookies have them. */
export async function customerOf(road: Road, { context }: Visit): Promise<Customer> {
  const cookies = new Map((await context.cookies(road.shopUrl)).map(({ name, value }) => [name, value]));
  const [visitor = '', session = ''] = cookies.get('_assay')?.split('.') ?? [];
  const ttp = cookies.get('_ttp') ?? '';
  assert.ok(visitor !== '' && session !== '' && ttp !== '');
  return { visitor, session, ttp };
}

/** The twin counts one Purchase of the order, with these copies of it. */
export async function assertOnePurchase(road: Road, order: string, copies: string[]): Promise<EventView> {
  const found = await road.twin.events({ order_id: order });
  assert.deepEqual(
    found.map(({ event, event_id, counted, arrivals }) => ({
      ...{ event, event_id, counted },
      arrivals: arrivals.map(({ channel, outcome }) => `${channel} ${outcome}`),
    })),
    [{ event: 'Purchase', event_id: `demo-${order}`, counted: 1, arrivals: copies }],
  );
  return found[0] as EventView;
}

/** All that TikTok got of the order is the visitor's own, and nothing is the webhook's, which came from elsewhere. */
export async function assertVisitorsOwn(road: Road, visit: Visit, order: string, customer: Customer): Promise<void> {
  const [event] = (await road.twin.events({ order_id: order })) as [EventView];
  const [api] = event.arrivals as [EventView['arrivals'][number]];
  const { user, page, properties } = api.body as Record<string, JsonObject>;
  assert.deepEqual(
    { ttclid: user?.['ttclid'], ttp: user?.['ttp'], ip: user?.['ip'], user_agent: user?.['user_agent'] },
    { ttclid: visit.ttclid, ttp: customer.ttp, ip: '127.0.0.1', user_agent: visit.userAgent },
  );
  assert.equal(new URL(String(page?.['url'])).origin, road.shopUrl);
  assert.deepEqual([properties?.['value'], properties?.['currency']], [37.8, 'EUR']);
  const [content] = (properties?.['contents'] ?? []) as JsonObject[];
  assert.deepEqual([content?.['content_id'], content?.['quantity']], ['ember-cup', 2]);

  const hooks = road.arrivals.filter(({ line, body }) => line.endsWith('/v1/hooks/stripe') && body.includes(order));
  assert.ok(hooks.length >= 3);
  assert.deepEqual(
    [...new Set(hooks.map(({ ip, userAgent }) => `${ip} ${userAgent}`))],
    [`${CHECKOUT_ADDRESS} ${CHECKOUT_AGENT}`],
  );
  assert.ok(visit.userAgent !== CHECKOUT_AGENT);

  const [purchase, ...more] = (await road.ask<TraceAnswer>(`/v1/trace/${order}`)).events;
  assert.equal(more.length, 0);
  assert.deepEqual(
    { consent: purchase?.consent, visitor: purchase?.visitor, session: purchase?.session },
    { consent: 'granted', visitor: customer.visitor, session: customer.session },
  );
}

/** The order in the books, paid whole. */
export async function bookedOrder(road: Road, order: string): Promise<OrderAnswer> {
  const { orders } = await road.ask<OrdersAnswer>(`/v1/reports/orders?order_id=${order}`);
  assert.equal(orders.length, 1);
  const [booked] = orders as [OrderAnswer];
  assert.deepEqual([booked.status, booked.net?.amount, booked.net?.currency], ['paid', '37.80', 'EUR']);
  return booked;
}

/**
 * Waits until everything that this page had to tell has reached TikTok: an event told last has come there by both
 * ways, and no way of one page lets another overtake.
 */
export async function settled(road: Road, visit: Visit, marker: string): Promise<void> {
  await visit.page.evaluate((id) => {
    const { assay } = globalThis as unknown as { assay(...args: unknown[]): unknown };
    assay('track', 'Contact', {}, { event_id: id });
  }, marker);
  await until(`${marker} at the twin by both ways`, async () => {
    const [event] = await road.twin.events({ event_id: marker });
    return new Set(event?.arrivals.map(({ channel }) => channel)).size === 2;
  });
}
