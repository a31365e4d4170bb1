/** The seven ways to round, named as in the General Decimal Arithmetic specification. */
export const ROUNDING_MODES = ['half-even', 'half-up', 'half-down', 'up', 'down', 'ceiling', 'floor'] as const;
export type Rounding = (typeof ROUNDING_MODES)[number];

/** More digits than this are refused: no shop's amount has them, and an exponent must not blow up memory. */
const DIGITS_MAX = 40;

/** A decimal number without loss: `units` × 10^-`scale`. */
export interface Decimal {
  readonly units: bigint;
  readonly scale: number;
}

/** Reads `12`, `-0.50` or `1.5e3`; undefined for anything else, a comma or a currency sign included. */
export function parseDecimal(text: string): Decimal | undefined {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/.exec(text);
  if (!match) return undefined;
  const whole = match[2] ?? '';
  const fraction = match[3] ?? '';
  if (whole === '' && fraction === '') return undefined;
  if (whole.length + fraction.length > DIGITS_MAX) return undefined;
  const scale = fraction.length - Number(match[4] ?? 0);
  if (Math.abs(scale) > DIGITS_MAX) return undefined;
  const units = BigInt(whole + fraction) * (match[1] === '-' ? -1n : 1n);
  return scale < 0 ? { units: units * 10n ** BigInt(-scale), scale: 0 } : { units, scale };
}

/** Whole units of 10^-`decimals`, rounded by `mode`. There is no negative zero. */
export function quantize(value: Decimal, decimals: number, mode: Rounding): bigint {
  if (value.scale <= decimals) return value.units * 10n ** BigInt(decimals - value.scale);
  const divisor = 10n ** BigInt(value.scale - decimals);
  const quotient = value.units / divisor;
  const rest = value.units % divisor;
  if (rest === 0n) return quotient;
  const away = value.units < 0n ? -1n : 1n;
  const twice = (rest < 0n ? -rest : rest) * 2n;
  return awayFromZero(mode, away, twice === divisor ? 0 : twice > divisor ? 1 : -1, quotient)
    ? quotient + away
    : quotient;
}

function awayFromZero(mode: Rounding, sign: bigint, againstHalf: -1 | 0 | 1, quotient: bigint): boolean {
  switch (mode) {
    case 'up':
      return true;
    case 'down':
      return false;
    case 'ceiling':
      return sign > 0n;
    case 'floor':
      return sign < 0n;
    case 'half-up':
      return againstHalf >= 0;
    case 'half-down':
      return againstHalf > 0;
    case 'half-even':
      return againstHalf > 0 || (againstHalf === 0 && quotient % 2n !== 0n);
  }
}

/** `units` × 10^-`decimals` as plain digits: `59.90`, `-0.05`, `5990`. */
export function decimalText(units: bigint, decimals: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(decimals + 1, '0');
  const text = decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
  return units < 0n ? `-${text}` : text;
}
