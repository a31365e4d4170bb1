import assert from 'node:assert/strict';
import { test } from 'node:test';
import { businessId, onceId } from './event-id.ts';

const rule = { oncePer: ['session', 'content_id'], within: 60_000 };

test('an order and a lead give their event its id', () => {
  assert.equal(businessId('demo', { order_id: '17' }), 'demo-17');
  assert.equal(businessId('demo', { lead_id: 'l1' }), 'l1-new');
  assert.equal(businessId('demo', {}), undefined);
});

test('the same keys have the first id for the time the spec names', (context) => {
  context.mock.timers.enable({ apis: ['Date'], now: 1_000_000 });
  assert.equal(onceId('ViewContent', rule, { session: 's', content_id: 'a' }, 'id1'), 'id1');
  assert.equal(onceId('ViewContent', rule, { session: 's', content_id: 'a' }, 'id2'), 'id1');
  assert.equal(onceId('ViewContent', rule, { session: 's', content_id: 'b' }, 'id3'), 'id3');
  assert.equal(onceId('Search', rule, { session: 's', content_id: 'a' }, 'id4'), 'id4');
  context.mock.timers.tick(60_001);
  assert.equal(onceId('ViewContent', rule, { session: 's', content_id: 'a' }, 'id5'), 'id5');
});

test('an act that lacks a key, or a rule without keys, has an id of its own', () => {
  for (const id of ['a1', 'a2']) {
    assert.equal(onceId('ViewContent', rule, { session: 's9' }, id), id);
    assert.equal(onceId('AddToCart', {}, { session: 's9' }, id), id);
  }
});
