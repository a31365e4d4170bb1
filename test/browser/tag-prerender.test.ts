import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TWIN } from '../../src/sim/twin/client.ts';
import { until } from './road/visit.ts';
import { becomes } from './tag/becomes.ts';
import type { Collector } from './tag/collector.ts';
import { tag } from './tag/shop.ts';
import { openStage } from './tag/stage.ts';
import { openUndriven } from './tag/undriven.ts';
import { CART, listed, type Visit } from './tag/visit.ts';

let collector: Collector;
const stage = openStage(async () => {
  collector = await stage.collector();
});

/** Longer than the script gathers events before it sends them. */
const LINGER_MS = 2500;

/** A page that asks the browser to prepare the next one, and goes there when the shop says so. */
const FIRST = `<script type="speculationrules">
  {"prerender": [{"source": "list", "urls": ["shown"], "eagerness": "immediate"}]}
</script><script>fetch('go').then(() => location.assign('shown'));</script>`;

/** Calls the tag, and tells the shop what it sees of itself, before and after it is shown. */
const shown = (): string => `${tag(collector.url)}<script>
  assay('track', 'AddToCart', ${JSON.stringify(CART)});
  const say = (word) => fetch('say-' + word, { keepalive: true });
  document.addEventListener('prerenderingchange', () =>
    say('shown-' + (performance.getEntriesByType('navigation')[0].activationStart > 0)));
  addEventListener('load', () =>
    setTimeout(() => {
      const stored = Object.keys(localStorage).length + document.cookie.length;
      if (document.prerendering) say('prepared-' + stored);
    }, ${LINGER_MS}));
</script>`;

const said = (name: string): string[] =>
  stage.shop.asks.map(({ line }) => line.split(`/${name}/say-`)[1] ?? '').filter(Boolean);

async function assertToldOnce(visit: Visit): Promise<void> {
  await becomes(() => visit.told().map(({ event }) => event), ['Pageview', 'AddToCart']);
  const id = visit.told('AddToCart')[0]?.event_id;
  await becomes(
    async () => listed(await visit.copies()),
    [`api ${TWIN.pixel} AddToCart ${id}`, `pixel ${TWIN.pixel} AddToCart ${id}`],
  );
  assert.equal((await visit.copies('Pageview')).length, 1);
  assert.deepEqual(await visit.scripts(), [TWIN.pixel]);
}

test('a page that the browser prepared tells nothing before it is shown, and everything once after it', async () => {
  const visit = await stage.visit('prerender', collector);
  visit.put('', FIRST);
  visit.put('shown', shown());
  const go = stage.shop.hold('/prerender/go');
  const close = openUndriven(visit.url(''));
  try {
    await until('the prepared page is ready', () => said('prerender').length > 0);
    assert.deepEqual(said('prerender'), ['prepared-0']);
    assert.deepEqual(
      (await visit.lines()).filter((line) => !line.includes('shop.localhost')),
      ['GET collect.localhost/a.js'],
    );
    go();
    await until('the page is shown', () => said('prerender').length > 1);
    // The very page that was prepared, not another load of it.
    assert.deepEqual(said('prerender'), ['prepared-0', 'shown-true']);
    assert.equal((await visit.asks()).filter(({ line }) => line === 'GET shop.localhost/prerender/shown').length, 1);
    await assertToldOnce(visit);
    assert.deepEqual(
      visit.told().map(({ session }) => session),
      visit.told().map(() => visit.told()[0]?.session),
    );
  } finally {
    await close();
  }
});
