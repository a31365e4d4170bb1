type Numbers = Uint8Array | Int32Array | Uint32Array | Float64Array | BigInt64Array;

/** Arrays grow by an eighth: what is reserved and empty counts against the memory of a row. */
const GROWTH = 1.125;
const ROWS_FIRST = 64;

/** The array itself where it has room for `rows`, else its contents in a larger one; the rest is 0. */
export function grown<T extends Numbers>(array: T, rows: number): T {
  if (rows <= array.length) return array;
  const room = Math.max(ROWS_FIRST, rows, Math.ceil(array.length * GROWTH));
  // Moved rather than copied: the old memory is free at once, and large blocks are remapped.
  const buffer = (array.buffer as ArrayBuffer).transfer(room * array.BYTES_PER_ELEMENT);
  return new (array.constructor as new (buffer: ArrayBuffer) => T)(buffer);
}

/** The first `rows` in an array of their own size. */
export function exactly<T extends Numbers>(array: T, rows: number): T {
  if (rows === array.length) return array;
  const buffer = (array.buffer as ArrayBuffer).transfer(rows * array.BYTES_PER_ELEMENT);
  return new (array.constructor as new (buffer: ArrayBuffer) => T)(buffer);
}

/** The rows at these places, in an array of their own. */
export function picked<T extends Numbers>(column: T, places: Uint32Array): T {
  const rows = new (column.constructor as new (rows: number) => T)(places.length);
  for (let row = 0; row < places.length; row++) rows[row] = column[places[row] as number] as never;
  return rows;
}
