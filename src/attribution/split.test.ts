import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { splitMoney } from './split.ts';

const byHand: [minor: bigint, shares: number[], parts: bigint[]][] = [
  [100n, [1 / 3, 1 / 3, 1 / 3], [34n, 33n, 33n]],
  [5990n, [0.4, 0.2, 0.4], [2396n, 1198n, 2396n]],
  [1n, [0.5, 0.5], [1n, 0n]],
  [1n, [0.4, 0.6], [0n, 1n]],
  [-100n, [1 / 3, 1 / 3, 1 / 3], [-34n, -33n, -33n]],
  [0n, [1], [0n]],
  [7n, [], []],
];
for (const [minor, shares, parts] of byHand)
  test(`${minor} in ${shares.length} parts is ${parts.join(', ') || 'nothing'}`, () =>
    assert.deepEqual(splitMoney(minor, shares), parts));

test('no unit is lost or invented, and no part is a whole unit off its share', () => {
  const weights = fc
    .array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 20 })
    .filter((all) => all.some((one) => one > 0));
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), weights, (minor, told) => {
      const sum = told.reduce((total, one) => total + one, 0);
      const shares = told.map((one) => one / sum);
      const parts = splitMoney(minor, shares);
      assert.equal(
        parts.reduce((total, part) => total + part, 0n),
        minor,
      );
      for (const [place, part] of parts.entries()) {
        const exact = Number(minor) * (shares[place] as number);
        assert.ok(Math.abs(Number(part) - exact) < 2 + Math.abs(exact) * 1e-12, `${part} of ${exact}`);
      }
    }),
  );
});
