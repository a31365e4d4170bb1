import type { MoneyText } from '../event/money.ts';
import type { EntryRow, OrderRow, OrderStatus } from '../event/order.ts';

/** What a list of orders is narrowed to; times are UTC ms of `orderedAt`, `from` included, `to` not. */
export interface OrdersAsked {
  status?: OrderStatus;
  /** begins with it */
  orderId?: string;
  /** money of it was due or moved in the currency */
  currency?: string;
  /** a fact of it was told by the provider */
  provider?: string;
  shop?: string;
  /** its visitor's session was lost on the way */
  session?: 'lost';
  from?: number;
  to?: number;
  after?: { createdAt: number; orderId: string; shop: string };
}

/** What some orders have in common, and how many they are. */
export interface OrderMark {
  kind: 'currency' | 'provider' | 'session' | 'shop';
  name: string;
  orders: number;
}

export interface OrderWithEntries {
  order: OrderRow;
  entries: EntryRow[];
}

/** Orders of one status and one currency. */
export interface OrderTotal {
  status: OrderStatus;
  /** of the total, else of the net; empty for orders that have neither */
  currency: string;
  /** orders of that currency; 0 where only other orders' `otherNets` moved money in it */
  count: number;
  /** sums as money text of that currency, absent where the currency is empty; `net` has the `otherNets` too */
  total?: MoneyText;
  net?: MoneyText;
}

/** What a list of leads is narrowed to, likewise. */
export interface LeadsAsked {
  status?: string;
  /** begins with it */
  leadId?: string;
  /** since when it has stood at its status, UTC ms of `changedAt` */
  changed?: { from?: number; to?: number };
  from?: number;
  to?: number;
  after?: { createdAt: number; leadId: string };
}

/** Leads of one status and one currency. */
export interface LeadTotal {
  status: string;
  /** empty for leads without a value */
  currency: string;
  count: number;
  value?: MoneyText;
}

/** How long the leads of one status have stood at it. */
export interface LeadAges {
  status: string;
  /** by age: those younger than the first bound, those between two of them, and at last those of the last one or more */
  leads: number[];
}
