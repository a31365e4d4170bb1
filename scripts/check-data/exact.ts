/** Digits after the point that sums are reckoned with: finer than any price of the sets. */
const DIGITS = 9;
const ONE = 10n ** BigInt(DIGITS);
/** Both sets are told in currencies of two digits. */
const MINOR = 10n ** BigInt(DIGITS - 2);

/** A decimal number in whole units of 10^-9; undefined where it is none, or finer. */
export function exactOf(text: string): bigint | undefined {
  const [, sign = '', whole = '', fraction = ''] = /^([+-]?)(\d{1,18})(?:\.(\d*))?$/.exec(text.trim()) ?? [];
  if (whole === '' || /[^0]/.test(fraction.slice(DIGITS))) return undefined;
  const units = BigInt(whole) * ONE + BigInt(fraction.slice(0, DIGITS).padEnd(DIGITS, '0'));
  return sign === '-' ? -units : units;
}

/** The same, for text that must be a number. */
export function amountOf(text: string): bigint {
  const units = exactOf(text);
  if (units === undefined) throw new Error(`${JSON.stringify(text.slice(0, 40))} is no amount.`);
  return units;
}

/** Rounded to two digits, halves to the even one, and still in units of 10^-9. */
export function rounded(units: bigint): bigint {
  const quotient = units / MINOR;
  const rest = units % MINOR;
  const twice = (rest < 0n ? -rest : rest) * 2n;
  const isUp = twice > MINOR || (twice === MINOR && quotient % 2n !== 0n);
  return (isUp ? quotient + (units < 0n ? -1n : 1n) : quotient) * MINOR;
}

/** Plain digits, at least so many after the point: `59.90`, `-0.001`. */
export function decimalText(units: bigint, digitsMin = 2): string {
  const digits = (units < 0n ? -units : units).toString().padStart(DIGITS + 1, '0');
  const fraction = digits.slice(-DIGITS).replace(/0+$/, '').padEnd(digitsMin, '0');
  return `${units < 0n ? '-' : ''}${digits.slice(0, -DIGITS)}${fraction === '' ? '' : `.${fraction}`}`;
}

export function sum(amounts: Iterable<bigint>): bigint {
  let all = 0n;
  for (const amount of amounts) all += amount;
  return all;
}
