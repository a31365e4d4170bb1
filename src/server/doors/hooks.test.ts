import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { openDoor } from '../../../test/door.ts';
import { HOOK_SECRET } from '../../../test/server.ts';

const { ask, written } = openDoor();

const CUSTOMER = { name: 'Jane Roe', email: 'jane@mail.example', phone: '+4930901820' };

test('a topic without a meaning is kept by its name and its fields’ names, and nothing else of it', async () => {
  await written();
  for (const type of ['payment.refunded', 'jane@mail.example']) {
    const body = JSON.stringify({ type, data: { payment_id: 'p-1', customer: CUSTOMER, n4930901820: 1 } });
    const at = new Date();
    const headers = {
      'webhook-id': 'msg-1',
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': new Webhook(HOOK_SECRET).sign('msg-1', at, body),
    };
    assert.equal((await ask('POST', '/v1/hooks/standard', headers, body)).status, 202);
  }
  const records = await written();
  assert.deepEqual(
    records.map(({ kind, door, body }) => [kind, door, body['reason'], body['topic'], body['skeleton']]),
    [
      ['unread', 'webhook:standard', 'topic_unknown', 'payment.refunded', FIELDS],
      ['unread', 'webhook:standard', 'topic_unknown', undefined, FIELDS],
    ],
  );
  assert.doesNotMatch(JSON.stringify(records), /jane|roe|901820|p-1/i);
});

const FIELDS = ['type', 'data', 'data.payment_id', 'data.customer'];
