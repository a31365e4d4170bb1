import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { JsonCells, valueEnd } from './json-text.ts';

test('a value ends where JSON says so, wherever it stands', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom('', ',1', ']', '}'), (value, after) => {
      const text = JSON.stringify(value);
      assert.equal(valueEnd(`[${text}${after}`, 1), 1 + text.length);
    }),
  );
});

test('a list comes apart into the JSON of its values', () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue()), (list) => {
      const cells = new JsonCells(JSON.stringify(list));
      for (const value of [...list, undefined])
        assert.equal(cells.json(), value === null ? undefined : JSON.stringify(value));
    }),
  );
});

test('texts of a list come as they were, and null as none', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.string({ unit: 'binary' }))), (list) => {
      const cells = new JsonCells(JSON.stringify(list));
      for (const value of list) assert.equal(cells.text(), value ?? undefined);
    }),
  );
});

test('values can be passed over', () => {
  const cells = new JsonCells('[1,[2,"]"],null,{"a":"}"},5]');
  cells.skip(4);
  assert.equal(cells.json(), '5');
});

test('a text that is cut off, or no list, is an error', () => {
  const whole = '[{"a":"b\\"c"},["d"]]';
  for (let length = 2; length < whole.length - 1; length++)
    assert.throws(() => {
      const cells = new JsonCells(whole.slice(0, length));
      for (let n = 0; n < 3; n++) JSON.parse(cells.json() ?? 'none');
    }, SyntaxError);
  assert.throws(() => new JsonCells('{}'), SyntaxError);
});
