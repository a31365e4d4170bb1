import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sorted } from './tag/asks.ts';
import { becomes } from './tag/becomes.ts';
import type { Collector } from './tag/collector.ts';
import type { GateState } from './tag/gate.ts';
import { tag } from './tag/shop.ts';
import { openStage } from './tag/stage.ts';
import { assertAdmittedOnce, CART, call, loaded, pass } from './tag/visit.ts';

let collector: Collector;
const stage = openStage(async () => {
  collector = await stage.collector();
});

const outages: [name: string, state: GateState, says: string][] = [
  ['refused', 'refusing', 'takes no connection'],
  ['busy', 'busy', 'answers 503'],
];

for (const [name, state, says] of outages)
  test(`the collector ${says}, and the page is left: the next pages tell everything, once`, async () => {
    const visit = await stage.visit(name, collector);
    await visit.context.clock.install();
    for (const path of ['', 'next']) visit.put(path, tag(collector.url));
    const page = await visit.open();
    await loaded(page);
    await becomes(() => visit.told('Pageview').length, 1);
    await collector.gate.become(state);
    for (const n of [1, 2]) {
      await call(page, 'track', 'AddToCart', CART, { event_id: `${name}-${n}` });
      await pass(visit, 20_000);
    }
    await page.goto(visit.url('next'));
    await call(page, 'track', 'AddToCart', CART, { event_id: `${name}-3` });
    await pass(visit, 20_000);
    assert.deepEqual(visit.told('AddToCart'), []);
    await collector.gate.become('open');
    await page.goto(visit.url('next'));
    await loaded(page);
    await pass(visit, 60_000);
    const all = [1, 2, 3].map((n) => `${name}-${n}`);
    await becomes(() => sorted(new Set(visit.told('AddToCart').map(({ event_id }) => String(event_id)))), all);
    for (const id of all) {
      await becomes(() => visit.legs(id), ['api main delivered accepted', 'pixel main unknown fired_by_page']);
      await assertAdmittedOnce(collector, id);
      assert.deepEqual(
        (await stage.twin.events({ event_id: id })).map(({ counted }) => counted),
        [1],
      );
    }
    const sent = visit.told('AddToCart').length;
    await pass(visit, 60_000);
    assert.equal(visit.told('AddToCart').length, sent);
    assert.deepEqual(visit.errors, []);
  });
