import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inTemporaryFolder } from '../test-folder.ts';
import { factsOf, placeAt, touchFact } from '../warehouse-samples.ts';
import { openWarehouse } from './warehouse.ts';

const NAMES = ['plain', 'of two\nlines', '', '\n', 'Žofie', 'a name that is longer than twelve bytes'];

test('a page of touches has each visitor’s name beside its touch, whatever is in the name and whatever went before', async (t) => {
  const warehouse = await inTemporaryFolder(t, openWarehouse);
  for (const names of [NAMES, ['plain', 'another']]) {
    const touches = Array.from({ length: 20_000 }, (_, n) =>
      touchFact(n + 1, { visitor: names[n % names.length] as string }),
    );
    await warehouse.commit(factsOf({ touches, gone: { touches: [20_001] } }), placeAt(1));
    await warehouse.commit(factsOf({ gone: { touches: [7, 19_000] } }), placeAt(2));
    const read = new Map<number, string>();
    for await (const { touch, visitor } of warehouse.touchColumns()) {
      assert.equal(visitor.length, touch.length);
      for (const [row, number] of touch.entries()) read.set(number, visitor[row] as string);
    }
    const left = touches.filter(({ touch }) => touch !== 7 && touch !== 19_000);
    assert.equal(read.size, left.length);
    for (const { touch, visitor } of left) assert.equal(read.get(touch), visitor);
  }
});
