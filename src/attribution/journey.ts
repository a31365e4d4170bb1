import type { TouchKind } from '../event/fact.ts';

/** One contact of a person, on whatever of the person's devices. */
export interface Touch {
  id: string;
  /** UTC ms */
  at: number;
  kind: TouchKind;
  /** such as `tiktok / paid` */
  channel: string;
}

/** What a person did that the business counts. */
export interface Conversion {
  id: string;
  /** UTC ms */
  at: number;
  /** of the event, such as `Purchase`: `once` counts by it */
  name: string;
}

/** All that is known of one person, in any order. */
export interface Journey {
  touches: readonly Touch[];
  conversions: readonly Conversion[];
}

/** The same order wherever it is computed: by time, and within a millisecond by id. */
export function inTime<T extends { id: string; at: number }>(rows: readonly T[]): T[] {
  return [...rows].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}
