import type { AdReportRow } from '../event/ad-report.ts';
import type { DispatchRow } from '../event/dispatch.ts';
import type { EventRow } from '../event/event.ts';
import type { FindingRow } from '../event/finding.ts';
import type { LeadRow } from '../event/lead.ts';
import type { EntryRow, OrderRow } from '../event/order.ts';
import type { TouchRow } from '../event/touch.ts';

/** What admission asks for before it decides a batch. Unknown keys are simply missing in the answer. */
export interface Keys {
  events: number[];
  orders: OrderKey[];
  /** payments of a shop: which entries belong to them */
  payments?: { shop: string; payment: string }[];
  findings?: string[];
  /** events by their own key, however old; slower than by sequence */
  named?: EventKey[];
  /** visitors whose newest events with a leg that has not ended are wanted, and whose newest leads; up to 1,000 each */
  visitors?: string[];
  /** ids of touches */
  touches?: string[];
  /** keys of reports' rows, as `adReportKey` writes them */
  adReports?: string[];
  /** visitors of whom it is asked whether they said no */
  choosers?: string[];
  /** visitors whose newest event with a page, and with a click on an ad, is wanted: it serves an order told without */
  contexts?: string[];
  /** ids of leads */
  leads?: string[];
}

/** What makes two rows the same order. */
export type OrderKey = Pick<OrderRow, 'shop' | 'orderId'>;

/** What makes two observations the same event. */
export type EventKey = Pick<EventRow, 'sourceId' | 'name' | 'eventId'>;

/** What the ledger has of them. */
export interface Known {
  events: EventRow[];
  orders: OrderRow[];
  /** all entries of the orders asked for */
  entries: EntryRow[];
  /** all entries of the payments asked for, wherever they stand */
  paid: EntryRow[];
  /** all dispatches of the events asked for */
  dispatches: DispatchRow[];
  findings: FindingRow[];
  touches: TouchRow[];
  adReports: AdReportRow[];
  /** those of the visitors asked for whose last word was no */
  refusers: string[];
  /** of each visitor of `contexts` the newest event with a page, then the newest with a click, if it is another */
  contexts: EventRow[];
  leads: LeadRow[];
}
