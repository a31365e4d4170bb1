import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { partsOf } from '../event/client-spec.ts';
import type { JsonObject } from '../event/event.ts';
import { clientSpec } from '../spec/client.ts';
import { defaultSpec } from '../spec/default.ts';
import { configure } from './config.ts';
import { names, read, setOpen } from './drawer.ts';
import { observe } from './observe.ts';
import { act } from './turn.ts';

const MINUTE = 60_000;

afterEach(() => mock.timers.reset());

beforeEach(() => {
  mock.timers.enable({ apis: ['Date', 'setTimeout'], now: 1_000_000 });
  Object.assign(globalThis, { document: { cookie: '' }, location: { hostname: 'shop.example' }, localStorage: {} });
  const client = clientSpec(defaultSpec(), 1);
  const events = { ViewContent: { oncePer: ['session', 'content_id'], within: MINUTE } };
  configure(partsOf({ ...client, events, key: 'wk', collector: '', pixelScript: '' }));
  setOpen(false);
  setOpen(true);
});

/** The ids under which events were told, in order. */
async function told(...events: [event: string, properties: JsonObject, id: string][]): Promise<string[]> {
  for (const [event, properties, id] of events) observe(event, properties, id);
  await act(() => {});
  const batches = names('assay:batch.').map((name) => read<[due: number, events: string[][]]>(name)?.[1] ?? []);
  return batches.flat().map(([, , id]) => String(id));
}

test('an act with the same keys is the same act, told once, for the time the spec names', async () => {
  const events = [
    ['ViewContent', { content_id: 'a' }, 'id1'],
    ['ViewContent', { content_id: 'a' }, 'id2'],
    ['ViewContent', { content_id: 'b' }, 'id3'],
    ['Search', { content_id: 'a' }, 'id4'],
  ] as const;
  assert.deepEqual(await told(...events.map((event) => [...event] as [string, JsonObject, string])), [
    'id1',
    'id3',
    'id4',
  ]);
  mock.timers.tick(MINUTE + 1);
  assert.deepEqual(await told(['ViewContent', { content_id: 'a' }, 'id5']), ['id1', 'id3', 'id4', 'id5']);
});

test('an act that lacks a key, or a rule without keys, has an id of its own', async () => {
  const ids = ['a1', 'a2'];
  assert.deepEqual(await told(...ids.map((id): [string, JsonObject, string] => ['ViewContent', {}, id])), ids);
});
