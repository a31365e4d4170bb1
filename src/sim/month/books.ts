import type { JsonObject } from '../../event/event.ts';
import type { OrderStatus } from '../../event/order.ts';
import type { TwinProcess } from '../twin/client.ts';
import type { Sum } from './money.ts';
import { majorText, minorOf } from './money.ts';
import type { Truth } from './truth.ts';

/** What the collector says of an order. */
interface BookedOrder {
  orderId: string;
  status: OrderStatus;
  /** currency → minor units */
  nets: Map<string, bigint>;
}

/** What others made of the month: the collector's reports, and TikTok's count. */
export interface Books {
  orders: Map<string, BookedOrder>;
  /** by the report's own totals: currency → minor units that are left */
  nets: Map<string, bigint>;
  purchases: Map<string, Counted>;
  verdicts: Record<string, number>;
}

/** A purchase as TikTok has it. */
interface Counted {
  times: number;
  value: string;
  currency: string;
  /** the click that it came by */
  click: string;
  /** copies by the page's pixel */
  fired: number;
}

interface Money {
  amount: string;
  currency: string;
}
interface Report {
  totals: { net: Money | null }[];
  orders: { order_id: string; status: OrderStatus; net: Money | null; otherNets: Money[] }[];
  next?: string;
}

/** Reads what the month came to, where anybody can read it. */
export async function readBooks(
  reports: { url: string; cookie: string },
  verdicts: Record<string, number>,
  twin: TwinProcess,
): Promise<Books> {
  const orders = new Map<string, BookedOrder>();
  const nets = new Map<string, bigint>();
  for (let after: string | undefined = ''; after !== undefined; ) {
    const query = new URLSearchParams({ limit: '200', ...(after === '' ? {} : { after }) });
    const answer = await fetch(`${reports.url}/v1/reports/orders?${query}`, { headers: { cookie: reports.cookie } });
    if (!answer.ok) throw new Error(`the report answered ${answer.status}: ${await answer.text()}`);
    const page = (await answer.json()) as Report;
    if (after === '') for (const { net } of page.totals) add(nets, net);
    for (const { order_id: orderId, status, net, otherNets } of page.orders) {
      const own = new Map<string, bigint>();
      for (const money of [net, ...otherNets]) add(own, money);
      if (orders.has(orderId)) throw new Error(`the report has ${orderId} twice`);
      orders.set(orderId, { orderId, status, nets: own });
    }
    after = page.next;
  }
  return { orders, nets, purchases: await purchasesAt(twin), verdicts };
}

async function purchasesAt(twin: TwinProcess): Promise<Map<string, Counted>> {
  const purchases = new Map<string, Counted>();
  for (const event of await twin.events({ event: 'Purchase', limit: 1_000_000 })) {
    const { order_id: orderId, counted: times, value, currency, arrivals, body } = event;
    const fired = arrivals.filter(({ channel }) => channel === 'pixel').length;
    const known = purchases.get(orderId ?? '');
    purchases.set(orderId ?? '', {
      ...{ times: times + (known?.times ?? 0), fired: fired + (known?.fired ?? 0) },
      ...{ value: value ?? '', currency: currency ?? '', click: clickOf(body) },
    });
  }
  return purchases;
}

/** In the words of the Events API. */
function clickOf({ user }: JsonObject): string {
  return typeof user === 'object' && user !== null && !Array.isArray(user) ? String(user['ttclid'] ?? '') : '';
}

/** One thing that the two books do not agree about. */
export interface Difference {
  /** an order's id, or what is counted */
  of: string;
  what: string;
  truth: string;
  books: string;
}

/** Everything in which the books differ from the truth; nothing where they are right to the minor unit. */
export function differences(
  truth: Truth,
  books: Books,
  broken: { quarantined: number; refused: number },
): Difference[] {
  const found: Difference[] = [];
  const compare = (of: string, what: string, is: string, booked: string): void => {
    if (is !== booked) found.push({ of, what, truth: is, books: booked });
  };
  for (const orderId of new Set([...truth.orders.keys(), ...books.orders.keys()])) {
    const is = truth.orders.get(orderId);
    const booked = books.orders.get(orderId);
    compare(orderId, 'status', is?.status ?? 'no order', booked?.status ?? 'no order');
    compare(orderId, 'net', netsText(is?.nets), netsText(booked?.nets));
  }
  compare('all orders', 'net', netsText(truth.nets), netsText(books.nets));
  const counted = [...truth.orders.values()].filter((order) => order.counted);
  for (const orderId of new Set([...counted.map((order) => order.orderId), ...books.purchases.keys()])) {
    const is = truth.orders.get(orderId);
    const at = books.purchases.get(orderId);
    compare(orderId, 'Purchase at TikTok', is?.counted ? '1 time' : '0 times', timesText(at?.times ?? 0));
    if (is?.counted && at) compare(orderId, 'its value', sumText(is.counted), valueText(at));
    if (is?.counted && at) compare(orderId, 'its click', is.click, at.click);
    if (is?.counted && at) compare(orderId, 'its pixel', timesText(is.fires ? 1 : 0), timesText(at.fired));
  }
  for (const verdict of ['quarantined', 'refused'] as const)
    compare('all records', verdict, String(broken[verdict]), String(books.verdicts[verdict] ?? 0));
  return found;
}

function add(sums: Map<string, bigint>, money: Money | null): void {
  if (money) sums.set(money.currency, (sums.get(money.currency) ?? 0n) + minorOf(money.amount, money.currency));
}

/** `12.30 EUR, 500 JPY`, by currency */
export function netsText(nets: ReadonlyMap<string, bigint> | undefined): string {
  const sums = [...(nets ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
  return sums.map(([currency, minor]) => sumText({ minor, currency: currency as Sum['currency'] })).join(', ');
}

function sumText(sum: Sum): string {
  return `${majorText(sum)} ${sum.currency}`;
}

const timesText = (count: number): string => `${count} time${count === 1 ? '' : 's'}`;

/** TikTok has a number, whose text leaves zeros out. */
function valueText({ value, currency }: Counted): string {
  return sumText({ minor: minorOf(value, currency), currency: currency as Sum['currency'] });
}
