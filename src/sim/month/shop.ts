import type { JsonObject } from '../../event/event.ts';
import { batch, type Context } from '../world/wire.ts';
import type { Keys, Message } from './message.ts';
import { majorText } from './money.ts';
import { DAY, type Fact, type Story } from './story.ts';

export const ORIGIN = 'https://shop.example';

/** What the shop itself tells of an order: its pages, and its server. */
export function shopMessages(story: Story): Message[] {
  switch (story.way) {
    case 'serverAndStripe':
      return [created(story), ...entriesOf(story, isCancelledAfterPayment)];
    case 'stripeAlone':
      return [visited(story), ...entriesOf(story, isCancelledAfterPayment)];
    case 'shopify':
      return [visited(story)];
    case 'pageAndService':
      return [created(story)];
    case 'bankTransfer':
      return [created(story), ...entriesOf(story, () => true)];
    case 'stripeRenewal':
    case 'shopifyRenewal':
      return [];
  }
}

/** What a page load of the visitor shares. */
export function contextOf({ visitor }: Story): Context {
  return { ...visitor, consent: 'granted', referrer: '', ad: {}, contacts: {} };
}

export function pageHeaders({ visitor }: Story): Record<string, string> {
  return { 'content-type': 'text/plain;charset=UTF-8', origin: ORIGIN, 'user-agent': visitor.userAgent };
}

/** The visitor was on a page before: all that is known of one whose order only a webhook tells. */
function visited(story: Story): Message {
  const { placedAt, n } = story;
  const at = placedAt - 60_000;
  const pageview = { event: 'Pageview', event_id: `page-${n}`, time: at / 1000, properties: {}, pixel: false };
  return {
    ...{ door: 'events', at, facts: [], wants: 202 },
    write: (now, keys) => ({
      path: '/v1/events',
      headers: pageHeaders(story),
      body: batch(contextOf(story), { writeKey: keys.write, specVersion: 1 }, now, [pageview]),
    }),
  };
}

/** The order, told before the redirect to the payment, by the shop's server or by its page. */
function created(story: Story): Message {
  const { placedAt, way } = story;
  const byPage = way === 'pageAndService';
  return {
    ...{ door: 'orders', at: placedAt, order: story, creates: story, facts: [], wants: 201 },
    write: (_now, keys) => ({
      path: '/v1/orders',
      headers: byPage ? pageHeaders(story) : serverHeaders(keys),
      body: JSON.stringify({ ...(byPage ? { key: keys.write } : {}), ...orderBody(story, byPage) }),
    }),
  };
}

function orderBody({ orderId, total, lines, placedAt, visitor }: Story, byPage: boolean): JsonObject {
  const { ttclid, ttp, ip, userAgent, url } = visitor;
  return {
    ...{ order_id: orderId, value: majorText(total), currency: total.currency, time: placedAt / 1000 },
    contents: lines.map(({ product, quantity, price }) => ({
      ...{ content_id: product, quantity, price: majorText(price) },
    })),
    user: { ttclid, ttp, ...(byPage ? {} : { ip, user_agent: userAgent }) },
    ...{ page: { url }, visitor: visitor.visitor, session: visitor.session, consent: 'granted' },
  };
}

function serverHeaders({ secret }: Keys): Record<string, string> {
  return { 'content-type': 'application/json', authorization: `Bearer ${secret}` };
}

/** A paid order's cancellation is no event of Stripe's. */
function isCancelledAfterPayment({ kind }: Fact, { facts }: Story): boolean {
  return kind === 'cancellation' && facts.some((other) => other.kind === 'payment');
}

function entriesOf(story: Story, isOurs: (fact: Fact, story: Story) => boolean): Message[] {
  const path = `/v1/orders/${encodeURIComponent(story.orderId)}/entries`;
  return story.facts
    .filter((fact) => isOurs(fact, story))
    .map((fact) => ({
      ...{ door: 'entries', at: fact.at, facts: [fact], wants: 202 },
      write: (_now, keys) => ({ path, headers: serverHeaders(keys), body: JSON.stringify(factBody(fact)) }),
    }));
}

function factBody({ kind, id, at, sum }: Fact): JsonObject {
  return {
    ...{ fact: kind, reference: `${kind}-${id}`, time: at / 1000 },
    ...(sum ? { amount: majorText(sum), currency: sum.currency } : {}),
  };
}

const ROWS_MAX = 500;

/** The fees that no webhook tells, as the payout reports of each day have them: imported the morning after. */
export function payoutMessages(stories: readonly Story[]): Message[] {
  const fees = stories
    .filter(({ way }) => way === 'serverAndStripe' || way === 'stripeAlone' || way === 'shopify')
    .flatMap(({ facts }) => facts.filter(({ kind, id }) => kind === 'fee' && id.startsWith('fee-')));
  const days = Map.groupBy(fees, ({ at }) => Math.floor(at / DAY));
  return [...days].flatMap(([day, rows]) =>
    Array.from({ length: Math.ceil(rows.length / ROWS_MAX) }, (_, page): Message => {
      const told = rows.slice(page * ROWS_MAX, (page + 1) * ROWS_MAX);
      return {
        ...{ door: 'import', at: (day + 1) * DAY + 6 * 3_600_000, facts: told, wants: 202 },
        write: (_now, keys) => ({
          path: '/v1/server/import',
          headers: serverHeaders(keys),
          body: JSON.stringify({ facts: told.map((fact) => ({ order_id: fact.orderId, ...factBody(fact) })) }),
        }),
      };
    }),
  );
}
