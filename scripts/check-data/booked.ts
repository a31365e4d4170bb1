import type { Collector } from './collector.ts';
import { amountOf, sum } from './exact.ts';
import { daysOf, type Place } from './local-time.ts';
import type { Cells } from './rows.ts';

/** One entry of the books: what moved, with its sign. */
export interface BookedEntry {
  orderId: string;
  reference: string;
  fact: string;
  signed: bigint;
  month: string;
}

/** An order as the books list it under the month in which it was placed. */
export interface BookedOrder {
  orderId: string;
  status: string;
  month: string;
  total: bigint;
  net: bigint;
}

const SIGNS: Readonly<Record<string, bigint>> = {
  payment: 1n,
  chargebackReversed: 1n,
  refund: -1n,
  fee: -1n,
  chargeback: -1n,
};

/** All entries of the CSV of entries. */
export async function bookedEntries(collector: Collector, place: Place): Promise<BookedEntry[]> {
  const cells = await collector.report('/v1/reports/orders-entries.csv');
  return cells.map((row) => ({
    orderId: cell(row, 'order_id'),
    reference: cell(row, 'reference'),
    fact: cell(row, 'fact'),
    signed: amount(row, 'amount') * (SIGNS[cell(row, 'fact')] ?? 0n),
    month: place.month(Date.parse(cell(row, 'occurred_at'))),
  }));
}

/** The orders that the CSV of orders has for each of the months, by the report's own days. */
export async function bookedOrders(collector: Collector, months: readonly string[]): Promise<BookedOrder[]> {
  const all: BookedOrder[] = [];
  for (const month of months) {
    const { from, to } = daysOf(month);
    for (const row of await collector.report(`/v1/reports/orders.csv?from=${from}&to=${to}`))
      all.push({
        ...{ orderId: cell(row, 'order_id'), status: cell(row, 'status'), month },
        ...{ total: amount(row, 'total'), net: amount(row, 'net') },
      });
  }
  return all;
}

/** Did anybody tell the order itself? Of an orphan there are facts alone. */
export function isPlaced({ status }: BookedOrder): boolean {
  return status !== 'orphan';
}

/** What the report's own totals give as net, in one currency. */
export async function bookedNet(collector: Collector, currency: string): Promise<bigint> {
  const totals = await collector.orderTotals();
  return sum(totals.flatMap(({ net }) => (net?.currency === currency ? [amountOf(net.amount)] : [])));
}

function cell(row: Cells, name: string): string {
  const text = row[name];
  if (text === undefined) throw new Error(`The report has no column ${name}.`);
  return text;
}

function amount(row: Cells, name: string): bigint {
  const text = cell(row, name);
  return text === '' ? 0n : amountOf(text);
}
