const [LEAST, MOST] = [-(2n ** 63n), 2n ** 63n - 1n];

/** Minor units as a warehouse holds them, in 64 bits: what is told beyond that is nobody's money, and must not stop the rest. */
export function heldMinor(minor: bigint): bigint {
  return minor > MOST ? MOST : minor < LEAST ? LEAST : minor;
}
