import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  consentTold,
  eventTold,
  factTold,
  hookedOrder,
  type Kit,
  openKit,
  orderTold,
  paymentTold,
  purchaseTold,
  START,
  sentTold,
  specTold,
  testTold,
} from '../../test/admission-kit.ts';
import type { EventRow } from '../event/event.ts';
import type { OrderRow } from '../event/order.ts';
import { HOUR, SECOND } from '../event/time.ts';
import type { NewRecord } from '../store/journal.ts';

const T = (seconds: number): number => START + seconds * SECOND;
const SHOP = 'https://shop.example/checkout';

/** The visitor's last page before the hosted checkout. */
function checkout(more: Parameters<typeof eventTold>[1] = {}, at = START, url = SHOP): NewRecord {
  const told = { event: 'InitiateCheckout', event_id: `c-${at}`, visitor: 'v-1', session: 's-1', ...more };
  const properties = { num_items: 1, value: '59.90', currency: 'EUR', step: 'pay' };
  const user = { ttclid: 'E.C.P.1', ttp: 'ttp-1', ip: '203.0.113.7', user_agent: 'Firefox', email: ['a'.repeat(64)] };
  return eventTold('browser', { properties, ...told }, at, { user, page: { url } });
}

test('an order told by a webhook goes with the context of its visitor, never with the webhook’s own', async () => {
  const kit = await openKit();
  await kit.tell(
    checkout({ ad: { campaign_id: '17' } }),
    eventTold('browser', { event_id: 'other', visitor: 'v-2' }, T(1), { page: { url: 'https://shop.example/2' } }),
  );
  const machine = {
    user: { ip: '198.51.100.1', user_agent: 'Shopify', ttclid: 'forged' },
    page: { url: 'https://x.example' },
  };
  const seq = await kit.tell({ ...hookedOrder({ visitor: 'v-1' }, T(60)), personal: machine });
  assert.match(await kit.verdict(seq), /^admitted first_observation/);
  const { event, order } = await rows(kit);
  assert.deepEqual(event.personal, {
    user: { ttclid: 'E.C.P.1', ttp: 'ttp-1', ip: '203.0.113.7', user_agent: 'Firefox', email: ['a'.repeat(64)] },
    page: { url: SHOP },
  });
  assert.deepEqual(
    [event.visitor, event.session, event.consent, event.ad, event.eventId],
    ['v-1', 's-1', 'granted', { campaign_id: '17' }, 'demo-77'],
  );
  assert.deepEqual(
    [order.createdBy, order.status, order.total, order.visitor, order.session, order.consent],
    ['webhook', 'created', '59.90 EUR', 'v-1', 's-1', 'granted'],
  );
  await kit.tell(paymentTold('59.90', 'p', T(61)));
  assert.deepEqual([await kit.leg(seq, 'api'), await kit.leg(seq, 'pixel')], ['held delay', 'held awaiting_api']);
});

test('the visitor’s newest page is taken, also one of the same batch, and drafts and blank pages are not', async () => {
  const kit = await openKit();
  await kit.tell(checkout({}, T(0), 'https://shop.example/old'));
  await kit.tell(
    checkout({}, T(10), 'https://shop.example/new'),
    checkout({ draft: true }, T(11), 'https://shop.example/draft'),
    { ...eventTold('server', { event_id: 'crm', visitor: 'v-1' }, T(12)), personal: null },
    hookedOrder({ visitor: 'v-1' }, T(60)),
  );
  assert.equal((await rows(kit)).event.personal?.page?.url, 'https://shop.example/new');
});

test('several orders of one visitor each have their context', async () => {
  const kit = await openKit();
  await kit.tell(checkout());
  const properties = (order_id: string) => ({
    order_id,
    value: '1.00',
    currency: 'EUR',
    contents: [{ content_id: 'a' }],
  });
  const first = await kit.tell(
    ...['81', '82', '83'].map((id) => hookedOrder({ visitor: 'v-1', properties: properties(id) }, T(60))),
  );
  const { events } = await kit.ledger.load({ events: [first, first + 1, first + 2], orders: [] });
  assert.deepEqual(
    events.map(({ orderId, personal }) => [orderId, personal?.user?.ttclid, personal?.page?.url]),
    ['81', '82', '83'].map((id) => [id, 'E.C.P.1', SHOP]),
  );
});

test('without a visitor whom anybody knows the order is booked, and withheld for want of its page', async () => {
  for (const visitor of [undefined, 'v-unknown']) {
    const kit = await openKit(specTold((text) => text.replace('mode: required', 'mode: none')));
    await kit.tell(checkout());
    const seq = await kit.tell(
      hookedOrder(visitor === undefined ? {} : { visitor }, T(60)),
      paymentTold('59.90', 'p', T(61)),
    );
    assert.deepEqual(
      [await kit.leg(seq, 'api'), await kit.leg(seq, 'pixel'), (await rows(kit)).order.status],
      ['withheld page_unknown', 'withheld page_unknown', 'paid'],
    );
  }
});

test('the visitor’s last word on consent is the order’s', async () => {
  for (const [said, api] of [
    [[checkout({ consent: 'denied' })], 'withheld consent_denied'],
    [[checkout({ consent: 'unknown' })], 'withheld consent_unknown'],
    [[checkout(), consentTold('denied', T(5))], 'withheld consent_denied'],
    [[checkout(), consentTold('denied', T(5)), consentTold('granted', T(6)), checkout({}, T(7))], 'held delay'],
  ] as const) {
    const kit = await openKit();
    for (const record of said) await kit.tell(record);
    const seq = await kit.tell(hookedOrder({ visitor: 'v-1' }, T(60)), paymentTold('59.90', 'p', T(61)));
    assert.equal(await kit.leg(seq, 'api'), api);
  }
});

test('of an order that a page or server told, a webhook settles the value by precedence and nothing else', async () => {
  for (const [precedence, total] of [
    ['webhook, server, browser', '61.00 EUR'],
    ['browser, server, webhook', '59.90 EUR'],
  ] as const)
    for (const told of [orderTold('browser'), orderTold('server'), purchaseTold('browser')]) {
      const kit = await openKit(
        specTold((text) => text.replace(/precedence: \[webhook.*\]/, `precedence: [${precedence}]`)),
      );
      await kit.tell(checkout({ visitor: 'v-2' }), told);
      const before = await rows(kit);
      const properties = { order_id: '77', value: '61.00', currency: 'EUR', contents: [{ content_id: 'variant-9' }] };
      const seq = await kit.tell(hookedOrder({ visitor: 'v-2', session: 's-2', properties }, T(60)));
      assert.equal(await kit.verdict(seq), 'paired other_door,session_lost');
      const { event, order } = await rows(kit);
      const { observations: _now, value, deciders: _who, ...rest } = event;
      const { observations: _then, value: _old, deciders: _whom, ...was } = before.event;
      assert.deepEqual([value, order.total], [total, total]);
      assert.deepEqual(rest, was);
      const { total: _total, told: _words, lostSession, ...stays } = order;
      const { total: _former, told: _said, ...stood } = before.order;
      assert.deepEqual(stays, stood);
      assert.equal(lostSession?.how, 'otherVisitor');
      assert.deepEqual(
        (await kit.ledger.findings(10)).map(({ check }) => check),
        ['session_lost'],
      );
    }
});

test('a webhook that tells no contents settles the value of an order that has them, and tells no order alone', async () => {
  const properties = { order_id: '77', value: '61.00', currency: 'EUR' };
  for (const told of [orderTold('browser'), orderTold('server')]) {
    const kit = await openKit();
    await kit.tell(told);
    const seq = await kit.tell(hookedOrder({ properties }, T(60), 'stripe'));
    assert.equal(await kit.verdict(seq), 'paired other_door');
    const { event, order } = await rows(kit);
    assert.deepEqual([order.total, event.properties['contents']], ['61.00 EUR', [{ content_id: 'a', quantity: 1 }]]);
  }
  const kit = await openKit();
  const seq = await kit.tell(hookedOrder({ properties }, T(60), 'stripe'), paymentTold('61.00', 'p', T(61)));
  assert.equal(await kit.verdict(seq), 'quarantined parameter_missing');
  assert.equal(await kit.verdict(seq + 1), 'admitted orphan_payment');
});

test('a server that tells the order after the webhook makes it its own, with the value of the one believed', async () => {
  const kit = await openKit();
  await kit.tell(checkout(), hookedOrder({ visitor: 'v-1' }, T(60)));
  const properties = {
    order_id: '77',
    value: '10.00',
    currency: 'EUR',
    contents: [{ content_id: 'sku' }],
    coupon: 'X',
  };
  await kit.tell(orderTold('server', { properties }, T(61)));
  const { event, order } = await rows(kit);
  assert.deepEqual(
    [order.createdBy, order.total, order.capabilities, event.properties['coupon'], event.personal?.user?.ttclid],
    ['server', '59.90 EUR', ['c-server'], 'X', 'E.C.P.1'],
  );
});

test('a page that comes back after the webhook gets its capability, and fills in what was not known', async () => {
  const kit = await openKit();
  const seq = await kit.tell(hookedOrder({}, T(1)));
  await kit.tell(orderTold('browser', { capability: 'owner' }, T(2)), paymentTold('59.90', 'p', T(3)));
  const { order } = await rows(kit);
  assert.deepEqual([order.visitor, order.capabilities], ['v-1', ['owner']]);
  assert.deepEqual([await kit.leg(seq, 'api'), await kit.leg(seq, 'pixel')], ['held delay', 'held awaiting_api']);
});

test('facts before, with and after the webhook’s order come to one Purchase', async () => {
  const order = (at: number) => hookedOrder({ visitor: 'v-1' }, at);
  const paid = (at: number) => factTold('payment', 'pay', '59.90 EUR', at, { time: T(50) / 1000 });
  for (const records of [
    [order(T(60)), paid(T(60))],
    [paid(T(60)), order(T(61))],
    [order(T(60)), orderTold('browser', {}, T(61)), paid(T(62)), order(T(63)), paid(T(64))],
  ]) {
    const kit = await openKit();
    await kit.tell(checkout());
    await kit.tell(...records);
    const { event, order: row } = await rows(kit);
    assert.deepEqual([row.status, row.net], ['paid', '59.90 EUR']);
    assert.equal(await kit.leg(event.seq, 'api'), 'held delay');
    assert.equal((await kit.ledger.lineage([], ['77'])).events.length, 1);
  }
});

test('a webhook that comes again after its order has left changes nothing that TikTok sees', async () => {
  const kit = await openKit();
  await kit.tell(checkout());
  const seq = await kit.tell(
    hookedOrder({ visitor: 'v-1' }, T(60)),
    paymentTold('59.90', 'p', T(61)),
    sentTold(3, T(70)),
  );
  const again = await kit.tell(hookedOrder({ visitor: 'v-1' }, T(80)));
  assert.equal(await kit.verdict(again), 'duplicate resent');
  assert.equal(await kit.leg(seq, 'api'), 'inFlight sending');
});

test('an order of a provider’s test mode is a draft: in no books, by the api leg alone', async () => {
  const kit = await openKit();
  await kit.tell(testTold(START + HOUR), checkout());
  const seq = await kit.tell(
    hookedOrder({ visitor: 'v-1', draft: true }, T(60)),
    factTold('payment', 'p', '59.90 EUR', T(61), { draft: true }),
  );
  const { events } = await kit.ledger.load({ events: [seq], orders: [] });
  assert.deepEqual([events[0]?.namespace, events[0]?.eventId], ['draft', 'draft-demo-77']);
  assert.equal(await kit.leg(seq, 'pixel'), '');
  assert.deepEqual((await kit.ledger.lineage([], ['77'])).orders, []);
});

async function rows(kit: Kit): Promise<{ event: EventRow; order: OrderRow }> {
  const { orders } = await kit.ledger.load({ events: [], orders: [{ shop: 'demo', orderId: '77' }] });
  const order = orders[0] ?? assert.fail('no order');
  const { events } = await kit.ledger.load({ events: [order.event ?? 0], orders: [] });
  return { order, event: events[0] ?? assert.fail('no event') };
}
