import { adReportKey } from '../event/ad-report.ts';
import type { Effects } from './effects.ts';
import type { OrderKey } from './known.ts';

/** Keys of rows that stand otherwise than before, each once. */
export interface Changed {
  /** rising; also those of which only a dispatch or an attempt changed */
  events: number[];
  /** also those of which only an entry changed, and those that were taken away */
  orders: OrderKey[];
  leads: string[];
  /** ids */
  touches: string[];
  /** as `adReportKey` writes them */
  adReports: string[];
  /** versions */
  specs: number[];
}

/** What one commit changed. Retention is none of these. */
export interface Change extends Changed {
  /** 1, 2, 3 … as long as the ledger is the same; one that was derived anew counts from 1 again */
  n: number;
  offset: number;
}

/** Of each kind of row that is followed, what it is called by. */
export interface KeyOf {
  events: number;
  orders: OrderKey;
  leads: string;
  touches: string;
  adReports: string;
}

/** A ledger remembers its last changes: whoever is further behind begins anew, which by then is the shorter way. */
export const CHANGES_KEPT = 250_000;

/** The keys of the rows that a commit writes or takes away, each once; those of dispatches and attempts are their events'. */
export function changed(effects: Effects): Changed {
  const { moved, orders, entries } = effects;
  return {
    events: eventsOf(effects),
    orders: ordersOf([...moved, ...orders, ...entries]),
    leads: unique(effects.leads.map(({ leadId }) => leadId)),
    touches: unique(effects.touches.map(({ touch }) => touch)),
    adReports: unique(effects.adReports.map(adReportKey)),
    specs: unique(effects.specs.map(({ version }) => version)),
  };
}

/** Rising. A commit of new events, each with its dispatches, tells them in that order already. */
function eventsOf({ events, dispatches, attempts }: Effects): number[] {
  const seqs: number[] = [];
  for (const { seq } of events) seqs.push(seq);
  for (const { event } of dispatches) seqs.push(event);
  for (const { event } of attempts) seqs.push(event);
  const sorted = Float64Array.from(seqs).sort();
  const once: number[] = [];
  for (const seq of sorted) if (once.at(-1) !== seq) once.push(seq);
  return once;
}

function ordersOf(keys: readonly OrderKey[]): OrderKey[] {
  if (keys.length === 0) return [];
  const once = new Map(keys.map(({ shop, orderId }) => [JSON.stringify([shop, orderId]), { shop, orderId }]));
  return [...once.values()];
}

function unique<T>(keys: readonly T[]): T[] {
  return keys.length < 2 ? [...keys] : [...new Set(keys)];
}
