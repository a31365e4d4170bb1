/** A copy in the order of the values that `by` gives, compared one after the other. */
export function orderBy<Row>(rows: readonly Row[], by: (row: Row) => readonly (string | number)[]): Row[] {
  return rows
    .map((row) => ({ row, values: by(row) }))
    .sort((a, b) => compare(a.values, b.values))
    .map(({ row }) => row);
}

function compare(a: readonly (string | number)[], b: readonly (string | number)[]): number {
  for (const [n, left] of a.entries()) {
    const right = b[n] ?? 0;
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}
