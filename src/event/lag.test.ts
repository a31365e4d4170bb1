import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LAG_BOUNDS, lagClass, lagQuantile } from './lag.ts';

test('the bounds of the classes only grow, from 50 ms to 48 hours', () => {
  assert.deepEqual(
    [...LAG_BOUNDS].sort((a, b) => a - b),
    LAG_BOUNDS,
  );
  assert.deepEqual([LAG_BOUNDS[0], LAG_BOUNDS.at(-1), new Set(LAG_BOUNDS).size], [50, 172_800_000, LAG_BOUNDS.length]);
});

test('a lag stands in the first class whose bound it does not pass', () => {
  for (const [at, bound] of LAG_BOUNDS.entries())
    assert.deepEqual([lagClass(bound), lagClass(bound + 1)], [at, at + 1]);
  assert.equal(lagClass(-3), 0);
});

test('at least the asked share of all lags stays within their quantile, and less than it within any smaller bound', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 200_000_000 }), { minLength: 1, maxLength: 60 }),
      fc.constantFrom(0.5, 0.95, 1),
      (lags, share) => {
        const counts = Array.from({ length: LAG_BOUNDS.length + 1 }, () => 0);
        for (const lag of lags) counts[lagClass(lag)] = (counts[lagClass(lag)] ?? 0) + 1;
        const within = (bound: number): number => lags.filter((lag) => lag <= bound).length;
        const found = lagQuantile(counts, share) ?? 0;
        assert.ok(within(found) >= share * lags.length);
        for (const bound of LAG_BOUNDS) if (bound < found) assert.ok(within(bound) < share * lags.length);
      },
    ),
  );
  assert.equal(lagQuantile([0, 0], 0.5), undefined);
});
