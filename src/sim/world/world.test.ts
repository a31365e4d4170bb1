import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import type { JsonObject } from '../../event/event.ts';
import { startBank } from '../bank/bank.ts';
import { serve } from '../http/serve.ts';
import { startShop } from '../shop/shop.ts';
import { visitorPlan } from './plan.ts';
import { startWorld } from './world.ts';

interface Told {
  event: string;
  event_id: string;
  properties: JsonObject;
  pixel: string | false;
}

interface Batch {
  key: string;
  visitor: string;
  consent: string;
  user: JsonObject;
  page: { url: string };
  events: (Told | unknown[])[];
}

const SEED = 11;
const VISITORS = 60;

/** Shop, bank and visitors around a collector that hands out once the bank confirmed. */
async function day(createdBy: 'server' | 'browser', visitorsMax: number, pace: number) {
  const batches: Batch[] = [];
  const beacons: { event: string; event_id?: string; text: string }[] = [];
  const orders: JsonObject[] = [];
  const paid = new Set<string>();
  const log: string[] = [];
  const twin = await serve(0, '127.0.0.1', (asked) => {
    beacons.push({ ...(JSON.parse(asked.body) as { event: string }), text: asked.body });
    return { status: 200 };
  });
  const collector = await serve(0, '127.0.0.1', async (asked) => {
    const path = asked.url.pathname;
    if (path.startsWith('/v1/handouts/cap-')) {
      const orderId = path.slice('/v1/handouts/cap-'.length);
      for (let n = 0; n < 100 && !paid.has(orderId); n += 1) await wait(10);
      const fire = {
        fire: true,
        event: 'Purchase',
        event_id: `demo-${orderId}`,
        pixel: 'P',
        properties: { order_id: orderId },
        fire_in: 60_000,
      };
      return {
        status: 200,
        body: JSON.stringify(paid.has(orderId) ? fire : { fire: false, why: 'not paid', again: true }),
      };
    }
    const body = JSON.parse(asked.body) as JsonObject;
    if (path === '/v1/events') batches.push(body as unknown as Batch);
    if (path === '/v1/hooks/bank') paid.add((body['data'] as { order_id: string }).order_id);
    if (path !== '/v1/orders') return { status: 202, body: '{}' };
    orders.push(body);
    return { status: 201, body: JSON.stringify({ handout: `cap-${String(body['order_id'])}` }) };
  });
  const bank = await startBank({
    port: 0,
    hostName: 'pay.localhost',
    webhookUrl: `${collector.url}/v1/hooks/bank`,
    webhookSecret: `whsec_${Buffer.from('a secret that only tests know of').toString('base64')}`,
    delayMs: () => 30,
    now: Date.now,
  });
  const shop = await startShop({
    port: 0,
    hostName: 'shop.localhost',
    collector: { publicUrl: collector.url, serverUrl: collector.url, secretKey: 's' },
    payPageUrl: `${bank.url}/pay`,
    now: Date.now,
    createdBy,
    trackOnThanks: true,
    log: (line) => log.push(line),
  });
  const world = startWorld({
    seed: SEED,
    shopUrl: shop.url,
    collector: { url: collector.url, writeKey: 'wk', specVersion: 1 },
    pixel: { url: `${twin.url}/api/v2/pixel`, code: 'CD9079RC77U0N3GBV16Y' },
    business: 'demo',
    rate: 2,
    visitorsMax,
    pace,
    now: Date.now,
    log: (line) => log.push(line),
  });
  const stop = async (): Promise<void> => {
    await world.stop();
    await shop.stop();
    await bank.stop();
    await collector.stop();
    await twin.stop();
  };
  return { batches, beacons, orders, paid, log, world, bank, stop };
}

for (const createdBy of ['server', 'browser'] as const)
  test(`a day of visitors speaks to every door, with orders created by the ${createdBy}`, async () => {
    const { batches, beacons, orders, paid, log, world, bank, stop } = await day(createdBy, VISITORS, 0);
    await world.done;
    // Who left at once after paying is not waited for: their bank still has to tell.
    for (let n = 0; n < 100 && paid.size < bank.payments.length; n += 1) await wait(10);
    await stop();
    assert.deepEqual(log, []);
    assert.ok(paid.size >= 5 && bank.payments.length === paid.size);

    const events = batches.flatMap((batch) =>
      batch.events.flatMap((told) => (Array.isArray(told) ? [] : [{ ...told, batch }])),
    );
    const names = new Set(events.map((event) => event.event));
    for (const name of ['Pageview', 'ViewContent', 'AddToCart', 'InitiateCheckout', 'Purchase'])
      assert.ok(names.has(name), name);

    // A visitor who did not agree is heard of nowhere but in the shop's books.
    const plans = Array.from({ length: VISITORS }, (_, n) => visitorPlan(SEED, n));
    const agreed = new Set(
      plans
        .filter((plan) => plan.steps.some((step) => step.do === 'consent' && step.choice === 'granted'))
        .map((plan) => plan.visitor),
    );
    assert.ok(agreed.size < VISITORS);
    for (const batch of batches)
      assert.ok(agreed.has(batch.visitor) && batch.consent === 'granted' && batch.key === 'wk');
    for (const order of orders) assert.equal('user' in order, order['consent'] === 'granted');

    // Unguarded events leave on both legs under one id; a guarded one leaves after its payment, by its handout.
    const fired = new Map(beacons.map((beacon) => [`${beacon.event} ${beacon.event_id ?? ''}`, beacon]));
    for (const event of events)
      if (event.pixel === 'loaded' && event.event !== 'Pageview')
        assert.ok(fired.has(`${event.event} ${event.event_id}`));
    const purchases = beacons.filter((beacon) => beacon.event === 'Purchase');
    assert.ok(purchases.length > 0);
    for (const purchase of purchases) assert.ok(paid.has(purchase.event_id?.slice('demo-'.length) ?? ''));
    assert.equal(new Set(purchases.map((purchase) => purchase.event_id)).size, purchases.length);
    const reports = batches.flatMap((batch) => batch.events.filter(Array.isArray));
    assert.equal(reports.filter(([kind]) => kind === 'fired').length, purchases.length);

    // Plain contacts are for the shop's server alone.
    for (const text of [...batches.map((batch) => JSON.stringify(batch)), ...beacons.map((beacon) => beacon.text)])
      assert.doesNotMatch(text, /@example|\+4930/);
    assert.ok(batches.some((batch) => /^[0-9a-f]{64}$/.test(String(batch.user['email']))));

    // What goes wrong in real shops is there too: an answer lost, an old tag, a forged order.
    const ids = events.map((event) => `${event.batch.visitor} ${event.event} ${event.event_id}`);
    assert.ok(new Set(ids).size < ids.length);
    assert.ok(events.some((event) => event.event === 'ViewContent' && !('page_category' in event.properties)));
  });

test('stopping in the middle leaves nothing running', async () => {
  const running = (): string[] =>
    process
      .getActiveResourcesInfo()
      .filter((kind) => /TCP|Timeout/.test(kind))
      .sort();
  const { world, log, stop } = await day('server', 1_000, 0.05);
  while (world.visitors() < 12) await wait(10);
  const startedAt = performance.now();
  await stop();
  assert.ok(performance.now() - startedAt < 2_000);
  assert.deepEqual(log, []);
  for (let n = 0; n < 100 && running().length > 0; n += 1) await wait(10);
  assert.deepEqual(running(), []);
});
