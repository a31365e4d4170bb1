import type { Consent, JsonObject, Personal } from './event.ts';
import type { MoneyText } from './money.ts';

type OrderStatus = 'orphan' | 'created' | 'partlyPaid' | 'paid';

/** A purchase in the shop's own books. The key is (shop, orderId) and is kept for ever. */
export interface OrderRow {
  shop: string;
  orderId: string;
  status: OrderStatus;
  /** sequence of the order's Purchase event; absent for an orphan payment */
  event?: number;
  createdAt?: number;
  /** the door whose creation counts: a server's beats a browser's */
  createdBy?: 'browser' | 'server';
  visitor?: string;
  session?: string;
  consent: Consent;
  total?: MoneyText;
  properties: JsonObject;
  /** when the confirmation rule was met, our clock */
  confirmedAt?: number;
  /** SHA-256 of the capabilities that may ask for this order's handout */
  capabilities: string[];
  personal: Personal | null;
}

/** One movement of an order's money. The key is (shop, orderId, reference). */
export interface EntryRow {
  shop: string;
  orderId: string;
  /** the source's own id of the movement */
  reference: string;
  kind: 'payment';
  /** who told it; absent in rows from before this was kept */
  provider?: string;
  amount: MoneyText;
  occurredAt: number;
  /** journal sequence */
  seq: number;
}
