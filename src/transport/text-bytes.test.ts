import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { TextBytes } from './text-bytes.ts';

const pieces = fc.array(
  fc
    .tuple(fc.constantFrom('a', 'ü', '成', '😀'), fc.constantFrom(0, 1, 7, 9000, 40_000))
    .map(([one, n]) => one.repeat(n)),
  { maxLength: 8 },
);

test('the bytes are those of all pieces in their order, however little memory there was', () => {
  fc.assert(
    fc.property(pieces, fc.constantFrom(0, 10, 100_000), (texts, expected) => {
      const bytes = new TextBytes(Buffer.alloc(expected));
      for (const text of texts) bytes.add(text);
      assert.equal(bytes.end().toString(), texts.join(''));
    }),
  );
});

test('there is room for a text exactly as long as all bytes together are no more than so many', () => {
  fc.assert(
    fc.property(pieces, fc.integer({ min: 0, max: 400_000 }), (texts, max) => {
      const bytes = new TextBytes(Buffer.alloc(100));
      let before = '';
      for (const text of texts) {
        assert.equal(bytes.hasRoom(text, max), Buffer.byteLength(before + text) <= max);
        bytes.add(text);
        before += text;
      }
    }),
  );
});
