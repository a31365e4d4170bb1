import { createHash } from 'node:crypto';
import type { Spec } from './spec.ts';

/** A spec without what its activation adds. */
export type Meaning = Omit<Spec, 'version' | 'hash'>;

/** SHA-256 of what a spec means: comments, spacing, order of keys and spelling of durations change nothing. */
export function specHash(spec: Meaning): string {
  const { version: _version, hash: _hash, ...meaning } = spec as Spec;
  return createHash('sha256').update(canonical(meaning)).digest('hex');
}

export function sameMeaning(a: Meaning, b: Meaning): boolean {
  return specHash(a) === specHash(b);
}

/** JSON with the keys of every object in one order. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, part]) => `${JSON.stringify(key)}:${canonical(part)}`).join(',')}}`;
}
