import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { DAY, MINUTE } from '../../src/event/time.ts';
import { assertCountedOnce, assertRequests, delivered, fired, ROAD, ttpOf } from './road/proof.ts';
import { checkWhatIsLeft, run } from './road/runs.ts';
import { confirm, goToBank, payAndReturn, shopSession, signIn } from './road/visit.ts';

run(
  'confirmed 3 s before the thank-you page loads: counted once, and the page fires its copy',
  async (road, visitor) => {
    const visit = await visitor('before');
    const order = await goToBank(road, visit);
    await confirm(road, order);
    await wait(3000);
    await payAndReturn(road, visit);
    await fired(road, visit, order);
    await assertCountedOnce(road, visit, order, { pixel: 1, ttp: await ttpOf(visit) });
    await assertRequests(road, visit, ROAD);
  },
);

for (const seconds of [2, 20])
  run(
    `confirmed ${seconds} s after the thank-you page loaded: nothing before, counted once, and the page fires its copy`,
    async (road, visitor) => {
      const visit = await visitor(`after${seconds}`);
      const order = await goToBank(road, visit);
      await payAndReturn(road, visit);
      await wait(seconds * 1000);
      assert.deepEqual(await road.twin.events({ order_id: order }), []);
      await confirm(road, order);
      await fired(road, visit, order);
      await assertCountedOnce(road, visit, order, { pixel: 1, ttp: await ttpOf(visit) });
      await assertRequests(road, visit, ROAD);
    },
  );

run(
  'confirmed after the tab was closed: counted once without a pixel copy, even when the customer returns later',
  async (road, visitor) => {
    const visit = await visitor('closed');
    const order = await goToBank(road, visit);
    await payAndReturn(road, visit);
    await visit.page.close();
    await confirm(road, order);
    await delivered(road, order);
    await road.move(5 * MINUTE);
    await visit.move(5 * MINUTE);
    await visit.newTab();
    await visit.open(`${road.shopUrl}/`);
    await wait(1500);
    await assertCountedOnce(road, visit, order, { pixel: 0, ttp: await ttpOf(visit) });
    await assertRequests(road, visit, ROAD);
  },
);

run(
  'confirmed after the tab was closed, and the customer is back in the shop within four minutes: that page fires',
  async (road, visitor) => {
    const visit = await visitor('returns');
    const order = await goToBank(road, visit);
    await payAndReturn(road, visit);
    await visit.page.close();
    await confirm(road, order);
    await delivered(road, order);
    await road.move(3 * MINUTE);
    await visit.move(3 * MINUTE);
    await visit.newTab();
    await visit.open(`${road.shopUrl}/`);
    await fired(road, visit, order);
    await assertCountedOnce(road, visit, order, { pixel: 1, ttp: await ttpOf(visit) });
    await assertRequests(road, visit, ROAD);
  },
);

run('confirmed 10 days later: counted once with the context and the time of the act', async (road, visitor) => {
  const visit = await visitor('late');
  const order = await goToBank(road, visit);
  const placedAt = road.now();
  const session = await shopSession(visit);
  const ttp = await ttpOf(visit);
  await payAndReturn(road, visit);
  await visit.page.close();
  await road.move(10 * DAY);
  await visit.move(10 * DAY);
  await confirm(road, order);
  const purchase = await delivered(road, order);
  const ageMs = placedAt - Number(purchase.body['event_time']) * 1000;
  assert.ok(ageMs > -1000 && ageMs < MINUTE, `${ageMs} ms before the bank's page`);
  assert.ok(road.now() - placedAt >= 10 * DAY);
  await signIn(visit, session);
  await visit.newTab();
  await visit.open(`${road.shopUrl}/thanks?order=${order}`);
  await wait(1500);
  await assertCountedOnce(road, visit, order, { pixel: 1, ttp });
});

checkWhatIsLeft();
