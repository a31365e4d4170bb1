/** Counts by name. */
export type Tally = ReadonlyMap<string, number>;

export function addTo(tally: Map<string, number>, name: string): void {
  tally.set(name, (tally.get(name) ?? 0) + 1);
}

export function tallyOf(names: Iterable<string>): Tally {
  const tally = new Map<string, number>();
  for (const name of names) addTo(tally, name);
  return tally;
}
