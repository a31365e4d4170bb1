import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { keepOnly, plainTopic, readKept } from './keep.ts';

test('of a body the listed fields stay, where they are plain values', () => {
  const body = { id: 1, type: 'x', data: { id: 'p', who: { name: 'Jane', mail: 'm' }, list: [1] }, also: { id: 2 } };
  for (const [paths, kept] of [
    [['id'], { id: 1 }],
    [['data.id', 'data.who.name'], { data: { id: 'p', who: { name: 'Jane' } } }],
    [['data', 'also'], { data: undefined, also: undefined }],
    [['data.list', 'data.who', 'data.none'], { data: { list: undefined, who: undefined } }],
    [['id.x', 'type.y'], { id: undefined, type: undefined }],
    [[], undefined],
  ] as const)
    assert.deepEqual(keepOnly(body, paths), kept);
  for (const none of [null, 7, 'text']) assert.deepEqual(keepOnly(none, ['id']), none);
});

test('a star stands for each item of a list', () => {
  const body = { list: [{ id: 1, who: 'Jane' }, 'Jane', [{ id: 2 }], null], ids: [1, 'two', { id: 3 }] };
  for (const [paths, kept] of [
    [['list.*.id'], { list: [{ id: 1 }, undefined, [undefined], undefined] }],
    [['list.*.*.id'], { list: [{}, undefined, [{ id: 2 }], undefined] }],
    [['ids.*'], { ids: [1, 'two', undefined] }],
    [['list'], { list: undefined }],
    [['list.id'], { list: [undefined, undefined, undefined, undefined] }],
  ] as const)
    assert.deepEqual(keepOnly(body, paths), kept, paths.join());
  assert.deepEqual(keepOnly([{ id: 1, who: 'Jane' }], ['*.id']), [{ id: 1 }]);
  assert.deepEqual(keepOnly([{ id: 1 }], ['id']), [undefined]);
});

test('nothing that is not listed stays, whatever the body', () => {
  fc.assert(
    fc.property(fc.object({ maxDepth: 4 }), (body) => {
      const told = {
        ...body,
        a: 'secret',
        data: { ...body, id: 'kept', b: 'secret' },
        list: [{ ...body, id: 'kept' }],
      };
      const kept = keepOnly(told, ['data.id', 'list.*.id']);
      assert.deepEqual(JSON.parse(JSON.stringify(kept)), { data: { id: 'kept' }, list: [{ id: 'kept' }] });
    }),
  );
});

test('numbers keep the digits that they were written with', () => {
  const text = '{"id":820982911946154508,"price":15.882353,"count":2,"big":1e3,"name":"x","no":null}';
  assert.deepEqual(readKept(Buffer.from(text), ['id', 'price', 'count', 'big', 'no']), {
    body: { id: '820982911946154508', price: '15.882353', count: 2, big: 1000, no: null },
  });
  for (const broken of ['', '{', '[1,]', '['.repeat(200_000)])
    assert.equal(readKept(Buffer.from(broken), ['id']), undefined);
});

test('a topic is named where it is a plain name', () => {
  for (const topic of ['orders/paid', 'PAYMENT.CAPTURE.COMPLETED', 'contact.propertyChange', 'charge.refunded'])
    assert.equal(plainTopic(topic), topic);
  for (const other of ['Jane Roe', 'jane@doe.example', 'call.4930901820', 'a.', '', 'x'.repeat(65), 7, null, ['x']])
    assert.equal(plainTopic(other), undefined);
});
