import { setTimeout as wait } from 'node:timers/promises';
import { HOUR, MINUTE } from '../../src/event/time.ts';
import { assertCountedOnce, assertRequests, fired, ROAD, ttpOf } from './road/proof.ts';
import { checkWhatIsLeft, run } from './road/runs.ts';
import { accept, adLink, confirm, goToBank, payAndReturn, shopSession, signIn } from './road/visit.ts';

/** Long enough for a page to tell, ask and fire once more, if it would. */
const QUIET_MS = 1500;

run(
  'the thank-you page reloaded three times, the back button, the payment and the webhook twice',
  async (road, visitor) => {
    const visit = await visitor('again');
    const order = await goToBank(road, visit);
    await payAndReturn(road, visit);
    const { page } = visit;
    await page.reload();
    await confirm(road, order);
    await fired(road, visit, order);
    await page.reload();
    await page.reload();
    await page.goBack({ waitUntil: 'load' });
    await page.goForward({ waitUntil: 'load' });
    await page.goBack({ waitUntil: 'load' });
    await payAndReturn(road, visit);
    await confirm(road, order);
    await wait(QUIET_MS);
    await assertCountedOnce(road, visit, order, { pixel: 1, ttp: await ttpOf(visit) });
    await assertRequests(road, visit, ROAD);
  },
);

run(
  'the thank-you page reloaded three times before the confirmation, and the webhook twice at once',
  async (road, visitor) => {
    const visit = await visitor('early');
    const order = await goToBank(road, visit);
    await payAndReturn(road, visit);
    for (let times = 0; times < 3; times += 1) await visit.page.reload();
    await Promise.all([confirm(road, order), confirm(road, order)]);
    await fired(road, visit, order);
    await wait(QUIET_MS);
    await assertCountedOnce(road, visit, order, { pixel: 1, ttp: await ttpOf(visit) });
    await assertRequests(road, visit, ROAD);
  },
);

run(
  'the links reopened at once on a second device, after 6 minutes and after 49 hours on both',
  async (road, visitor) => {
    const visit = await visitor('first');
    const order = await goToBank(road, visit);
    const ttp = await ttpOf(visit);
    const session = await shopSession(visit);
    const thanks = `${road.shopUrl}/thanks?order=${order}`;
    await payAndReturn(road, visit);
    await confirm(road, order);
    await fired(road, visit, order);

    const other = await visitor('second', '--user-agent=Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile');
    await signIn(other, session);
    await other.open(thanks);
    await accept(other);
    await other.open(adLink(road, visit));
    for (const later of [6 * MINUTE, 49 * HOUR]) {
      await road.move(later);
      for (const each of [visit, other]) {
        await each.move(later);
        await signIn(each, session);
        await each.open(thanks);
        await each.open(adLink(road, visit));
      }
    }
    await wait(QUIET_MS);
    await assertCountedOnce(road, visit, order, { pixel: 1, ttp, visits: [other] });
    await assertRequests(road, visit, ROAD);
    await assertRequests(road, other, SECOND_DEVICE);
  },
);

run('an order that the page tells by itself, its tab reloaded at the end', async (road, visitor) => {
  road.createOrdersBy('browser');
  const visit = await visitor('page');
  const order = await goToBank(road, visit);
  await payAndReturn(road, visit);
  await confirm(road, order);
  await fired(road, visit, order);
  await visit.page.reload();
  await confirm(road, order);
  await wait(QUIET_MS);
  await assertCountedOnce(road, visit, order, { pixel: 1, ttp: await ttpOf(visit) });
  await assertRequests(road, visit, `${ROAD} POST collect.localhost/v1/orders`);
});

const SECOND_DEVICE = `
  GET shop.localhost/
  GET shop.localhost/shop.css
  GET shop.localhost/shop.js
  POST shop.localhost/consent
  GET shop.localhost/thanks
  GET collect.localhost/a.js
  POST collect.localhost/v1/events
  GET collect.localhost/v1/handouts/:capability
  GET tiktok.localhost/i18n/pixel/events.js
  POST tiktok.localhost/api/v2/pixel
`;

checkWhatIsLeft();
