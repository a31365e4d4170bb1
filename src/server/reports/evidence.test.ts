import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bandReach, wilson } from './evidence.ts';

/** Newcombe 1998, table I, method 3 (score, no continuity correction). */
const published = `
  # part  whole  low     high
  81      263    0.2553  0.3662
  15      148    0.0624  0.1605
  0       20     0.0000  0.1611
  1       29     0.0061  0.1718
`;
for (const line of published.split('\n')) {
  const [part = '#', whole = '', low = '', high = ''] = line.trim().split(/\s+/);
  if (part === '' || part === '#') continue;
  test(`${part} of ${whole} is a share between ${low} and ${high}, with 95 % confidence`, () => {
    const found = wilson(Number(part), Number(whole));
    assert.deepEqual([found.low.toFixed(4), found.high.toFixed(4)], [low, high]);
  });
}

test('an interval holds the share, stays between 0 and 1, and nothing is known of no case', () => {
  fc.assert(
    fc.property(fc.nat(1e6), fc.nat(1e6), (a, b) => {
      const [part, whole] = [Math.min(a, b), Math.max(a, b)];
      const { low, high } = wilson(part, whole);
      assert.ok(low >= 0 && high <= 1 && low <= high);
      if (whole > 0) assert.ok(low <= part / whole && part / whole <= high);
      else assert.deepEqual([low, high], [0, 1]);
    }),
  );
});

test('a band grows narrow with the root of the cases, and is everything where there are few', () => {
  assert.equal(bandReach(0), 1);
  assert.equal(bandReach(1), 1);
  // sqrt(ln(40) / 2000)
  assert.equal(bandReach(1000).toFixed(6), '0.042947');
  assert.equal((bandReach(400) / bandReach(1600)).toFixed(6), '2.000000');
});
