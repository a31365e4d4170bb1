import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LiveRow } from '../../api/answers.ts';
import { choices, filterFor, filterOf, matches, NO_FILTER, queryOf } from './filter.ts';

const row: LiveRow = {
  seq: 812,
  receivedAt: 0,
  door: 'webhook:shopify',
  kind: 'order',
  verdict: 'paired',
  reasons: ['other_door'],
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
  reason=other_door                  yes
  reason=resent                      no
  draft=only                         no
  ours=too                           yes
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
  assert.ok(matches(other, filterOf('event=Order')));
});

test('our own records come only on request', () => {
  const sent: LiveRow = {
    seq: 1,
    receivedAt: 0,
    door: 'answer',
    kind: 'sent',
    verdict: 'admitted',
    reasons: ['noted'],
  };
  assert.equal(matches(sent, NO_FILTER), false);
  assert.equal(matches(sent, filterOf('ours=too')), true);
  assert.deepEqual(choices([sent], NO_FILTER).events, []);
});

test('drafts can be looked at alone', () => {
  assert.equal(matches({ ...row, draft: true }, filterOf('draft=only')), true);
});

test('a figure opens to its rows, those of a door of ours with our own records', () => {
  const now = filterOf('id=99&event=Lead');
  assert.deepEqual(filterFor({ door: 'browser', verdict: 'refused' }, now), {
    ...NO_FILTER,
    door: 'browser',
    verdict: 'refused',
  });
  assert.equal(filterFor({ door: 'answer' }, now).ours, 'too');
  assert.equal(filterFor({ verdict: 'admitted' }, filterOf('ours=too')).ours, 'too');
});

test('choices are what was seen and what is chosen, sorted', () => {
  assert.deepEqual(choices([row, row, { ...row, event: 'AddToCart' }], filterOf('event=Lead')), {
    events: ['AddToCart', 'Lead', 'Purchase'],
    doors: ['webhook:shopify'],
    reasons: ['other_door'],
  });
});

test('a filter survives the way into an address and back', () => {
  const filter = { ...NO_FILTER, event: 'Purchase', door: 'webhook:shopify', id: 'a&b=c', ours: 'too' };
  assert.deepEqual(filterOf(queryOf(filter)), filter);
  assert.equal(queryOf(filterOf('')), '');
});
