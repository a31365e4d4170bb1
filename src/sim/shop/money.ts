/** Prices are whole cents of one currency. */
export const CURRENCY = 'EUR';

/** `59.90`: the amount as it stands in requests. */
export function amountText(cents: number): string {
  return `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
}

/** `€1,059.90`: the amount as a person reads it. */
export function priceText(cents: number): string {
  const [whole = '0', fraction = '00'] = amountText(cents).split('.');
  return `€${whole.replace(/\B(?=(\d{3})+$)/g, ',')}.${fraction}`;
}

/** The JSON number that TikTok's pixel wants; only ever at the edge. */
export function amountNumber(cents: number): number {
  return Number(amountText(cents));
}
