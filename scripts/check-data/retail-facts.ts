import type { FactKind } from '../../src/event/order.ts';
import { decimalText, rounded, sum } from './exact.ts';
import { amountOfLines, type Document, type Kind, type Line } from './retail-documents.ts';

/** What the shop tells of a document, as a fact of an order. */
export interface Fact {
  orderId: string;
  fact: FactKind;
  /** the document's id */
  reference: string;
  /** zero or more, in plain digits */
  amount: string;
  at: string;
}

/** How each kind of document is booked: the fact for money that went, and for money that came. */
const BOOKED_AS: Readonly<Record<Kind, { out: FactKind; in: FactKind; says: string }>> = {
  sale: { out: 'refund', in: 'payment', says: 'an order, and its payment' },
  cancellation: { out: 'refund', in: 'payment', says: 'a refund of the earlier order with that customer and product' },
  bad_debt_adjustment: {
    out: 'chargeback',
    in: 'chargebackReversed',
    says: 'a chargeback under its own number, or one reversed where money came',
  },
  stock_correction: { out: 'fee', in: 'payment', says: 'a fee under its own number: what the goods were worth' },
  other: { out: 'refund', in: 'payment', says: 'a payment or refund under its own number' },
};

/** An order is told of a sale that is worth something or nothing; one below zero is no order. */
export function isOrder({ kind, exact }: Document): boolean {
  return kind === 'sale' && exact >= 0n;
}

/** How the kinds that are there were booked. */
export function bookingNotes(documents: readonly Document[]): string[] {
  return Object.entries(BOOKED_AS).flatMap(([kind, { says }]) => {
    const found = documents.filter((document) => document.kind === kind);
    return found.length > 0 ? [`${found.length} × ${kind}: booked as ${says}.`] : [];
  });
}

/**
 * The facts of all documents. Cancellations name no original: each line goes to the latest earlier order of its customer
 * with as many of that product left, and what finds none stays under the cancellation's own number.
 */
export function factsOf(documents: readonly Document[]): { facts: Fact[]; joined: Joined } {
  const bought = purchasesOf(documents);
  const joined: Joined = { whole: 0, partly: 0, none: 0 };
  const facts = documents.flatMap((document) => {
    if (document.kind !== 'cancellation') return [factOf(document, document.id, document.exact, document.exact)];
    const parts = Map.groupBy(document.lines, (line) => originalOf(line, bought) ?? document.id);
    const isOwn = parts.has(document.id);
    joined[parts.size === 1 ? (isOwn ? 'none' : 'whole') : isOwn ? 'partly' : 'whole']++;
    return shared(document, parts);
  });
  return { facts, joined };
}

/** Cancellations by whether their original orders were found. */
export interface Joined {
  whole: number;
  partly: number;
  none: number;
}

/** One document as facts of several orders: in pence, which add up to what the whole document comes to. */
function shared(document: Document, parts: ReadonlyMap<string, Line[]>): Fact[] {
  if (parts.size === 1) return [...parts.keys()].map((id) => factOf(document, id, document.exact, document.exact));
  const amounts = Array.from(parts, ([id, lines]) => ({ id, exact: amountOfLines(lines) }));
  const over = document.booked - sum(amounts.map(({ exact }) => rounded(exact)));
  const largest = amounts.reduce((a, b) => (size(b.exact) > size(a.exact) ? b : a));
  return amounts.map((one) => {
    const pence = rounded(one.exact) + (one === largest ? over : 0n);
    return factOf(document, one.id, pence, pence === 0n ? one.exact : pence);
  });
}

function factOf({ id, kind, at }: Document, orderId: string, amount: bigint, signed: bigint): Fact {
  const { out, in: into } = BOOKED_AS[kind];
  // Nothing at all goes the way that its kind usually does.
  const fact = signed === 0n ? (kind === 'sale' || kind === 'other' ? into : out) : signed < 0n ? out : into;
  return { orderId, fact, reference: id, amount: decimalText(size(amount)), at };
}

interface Purchase {
  orderId: string;
  at: string;
  /** pieces that were not cancelled yet */
  left: bigint;
}

/** What each customer bought of each product, oldest first. */
function purchasesOf(documents: readonly Document[]): Map<string, Purchase[]> {
  const bought = new Map<string, Purchase[]>();
  for (const document of documents.filter(isOrder))
    for (const line of document.lines) {
      if (line.customer === '') continue;
      const purchase = { orderId: document.id, at: document.at, left: line.quantity };
      const known = bought.get(productOf(line));
      if (known) known.push(purchase);
      else bought.set(productOf(line), [purchase]);
    }
  return bought;
}

function originalOf(line: Line, bought: ReadonlyMap<string, Purchase[]>): string | undefined {
  if (line.customer === '' || line.quantity >= 0n) return undefined;
  const purchase = bought.get(productOf(line))?.findLast(({ at, left }) => at < line.at && left >= -line.quantity);
  if (!purchase) return undefined;
  purchase.left += line.quantity;
  return purchase.orderId;
}

function productOf({ customer, stock }: Line): string {
  return `${customer}\n${stock}`;
}

function size(units: bigint): bigint {
  return units < 0n ? -units : units;
}
