import type { Parsed } from '../event/problem.ts';
import { parseSpec } from '../spec/parse.ts';
import type { Spec } from '../spec/spec.ts';
import type { SpecRow } from '../store/ledger.ts';

type Stored = Pick<SpecRow, 'text' | 'rates'>;

/** Reads a spec as its activation stored it: the text, and the rates file it named. */
export function readStored(stored: Stored): Parsed<Spec> {
  return parseSpec(stored.text, { rates: () => stored.rates ?? undefined });
}

const read = new WeakMap<Stored, Parsed<Spec>>();

/** Had the spec of a version this destination? The newest one answers for a version that nobody stored. */
export function hadDestination(
  version: number,
  id: string,
  { spec, specs }: { spec: Spec; specs: ReadonlyMap<number, SpecRow> },
): boolean {
  const row = version === spec.version ? undefined : specs.get(version);
  const parsed = row && (read.get(row) ?? readStored(row));
  if (row && parsed) read.set(row, parsed);
  return (parsed?.ok ? parsed.value : spec).destinations.some((destination) => destination.id === id);
}
