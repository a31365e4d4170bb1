import type { JsonObject } from '../event/event.ts';
import type { LeadStep } from '../event/lead.ts';
import type { FactKind, OrderStatus } from '../event/order.ts';

/** What a figure stands on: every answer of the books says it. */
export interface Stand {
  /** when the ledger was read, UTC ms */
  asOf: number;
  specVersion: number;
  /** the business's, in which days are counted */
  timezone: string;
}

/** `59.90 EUR` as text and its parts, for people and for sums. */
export type MoneyAnswer = { amount: string; currency: string };

/** GET /v1/reports/orders: a page of the order book, newest first. */
export interface OrdersAnswer extends Stand {
  totals: { status: OrderStatus; count: number; total: MoneyAnswer | null; net: MoneyAnswer | null }[];
  orders: OrderAnswer[];
  /** for `after` of the next page; absent on the last */
  next?: string;
}

export interface OrderAnswer {
  order_id: string;
  status: OrderStatus;
  /** UTC ms; null for an orphan */
  createdAt: number | null;
  createdBy: 'browser' | 'server' | 'webhook' | null;
  confirmedAt: number | null;
  origin: 'visitor' | 'system';
  total: MoneyAnswer | null;
  net: MoneyAnswer | null;
  otherNets: MoneyAnswer[];
  visitor: string | null;
  /** what became of its Purchase: state and reason of each leg */
  legs: { destination: string; leg: string; state: string; why: string }[];
  entries: {
    reference: string;
    fact: FactKind;
    amount: MoneyAnswer | null;
    provider: string | null;
    occurredAt: number;
    seq: number;
  }[];
}

/** GET /v1/reports/leads */
export interface LeadsAnswer extends Stand {
  /** the spec's ladder, first step first, with what each step is worth */
  ladder: { status: string; value: MoneyAnswer | null; event: string | null }[];
  totals: { status: string; count: number; value: MoneyAnswer | null }[];
  leads: LeadAnswer[];
  next?: string;
  /** what the spec keeps as it is, while its freeze lasts */
  freeze?: { until: string; because: string; what: string[] } | null;
  /** the last change of a frozen part that was refused: when, how often by now, and what was to change */
  attempt?: { at: number; times: number; what: string } | null;
  /** versions of the spec that changed frozen parts all the same, oldest first: figures before and after do not compare */
  breaks?: { version: number; at: number; because: string; what: string[] }[];
}

export interface LeadAnswer {
  lead_id: string;
  status: string;
  value: MoneyAnswer | null;
  createdAt: number;
  changedAt: number;
  source: 'web' | 'crm';
  visitor: string | null;
  properties: JsonObject;
  steps: LeadStep[];
}
