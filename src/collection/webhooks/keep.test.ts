import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { keepOnly } from './keep.ts';

test('of a body the listed fields stay, where they are plain values', () => {
  const body = { id: 1, type: 'x', data: { id: 'p', who: { name: 'Jane', mail: 'm' }, list: [1] }, also: { id: 2 } };
  for (const [paths, kept] of [
    [['id'], { id: 1 }],
    [['data.id', 'data.who.name'], { data: { id: 'p', who: { name: 'Jane' } } }],
    [['data', 'also'], {}],
    [['data.list', 'data.who', 'data.none'], { data: {} }],
    [['id.x', 'type.y'], { id: undefined, type: undefined }],
    [[], {}],
  ] as const)
    assert.deepEqual(keepOnly(body, paths), kept);
  for (const none of [null, 7, 'text', [body]]) assert.deepEqual(keepOnly(none, ['id']), none);
});

test('nothing that is not listed stays, whatever the body', () => {
  fc.assert(
    fc.property(fc.object({ maxDepth: 4 }), (body) => {
      const kept = keepOnly({ ...body, a: 'secret', data: { ...body, id: 'kept', b: 'secret' } }, ['data.id']);
      assert.deepEqual(JSON.parse(JSON.stringify(kept)), { data: { id: 'kept' } });
    }),
  );
});
