import type { JsonObject } from '../event/event.ts';
import type { LeadStep } from '../event/lead.ts';
import type { LostSession } from '../event/lost-session.ts';
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
  /** what orders can be narrowed to, and how many of all orders that leaves */
  marks: { kind: 'currency' | 'provider' | 'session' | 'shop'; name: string; orders: number }[];
  orders: OrderAnswer[];
  /** for `after` of the next page; absent on the last */
  next?: string;
}

export interface OrderAnswer {
  order_id: string;
  /** the business that it was placed at */
  shop: string;
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
  /** where the visitor's session was lost: `says` is the sentence, `from` and `to` are hosts or a webhook, `seq` leads to Trace */
  lostSession: { says: string; from: string; to: string; how: LostSession['how']; seq: number; at: number } | null;
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
  /** where the bands of `ageing` part, in days: `[1, 3]` means under a day, 1 to under 3, and 3 or more */
  ageingDays: number[];
  /**
   * of each status that leads stand at: how many of all leads have stood there so long at `asOf`, band by band. The
   * leads of a band are the list with `age=1-3`, in days; of the last one with `age=30-`
   */
  ageing: { status: string; leads: number[] }[];
  leads: LeadAnswer[];
  next?: string;
  /** what the spec keeps as it is, while its freeze lasts */
  freeze?: { until: string; because: string; what: string[] } | null;
  /** the last change of a frozen part that was refused: when, how often by now, and what was to change */
  attempt?: { at: number; times: number; what: string } | null;
  /** versions of the spec that changed frozen parts all the same, oldest first: figures before and after do not compare */
  breaks?: { version: number; at: number; because: string; by?: string; what: string[] }[];
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
