import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { visitorPlan } from './plan.ts';
import { chance } from './random.ts';
import { adParameters, callsOf, hashedContacts } from './wire.ts';

const MANY = Array.from({ length: 2_000 }, (_, n) => visitorPlan(7, n));

test('the same seed and number give the same visitor, whatever was asked before', () => {
  fc.assert(
    fc.property(fc.integer(), fc.nat(10_000), (seed, n) => {
      const first = visitorPlan(seed, n);
      visitorPlan(seed, n + 1);
      assert.deepEqual(visitorPlan(seed, n), first);
    }),
  );
});

test('the plan of a seed is the same on every machine and every day', () => {
  const draw = chance(1);
  assert.deepEqual([draw.between(0, 999), draw.between(0, 999), draw.between(0, 999)], [627, 2, 527]);
});

test('visitors differ, and so do worlds of another seed', () => {
  assert.equal(new Set(MANY.map((plan) => plan.visitor)).size, MANY.length);
  assert.notDeepEqual(visitorPlan(8, 0), visitorPlan(7, 0));
});

test('a world has buyers, reloads, refusals, people who leave, mistakes and bots, each in its measure', () => {
  const share = (is: (plan: (typeof MANY)[number]) => boolean): number => MANY.filter(is).length / MANY.length;
  const does = (what: string) => (plan: (typeof MANY)[number]) => plan.steps.some((step) => step.do === what);
  const between = (low: number, value: number, high: number): void =>
    assert.ok(low <= value && value <= high, `${low} ≤ ${value} ≤ ${high}`);
  between(0.2, share(does('pay')), 0.45);
  between(0.05, share(does('reload')), 0.25);
  between(0.01, share(does('cancel')), 0.1);
  between(
    0.08,
    share((plan) => plan.steps.some((step) => step.do === 'consent' && step.choice === 'denied')),
    0.25,
  );
  between(
    0.02,
    share((plan) => plan.kind === 'bot'),
    0.1,
  );
  between(0.01, share(does('forge')), 0.06);
  between(
    0.02,
    share((plan) => plan.flaky),
    0.12,
  );
  between(
    0.02,
    share((plan) => plan.oldTag),
    0.12,
  );
  between(
    0.5,
    share((plan) => JSON.stringify(plan.steps[0]).includes('ttclid=')),
    0.85,
  );
});

test('everyone opens a page first, pays only what was ordered, and reloads only what was paid', () => {
  for (const { steps } of MANY) {
    const acts = steps.map((step) => step.do);
    assert.equal(acts[0], 'open');
    const at = (act: string): number => acts.indexOf(act as (typeof acts)[number]);
    if (at('pay') >= 0) assert.ok(at('order') >= 0 && at('order') < at('pay'));
    if (at('order') >= 0) assert.ok(at('add') >= 0 && at('add') < at('order'));
    if (at('reload') >= 0) assert.ok(at('pay') < at('reload'));
  }
});

test('ads arrive with expanded macros, and those that were not count as missing', () => {
  const landings = MANY.map(
    (plan) => new URL(plan.steps[0]?.do === 'open' ? plan.steps[0].path : '/', 'http://shop.localhost'),
  );
  const broken = landings.find((url) => /^_+CAMPAIGN_NAME_+$/.test(url.searchParams.get('utm_campaign') ?? ''));
  const whole = landings.find((url) => url.searchParams.get('utm_campaign') === 'Winter light');
  assert.ok(broken && whole);
  assert.deepEqual(Object.keys(adParameters(broken)), ['utm_source', 'utm_medium']);
  assert.equal(adParameters(whole)['utm_id'], '1841200000000102');
});

test('contacts are hashed as a page does it, and a phone that is not international stays away', () => {
  const email = 'ff8d9819fc0e12bf0d24892e45987e249a28dce836a85cad60e28eaaa8c6d976';
  assert.equal(hashedContacts({ email: ' Alice@Example.com ' })['email'], email);
  assert.deepEqual(Object.keys(hashedContacts({ phone: '030 23125 100', external_id: '' })), []);
  assert.deepEqual(hashedContacts({ phone: '+49 (30) 23125-100' }), hashedContacts({ phone: '+493023125100' }));
});

test('the calls of a page are read one to a line', () => {
  const page = '<script nonce="x">\nwindow.assay=1;\nassay("page");\nassay("track", "A", {"b":"\\u003c"});\n</script>';
  assert.deepEqual(callsOf(page), [['page'], ['track', 'A', { b: '<' }]]);
});
