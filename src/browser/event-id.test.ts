import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { partsOf, type RuleParts } from '../event/client-spec.ts';
import { clientSpec } from '../spec/client.ts';
import { defaultSpec } from '../spec/default.ts';
import { configure } from './config.ts';
import { businessId, onceId } from './event-id.ts';

before(() => {
  configure(partsOf({ ...clientSpec(defaultSpec(), 1), key: 'wk', collector: '', pixelScript: '' }));
});

const rule: RuleParts = [0, 60_000, ['session', 'content_id']];

test('an order and a lead give their event its id', () => {
  assert.equal(businessId({ order_id: '17' }), 'demo-17');
  assert.equal(businessId({ lead_id: 'l1' }), 'l1-new');
  assert.equal(businessId({}), undefined);
});

test('the same keys have the first id for the time the spec names', (context) => {
  context.mock.timers.enable({ apis: ['Date'], now: 1_000_000 });
  assert.equal(onceId('ViewContent', rule, { content_id: 'a' }, 'id1'), 'id1');
  assert.equal(onceId('ViewContent', rule, { content_id: 'a' }, 'id2'), 'id1');
  assert.equal(onceId('ViewContent', rule, { content_id: 'b' }, 'id3'), 'id3');
  assert.equal(onceId('Search', rule, { content_id: 'a' }, 'id4'), 'id4');
  context.mock.timers.tick(60_001);
  assert.equal(onceId('ViewContent', rule, { content_id: 'a' }, 'id5'), 'id5');
});

test('an act that lacks a key, or a rule without keys, has an id of its own', () => {
  for (const id of ['a1', 'a2']) {
    assert.equal(onceId('ViewContent', rule, {}, id), id);
    assert.equal(onceId('AddToCart', [0], { content_id: 'a' }, id), id);
  }
});
