import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readLanding } from './landing.ts';

const page = (search: string) => ({ origin: 'https://shop.example', search });

test('the parameters of the address come before those of the page before', () => {
  const before = 'https://shop.example/?q=1&ttclid=old';
  assert.deepEqual(readLanding(page('?ttclid=new&q=2&utm_id=1%202'), before), [
    '?ttclid=new',
    '&utm_id=1%202',
    '&ttclid=old',
  ]);
});

test('the page before counts on the same host only', () => {
  const path = '/?ttclid=a&utm_id=1';
  assert.deepEqual(readLanding(page(''), `https://shop.example${path}`), ['?ttclid=a', '&utm_id=1']);
  assert.equal(readLanding(page(''), `https://other.example${path}`), null);
  assert.equal(readLanding(page(''), `https://shop.example.other.example${path}`), null);
});

test('a page without an ad has no landing', () => {
  assert.equal(readLanding(page('?q=utm_id'), ''), null);
});

test('a parameter that holds an e-mail address stays in the page', () => {
  assert.deepEqual(readLanding(page('?utm_term=jo@x.de&utm_id=7&tt_ad=a%40b&ttclid=c'), ''), [
    '&utm_id=7',
    '&ttclid=c',
  ]);
});
