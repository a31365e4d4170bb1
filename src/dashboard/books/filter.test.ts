import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Filter, fileQueryOf, filterOf, type IdName, NO_FILTER, narrows, pageQueryOf, queryOf } from './filter.ts';

const of = { status: 'paid', id: '10 0&=ü', from: '2026-11-01', to: '2026-11-22', after: 'MTc5NTM.MTAwNDU=' };
const all: Record<IdName, Filter> = {
  order_id: { ...NO_FILTER, ...of, currency: 'KWD', provider: 'stripe', shop: 'demo', session: 'lost' },
  lead_id: { ...NO_FILTER, ...of, age: '7-30' },
};

test('a filter survives the way into an address and back', () => {
  for (const name of ['order_id', 'lead_id'] as const)
    assert.deepEqual(filterOf(queryOf(all[name], name), name), all[name]);
  assert.deepEqual(filterOf('', 'order_id'), NO_FILTER);
  assert.equal(queryOf(NO_FILTER, 'order_id'), '');
});

test('an id is called what the server calls it', () => {
  assert.equal(queryOf({ ...NO_FILTER, id: ' 1004 ' }, 'order_id'), '?order_id=1004');
  assert.equal(queryOf({ ...NO_FILTER, id: 'L-7' }, 'lead_id'), '?lead_id=L-7');
});

test('a page has a size, and a file begins at the beginning', () => {
  assert.equal(pageQueryOf(NO_FILTER, 'order_id'), '?limit=50');
  assert.equal(pageQueryOf({ ...NO_FILTER, after: 'x' }, 'lead_id'), '?after=x&limit=50');
  assert.equal(fileQueryOf({ ...NO_FILTER, status: 'paid', after: 'x' }, 'order_id'), '?status=paid');
});

test('a later page and blanks narrow nothing', () => {
  assert.equal(narrows({ ...NO_FILTER, after: 'x', id: '  ' }), false);
  assert.equal(narrows({ ...NO_FILTER, from: '2026-11-01' }), true);
});
