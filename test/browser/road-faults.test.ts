import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import type { BrowserBatch } from '../../src/api/wire.ts';
import { MINUTE } from '../../src/event/time.ts';
import { assertCountedOnce, assertRequests, delivered, ROAD, requestsOf, ttpOf } from './road/proof.ts';
import { checkWhatIsLeft, run } from './road/runs.ts';
import { confirm, goToBank, payAndReturn } from './road/visit.ts';
import { bodyOf, eventsOf, isReport, reportsOf } from './told.ts';

run(
  'the Events API answers 502 for ten minutes: tried again, counted once, and no pixel copy after fireBefore',
  async (road, visitor) => {
    const visit = await visitor('outage');
    const order = await goToBank(road, visit);
    await payAndReturn(road, visit);
    const before = (await road.twin.requests()).length;
    const endsAt = (await road.twin.state()).now + 10 * MINUTE;
    await road.twin.fault({ channel: 'api', kind: 'http502', untilNow: endsAt });
    await confirm(road, order);
    const tries = async () => {
      const ours = (await road.twin.requests(before)).filter(
        ({ channel, body }) => channel === 'api' && body.includes(`demo-${order}`),
      );
      return ours.map(({ status, at }) => ({ status, at }));
    };
    for (let minutes = 0; minutes < 25 && !(await tries()).some(({ status }) => status === 200); minutes += 1) {
      await wait(300);
      await road.move(MINUTE);
      await visit.move(MINUTE);
    }
    const purchase = await delivered(road, order);
    const refused = (await tries()).filter(({ status }) => status === 502);
    assert.ok(refused.length >= 5, `${refused.length} tries in vain`);
    assert.ok(refused.every(({ at }) => at < endsAt));
    assert.ok(purchase.firstAt >= endsAt);
    assert.equal((await tries()).length, refused.length + 1);
    await wait(1500);
    await visit.page.reload();
    await wait(1500);
    await assertCountedOnce(road, visit, order, { pixel: 0, ttp: await ttpOf(visit) });
    await assertRequests(road, visit, ROAD);
  },
);

run(
  'the pixel host is blocked: the api leg alone is counted, and the page says that its copies failed',
  async (road, visitor) => {
    const visit = await visitor('blocked');
    // As an ad blocker does it. Playwright's own interception lets a leaving page send under another user agent.
    const devtools = await visit.context.newCDPSession(visit.page);
    await devtools.send('Network.enable');
    await devtools.send('Network.setBlockedURLs', { urls: ['*://tiktok.localhost:*/*'] });
    const before = (await road.twin.requests()).length;
    const order = await goToBank(road, visit);
    await payAndReturn(road, visit);
    await confirm(road, order);
    await delivered(road, order);
    await wait(1500);
    await visit.page.reload();
    await wait(1500);
    await assertCountedOnce(road, visit, order, { pixel: 0, ttp: undefined });
    // A page that can't fire asks for no handout.
    const unasked = /POST tiktok.*|GET .*:capability/g;
    await assertRequests(road, visit, ROAD.replace(unasked, ''));
    assert.deepEqual([...new Set(visit.blocked)], ['GET tiktok.localhost/i18n/pixel/events.js']);
    const channels = new Set((await road.twin.requests(before)).map(({ channel }) => channel));
    assert.deepEqual([...channels], ['api']);
    const told = (await requestsOf(road, visit))
      .filter(({ line }) => line === 'POST collect.localhost/v1/events')
      .map(({ body }) => bodyOf<BrowserBatch>(body));
    const reports = told.flatMap(reportsOf).filter(isReport('pixel'));
    const states = new Set(reports.map(([, state]) => state));
    // A page may be left before its script has failed.
    states.delete('unknown');
    assert.deepEqual([...states], ['loadFailed']);
    // A page that is told of its event at once can't know yet that the script will fail; this one comes after it.
    const added = told.flatMap(eventsOf).filter(({ event }) => event === 'AddToCart');
    assert.deepEqual([...new Set(added.map(({ pixel }) => pixel))], ['loadFailed']);
  },
);

checkWhatIsLeft();
