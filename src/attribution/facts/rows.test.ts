import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EventRow } from '../../event/event.ts';
import type { LeadRow } from '../../event/lead.ts';
import type { OrderRow } from '../../event/order.ts';
import { DAY } from '../../event/time.ts';
import { defaultSpec } from '../../spec/default.ts';
import { conversionOf } from './conversion.ts';
import { eventLinks, foldLink, leadLinks, linkKey } from './link.ts';
import { adReportFact, entryFact, eventFact, leadFact, orderFact } from './rows.ts';

const SPEC = defaultSpec();
const AT = Date.UTC(2026, 7, 1, 12);

/** An order's state, and what is counted of its Purchase: confirmed, value and what is left of it. */
const orders: [order: Partial<OrderRow> | undefined, more: Partial<EventRow>, counted: string][] = [
  [{ total: '59.90 EUR' }, {}, 'awaited 5990 0 EUR'],
  [{ total: '59.90 EUR', net: '58.00 EUR', confirmedAt: AT }, {}, 'confirmed 5990 5800 EUR'],
  [{ total: '59.90 EUR', net: '0.00 EUR', confirmedAt: AT, status: 'cancelled' }, {}, 'confirmed 5990 0 EUR'],
  [{ total: '59.90 EUR', net: '-3.00 EUR', confirmedAt: AT }, {}, 'confirmed 5990 -300 EUR'],
  [{ total: '59.90 EUR', net: '60.00 USD', confirmedAt: AT }, {}, 'confirmed 5990 0 EUR'],
  [{ total: '5990 JPY', net: '5990 JPY', confirmedAt: AT }, {}, 'confirmed 5990 5990 JPY'],
  [{ net: '58.00 EUR', confirmedAt: AT }, { orderId: '77' }, 'confirmed 0 5800 EUR'],
  [{ total: '59.90 EUR', event: 8 }, { value: '1.00 EUR' }, 'confirmed 100 100 EUR'],
  [undefined, {}, 'confirmed 0 0 '],
  [undefined, { name: 'Lead', value: '20.00 EUR' }, 'confirmed 2000 2000 EUR'],
  [undefined, { name: 'ViewContent' }, 'none'],
  [undefined, { namespace: 'draft' }, 'none'],
  [undefined, { name: 'Lead', bot: true }, 'none'],
  [{ total: '59.90 EUR' }, { bot: true }, 'none'],
  [{ total: '59.90 EUR', net: '59.90 EUR', confirmedAt: AT }, { bot: true }, 'confirmed 5990 5990 EUR'],
];
for (const [row, more, counted] of orders)
  test(`of ${JSON.stringify(more)} with the order ${JSON.stringify(row)} ${counted} is counted`, () => {
    const fact = conversionOf(event(more), row && order(row), SPEC);
    assert.equal(
      fact ? `${fact.confirmed ? 'confirmed' : 'awaited'} ${fact.minor} ${fact.net} ${fact.currency}` : 'none',
      counted,
    );
  });

test('a conversion of nobody stands for a visitor of its own, and an order’s visitor is the event’s', () => {
  const { visitor: _nobody, ...nobody } = event({});
  assert.equal(conversionOf(nobody, undefined, SPEC)?.visitor, '~7');
  assert.equal(conversionOf(nobody, order({ visitor: 'v-2' }), SPEC)?.visitor, 'v-2');
});

test('a visitor is linked to what the spec matches by, to its orders and leads, and never to an address', () => {
  const row = event({
    orderId: '77',
    leadId: 'l-1',
    personal: {
      user: {
        ttclid: 'A',
        email: ['e1', 'e2'],
        phone: ['p'],
        external_id: ['x'],
        ip: '198.51.100.1',
        user_agent: 'u',
        ttp: 't',
      },
    },
  });
  const kinds = (match: string[]): string =>
    eventLinks(row, match)
      .map(({ kind, value }) => `${kind} ${value}`)
      .join(', ');
  assert.equal(
    kinds(SPEC.attribution.match),
    'ttclid A, external_id x, email e1, email e2, phone p, order demo/77, lead l-1',
  );
  assert.equal(kinds(['email']), 'email e1, email e2, order demo/77, lead l-1');
  assert.equal(kinds([]), 'order demo/77, lead l-1');
  assert.deepEqual(eventLinks({ ...row, bot: true }, ['email']), []);
  assert.deepEqual(eventLinks({ ...row, namespace: 'draft' }, ['email']), []);
});

test('a record of nobody is linked as a visitor of its own', () => {
  const { visitor: _nobody, ...nobody } = event({ personal: { user: { email: ['e1'] } } });
  assert.deepEqual(eventLinks(nobody, ['email']).map(linkKey), ['email 2 e1~7']);
  const step = { status: 'new', at: AT, receivedAt: AT, by: 'server' };
  const lead: LeadRow = {
    ...{ leadId: 'l-1', status: 'new', createdAt: AT, changedAt: AT, source: 'web', consent: 'granted' },
    ...{ properties: {}, personal: null, value: '20.00 EUR' },
    steps: [
      { ...step, seq: 9 },
      { ...step, seq: 5 },
    ],
  };
  assert.deepEqual(leadLinks(lead, []).map(linkKey), ['lead 3 l-1~5']);
  assert.equal(leadFact(lead).minor, 2000n);
});

test('two records of a link are one, known from the first to the last day, in either order', () => {
  const [a] = eventLinks(event({ orderId: '77', seq: 9, receivedAt: AT + 3 * DAY }), []);
  const [b] = eventLinks(event({ orderId: '77', receivedAt: AT }), []);
  assert.ok(a && b);
  assert.deepEqual(foldLink(a, b), foldLink(b, a));
  assert.deepEqual(foldLink(a, b), { ...b, firstAt: AT, lastAt: Date.UTC(2026, 7, 4), seq: 7 });
});

test('an event is flat: its first content, its page without parameters, its money in whole minor units', () => {
  const fact = eventFact(
    event({
      value: '59.90 EUR',
      properties: { contents: [{ content_id: 4711 }, { content_id: 'b' }, 'c'] },
      personal: { page: { url: 'https://shop.example/a/b?utm_source=x' } },
    }),
    null,
  );
  assert.deepEqual(
    [fact.contentId, fact.contents, fact.page, fact.minor, fact.currency, fact.door],
    ['4711', 3, 'shop.example/a/b', 5990n, 'EUR', 'browser'],
  );
  assert.deepEqual(eventFact(event({ properties: { contents: 'x' } }), null).contents, 0);
});

test('an order’s net in another currency than its total is not told as the total’s', () => {
  assert.deepEqual([orderFact(order({ total: '1.00 EUR', net: '2.00 USD' })).net], [null]);
  assert.deepEqual(
    [orderFact(order({ net: '2.00 USD' })).net, orderFact(order({ net: '2.00 USD' })).currency],
    [200n, 'USD'],
  );
});

test('an entry without money, and a report’s row, have nothing where nothing is known', () => {
  const entry = entryFact({ shop: 'demo', orderId: '77', reference: 'r', kind: 'dispute', occurredAt: AT, seq: 9 });
  assert.deepEqual([entry.minor, entry.currency, entry.provider], [null, null, null]);
  const report = adReportFact({
    ...{ level: 'ad', id: '7', day: '2026-07-31', basis: 'impression', timezone: 'UTC', spend: '1.50 EUR' },
    ...{ impressions: 9, clicks: 2, conversions: 1, pulledAt: AT, seq: 3 },
  });
  assert.deepEqual([report.spend, report.currency, report.minor, report.viewConversions], [150n, 'EUR', null, null]);
});

function event(more: Partial<EventRow>): EventRow {
  return {
    ...{ seq: 7, sourceId: 'demo/web', name: 'Purchase', eventId: 'e', source: 'web', namespace: 'live' },
    ...{ origin: 'visitor', occurredAt: AT, receivedAt: AT, visitor: 'v-1', properties: {} },
    ...{ consent: 'granted', specVersion: 1, personal: {} },
    observations: [{ seq: 7, door: 'browser', occurredAt: AT, receivedAt: AT, verdict: 'admitted' }],
    ...more,
  };
}

function order(more: Partial<OrderRow>): OrderRow {
  return {
    ...{ shop: 'demo', orderId: '77', status: 'paid', event: 7, createdAt: AT, consent: 'granted', properties: {} },
    ...{ capabilities: [], personal: null, ...more },
  };
}
