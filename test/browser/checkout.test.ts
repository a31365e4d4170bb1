import assert from 'node:assert/strict';
import { assertOnePurchase, assertVisitorsOwn, bookedOrder, customerOf, settled } from './checkout/proof.ts';
import { delivered, fired } from './road/proof.ts';
import type { Road } from './road/road.ts';
import { checkWhatIsLeft, run } from './road/runs.ts';
import { goToCheckout, until, type Visit } from './road/visit.ts';

const MOMENTS = {
  'before the return': 'before',
  'while the thank-you page loads': 'loading',
  'while the thank-you page asks for its handout': 'asking',
  'when the customer is on the next page': 'later',
  'and the customer never returns': 'never',
} as const;

const TELLERS = {
  'the shop’s server told': 'server',
  'the webhook alone tells': 'webhook',
  'the thank-you page and the webhook tell': 'thanks',
} as const;

for (const [words, teller] of Object.entries(TELLERS))
  for (const [when, moment] of Object.entries(MOMENTS)) {
    // Only an order that somebody told has a handout, and a page that is never shown tells nothing.
    if (teller !== 'server' && moment === 'asking') continue;
    if (teller === 'thanks' && moment === 'never') continue;

    run(
      `an order that ${words}, confirmed ${when}: one Purchase, with the visitor’s own context`,
      async (road, visitor) => {
        road.createOrdersBy(teller === 'server' ? 'server' : 'provider');
        road.useCheckout({ sendsVisitor: true, trackOnThanks: teller !== 'webhook' });
        const visit = await visitor(`${teller}-${moment}`);
        const session = await goToCheckout(road, visit);
        const { reference: order } = session;
        const customer = await customerOf(road, visit);
        const { page } = visit;
        const confirm = async (): Promise<void> => assert.deepEqual(await road.checkout.send(session), [202, 202, 202]);

        if (moment === 'never') {
          await page.close();
          await road.checkout.pay(session);
          await confirm();
        } else {
          road.moments = {
            ...(moment === 'before' ? { paid: confirm } : {}),
            ...(moment === 'loading' ? { back: confirm } : {}),
          };
          await page.click('form button');
          await page.waitForURL(`${road.shopUrl}/thanks?*`, { waitUntil: 'load' });
          assert.equal(new URL(page.url()).searchParams.get('session_id'), session.id);
          road.moments = {};
          if (moment === 'asking') {
            await until('the page asks for its handout', () => asked(road, visit));
            assert.deepEqual(await road.twin.events({ order_id: order }), []);
            await confirm();
          }
          if (moment === 'later') {
            await visit.open(`${road.shopUrl}/`);
            assert.deepEqual(await road.twin.events({ order_id: order }), []);
            await confirm();
          }
        }

        // What no page was given a capability for goes by the server's copy alone.
        const hasHandout = teller === 'server' && moment !== 'never';
        const copies = ['api counted', ...(hasHandout ? ['pixel merged'] : [])];
        await (hasHandout ? fired(road, visit, order) : delivered(road, order));
        await assertOnePurchase(road, order, copies);
        await assertVisitorsOwn(road, visit, order, customer);
        const { createdBy, lostSession } = await bookedOrder(road, order);
        assert.equal(lostSession, null);
        if (teller !== 'thanks') assert.equal(createdBy, teller);

        if (moment === 'never') await visit.newTab();
        const thanks = `${road.shopUrl}/thanks?order=${order}&session_id=${session.id}`;
        await visit.open(thanks);
        if (teller === 'server') await fired(road, visit, order);
        for (const n of [1, 2]) {
          await visit.page.reload();
          await settled(road, visit, `${teller}-${moment}-reload-${n}`);
        }
        await confirm();
        await settled(road, visit, `${teller}-${moment}-again`);
        const late = teller === 'server' && moment === 'never' ? ['api counted', 'pixel merged'] : copies;
        await assertOnePurchase(road, order, late);
        await assertVisitorsOwn(road, visit, order, customer);
        assert.deepEqual((await bookedOrder(road, order)).lostSession, null);
      },
    );
  }

checkWhatIsLeft();

/** Has a page of this visit asked for a handout that is not given yet? */
function asked(road: Road, visit: Visit): boolean {
  return road.arrivals
    .slice(visit.since.arrivals)
    .some(({ line, userAgent }) => line.includes('/v1/handouts/') && userAgent === visit.userAgent);
}
