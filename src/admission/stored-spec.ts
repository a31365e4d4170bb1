import type { Parsed } from '../event/problem.ts';
import { parseSpec } from '../spec/parse.ts';
import type { Spec } from '../spec/spec.ts';
import type { SpecRow } from '../store/effects.ts';

type Stored = Pick<SpecRow, 'text' | 'rates'>;

/** So many are asked for again and again: the versions that pages may still run. */
const KEPT_MAX = 32;
const kept = new Map<string, Parsed<Spec>>();

/** Reads a spec as its activation stored it: the text, and the rates file it named. The same text is parsed once. */
export function readStored({ text, rates }: Stored): Parsed<Spec> {
  const key = JSON.stringify([text, rates]);
  const parsed = kept.get(key) ?? parseSpec(text, { rates: () => rates ?? undefined });
  kept.delete(key);
  kept.set(key, parsed);
  const [oldest = ''] = kept.size > KEPT_MAX ? kept.keys() : [];
  kept.delete(oldest);
  return parsed;
}

/** Had the spec of a version this destination? The newest one answers for a version that nobody stored. */
export function hadDestination(
  version: number,
  id: string,
  { spec, specs }: { spec: Spec; specs: ReadonlyMap<number, SpecRow> },
): boolean {
  const row = version === spec.version ? undefined : specs.get(version);
  const parsed = row && readStored(row);
  return (parsed?.ok ? parsed.value : spec).destinations.some((destination) => destination.id === id);
}
