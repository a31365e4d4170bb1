import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { until } from './road/visit.ts';
import { sorted } from './tag/asks.ts';
import { becomes } from './tag/becomes.ts';
import type { Collector } from './tag/collector.ts';
import { tag } from './tag/shop.ts';
import { openStage } from './tag/stage.ts';
import { assertAdmittedOnce, loaded, pass } from './tag/visit.ts';

let collector: Collector;
const stage = openStage(async () => {
  collector = await stage.collector();
});

const EACH = 30;

/** Tells of so many events under ids of this tab, with a breath between them that needs no clock. */
function tell(page: Page, tab: string, count: number): Promise<void> {
  return page.evaluate(
    async ([tab, count]) => {
      const { assay } = globalThis as unknown as { assay: (...args: unknown[]) => void };
      for (let n = 0; n < count; n += 1) {
        assay('track', 'Tap', { n, tab }, { event_id: `${tab}-${n}` });
        await fetch('/', { method: 'HEAD' });
      }
    },
    [tab, count] as const,
  );
}

const ids = (tab: string, count: number): string[] => Array.from({ length: count }, (_, n) => `${tab}-${n}`);

test('three tabs tell events at once, and one is closed: each arrives and is counted once', async () => {
  const visit = await stage.visit('tabs', collector);
  await visit.context.clock.install();
  visit.put('', tag(collector.url));
  // The first one makes the visitor; the others are opened when that is known.
  const left = await visit.open();
  await becomes(() => visit.told('Pageview').length, 1);
  const [middle, right] = await Promise.all([visit.open(), visit.open()]);
  await Promise.all([middle, right].map(loaded));
  await becomes(() => visit.told('Pageview').length, 3);
  // From here on a slow machine can't make an answer late.
  await visit.context.clock.pauseAt(Date.now() + 1000);
  await Promise.all([
    tell(left, 'left', EACH),
    tell(right, 'right', EACH),
    tell(middle, 'middle', EACH / 2).then(() => middle.close()),
  ]);
  const all = sorted([...ids('left', EACH), ...ids('right', EACH), ...ids('middle', EACH / 2)]);
  // What the closed tab left behind, and what would be sent again, is sent within this time.
  await pass(visit, 40_000);
  await becomes(() => sorted(new Set(visit.told('Tap').map(({ event_id }) => String(event_id)))), all);
  await until('every copy', async () => (await visit.copies('Tap')).length >= 2 * all.length);
  // Two tabs may find the same batch at one instant; the collector knows the second by its ids.
  for (const id of all) await assertAdmittedOnce(collector, id);
  const counted = await stage.twin.events({ event: 'Tap' });
  assert.deepEqual(
    sorted(counted.map(({ event_id, counted }) => `${event_id} ${counted}`)),
    sorted(all.map((id) => `${id} 1`)),
  );
  for (const { arrivals } of counted)
    assert.deepEqual(sorted(arrivals.map(({ channel }) => channel)), ['api', 'pixel']);
  assert.equal(new Set(visit.told('Pageview').map(({ event_id }) => event_id)).size, 3);
  assert.equal(new Set(visit.told().map(({ visitor, session }) => `${visitor} ${session}`)).size, 1);
  await becomes(
    () => visit.lines(),
    [
      'GET collect.localhost/a.js',
      'GET shop.localhost/tabs/',
      'GET tiktok.localhost/i18n/pixel/events.js',
      'POST 127.0.0.1/open_api/v1.3/event/track/',
      'POST collect.localhost/v1/events',
      'POST tiktok.localhost/api/v2/pixel',
    ],
  );
  assert.deepEqual([visit.errors, visit.complaints], [[], []]);
});
