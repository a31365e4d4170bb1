import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { EventSet } from './event-set.ts';

test('a set of events does what a set of numbers does, near each other or far apart', () => {
  const event = fc.oneof(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 2 ** 45 }));
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom('add', 'delete', 'has'), event)), (steps) => {
      const [ours, plain] = [new EventSet(), new Set<number>()];
      for (const [step, one] of steps) {
        if (step !== 'has') ours[step](one);
        if (step !== 'has') plain[step](one);
        assert.equal(ours.has(one), plain.has(one));
      }
      for (const [, one] of steps) assert.equal(ours.has(one), plain.has(one));
    }),
  );
});
