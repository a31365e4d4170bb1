import type { CartLine } from './cart.ts';
import type { Contact } from './contact.ts';

export interface ShopOrder {
  orderId: string;
  /** the shop's session that placed it */
  owner: string;
  customer: string;
  lines: readonly CartLine[];
  totalCents: number;
  contact: Contact;
  placedAt: number;
  /** the hosted checkout's page for it, where the shop has one */
  payUrl?: string;
  /** set once the collector knows the order */
  handout?: string;
}

const ORDERS_MAX = 10_000;

/** The shop's own orders, numbered as shops do; the oldest go when there are too many. */
export class Orders {
  readonly #byId = new Map<string, ShopOrder>();
  #next: number;

  constructor(first: number) {
    this.#next = first;
  }

  place(placed: Omit<ShopOrder, 'orderId'>): ShopOrder {
    const order = { ...placed, orderId: String(this.#next) };
    this.#next += 1;
    this.#byId.set(order.orderId, order);
    const oldest = this.#byId.keys().next();
    if (this.#byId.size > ORDERS_MAX && !oldest.done) this.#byId.delete(oldest.value);
    return order;
  }

  /** An order, for the session that placed it only. */
  ownedBy(owner: string | undefined, orderId: string): ShopOrder | undefined {
    const order = this.#byId.get(orderId);
    return order && order.owner === owner ? order : undefined;
  }
}
