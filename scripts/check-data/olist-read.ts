import { exactOf, rounded, sum } from './exact.ts';
import type { Place } from './local-time.ts';
import { type Cells, rowsOf, Unreadable } from './rows.ts';

export interface Order {
  id: string;
  /** as the file has it */
  status: string;
  customer: string;
  /** UTC ms */
  placedAt: number;
  /** when it was approved, or placed where nothing says that it was */
  paidAt: number;
  /** the last moment that is known of it */
  lastAt: number;
  payments: Payment[];
  /** items and freight, where the file of items has them */
  worth?: bigint;
  contents: { content_id: string; quantity: number; price: number }[];
}

export interface Payment {
  orderId: string;
  /** its place among those of its order, made one of a kind */
  reference: string;
  /** in units of 10^-9 */
  amount: bigint;
}

const PLACED = 'order_purchase_timestamp';
/** What the file may know of an order later; its estimated delivery never happened. */
const LATER = ['order_approved_at', 'order_delivered_carrier_date', 'order_delivered_customer_date'] as const;

/** The orders of the files by id, with what was paid for them; and the payments of orders that are not there. */
export async function readOrders(
  files: { orders: string; payments: string; items?: string },
  place: Place,
): Promise<{ orders: Map<string, Order>; strangers: Payment[]; problems: string[] }> {
  const orders = new Map<string, Order>();
  const [ofOrders, ofPayments] = [new Unreadable(files.orders), new Unreadable(files.payments)];
  let row = 0;
  for await (const cells of rowsOf(files.orders, ['order_id', 'order_status', PLACED])) {
    row++;
    const order = readOrder(cells, place);
    if (typeof order === 'string') ofOrders.add(row, order);
    else if (orders.has(order.id)) ofOrders.add(row, `order ${order.id} is there already`);
    else orders.set(order.id, order);
  }
  row = 0;
  const strangers: Payment[] = [];
  const references = new Set<string>();
  for await (const cells of rowsOf(files.payments, ['order_id', 'payment_sequential', 'payment_value'])) {
    row++;
    const payment = readPayment(cells, references);
    if (typeof payment === 'string') ofPayments.add(row, payment);
    else (orders.get(payment.orderId)?.payments ?? strangers).push(payment);
  }
  const ofItems = files.items === undefined ? [] : await readItems(files.items, orders);
  return { orders, strangers, problems: [...ofOrders.says, ...ofPayments.says, ...ofItems] };
}

function readOrder(cells: Cells, place: Place): Order | string {
  const at = (name: string): number | undefined => place.at(cells[name] ?? '');
  const [id = '', status = ''] = [cells['order_id']?.trim(), cells['order_status']?.trim()];
  const placedAt = at(PLACED);
  if (id === '') return 'it has no order_id';
  if (placedAt === undefined) return `${PLACED} is no time`;
  return {
    ...{ id, status, customer: cells['customer_id']?.trim() ?? '', placedAt, payments: [], contents: [] },
    paidAt: at(LATER[0]) ?? placedAt,
    lastAt: Math.max(placedAt, ...LATER.flatMap((name) => at(name) ?? [])),
  };
}

function readPayment(cells: Cells, references: Set<string>): Payment | string {
  const orderId = cells['order_id']?.trim() ?? '';
  const amount = exactOf(cells['payment_value'] ?? '');
  if (orderId === '') return 'it has no order_id';
  if (amount === undefined || amount < 0n) return 'payment_value is no amount of zero or more';
  const first = `${orderId}-${cells['payment_sequential']?.trim() ?? ''}`;
  let reference = first;
  for (let n = 2; references.has(reference); n++) reference = `${first}-${n}`;
  references.add(reference);
  return { orderId, reference, amount };
}

/** Gives orders their items; those of other orders are left out. */
async function readItems(file: string, orders: ReadonlyMap<string, Order>): Promise<string[]> {
  const unreadable = new Unreadable(file);
  let row = 0;
  for await (const cells of rowsOf(file, ['order_id', 'product_id', 'price', 'freight_value'])) {
    row++;
    const order = orders.get(cells['order_id']?.trim() ?? '');
    const [price, freight] = [exactOf(cells['price'] ?? ''), exactOf(cells['freight_value'] ?? '')];
    if (price === undefined || freight === undefined) unreadable.add(row, 'price or freight_value is no amount');
    else if (order) {
      order.worth = (order.worth ?? 0n) + price + freight;
      order.contents.push({
        content_id: cells['product_id']?.trim() ?? '',
        quantity: 1,
        price: Number(cells['price']),
      });
    }
  }
  return unreadable.says;
}

/** What was paid for an order, each payment rounded to the currency's digits. */
export function paidFor({ payments }: Order): bigint {
  return sum(payments.map(({ amount }) => rounded(amount)));
}

/** What an order is worth: its items and freight, or what was paid where nothing is known of them. */
export function worthOf(order: Order): bigint {
  return order.worth === undefined ? paidFor(order) : rounded(order.worth);
}
