import type { BrowserBatch, BrowserReport, WireEvent, WireOrder } from '../../src/api/wire.ts';
import { namedBatch, namedOrder } from '../../src/collection/script-batch.ts';

export type ReportOf<K extends BrowserReport[0]> = Extract<BrowserReport, [K, ...unknown[]]>;

/** A body that the script sent to the collector. */
export function bodyOf<T extends BrowserBatch | WireOrder>(text: string): T {
  const body = JSON.parse(text) as T;
  return ('order_id' in body ? namedOrder(body) : namedBatch(body)) as T;
}

/** The events of a batch, without the reports between them. */
export function eventsOf({ events = [] }: BrowserBatch): WireEvent[] {
  return events.filter((told): told is WireEvent => !Array.isArray(told));
}

export function reportsOf({ events = [] }: BrowserBatch): BrowserReport[] {
  return events.filter((told) => Array.isArray(told));
}

export function isReport<K extends BrowserReport[0]>(kind: K): (report: BrowserReport) => report is ReportOf<K> {
  return (report): report is ReportOf<K> => report[0] === kind;
}
