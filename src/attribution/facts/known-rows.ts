import type { AdReportRow } from '../../event/ad-report.ts';
import type { DispatchRow } from '../../event/dispatch.ts';
import type { EventRow } from '../../event/event.ts';
import type { LeadRow } from '../../event/lead.ts';
import type { EntryRow, OrderRow } from '../../event/order.ts';
import type { TouchRow } from '../../event/touch.ts';
import type { OrderKey } from '../../store/known.ts';
import type { LedgerReader } from '../../store/ledger.ts';
import { shopOf } from './conversion.ts';

/** Keys of the ledger's rows that changed, each once. */
export interface ChangedKeys {
  events: number[];
  orders: OrderKey[];
  leads: string[];
  touches: string[];
  adReports: string[];
}

/** The rows behind changed keys, and what facts of these rows need of others. */
export interface ChangedRows {
  /** live events that changed */
  events: EventRow[];
  /** live events whose order changed, and they did not */
  ofOrders: EventRow[];
  /** orders that changed, and those of the events */
  order(row: EventRow): OrderRow | undefined;
  orders: OrderRow[];
  goneOrders: OrderKey[];
  entries: EntryRow[];
  leads: LeadRow[];
  touches: TouchRow[];
  adReports: AdReportRow[];
  dispatches: DispatchRow[];
}

export function orderText({ shop, orderId }: OrderKey): string {
  return JSON.stringify([shop, orderId]);
}

/** Reads the rows as they are now: what changed since the keys were listed is read too, and once more later. */
export async function readRows(keys: ChangedKeys, reader: Pick<LedgerReader, 'load'>): Promise<ChangedRows> {
  const changed = await reader.load(keys);
  const live = changed.events.filter(({ namespace }) => namespace === 'live');
  const asked = new Set(keys.orders.map(orderText));
  const read = new Set(keys.events);
  const more = await reader.load({
    events: changed.orders.flatMap(({ event }) => (event === undefined || read.has(event) ? [] : [event])),
    orders: ordersOf(live).filter((order) => !asked.has(orderText(order))),
  });
  const orders = new Map([...changed.orders, ...more.orders].map((row) => [orderText(row), row]));
  return {
    events: live,
    ofOrders: more.events.filter(({ namespace }) => namespace === 'live'),
    order: (row) =>
      row.orderId === undefined ? undefined : orders.get(orderText({ shop: shopOf(row), orderId: row.orderId })),
    orders: changed.orders,
    goneOrders: keys.orders.filter((key) => !orders.has(orderText(key))),
    entries: changed.entries,
    leads: changed.leads,
    touches: changed.touches,
    adReports: changed.adReports,
    dispatches: changed.dispatches.filter(({ draft }) => !draft),
  };
}

function ordersOf(events: readonly EventRow[]): OrderKey[] {
  const keys = events.flatMap((row) =>
    row.orderId === undefined ? [] : [{ shop: shopOf(row), orderId: row.orderId }],
  );
  return [...new Map(keys.map((key) => [orderText(key), key])).values()];
}
