const whole = new Intl.NumberFormat('en-GB');

/** `12,345`. */
export function numberText(value: number): string {
  return whole.format(value);
}

/** `1 record`, `2 records`. */
export function countText(value: number, one: string, many = `${one}s`): string {
  return `${numberText(value)} ${value === 1 ? one : many}`;
}
