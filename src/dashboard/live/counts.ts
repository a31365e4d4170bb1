import type { LiveCounts } from '../../api/answers.ts';
import type { DispatchState } from '../../event/dispatch.ts';
import type { Verdict } from '../../event/event.ts';
import { VERDICTS } from './filter.ts';

export interface Term {
  is: Verdict | 'lag';
  count: number;
}

/** The right side of: records = admitted + paired + duplicate + quarantined + refused + lag. */
export function terms(counts: LiveCounts): { terms: Term[]; sum: number; adds: boolean } {
  const all: Term[] = [
    ...VERDICTS.map((is) => ({ is, count: counts.byVerdict[is] })),
    { is: 'lag', count: counts.lag },
  ];
  const sum = all.reduce((total, term) => total + term.count, 0);
  return { terms: all, sum, adds: sum === counts.records };
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
