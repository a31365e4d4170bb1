import { exactOf, rounded, sum } from './exact.ts';
import type { Cells } from './rows.ts';

/** One line of an invoice. */
export interface Line {
  invoice: string;
  stock: string;
  name: string;
  quantity: bigint;
  /** as the file has it, such as `2011-04-01T08:26:00` */
  at: string;
  price: bigint;
  priceText: string;
  customer: string;
}

export type Kind = 'sale' | 'cancellation' | 'bad_debt_adjustment' | 'stock_correction' | 'other';

/** The lines of one invoice that are of one kind and month: what the books know as one order or one fact. */
export interface Document {
  /** the invoice's number, with a suffix where it is another document's already */
  id: string;
  invoice: string;
  kind: Kind;
  month: string;
  /** of its first line */
  at: string;
  lines: Line[];
  /** quantity × price, exact, in units of 10^-9 */
  exact: bigint;
  /** the same, rounded to pence */
  booked: bigint;
}

export const LINE_COLUMNS = [
  ...['invoice_no', 'stock_code', 'description', 'quantity', 'invoice_date', 'unit_price_gbp', 'customer_id'],
];

/** A line of the file, or why it is none. */
export function readLine(cells: Cells, isTime: (text: string) => boolean): Line | string {
  const text = (name: string): string => cells[name]?.trim() ?? '';
  const [invoice, at, priceText] = [text('invoice_no'), text('invoice_date'), text('unit_price_gbp')];
  const price = exactOf(priceText);
  if (invoice === '') return 'it has no invoice_no';
  if (!/^[+-]?\d{1,18}$/.test(text('quantity'))) return 'quantity is no whole number';
  if (price === undefined) return 'unit_price_gbp is no amount';
  if (!isTime(at)) return 'invoice_date is no time';
  const [stock, name, customer] = [text('stock_code'), text('description'), text('customer_id')];
  return { ...{ invoice, stock, name, at, price, priceText, customer }, quantity: BigInt(text('quantity')) };
}

/** What kind of document a line belongs to: the invoice's letter says it, and where it has none, the quantity. */
function kindOf({ invoice, quantity }: Line): Kind {
  if (invoice.startsWith('C')) return 'cancellation';
  if (invoice.startsWith('A')) return 'bad_debt_adjustment';
  if (/^\D/.test(invoice) || quantity === 0n) return 'other';
  return quantity > 0n ? 'sale' : 'stock_correction';
}

/** The documents of a file, oldest first. */
export function documentsOf(lines: Iterable<Line>): Document[] {
  const groups = new Map<string, Line[]>();
  for (const line of lines) {
    const key = `${kindOf(line)}\n${line.invoice}\n${line.at.slice(0, 7)}`;
    const group = groups.get(key);
    if (group) group.push(line);
    else groups.set(key, [line]);
  }
  const ids = new Set<string>();
  return [...groups.values()]
    .map((group) => documentOf(group, ids))
    .sort((a, b) => compare(a.at, b.at) || compare(a.id, b.id));
}

function documentOf(lines: Line[], ids: Set<string>): Document {
  const [first] = lines as [Line];
  let id = first.invoice;
  for (let n = 2; ids.has(id); n++) id = `${first.invoice}-${n}`;
  ids.add(id);
  const at = lines.reduce((earliest, line) => (line.at < earliest ? line.at : earliest), first.at);
  const exact = amountOfLines(lines);
  const { invoice } = first;
  return { ...{ id, invoice, lines, exact, at }, kind: kindOf(first), month: at.slice(0, 7), booked: rounded(exact) };
}

/** Quantity by price of all lines. */
export function amountOfLines(lines: readonly Line[]): bigint {
  return sum(lines.map(({ quantity, price }) => quantity * price));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
