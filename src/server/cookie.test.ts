import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readVisitorCookie, sharedDomain, visitorCookie } from './cookie.ts';

const table = `
  # collector            page                           declared                    shared
  collect.shop.example   https://shop.example           shop.example,pay.example    shop.example
  shop.example           https://www.shop.example:8443  shop.example                shop.example
  collect.shop.example   https://pay.example            shop.example,pay.example    -
  collect.shop.example   https://evilshop.example       shop.example                -
  collectshop.example    https://shop.example           shop.example                -
  collect.other.example  https://shop.example           shop.example                -
  collect.shop.example   https://a.shop.example         www.shop.example            -
  127.0.0.1              https://127.0.0.1              shop.example                -
  shop.localhost         http://localhost               localhost                   -
  collect.shop.localhost http://shop.localhost:3000     shop.localhost              shop.localhost
`;
for (const row of table.trim().split('\n').slice(1)) {
  const [collector = '', page = '', declared = '', shared] = row.trim().split(/\s+/);
  test(`of ${declared}, ${collector} and ${page} share ${shared === '-' ? 'none' : shared}`, () => {
    assert.equal(sharedDomain(collector, page, declared.split(',')) ?? '-', shared);
  });
}

test('where no consent is needed a missing answer is enough, and a no is still a no', () => {
  const rules = { consent: 'none', secure: false } as const;
  const told = { visitor: 'v', session: 's', choice: 'unknown' } as const;
  assert.equal(
    visitorCookie(told, 'shop.example', rules),
    '_assay=v.s; Domain=shop.example; Path=/; SameSite=Lax; Max-Age=34128000',
  );
  assert.match(visitorCookie({ ...told, choice: 'denied' }, 'shop.example', rules) ?? '', /^_assay=;.*Max-Age=0$/);
  assert.equal(visitorCookie(told, 'shop.example', { ...rules, consent: 'required' }), undefined);
});

test('the cookie that is set is read back', () => {
  const told = { visitor: 'a_1', session: 'b-2', choice: 'granted' } as const;
  const cookie = visitorCookie(told, 'shop.example', { consent: 'required', secure: true })?.split(';')[0];
  assert.deepEqual(readVisitorCookie(`x=1; ${cookie}; y=2`), { visitor: 'a_1', session: 'b-2' });
  for (const none of [undefined, '', 'x=1', '_assay=', '_assay=v', '_assay=v.s.t', 'my_assay=v.s'])
    assert.deepEqual(readVisitorCookie(none), {});
});
