import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { nextSorting, type Sortable, sortingOf, sortingText, sortRows } from './sort.ts';

const keys = (list: readonly Sortable[], down: boolean) => sortRows(list, (key) => key, down);

test('rows are put in order both ways, and what is not known stands last', () => {
  assert.deepEqual(keys([2, null, 10, 1], false), [1, 2, 10, null]);
  assert.deepEqual(keys([2, null, 10, 1], true), [10, 2, 1, null]);
  assert.deepEqual(keys([20n, 3n, null], true), [20n, 3n, null]);
  assert.deepEqual(keys(['Ad 10', 'ad 9', ''], false), ['', 'ad 9', 'Ad 10']);
});

test('rows that are alike stay as they stood, and no row is lost', () => {
  const row = fc.record({ key: fc.option(fc.integer({ min: 0, max: 3 })), place: fc.nat() });
  fc.assert(
    fc.property(fc.array(row), fc.boolean(), (rows, down) => {
      const numbered = rows.map((one, place) => ({ ...one, place }));
      const sorted = sortRows(numbered, ({ key }) => key, down);
      assert.equal(sorted.length, rows.length);
      for (const [n, { key, place }] of sorted.entries()) {
        const before = sorted[n - 1];
        if (before && before.key === key) assert.ok(before.place < place);
      }
    }),
  );
});

test('a column chosen again turns round, another begins with its largest', () => {
  assert.deepEqual(nextSorting({ by: 'value', down: true }, 'value'), { by: 'value', down: false });
  assert.deepEqual(nextSorting({ by: 'value', down: false }, 'name'), { by: 'name', down: true });
  for (const text of ['value', '-value']) assert.equal(sortingText(sortingOf(text)), text);
});
