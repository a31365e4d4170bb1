import type { DispatchRow } from '../event/dispatch.ts';
import type { KeyRow, TestRow } from '../event/key.ts';
import type { Spec } from '../spec/spec.ts';
import type { SpecRow } from '../store/effects.ts';
import type { Guard } from './guard.ts';
import type { Working } from './working.ts';

/** What a decision may look at and change while a batch is decided. */
export interface Context {
  working: Working;
  guard: Guard;
  spec: Spec;
  /** specs by version, as they were activated */
  specs: ReadonlyMap<number, SpecRow>;
  /** operators' keys by id, those that are over included */
  keys: ReadonlyMap<string, KeyRow>;
  /** test sessions by destination, those that are over included */
  tests: ReadonlyMap<string, TestRow>;
}

/** The same leg in another state. Times that belonged to the old state go with it. */
export function moved(
  leg: DispatchRow,
  to: Pick<DispatchRow, 'state' | 'why' | 'changedAt'> & { dueAt?: number; expiresAt?: number },
): DispatchRow {
  const { dueAt: _due, expiresAt: _expires, ...rest } = leg;
  return { ...rest, ...to };
}
