/**
 * Places of rows in the order of their times, and within a millisecond of their numbers; undefined where they stand in it. Rows
 * mostly come in order: those that do are left where they are, only the late ones are sorted, and the two are merged.
 */
export function inOrder(at: Float64Array, number: Float64Array, count = at.length): Uint32Array | undefined {
  const before = (a: number, b: number): number =>
    (at[a] as number) - (at[b] as number) || (number[a] as number) - (number[b] as number);
  const late: number[] = [];
  let last = -1;
  for (let row = 0; row < count; row++)
    if (last >= 0 && before(row, last) < 0) late.push(row);
    else last = row;
  if (late.length === 0) return undefined;
  const places = new Uint32Array(count);
  const isLate = new Uint8Array(count);
  for (const row of late) isLate[row] = 1;
  late.sort(before);
  let write = 0;
  let read = 0;
  for (let row = 0; row < count; row++) {
    if (isLate[row] === 1) continue;
    for (; read < late.length && before(late[read] as number, row) < 0; read++) places[write++] = late[read] as number;
    places[write++] = row;
  }
  for (; read < late.length; read++) places[write++] = late[read] as number;
  return places;
}
