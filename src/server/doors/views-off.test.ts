import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openDoor } from '../../../test/door.ts';

const { ask, written } = openDoor({ views: false, providers: [] });

test('views are noted nowhere unless the settings say so', async () => {
  await written();
  const unknown = await ask('GET', '/v1/nowhere');
  const view = await ask('GET', '/v1/view?campaign=7');
  assert.deepEqual([view.status, view.text], [404, unknown.text]);
  assert.deepEqual(await written(), []);
});

test('the door of a provider that is off is that of an unknown one', async () => {
  const off = await ask('POST', '/v1/hooks/standard', {}, '{}');
  const unknown = await ask('POST', '/v1/hooks/nobody', {}, '{}');
  assert.deepEqual([off.status, off.text], [401, unknown.text]);
  assert.deepEqual(
    (await written()).map(({ door }) => door),
    ['webhook:unknown', 'webhook:unknown'],
  );
});
