/** The normal distribution's 97.5th percentile. */
const Z = 1.959963984540054;

/** Below this nothing is said about a difference: an interval would take in nearly everything. */
export const SAMPLE_MIN = 30;

/** The 95 % interval of a share, `part` of `whole` (Wilson 1927): it stays between 0 and 1, for few cases too. */
export function wilson(part: number, whole: number): { low: number; high: number } {
  if (whole === 0) return { low: 0, high: 1 };
  const share = part / whole;
  const square = Z * Z;
  const middle = (share + square / (2 * whole)) / (1 + square / whole);
  const reach = (Z / (1 + square / whole)) * Math.sqrt((share * (1 - share)) / whole + square / (4 * whole * whole));
  return { low: part === 0 ? 0 : Math.max(0, middle - reach), high: part === whole ? 1 : Math.min(1, middle + reach) };
}

/**
 * How far a whole distribution that was seen in `cases` may be from the true one, anywhere, with 95 % confidence
 * (Dvoretzky, Kiefer and Wolfowitz 1956, with Massart's constant, 1990).
 */
export function bandReach(cases: number): number {
  return cases === 0 ? 1 : Math.min(1, Math.sqrt(Math.log(2 / 0.05) / (2 * cases)));
}
