/** An exact decimal number: `units` divided by ten to the power of `scale`. */
export interface Amount {
  units: bigint;
  scale: number;
}

export const ZERO: Amount = { units: 0n, scale: 0 };

// Digits that a sum is shown with at least; two where nothing else is known.
const WITHOUT_MINOR_UNIT = new Set(['BIF', 'CLP', 'ISK', 'JPY', 'KRW', 'PYG', 'VND']);
const WITH_THREE_DIGITS = new Set(['BHD', 'KWD', 'OMR']);

/** The exact decimal that a number's shortest text names; undefined for anything that is no plain number. */
export function amountOf(value: number | string): Amount | undefined {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d{1,3}))?$/.exec(String(value));
  if (!match) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  const units = BigInt(whole + fraction) * (sign ? -1n : 1n);
  const scale = fraction.length - Number(exponent);
  return scale >= 0 ? { units, scale } : { units: units * 10n ** BigInt(-scale), scale: 0 };
}

export function plus(a: Amount, b: Amount): Amount {
  const scale = Math.max(a.scale, b.scale);
  return { units: at(a, scale) + at(b, scale), scale };
}

/** The amount in major units, with the currency's usual digits or more: `59.90`, `5990`. */
export function amountText(amount: Amount, currency: string): string {
  const least = WITHOUT_MINOR_UNIT.has(currency) ? 0 : WITH_THREE_DIGITS.has(currency) ? 3 : 2;
  const scale = Math.max(least, amount.scale);
  const digits = at(amount, scale)
    .toString()
    .replace('-', '')
    .padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const fraction = digits
    .slice(digits.length - scale)
    .replace(/0+$/, '')
    .padEnd(least, '0');
  return `${amount.units < 0n ? '-' : ''}${whole}${fraction && `.${fraction}`}`;
}

/** The amount as a text that `amountOf` reads back. */
export function amountKey(amount: Amount): string {
  return `${amount.units}e${-amount.scale}`;
}

function at(amount: Amount, scale: number): bigint {
  return amount.units * 10n ** BigInt(scale - amount.scale);
}
