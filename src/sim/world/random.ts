/** Chance from a seed: the same seed, the same draws. */
export interface Chance {
  /** 0 ≤ x < 1 */
  next(): number;
  /** true in `share` of all cases */
  in(share: number): boolean;
  /** a whole number, both ends included */
  between(low: number, high: number): number;
  pick<T>(from: readonly [T, ...T[]]): T;
  /** `length` characters of `alphabet` */
  text(length: number, alphabet: string): string;
}

/** Mulberry32: 32 bits of state, plenty for visitors, and the same on every machine. */
export function chance(seed: number): Chance {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1));
  return {
    next,
    in: (share) => next() < share,
    between,
    pick: (from) => from[between(0, from.length - 1)] ?? from[0],
    text: (length, alphabet) => Array.from({ length }, () => alphabet.charAt(between(0, alphabet.length - 1))).join(''),
  };
}

/** A seed of its own for each visitor, so that visitor 7 is the same whoever came before. */
export function mixSeed(seed: number, n: number): number {
  return (Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) + Math.imul(n + 1, 0xc2b2ae35)) >>> 0;
}
