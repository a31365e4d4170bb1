import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { landingOf } from './landing.ts';

test('the first of a name counts, and the click id is no part of the ad', () => {
  assert.deepEqual(landingOf(['?ttclid=new', '&utm_id=1', '?utm_id=2', null, '&ttclid=old']), {
    ttclid: 'new',
    ad: { utm_id: '1' },
  });
});

test('macros that nobody expanded, empty values and other names count as missing', () => {
  const told = [
    '?utm_id=__CAMPAIGN_ID__',
    '&utm_source=_CAMPAIGN_NAME_',
    '&tt_ad=',
    '&tt_adgroup=17',
    '&q=1',
    '&utm_id=2',
  ];
  assert.deepEqual(landingOf(told), { ad: { tt_adgroup: '17', utm_id: '2' } });
});

test('an object stays as it is, and nothing stays nothing', () => {
  assert.deepEqual(landingOf({ campaign_id: 7 }), { ad: { campaign_id: 7 } });
  assert.deepEqual(landingOf(undefined), {});
  assert.deepEqual(landingOf([]), { ad: {} });
});

test('a click id is never cut or judged by its form', () => {
  const clickId = fc.string({ minLength: 1, maxLength: 900 }).filter((text) => !/^_[A-Z_]+_$/.test(text));
  fc.assert(
    fc.property(clickId, (ttclid) => {
      assert.equal(landingOf([`?${new URLSearchParams({ ttclid })}`]).ttclid, ttclid);
    }),
  );
});
