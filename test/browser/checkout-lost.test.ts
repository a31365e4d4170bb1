import assert from 'node:assert/strict';
import type { TraceAnswer } from '../../src/api/answers.ts';
import type { OrdersAnswer } from '../../src/api/books.ts';
import { assertOnePurchase, assertVisitorsOwn, bookedOrder, customerOf, settled } from './checkout/proof.ts';
import { fired } from './road/proof.ts';
import type { Road } from './road/road.ts';
import { checkWhatIsLeft, run } from './road/runs.ts';
import { accept, goToCheckout, shopSession, signIn, until, type Visit } from './road/visit.ts';

run(
  'cookies and storage that are gone after the payment: one Purchase, and the order says where the session was lost',
  async (road, visitor) => {
    road.createOrdersBy('server');
    road.useCheckout({ sendsVisitor: true, trackOnThanks: true });
    const visit = await visitor('emptied');
    const session = await goToCheckout(road, visit);
    const customer = await customerOf(road, visit);
    await emptyShop(road, visit);
    await visit.page.click('form button');
    await visit.page.waitForURL(`${road.shopUrl}/thanks?*`, { waitUntil: 'load' });
    await road.checkout.send(session);
    await fired(road, visit, session.reference);
    await assertOnePurchase(road, session.reference, ['api counted', 'pixel merged']);
    await assertVisitorsOwn(road, visit, session.reference, customer);
    const { host } = new URL(road.shopUrl);
    await assertLost(road, session.reference, `${host} and the return to ${host}, which named another visitor`);
  },
);

run(
  'a return in another browser: one Purchase of the one who placed the order, who was lost on the way',
  async (road, visitor) => {
    road.createOrdersBy('server');
    road.useCheckout({ sendsVisitor: true, trackOnThanks: true });
    const visit = await visitor('telephone');
    const session = await goToCheckout(road, visit);
    const customer = await customerOf(road, visit);
    const shop = await shopSession(visit);
    await visit.page.close();
    await road.checkout.pay(session);
    await road.checkout.send(session);

    const other = await visitor(
      'laptop',
      '--user-agent=Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
    );
    await signIn(other, shop);
    await other.open(`${road.shopUrl}/thanks?order=${session.reference}`);
    await accept(other);
    await fired(road, other, session.reference);
    await assertOnePurchase(road, session.reference, ['api counted', 'pixel merged']);
    await assertVisitorsOwn(road, visit, session.reference, customer);
    const { host } = new URL(road.shopUrl);
    await assertLost(road, session.reference, `${host} and the return to ${host}, which named another visitor`);
  },
);

run(
  'a webhook that names no visitor: booked and not sent, and the order says where the session was lost',
  async (road, visitor) => {
    road.createOrdersBy('provider');
    road.useCheckout({ sendsVisitor: false, trackOnThanks: false });
    const visit = await visitor('unnamed');
    const session = await goToCheckout(road, visit);
    await visit.page.click('form button');
    await visit.page.waitForURL(`${road.shopUrl}/thanks?*`, { waitUntil: 'load' });
    await road.checkout.send(session);
    await settled(road, visit, 'unnamed-settled');
    const { legs, visitor: nobody } = await assertLost(
      road,
      session.reference,
      `${new URL(road.shopUrl).host} and stripe’s webhook, which named no visitor`,
    );
    assert.equal(nobody, null);
    const states = new Set(legs.map(({ leg, state }) => `${leg} ${state}`));
    assert.deepEqual(states, new Set(['api withheld', 'pixel withheld']));
    assert.deepEqual(await road.twin.events({ order_id: session.reference }), []);
  },
);

checkWhatIsLeft();

/** What a browser keeps for the shop is gone, but for its sign-in and the choice. */
async function emptyShop(road: Road, { context, page }: Visit): Promise<void> {
  const devtools = await context.newCDPSession(page);
  const kept = (await context.cookies(road.shopUrl)).filter(({ name }) => name.startsWith('nugget_'));
  await devtools.send('Storage.clearDataForOrigin', { origin: road.shopUrl, storageTypes: 'all' });
  await context.clearCookies();
  await context.addCookies(kept);
}

/** The order says so in the books, in the list of such orders, and on its way. */
async function assertLost(road: Road, order: string, between: string) {
  const says = `the session was lost between ${between}`;
  await until('the lost session in the books', async () => (await bookedOrder(road, order)).lostSession !== null);
  const booked = await bookedOrder(road, order);
  assert.equal(booked.lostSession?.says, says);
  const { orders, marks } = await road.ask<OrdersAnswer>('/v1/reports/orders?session=lost');
  assert.ok(orders.some(({ order_id }) => order_id === order));
  assert.deepEqual(
    marks.filter(({ kind }) => kind === 'session'),
    [{ kind: 'session', name: 'lost', orders: orders.length }],
  );
  const trace = await road.ask<TraceAnswer>(`/v1/trace/${order}`);
  const told = trace.events[0]?.hops.filter((hop) => hop.kind === 'finding');
  assert.deepEqual(
    told?.map((hop) => [hop.says, hop.reasons, hop.seq]),
    [[`T${says.slice(1)}.`, ['session_lost'], booked.lostSession?.seq]],
  );
  return booked;
}
