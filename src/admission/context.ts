import type { DispatchRow } from '../event/dispatch.ts';
import type { Spec } from '../spec/spec.ts';
import type { Guard } from './guard.ts';
import type { Working } from './working.ts';

/** What a decision may look at and change while a batch is decided. */
export interface Context {
  working: Working;
  guard: Guard;
  spec: Spec;
}

/** The same leg in another state. Times that belonged to the old state go with it. */
export function moved(
  leg: DispatchRow,
  to: Pick<DispatchRow, 'state' | 'why' | 'changedAt'> & { dueAt?: number; expiresAt?: number },
): DispatchRow {
  const { dueAt: _due, expiresAt: _expires, ...rest } = leg;
  return { ...rest, ...to };
}
