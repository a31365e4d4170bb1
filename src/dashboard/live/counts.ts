import type { LiveCounts } from '../../api/answers.ts';
import type { DispatchState } from '../../event/dispatch.ts';
import type { Verdict } from '../../event/event.ts';
import { VERDICTS } from './filter.ts';
import { isOurDoor } from './words.ts';

export interface Term {
  is: Verdict | 'lag';
  count: number;
}

export interface Equation {
  records: number;
  terms: Term[];
  /** of all records, whatever is shown */
  sum: number;
  adds: boolean;
  /** how many are Assay's own, and so left out of a sum of the senders' */
  ours: number;
}

/**
 * received = admitted + paired + duplicate + quarantined + refused + lag, with our own records or without. A record
 * without a verdict may turn out to be ours.
 */
export function equation(counts: LiveCounts, withOurs: boolean): Equation {
  const all = termsOf(counts.byVerdict, counts.lag);
  const sum = total(all);
  const own = counts.byDoor.filter((door) => isOurDoor(door.door));
  const ours = own.reduce((records, door) => records + door.total, 0);
  const adds = sum === counts.records;
  if (withOurs) return { records: counts.records, terms: all, sum, adds, ours };
  const terms = all.map(({ is, count }) => ({
    is,
    count: is === 'lag' ? count : count - own.reduce((less, door) => less + (door.byVerdict[is] ?? 0), 0),
  }));
  return { records: counts.records - ours, terms, sum, adds, ours };
}

function termsOf(byVerdict: LiveCounts['byVerdict'], lag: number): Term[] {
  return [...VERDICTS.map((is) => ({ is, count: byVerdict[is] })), { is: 'lag', count: lag }];
}

const STATES: readonly DispatchState[] = ['held', 'queued', 'inFlight', 'delivered', 'unknown', 'withheld', 'dead'];

export interface LegCounts {
  destination: string;
  leg: string;
  total: number;
  states: { state: DispatchState; count: number }[];
}

/** Dispatches by destination and leg, their states in the order of a dispatch's life; states with none are left out. */
export function legs(dispatches: LiveCounts['dispatches']): LegCounts[] {
  const byLeg = new Map<string, LiveCounts['dispatches']>();
  for (const dispatch of dispatches) {
    const key = `${dispatch.destination} ${dispatch.leg}`;
    byLeg.set(key, [...(byLeg.get(key) ?? []), dispatch]);
  }
  return [...byLeg.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, own]) => {
      const [first] = own;
      if (!first) return [];
      const states = STATES.map((state) => ({ state, count: total(own.filter((each) => each.state === state)) }));
      return [
        {
          destination: first.destination,
          leg: first.leg,
          total: total(own),
          states: states.filter((each) => each.count > 0),
        },
      ];
    });
}

function total(counted: readonly { count: number }[]): number {
  return counted.reduce((sum, each) => sum + each.count, 0);
}
