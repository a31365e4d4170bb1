const whole = new Intl.NumberFormat('en-GB');

/** `12,345`. */
export function numberText(value: number): string {
  return whole.format(value);
}

/** `12,345`, or `12.33` of what is shared: two places at most. */
export function partText(value: number): string {
  return numberText(Math.round(value * 100) / 100);
}

/** `1 record`, `2 records`. */
export function countText(value: number, one: string, many = `${one}s`): string {
  return `${numberText(value)} ${value === 1 ? one : many}`;
}
