import type { Consent, JsonObject, Personal } from './event.ts';
import type { LostSession } from './lost-session.ts';
import type { MoneyText } from './money.ts';

/**
 * Where an order stands. `orphan`: facts came, nobody told the order itself. `pending`: the provider waits for the money.
 * `disputed`: the payer asks for it back, and nobody has decided. `lost`: it was decided for the payer.
 */
export type OrderStatus =
  | 'orphan'
  | 'created'
  | 'pending'
  | 'partlyPaid'
  | 'paid'
  | 'partlyRefunded'
  | 'refunded'
  | 'cancelled'
  | 'disputed'
  | 'lost';

/** What a fact says of an order. The first seven move money; the others change where it stands, and no sum. */
export type FactKind =
  | 'payment'
  | 'refund'
  | 'refundReversed'
  | 'fee'
  | 'feeReturned'
  | 'chargeback'
  | 'chargebackReversed'
  | 'pending'
  | 'cancellation'
  | 'dispute'
  | 'disputeWon'
  | 'disputeLost';

/** Does money move with the fact, so that an amount belongs to it? */
export const MOVES_MONEY: Readonly<Record<FactKind, boolean>> = {
  payment: true,
  refund: true,
  refundReversed: true,
  fee: true,
  feeReturned: true,
  chargeback: true,
  chargebackReversed: true,
  pending: false,
  cancellation: false,
  dispute: false,
  disputeWon: false,
  disputeLost: false,
};

/** Whose word something is, as the spec's `precedence` names them. */
export type Teller = 'webhook' | 'server' | 'browser';

/** A purchase in the shop's own books. The key is (shop, orderId) and is kept for ever. */
export interface OrderRow {
  shop: string;
  orderId: string;
  status: OrderStatus;
  /** sequence of the order's Purchase event; absent while nobody told the order, unless its payment was sent as a sale */
  event?: number;
  /** when it was placed; absent while nobody told the order */
  createdAt?: number;
  /** the door whose creation counts: a server's beats a browser's */
  createdBy?: 'browser' | 'server' | 'webhook';
  visitor?: string;
  session?: string;
  consent: Consent;
  total?: MoneyText;
  properties: JsonObject;
  /** when the confirmation rule was met, our clock */
  confirmedAt?: number;
  /** no visitor placed it, such as a renewal */
  origin?: 'system';
  /** what is left of the money in the order's own currency: payments − refunds − fees − chargebacks + those that came back */
  net?: MoneyText;
  /** what each side first said that it is worth, by the time at which it says it was placed: `total` is made of it */
  told?: Partial<Record<Teller, { value: MoneyText; at: number }>>;
  /** `net` of any other currency that money moved in */
  otherNets?: MoneyText[];
  /** where the visitor who placed it was lost sight of, the first time */
  lostSession?: LostSession;
  /** SHA-256 of the capabilities that may ask for this order's handout */
  capabilities: string[];
  personal: Personal | null;
}

/** One fact of an order's life. The key is (shop, orderId, reference). */
export interface EntryRow {
  shop: string;
  orderId: string;
  /** the source's own id of the fact */
  reference: string;
  kind: FactKind;
  /** who told it; absent in rows from before this was kept */
  provider?: string;
  /** the payment that it belongs to, `<provider>:<its id there>`; of a payment `provider` and `reference` where absent */
  payment?: string;
  /** the source named that payment alone: the fact stands where the payment does */
  byPayment?: true;
  /** what moved, zero or more; absent where no money moves */
  amount?: MoneyText;
  /** a machine caused it, such as the renewal of a subscription */
  origin?: 'system';
  /** the source's own time, UTC ms */
  occurredAt: number;
  /** journal sequence */
  seq: number;
}
