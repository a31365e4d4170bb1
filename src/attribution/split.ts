/** Shares become whole weights of this precision; a share below it earns nothing. */
const SCALE = 1e15;

/**
 * Money split by shares that add up to 1, in minor units and without a lost or invented one: each gets the whole part of
 * its share, and the units that are left go to the largest rests, the earlier one first. A negative sum is split alike.
 */
export function splitMoney(minor: bigint, shares: readonly number[]): bigint[] {
  if (minor < 0n) return splitMoney(-minor, shares).map((part) => -part);
  const weights = shares.map((share) => BigInt(Math.round(share * SCALE)));
  const whole = weights.reduce((sum, weight) => sum + weight, 0n);
  if (whole === 0n) return shares.map(() => 0n);
  const parts = weights.map((weight) => (minor * weight) / whole);
  const rests = weights.map((weight, place) => ({ place, rest: (minor * weight) % whole }));
  rests.sort((a, b) => (a.rest === b.rest ? a.place - b.place : a.rest > b.rest ? -1 : 1));
  let left = minor - parts.reduce((sum, part) => sum + part, 0n);
  for (const { place } of rests) {
    if (left === 0n) break;
    parts[place] = (parts[place] as bigint) + 1n;
    left -= 1n;
  }
  return parts;
}
