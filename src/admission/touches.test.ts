import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventTold, openKit, rawRecord, START } from '../../test/admission-kit.ts';
import { DAY, SECOND } from '../event/time.ts';
import type { ToldTouch } from '../event/told.ts';
import type { NewRecord } from '../store/journal.ts';

test('a click stands beside the later events of its visitor, session or click id', async () => {
  const kit = await openKit();
  const click = await kit.tell(
    touchTold({ session: 's-1', ad: { campaign_id: '1' }, target: 'https://shop.example/' }),
  );
  const view = await kit.tell(touchTold({ touch: 't-2', type: 'view', visitor: 'v-1' }));
  assert.deepEqual([await kit.verdict(click), await kit.verdict(view)], ['admitted ad_click', 'admitted ad_view']);
  for (const [more, user, found] of [
    [{ session: 's-1' }, {}, ['t-1']],
    [{ visitor: 'v-1' }, {}, ['t-2']],
    [{}, { ttclid: 'c-1' }, ['t-1', 't-2']],
    [{ visitor: 'v-9' }, {}, []],
  ] as const) {
    const event = await kit.tell(
      eventTold('browser', { event_id: JSON.stringify([more, user]), ...more }, START, { user }),
    );
    const { touches } = await kit.ledger.lineage([event], []);
    assert.deepEqual(
      touches.map(({ touch }) => touch),
      found,
    );
  }
  const { touches } = await kit.ledger.lineage([], ['t-1']);
  assert.deepEqual(touches, [
    {
      ...{ touch: 't-1', seq: click, type: 'click', at: START, receivedAt: START, door: 'browser', session: 's-1' },
      ...{ ad: { campaign_id: '1' }, target: 'https://shop.example/', personal: { user: { ttclid: 'c-1' } } },
    },
  ]);
});

test('the same touch again is a duplicate, in its batch and a month later', async () => {
  const kit = await openKit();
  const first = await kit.tell(touchTold({}), touchTold({ ad: { campaign_id: '2' } }));
  const later = await kit.tell(touchTold({}, START + 30 * DAY));
  assert.deepEqual(
    [await kit.verdict(first), await kit.verdict(first + 1), await kit.verdict(later)],
    ['admitted ad_click', 'duplicate touch_known', 'duplicate touch_known'],
  );
  const { touches } = await kit.ledger.lineage([], ['t-1']);
  assert.deepEqual([touches.length, touches[0]?.seq, touches[0]?.ad], [1, first, {}]);
});

test('an imported touch has the time that was told, whenever it came, and its person’s hashes', async () => {
  const kit = await openKit();
  const personal = { user: { email: ['e1'], external_id: ['x1'] } };
  const body: ToldTouch = { touch: 'i-1', type: 'engagedView', time: START - 40 * DAY };
  const seq = await kit.tell(rawRecord('touch', body, { door: 'import', personal }));
  assert.equal(await kit.verdict(seq), 'admitted touch_imported');
  const { touches } = await kit.ledger.lineage([], ['i-1']);
  const times = { at: START - 40 * DAY, receivedAt: START };
  assert.deepEqual(touches, [{ touch: 'i-1', seq, type: 'engagedView', ...times, door: 'import', ad: {}, personal }]);
});

test('another tag’s call is a finding that says whether TikTok counts it beside ours', async () => {
  const kit = await openKit();
  await kit.tell(eventTold('browser', { event: 'AddToWishlist', event_id: 'e-1', pixel: 'fired' }));
  for (const [event, event_id] of [
    ['AddToWishlist', 'e-1'],
    ['AddToWishlist', 'e-1'],
    ['AddToWishlist', 'e-9'],
    ['Search', undefined],
    ['CompletePayment', 'p-1'],
    ['whatever', 'x'],
    ['__proto__', undefined],
  ] as const)
    assert.equal(await kit.verdict(await kit.tell(foreignTold({ event, event_id }))), 'admitted foreign_call');
  const found = (await kit.ledger.findings(9)).map(
    ({ check, subject, what, times }) => `${check}: ${subject} ${what} ${times}`,
  );
  assert.deepEqual(
    new Set(found),
    new Set([
      'foreign_pixel: event AddToWishlist is fired by another tag too, with an event_id of its own: TikTok counts it beside ours 1',
      'foreign_pixel: event Purchase is fired by another tag too, with an event_id of its own: TikTok counts it beside ours 1',
      'foreign_pixel: event Search is fired by another tag too, without an event_id: TikTok counts it beside ours 1',
      'foreign_pixel: event of another name is fired by another tag too, without an event_id: TikTok counts it beside ours 2',
      'foreign_pixel_merged: event AddToWishlist is fired by another tag too, with our event_id: TikTok merges the two 2',
    ]),
  );
});

test('another tag in a try-out’s page is noted, and no finding', async () => {
  const kit = await openKit();
  const seq = await kit.tell(foreignTold({ event: 'Search', draft: true }));
  assert.equal(await kit.verdict(seq), 'admitted foreign_call');
  assert.deepEqual(await kit.ledger.findings(9), []);
  const { verdicts } = await kit.ledger.totals();
  assert.deepEqual(
    verdicts.filter(({ draft }) => draft).map(({ count }) => count),
    [1],
  );
});

test('what a page load was like is noted', async () => {
  const kit = await openKit();
  const told = { visitor: 'v', session: 's', visible_ms: 1000, scroll: 0.5, interactions: 3 };
  assert.equal(
    await kit.verdict(await kit.tell(rawRecord('engagement', told, { door: 'browser' }))),
    'admitted engagement_noted',
  );
});

function touchTold(more: Partial<ToldTouch>, at = START): NewRecord {
  const told: ToldTouch = { touch: 't-1', type: 'click', ...more };
  return rawRecord('touch', told, { door: 'browser', receivedAt: at, personal: { user: { ttclid: 'c-1' } } });
}

function foreignTold(more: object): NewRecord {
  return rawRecord('foreign', { visitor: 'v', session: 's', ...more }, { door: 'browser', receivedAt: START + SECOND });
}
