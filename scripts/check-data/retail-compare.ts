import type { BookedEntry, BookedOrder } from './booked.ts';
import { type Compared, compareAmounts, compareCounts } from './comparison.ts';
import { sum } from './exact.ts';
import type { Document, Line } from './retail-documents.ts';
import type { TruthMonth } from './retail-truth.ts';

/** What the books have of one month. */
export interface BookedMonth {
  kinds: Map<string, { documents: Set<string>; amount: bigint }>;
  net: bigint;
}

/** Entries whose reference is no document's: the shop told none such. */
const UNTOLD = 'untold';

/** The books by month and kind: orders count as sales with their totals, entries under the kind of their document. */
export function bookedMonths(
  orders: readonly BookedOrder[],
  entries: readonly BookedEntry[],
  documents: ReadonlyMap<string, Document>,
): Map<string, BookedMonth> {
  const months = new Map<string, BookedMonth>();
  const monthOf = (name: string): BookedMonth => {
    const month = months.get(name) ?? { kinds: new Map(), net: 0n };
    months.set(name, month);
    return month;
  };
  const add = (month: string, kind: string, document: string, amount: bigint): void => {
    const { kinds } = monthOf(month);
    const known = kinds.get(kind) ?? { documents: new Set<string>(), amount: 0n };
    known.documents.add(document);
    known.amount += amount;
    kinds.set(kind, known);
  };
  const ordered = new Set(orders.map(({ orderId }) => orderId));
  for (const { orderId, month, total } of orders) add(month, 'sale', orderId, total);
  for (const { reference, month, signed } of entries) {
    monthOf(month).net += signed;
    if (!ordered.has(reference)) add(month, documents.get(reference)?.kind ?? UNTOLD, reference, signed);
  }
  return months;
}

/** What the books have of each document, over all orders that it went to. */
export function bookedDocuments(entries: readonly BookedEntry[]): Map<string, bigint> {
  const booked = new Map<string, bigint>();
  for (const { reference, signed } of entries) booked.set(reference, (booked.get(reference) ?? 0n) + signed);
  return booked;
}

/** What rounding each of them to pence took away. */
export function roundingOf(documents: readonly Document[]): bigint {
  return sum(documents.map(({ exact, booked }) => exact - booked));
}

const NOTHING = { invoices: 0, lines: 0, amount: '0.000' };

/** One month of the books beside its truth. */
export function compareMonth(
  month: string,
  truth: TruthMonth | undefined,
  booked: BookedMonth | undefined,
  documents: readonly Document[],
): Compared[] {
  const kinds = new Set([...(truth?.kinds.keys() ?? []), ...(booked?.kinds.keys() ?? [])]);
  const figures = [...kinds].flatMap((kind) => {
    const own = documents.filter((document) => document.kind === kind);
    const due = truth?.kinds.get(kind) ?? NOTHING;
    const { documents: ids = new Set<string>(), amount = 0n } = booked?.kinds.get(kind) ?? {};
    // An invoice of two documents is one invoice.
    const invoices = new Set([...ids].map((id) => own.find((document) => document.id === id)?.invoice ?? id));
    const lines = own.reduce((all, document) => all + document.lines.length, 0);
    const name = `${month} ${kind}`;
    const isEmpty = due.invoices === 0;
    return [
      shown(compareCounts(`${name}, invoices`, due.invoices, invoices.size), !isEmpty),
      shown(compareCounts(`${name}, lines read`, due.lines, lines), false),
      shown(compareAmounts(`${name}, GBP`, due.amount, amount, roundingOf(own)), !isEmpty),
    ];
  });
  return [
    ...figures,
    compareAmounts(`${month} net, GBP`, truth?.net ?? NOTHING.amount, booked?.net ?? 0n, roundingOf(documents)),
  ];
}

/** What the truth says of the lines themselves. */
export function compareLines(month: string, { others }: TruthMonth, lines: readonly Line[]): Compared[] {
  const counts: Readonly<Record<string, () => number>> = {
    lines_without_customer: () => lines.filter(({ customer }) => customer === '').length,
    exact_duplicate_lines: () => lines.length - new Set(lines.map(textOf)).size,
  };
  return [...others].flatMap(([name, due]) => {
    const own = counts[name]?.();
    return own === undefined ? [] : [shown(compareCounts(`${month} ${name}, read`, due, own), false)];
  });
}

function textOf({ invoice, stock, name, quantity, at, priceText, customer }: Line): string {
  return [invoice, stock, name, quantity, at, priceText, customer].join('\n');
}

function shown(figure: Compared, isShown: boolean): Compared {
  return isShown ? figure : { ...figure, isFine: true };
}
