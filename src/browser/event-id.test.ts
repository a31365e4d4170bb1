import assert from 'node:assert/strict';
import { test } from 'node:test';
import { partsOf } from '../event/client-spec.ts';
import { clientSpec } from '../spec/client.ts';
import { defaultSpec } from '../spec/default.ts';
import { configure } from './config.ts';
import { businessId } from './event-id.ts';

test('an order and a lead give their event its id', () => {
  configure(partsOf({ ...clientSpec(defaultSpec(), 1), key: 'wk', collector: '', pixelScript: '' }));
  assert.equal(businessId({ order_id: '17' }), 'demo-17');
  assert.equal(businessId({ lead_id: 'l1' }), 'l1-new');
  assert.equal(businessId({}), undefined);
});
