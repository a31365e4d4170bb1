import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LiveRow } from '../../api/answers.ts';
import { choices, filterOf, matches, queryOf } from './filter.ts';

const row: LiveRow = {
  seq: 812,
  receivedAt: 0,
  door: 'webhook:shopify',
  kind: 'order',
  verdict: 'paired',
  reasons: [],
  event: 'Purchase',
  eventId: 'demo-10045',
  orderId: '10045',
  visitor: 'v-9A',
};

const table = `
  # query                            shows
  -                                  yes
  event=Purchase                     yes
  event=ViewContent                  no
  door=webhook:shopify               yes
  door=browser                       no
  verdict=paired                     yes
  verdict=admitted                   no
  id=10045                           yes
  id=DEMO-100                        yes
  id=v-9a                            yes
  id=812                             yes
  id=99                              no
  event=Purchase&verdict=admitted    no
  event=Purchase&door=webhook:shopify&verdict=paired&id=demo   yes
`;

for (const line of table.trim().split('\n').slice(1)) {
  const [query = '', shows] = line.trim().split(/\s{2,}/);
  test(`the filter ${query} shows the row: ${shows}`, () => {
    assert.equal(matches(row, filterOf(query)), shows === 'yes');
  });
}

test('a record without an event is named by its kind', () => {
  const { event: _, ...other } = row;
  assert.ok(matches(other, filterOf('event=order')));
});

test('choices are what was seen and what is chosen, sorted', () => {
  assert.deepEqual(choices([row, row, { ...row, event: 'AddToCart' }], filterOf('event=Lead')), {
    events: ['AddToCart', 'Lead', 'Purchase'],
    doors: ['webhook:shopify'],
  });
});

test('a filter survives the way into an address and back', () => {
  const filter = { event: 'Purchase', door: 'webhook:shopify', verdict: '', id: 'a&b=c' };
  assert.deepEqual(filterOf(queryOf(filter)), filter);
  assert.equal(queryOf(filterOf('')), '');
});
