import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AssayError } from '../event/error.ts';
import type { JsonObject } from '../event/event.ts';
import type { ToldSpec } from '../event/told.ts';
import { DEFAULT_TRACKING_YAML } from '../spec/default-text.ts';
import { parseSpec } from '../spec/parse.ts';
import { renderProblems } from '../spec/problems.ts';
import type { Spec } from '../spec/spec.ts';
import type { SpecRow } from '../store/effects.ts';
import type { NewRecord } from '../store/journal.ts';

/** A tracking file as read from disk, with the rates file it names. */
export interface SpecFile {
  spec: Spec;
  text: string;
  rates: string | null;
}

/** Reads the tracking file, or the built-in spec where there is none. Throws with every problem listed. */
export function readSpecFile(path: string): SpecFile {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : DEFAULT_TRACKING_YAML;
  let rates: string | null = null;
  const parsed = parseSpec(text, {
    rates: (file) => {
      const beside = join(dirname(path), file);
      if (!existsSync(beside)) return undefined;
      rates = readFileSync(beside, 'utf8');
      return rates;
    },
  });
  if (!parsed.ok) throw new AssayError('spec_invalid', renderProblems(path, text, parsed.problems));
  return { spec: parsed.value, text, rates };
}

/** The record that makes a spec active; `override` says why it may change what is frozen, and `by` who says so. */
export function specRecord(file: SpecFile, now: number, override?: string, by?: string): NewRecord {
  const told: ToldSpec = { text: file.text, rates: file.rates, hash: file.spec.hash };
  if (override !== undefined) told.override = override;
  if (override !== undefined && by !== undefined) told.by = by;
  return {
    kind: 'spec',
    door: 'spec',
    keyId: '',
    receivedAt: now,
    body: told as unknown as JsonObject,
    personal: null,
  };
}

/** The specs of all versions: an event keeps the names of the version its page ran. */
export class Specs {
  readonly #byVersion = new Map<number, Spec>();
  #newest: Spec | undefined;

  /** Takes in what the ledger lists. */
  learn(rows: readonly SpecRow[]): void {
    for (const row of rows) {
      if (this.#byVersion.has(row.version)) continue;
      const parsed = parseSpec(row.text, { rates: () => row.rates ?? undefined });
      if (!parsed.ok) throw new AssayError('spec_unreadable', `spec version ${row.version} can't be read`);
      const spec = { ...parsed.value, version: row.version };
      this.#byVersion.set(row.version, spec);
      if (!this.#newest || row.version > this.#newest.version) this.#newest = spec;
    }
  }

  get newest(): Spec {
    if (!this.#newest) throw new AssayError('spec_missing', 'no tracking spec is active');
    return this.#newest;
  }

  of(version: number): Spec {
    return this.#byVersion.get(version) ?? this.newest;
  }
}
