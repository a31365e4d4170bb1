import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clickRecord, viewRecord, withAdParameters } from './touches.ts';

const TARGET = new URL('https://shop.example/p?q=shoes&utm_source=own');
const click = (query: string, who = {}, target = TARGET): ReturnType<typeof clickRecord> =>
  clickRecord(new URLSearchParams(query), target, who, 5);

test('a click names its ad, its click id and where it went, without parameters', () => {
  const query =
    'to=x&ttclid=E.C.P.abc&campaign=Spring&adgroup_id=17&ad=18&placement=TikTok&utm_source=tiktok&tt_ad=18&other=1';
  const { body, personal, ...rest } = click(query, { visitor: 'v', session: 's' });
  const { touch, ...told } = body;
  assert.match(String(touch), /^[0-9a-f]{32}$/);
  assert.deepEqual(rest, { kind: 'touch', door: 'browser', keyId: '', receivedAt: 5 });
  assert.deepEqual(told, {
    ...{ type: 'click', visitor: 'v', session: 's', target: 'https://shop.example/p' },
    ad: {
      ...{ campaign: 'Spring', adgroup_id: '17', ad: '18', placement: 'TikTok', utm_source: 'tiktok', tt_ad: '18' },
    },
  });
  assert.deepEqual(personal, { user: { ttclid: 'E.C.P.abc' } });
});

test('macros that were not expanded are missing', () => {
  const query = 'ttclid=__CLICKID__&campaign=__CAMPAIGN_NAME__&utm_id=_CAMPAIGN_ID_&utm_content=__a__&placement=';
  const { body, personal } = click(query);
  assert.deepEqual([body['ad'], personal], [{ utm_content: '__a__' }, null]);
  assert.equal(
    withAdParameters(new URL('https://shop.example/'), new URLSearchParams(query)),
    'https://shop.example/?utm_content=__a__',
  );
});

test('contacts, and what is out of bounds, are left out of a click', () => {
  const mail = 'jane.roe@mail.example';
  const long = 'x'.repeat(5000);
  const query = new URLSearchParams({
    ...{ ttclid: mail, campaign: mail, ad: '+49 30 901820', utm_term: `see ${mail}`, utm_medium: long.slice(0, 601) },
    ...Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`x${n}`, '1'])),
    utm_source: 'beyond',
  });
  const record = click(query.toString(), {}, new URL(`https://shop.example/u/${mail}/edit?email=${mail}#${mail}`));
  assert.deepEqual([record.body['ad'], record.personal], [undefined, null]);
  assert.equal(record.body['target'], 'https://shop.example/u/removed/edit');
  assert.doesNotMatch(JSON.stringify(record), /jane|901820/);
  assert.equal(click(`ttclid=${long}`).personal, null);
});

test('a view says which ad, and nothing of the person', () => {
  const { body, personal } = viewRecord(new URLSearchParams('campaign=1&ttclid=E.C.P.abc&ad=2&email=a@b.example'), 5);
  const { touch: _touch, ...told } = body;
  assert.deepEqual([told, personal], [{ type: 'view', ad: { campaign: '1', ad: '2' } }, null]);
});

const passed = `
  https://shop.example/p            ttclid=E.C&utm_source=tiktok   https://shop.example/p?ttclid=E.C&utm_source=tiktok
  https://shop.example/p?x=%20+     utm_id=1                       https://shop.example/p?x=%20+&utm_id=1
  https://shop.example/p?ttclid=own ttclid=E.C&tt_ad=2             https://shop.example/p?ttclid=own&tt_ad=2
  https://shop.example/p#top        utm_term=a%20b%26c%3Dd         https://shop.example/p?utm_term=a%20b%26c%3Dd#top
  https://shop.example/p            campaign=1&email=a%40b.de      https://shop.example/p
  https://shop.example/p            utm_x%0d%0a=1&utm_y=%0d%0a     https://shop.example/p?utm_y=%0D%0A
`;
for (const row of passed.trim().split('\n')) {
  const [target = '', query = '', location] = row.trim().split(/\s+/);
  test(`${target} with ${query} becomes ${location}`, () => {
    assert.equal(withAdParameters(new URL(target), new URLSearchParams(query)), location);
  });
}
