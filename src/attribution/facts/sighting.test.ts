import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { EventRow } from '../../event/event.ts';
import type { TouchRow } from '../../event/touch.ts';
import { defaultSpec } from '../../spec/default.ts';
import { eventSighting, foldTouch, type Sighting, touchSighting } from './sighting.ts';

const SPEC = defaultSpec();
SPEC.sites.domains = ['shop.example'];
const SHOP = 'https://www.shop.example/';

/** What one event shows: channel, then `id` where it is by click id, or who it is kept by, and the campaign that is believed. */
const table = `
  # name       address               parameters                       ttclid  referrer                  shows
  Pageview     ?ttclid=A             -                                A       -                         tiktok / paid click -
  Pageview     ?ttclid=A&utm_source=tiktok&utm_campaign=Spring  utm_source=tiktok&utm_campaign=Spring  A  https://www.tiktok.com/  tiktok / paid click Spring
  Pageview     ?ttclid=A&utm_source=push  utm_source=push&utm_campaign=X  A   -                         tiktok / paid click X
  ViewContent  (shop)                utm_source=tiktok&utm_campaign=Spring  A  https://www.shop.example/  tiktok / paid click Spring
  ViewContent  (shop)                -                                A       -                         tiktok / paid click -
  Pageview     ?utm_source=mail&utm_medium=email  utm_source=mail&utm_medium=email  -  -                mail / email s-1 -
  Pageview     ?utm_source=mail&utm_medium=email  utm_source=mail&utm_medium=email  A  -                mail / email s-1 -
  ViewContent  (shop)                utm_source=mail&utm_medium=email  -      -                         -
  ViewContent  (shop)                utm_source=mail&utm_medium=email  A      -                         tiktok / paid click -
  ViewContent  (none)                utm_source=mail&utm_medium=email  -      -                         mail / email s-1 -
  ViewContent  (none)                utm_source=mail&utm_medium=email  A      -                         tiktok / paid click -
  Purchase     (none)                utm_source=mail&utm_medium=email  -      -                         -
  Purchase     ?utm_source=mail      utm_source=mail                  -       -                         mail / (none) s-1 -
  Pageview     (shop)                -                                -       https://www.google.com/   google / organic s-1 -
  Pageview     (shop)                -                                A       https://www.google.com/   google / organic s-1 -
  Pageview     (shop)                utm_source=tiktok                A       https://blog.example/x    blog.example / referral s-1 -
  Pageview     (shop)                -                                A       https://www.tiktok.com/   tiktok / paid click -
  Pageview     (shop)                -                                -       https://m.shop.example/   -
  Pageview     (shop)                -                                -       https://checkout.stripe.com/c  -
  Purchase     (shop)                -                                -       https://bank.example/3ds  -
  Pageview     (shop)                -                                -       -                         -
`;
for (const [name, address, parameters, ttclid, referrer, shows] of table
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => line.trim().split(/ {2,}/)) as [string, string, string, string, string, string][])
  test(`${name} at ${address} with ${parameters}, click ${ttclid}, from ${referrer} shows ${shows}`, () => {
    const url = address === '(none)' ? undefined : SHOP + (address === '(shop)' ? '' : address);
    const sighting = eventSighting(
      event({
        name,
        ...(parameters === '-' ? {} : { ad: Object.fromEntries(new URLSearchParams(parameters)) }),
        personal: {
          user: ttclid === '-' ? { ip: '198.51.100.1' } : { ttclid },
          page: { ...(url === undefined ? {} : { url }), ...(referrer === '-' ? {} : { referrer }) },
        },
      }),
      SPEC,
    );
    const by = sighting?.ttclid == null ? sighting?.id : 'click';
    assert.equal(sighting ? `${sighting.channel} ${by} ${sighting.campaign ?? '-'}` : '-', shows);
  });

test('drafts, bots, machines, CRMs and rows without personal fields show no contact', () => {
  const landed: Partial<EventRow> = { personal: { user: { ttclid: 'A' } } };
  assert.ok(eventSighting(event(landed), SPEC));
  for (const more of [
    { namespace: 'draft' },
    { bot: true },
    { origin: 'system' },
    { source: 'crm' },
    { personal: null },
  ] satisfies Partial<EventRow>[])
    assert.equal(eventSighting(event({ ...landed, ...more }), SPEC), undefined);
});

test('a sighting’s time is that of the first observation, whatever a confirmation makes of the event’s', () => {
  const row = event({ occurredAt: 9000, personal: { user: { ttclid: 'A' } } });
  row.observations = [{ seq: 7, door: 'browser', occurredAt: 1000, receivedAt: 1000, verdict: 'admitted' }];
  assert.equal(eventSighting(row, SPEC)?.at, 1000);
});

test('where addresses keep no parameters, the same ad counts once for each visitor', () => {
  const spec = { ...SPEC, sites: { ...SPEC.sites, urlParameters: [] } };
  const row = event({ ad: { utm_source: 'mail' }, personal: { page: { url: SHOP } } });
  assert.equal(eventSighting(row, spec)?.key, eventSighting({ ...row, seq: 9, session: 's-2' }, spec)?.key);
});

test('a click through our redirect and the landing that it leads to are one contact, with and without a click id', () => {
  for (const user of [{ ttclid: 'A' }, {}] as { ttclid?: string }[]) {
    const ad = { utm_source: 'tiktok', utm_campaign: 'Spring' };
    const redirect = touchSighting(touch({ ad, personal: { user }, session: 's-1' }));
    const page = {
      url: `${SHOP}?utm_source=tiktok${user.ttclid === undefined ? '' : '&ttclid=A'}`,
      referrer: 'https://www.tiktok.com/',
    };
    const landing = eventSighting(event({ ad, personal: { user, page } }), SPEC);
    assert.equal(landing?.key, redirect.key);
  }
});

test('an import’s rows and views are each a contact of its own, but for clicks by click id', () => {
  const personal = { user: { ttclid: 'A' } };
  assert.equal(touchSighting(touch({ door: 'import', personal })).key, touchSighting(touch({ personal })).key);
  assert.equal(touchSighting(touch({ door: 'import' })).key, 'touch:t-1');
  assert.equal(touchSighting(touch({ type: 'view', personal })).key, 'touch:t-1');
  assert.equal(
    touchSighting(touch({ door: 'import', ad: { utm_source: 'google', utm_medium: 'cpc' } })).channel,
    'google / cpc',
  );
  assert.equal(touchSighting(touch({ type: 'view' })).channel, 'tiktok / paid');
});

const sightings: fc.Arbitrary<Sighting[]> = fc.uniqueArray(
  fc
    .record({
      seq: fc.integer({ min: 1, max: 50 }),
      at: fc.integer({ min: 0, max: 1000 }),
      visitor: fc.constantFrom(null, 'v-1', 'v-2'),
      campaign: fc.constantFrom(null, 'Spring', 'Summer'),
      ad: fc.constantFrom(null, 'Video'),
      referrer: fc.constantFrom(null, 'blog.example'),
      source: fc.constantFrom('landing', 'redirect') as fc.Arbitrary<'landing' | 'redirect'>,
    })
    .map((some) => ({
      ...{ key: 'k', kind: 'click' as const, ttclid: null, id: null, channel: 'mail / email' },
      ...{ campaignId: null, adgroupId: null, adgroup: null, adId: null, placement: null, ...some },
    })),
  { minLength: 1, maxLength: 8, selector: ({ seq }) => seq },
);

test('sightings come to the same touch in any order, in any pieces and told again', () => {
  fc.assert(
    fc.property(sightings, fc.infiniteStream(fc.nat()), fc.nat(8), (all, chance, cut) => {
      const whole = foldTouch(undefined, all);
      const shuffled = all.map((one) => ({ one, by: chance.next().value as number })).sort((a, b) => a.by - b.by);
      const others = shuffled.map(({ one }) => one);
      const [first, rest] = [others.slice(0, Math.max(1, cut)), others.slice(cut)];
      const pieces = foldTouch(foldTouch(undefined, first), [...rest, ...first]);
      assert.deepEqual(pieces, whole);
      assert.deepEqual(foldTouch(whole, all), whole);
    }),
  );
});

test('a touch is its earliest sighting, numbered by the first, as the one says that knows most', () => {
  const base = { key: 'k', kind: 'click', ttclid: null, id: null, channel: 'mail / email', source: 'landing' } as const;
  const nothing = { campaignId: null, campaign: null, adgroupId: null, adgroup: null, adId: null, ad: null };
  const of = (seq: number, at: number, more: Partial<Sighting>): Sighting => ({
    ...{ ...base, ...nothing, placement: null, visitor: null, referrer: null, seq, at, ...more },
  });
  const touch = foldTouch(undefined, [
    of(5, 300, {}),
    of(6, 100, { visitor: 'v-1', campaign: 'Spring' }),
    of(7, 200, { visitor: 'v-2', campaign: 'Summer' }),
  ]);
  assert.deepEqual([touch.touch, touch.occurredAt, touch.visitor, touch.campaign], [5, 100, 'v-1', 'Spring']);
  assert.equal(foldTouch(undefined, [of(8, 1, {}), of(5, 2, {})]).visitor, '~5');
});

function event(more: Partial<EventRow>): EventRow {
  return {
    ...{ seq: 7, sourceId: 'demo/web', name: 'Pageview', eventId: 'e', source: 'web', namespace: 'live' },
    ...{ origin: 'visitor', occurredAt: 1000, receivedAt: 1000, visitor: 'v-1', session: 's-1', properties: {} },
    ...{ consent: 'granted', specVersion: 1, personal: {} },
    observations: [{ seq: 7, door: 'browser', occurredAt: 1000, receivedAt: 1000, verdict: 'admitted' }],
    ...more,
  };
}

function touch(more: Partial<TouchRow>): TouchRow {
  return {
    ...{ touch: 't-1', seq: 3, type: 'click', at: 900, receivedAt: 900, door: 'browser', ad: {}, personal: null },
    ...more,
  };
}
