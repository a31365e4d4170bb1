import type { Credited } from '../../attribution/credit.ts';
import { splitMoney } from '../../attribution/split.ts';
import { decimalText, quantize } from '../../event/decimal.ts';
import { exponentOf } from '../../event/money.ts';
import type { PersonJourney, Worth } from './journeys.ts';

/** One share of one conversion, or a conversion that nobody earned. */
export interface EarnedRow {
  person: string;
  conversion: string;
  name: string;
  /** UTC ms */
  convertedAt: number;
  touch?: string;
  touchedAt?: number;
  channel: string;
  kind?: string;
  share: number;
  /** minor units of the currency, or of the file's own digits */
  minor: bigint;
  currency: string;
  /** why nobody earned it */
  why?: string;
}

/** Channel of what nobody earned. */
export const NOBODY = '(none)';

/** A person's credits as rows; the money of each conversion is split in whole minor units. */
export function earnedRows(
  { person, conversions }: PersonJourney,
  credits: readonly Credited[],
  decimals: number,
): EarnedRow[] {
  const worths = new Map(conversions.map(({ id, worth }) => [id, worth]));
  return credits.flatMap((one): EarnedRow[] => {
    const worth = worths.get(one.conversion.id);
    const shared = {
      person,
      conversion: one.conversion.id,
      name: one.conversion.name,
      convertedAt: one.conversion.at,
      currency: worth?.currency ?? '',
    };
    const minor = minorOf(worth, decimals);
    if (one.kind === null) return [{ ...shared, channel: NOBODY, share: 1, minor, why: one.why }];
    const parts = splitMoney(
      minor,
      one.shares.map(({ share }) => share),
    );
    return one.shares.map(({ touch, share }, place) => ({
      ...shared,
      touch: touch.id,
      touchedAt: touch.at,
      channel: touch.channel,
      kind: touch.kind,
      share,
      minor: parts[place] as bigint,
    }));
  });
}

/** Digits after the point that a currency's money has; those of the file where it names none. */
function digitsOf(currency: string, decimals: number): number {
  return currency === '' ? decimals : (exponentOf(currency) ?? decimals);
}

/** Amount in major units. */
export function amountText(minor: bigint, currency: string, decimals: number): string {
  return decimalText(minor, digitsOf(currency, decimals));
}

function minorOf(worth: Worth | undefined, decimals: number): bigint {
  if (!worth) return 0n;
  return quantize({ units: worth.micro, scale: 6 }, digitsOf(worth.currency, decimals), 'half-even');
}
