import { amountText, type EarnedRow, NOBODY } from './earned.ts';

/** What one channel earned, or one day; the value is text in major units, with its currency where the file names one. */
export interface SumRow {
  key: string;
  conversions: number;
  value?: string;
  currency?: string;
}

/** By what rows are summed: channel, kind of touch, or the day of the touch or of the conversion. */
export type Measure = (row: EarnedRow) => string;

/** Sums by key and currency; two currencies are never added. */
export class Sums {
  readonly #sums = new Map<string, { key: string; currency: string; conversions: number; minor: bigint }>();
  readonly #measure: Measure;
  #earned = 0;
  #conversions = 0;

  constructor(measure: Measure) {
    this.#measure = measure;
  }

  add(row: EarnedRow): void {
    const key = row.why === undefined ? this.#measure(row) : NOBODY;
    const name = `${key}\n${row.currency}`;
    const sum = this.#sums.get(name) ?? { key, currency: row.currency, conversions: 0, minor: 0n };
    this.#sums.set(name, sum);
    sum.conversions += row.share;
    sum.minor += row.minor;
    this.#conversions += row.share;
    if (row.why === undefined) this.#earned += row.share;
  }

  /** Conversions that somebody earned, of all. */
  get earned(): { earned: number; of: number } {
    return { earned: Math.round(this.#earned), of: Math.round(this.#conversions) };
  }

  /** Largest first, and last what nobody earned. */
  rows(decimals: number, hasValue: boolean): SumRow[] {
    return [...this.#sums.values()]
      .sort(
        (a, b) =>
          Number(a.key === NOBODY) - Number(b.key === NOBODY) ||
          b.conversions - a.conversions ||
          (a.key < b.key ? -1 : a.key > b.key ? 1 : a.currency < b.currency ? -1 : 1),
      )
      .map(({ key, currency, conversions, minor }) => ({
        key,
        // Shares are sums of floats: what is beyond a billionth is their noise.
        conversions: Number(conversions.toFixed(9)),
        ...(hasValue ? { value: amountText(minor, currency, decimals) } : {}),
        ...(currency === '' ? {} : { currency }),
      }));
  }
}
