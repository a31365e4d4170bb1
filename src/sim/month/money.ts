/** The currencies of the month, with the digits of their minor unit. */
const DIGITS = { EUR: 2, USD: 2, JPY: 0, KWD: 3 } as const;

export type Currency = keyof typeof DIGITS;

/** Whole minor units of one currency. */
export interface Sum {
  minor: bigint;
  currency: Currency;
}

/** Major units as providers write them: `59.90`, `5990`, `-12.340`. */
export function majorText({ minor, currency }: Sum): string {
  const digits = DIGITS[currency];
  const text = (minor < 0n ? -minor : minor).toString().padStart(digits + 1, '0');
  const whole = text.slice(0, text.length - digits);
  return `${minor < 0n ? '-' : ''}${whole}${digits > 0 ? `.${text.slice(text.length - digits)}` : ''}`;
}

/** Minor units of a text in major ones. Throws where it has more digits than the currency, or is no amount. */
export function minorOf(text: string, currency: string): bigint {
  const digits = isCurrency(currency) ? DIGITS[currency] : undefined;
  const [, sign, whole = '', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  if (digits === undefined || whole === '' || fraction.length > digits)
    throw new Error(`${text} ${currency} is no sum of this month`);
  const minor = BigInt(whole + fraction.padEnd(digits, '0'));
  return sign ? -minor : minor;
}

function isCurrency(code: string): code is Currency {
  return Object.hasOwn(DIGITS, code);
}
