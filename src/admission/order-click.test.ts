import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventTold, hookedOrder, type Kit, openKit, orderTold, purchaseTold, START } from '../../test/admission-kit.ts';
import type { EventRow } from '../event/event.ts';
import { DAY, SECOND } from '../event/time.ts';
import type { NewRecord } from '../store/journal.ts';

const PAGE = { url: 'https://pay.shop.example/checkout' };

/** The page that the ad led to. */
const landing = (at = START): NewRecord =>
  eventTold('browser', { visitor: 'v-1', event_id: 'landing', ad: { campaign_id: '17' } }, at, {
    user: { ttclid: 'E.C.P.1' },
  });

/** A page of the same visitor on another domain, where nobody knows of the ad. */
const elsewhere = (): NewRecord =>
  eventTold('browser', { visitor: 'v-1', event_id: 'elsewhere' }, START + SECOND, {
    user: { ip: '203.0.113.7' },
    page: PAGE,
  });

const orders: [string, NewRecord][] = [
  ['a server', orderTold('server', {}, START + 2 * SECOND)],
  ['a page', orderTold('browser', {}, START + 2 * SECOND)],
  ['the thank-you page', purchaseTold('browser', {}, START + 2 * SECOND)],
  ['a webhook', hookedOrder({ visitor: 'v-1' }, START + 2 * SECOND)],
];

for (const [teller, told] of orders)
  for (const [batches, records] of [
    ['at once', [[landing(), elsewhere(), told]]],
    ['one by one', [[landing()], [elsewhere()], [told]]],
  ] as const)
    test(`an order that ${teller} tells without its click has that of the visitor’s pages, ${batches}`, async () => {
      const kit = await openKit();
      for (const batch of records) await kit.tell(...batch);
      const { personal, ad } = await purchase(kit);
      assert.deepEqual([personal?.user?.ttclid, ad], ['E.C.P.1', { campaign_id: '17' }]);
    });

test('a click of its own stays; one of somebody else, of more than thirty days ago, or of a visitor who says no is not taken', async () => {
  const own = { ...orderTold('server'), personal: { user: { ttclid: 'own' }, page: PAGE } };
  for (const [records, ttclid] of [
    [[landing(), own], 'own'],
    [[landing(), orderTold('server', { visitor: 'v-2' })], undefined],
    [[landing(), orderTold('server', {}, START + 30 * DAY)], 'E.C.P.1'],
    [[landing(), orderTold('server', {}, START + 30 * DAY + 1)], undefined],
    [[landing(), orderTold('server', { consent: 'denied' })], undefined],
  ] as const) {
    const kit = await openKit();
    for (const record of records) await kit.tell(record);
    assert.equal((await purchase(kit)).personal?.user?.ttclid, ttclid);
  }
});

async function purchase(kit: Kit): Promise<EventRow> {
  const { orders } = await kit.ledger.load({ events: [], orders: [{ shop: 'demo', orderId: '77' }] });
  const { events } = await kit.ledger.load({ events: orders.flatMap(({ event }) => event ?? []), orders: [] });
  return events[0] ?? assert.fail();
}
