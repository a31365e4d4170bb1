import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readLanding } from './landing.ts';

const page = (path: string) => ({ host: 'shop.example', href: `https://shop.example${path}` });

test('the click id of the address beats that of the page before', () => {
  assert.deepEqual(readLanding(page('/?ttclid=new'), 'https://shop.example/?ttclid=old'), { ttclid: 'new' });
});

test('the page before counts on the same host only', () => {
  const path = '/?ttclid=a&utm_id=1';
  assert.deepEqual(readLanding(page('/cart'), `https://shop.example${path}`), { ttclid: 'a', utm_id: '1' });
  assert.deepEqual(readLanding(page('/cart'), `https://other.example${path}`), {});
});

test('macros that nobody expanded, and empty values, count as missing', () => {
  const landing = readLanding(page('/?utm_id=__CAMPAIGN_ID__&utm_source=_CAMPAIGN_NAME_&tt_ad=&tt_adgroup=17&q=1'), '');
  assert.deepEqual(landing, { tt_adgroup: '17' });
});

test('a click id is never cut or judged by its form', () => {
  const clickId = fc.string({ minLength: 1, maxLength: 900 }).filter((text) => !/^_[A-Z_]+_$/.test(text));
  fc.assert(
    fc.property(clickId, (ttclid) => {
      const read = readLanding(page(`/?${new URLSearchParams({ ttclid })}`), '');
      assert.equal(read['ttclid'], ttclid);
    }),
  );
});
