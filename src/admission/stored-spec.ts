import type { Parsed } from '../event/problem.ts';
import { parseSpec } from '../spec/parse.ts';
import type { Spec } from '../spec/spec.ts';

/** Reads a spec as its activation stored it: the text, and the rates file it named. */
export function readStored(stored: { text: string; rates: string | null }): Parsed<Spec> {
  return parseSpec(stored.text, { rates: () => stored.rates ?? undefined });
}
