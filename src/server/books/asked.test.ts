import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { cursor, type Form, readLeadsAsked, readOrdersAsked } from './asked.ts';

const BERLIN = 'Europe/Berlin';
/** Characters of the longest id. */
const TEXT_MAX = 512;
const long = 'x'.repeat(TEXT_MAX + 1);

const wrong = `
  # query                                      gives
  status=payd                                  query_status status
  status=toString                              query_status status
  stauts=paid                                  query_unknown stauts
  lead_id=1                                    query_unknown lead_id
  status=paid&status=paid                      query_twice status
  order_id=${long}                             query_long order_id
  from=22.11.2026                              query_day from
  from=2026-02-30                              query_day from
  to=never                                     query_day to
  from=2026-11-22&to=2026-11-21                query_days to
  currency=euro                                query_currency currency
  session=kept                                 query_session session
  limit=0                                      query_limit limit
  limit=201                                    query_limit limit
  limit=1e2                                    query_limit limit
  after=x                                      query_after after
  after=${cursor(1.5, 'A', 'demo')}            query_after after
  after=${cursor(1, 'A')}                      query_after after
  after=${btoa('[1,2,3]')}                     query_after after
  after=${btoa('{"length":3}')}                query_after after
  status=x&from=y&limit=z&after=x&w=1          query_unknown w, query_day from, query_limit limit, query_status status, query_after after
`;

for (const line of wrong.split('\n')) {
  const [query = '#', ...gives] = line.trim().split(/\s+/);
  if (query === '' || query === '#') continue;
  test(`${query.slice(0, 60)} is not understood: ${gives.join(' ')}`, () => {
    const read = ask(query);
    assert.equal(read.ok ? '' : read.problems.map(({ code, where }) => `${code} ${where}`).join(', '), gives.join(' '));
    for (const { what, fix } of read.ok ? [] : read.problems) assert.ok(what.length > 5 && fix.length > 5);
  });
}

test('days are those of the business, both included', () => {
  const read = ask('from=2026-03-29&to=2026-03-29');
  assert.deepEqual(read.ok && read.value.asked, {
    from: Date.parse('2026-03-28T23:00:00Z'),
    to: Date.parse('2026-03-29T22:00:00Z'),
  });
});

test('what is empty narrows nothing, and a page has 50 rows unless told otherwise', () => {
  const read = ask('status=&order_id=&from=&to=&after=&limit=');
  assert.deepEqual(read.ok && read.value, { asked: {}, limit: 50 });
  const other = ask('status=partlyPaid&order_id=10%25&limit=200');
  assert.deepEqual(other.ok && other.value, { asked: { status: 'partlyPaid', orderId: '10%' }, limit: 200 });
});

const ages = `
  # age      stands since
  0-1        from -86399999
  1-3        from -259199999 to -86399999
  30-        to -2591999999
  0-
`;

for (const line of ages.split('\n')) {
  const [age = '#', ...bounds] = line.trim().split(/\s+/);
  if (age === '' || age === '#') continue;
  test(`age=${age} are the leads that stand at their status ${bounds.join(' ') || 'at all'}`, () => {
    const read = readLeadsAsked(new URLSearchParams({ age }), 'file', 'UTC', 0);
    const found = read.ok ? Object.entries(read.value.asked.changed ?? {}) : [];
    assert.deepEqual(found.flat().map(String), bounds);
  });
}

test('an age that is none is refused, and orders have none', () => {
  for (const age of ['1', '3-1', '3-3', '-1', 'a-b', '1-2-3', '123456-']) {
    const read = readLeadsAsked(new URLSearchParams({ age }), 'page', 'UTC', 0);
    assert.deepEqual(read.ok ? [] : read.problems.map(({ code, where }) => [code, where]), [['query_age', 'age']], age);
  }
  assert.equal(ask('age=1-3').ok, false);
});

test('a lead may have had any status', () => {
  const read = readLeadsAsked(new URLSearchParams('status=once known&lead_id=L-'), 'page', 'UTC', 0);
  assert.deepEqual(read.ok && read.value.asked, { status: 'once known', leadId: 'L-' });
});

test('a file has no pages', () => {
  for (const query of ['limit=5', `after=${cursor(1, 'A', 'demo')}`]) assert.equal(ask(query, 'file').ok, false);
  assert.equal(ask('status=paid', 'file').ok, true);
});

test('the next page begins where the last one ended, whatever the ids', () => {
  const time = fc.integer({ min: 0, max: 4e12 });
  const [id, shop] = [fc.string({ maxLength: TEXT_MAX / 2, unit: 'binary' }), fc.string({ maxLength: 32 })];
  const worst: [number, string, string] = [4e12, '\u0001'.repeat(TEXT_MAX), 'x'.repeat(32)];
  void fc.assert(
    fc.property(time, id, shop, (createdAt, orderId, shopId) => {
      const after = cursor(createdAt, orderId, shopId);
      const orders = readOrdersAsked(new URLSearchParams({ after }), 'page', 'UTC');
      assert.deepEqual(orders.ok && orders.value.asked.after, { createdAt, orderId, shop: shopId });
      const leads = readLeadsAsked(new URLSearchParams({ after: cursor(createdAt, orderId) }), 'page', 'UTC', 0);
      assert.deepEqual(leads.ok && leads.value.asked.after, { createdAt, leadId: orderId });
    }),
    { examples: [worst] },
  );
});

function ask(query: string, form: Form = 'page') {
  return readOrdersAsked(new URLSearchParams(query), form, BERLIN);
}
