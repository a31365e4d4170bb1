/** `59.90` and `-9.9` make `50.00`: exact, with the places of the longer one; undefined where one is no number. */
export function addDecimals(a: string, b: string): string | undefined {
  const places = Math.max(placesOf(a), placesOf(b));
  const [left, right] = [whole(a, places), whole(b, places)];
  return left === undefined || right === undefined ? undefined : decimal(left + right, places);
}

/** The same with the other sign. */
export function negated(text: string): string {
  if (/^-?[0.]+$/.test(text)) return text.replace('-', '');
  return text.startsWith('-') ? text.slice(1) : `-${text}`;
}

/** `1259.90` in thousandths of a unit, by which amounts of one currency are put in order; undefined for what is no number. */
export function thousandths(text: string): bigint | undefined {
  return placesOf(text) > 3 ? undefined : whole(text, 3);
}

/** How many times `b` is in `a`, cut to hundredths; undefined where one is no number or `b` is nothing. */
export function ratio(a: string, b: string): number | undefined {
  const places = Math.max(placesOf(a), placesOf(b));
  const [left, right] = [whole(a, places), whole(b, places)];
  return left === undefined || right === undefined || right === 0n ? undefined : Number((100n * left) / right) / 100;
}

function placesOf(text: string): number {
  const point = text.indexOf('.');
  return point < 0 ? 0 : text.length - point - 1;
}

function whole(text: string, places: number): bigint | undefined {
  if (!/^-?\d+(\.\d+)?$/.test(text)) return undefined;
  return BigInt(text.replace('.', '') + '0'.repeat(places - placesOf(text)));
}

function decimal(value: bigint, places: number): string {
  const digits = String(value < 0n ? -value : value).padStart(places + 1, '0');
  const cut = digits.length - places;
  return `${value < 0n ? '-' : ''}${digits.slice(0, cut)}${places > 0 ? `.${digits.slice(cut)}` : ''}`;
}
