import type { FactKind, OrderStatus } from '../../event/order.ts';
import type { Sum } from './money.ts';
import type { Plan } from './plan.ts';
import { DAY, type Fact, type Story } from './story.ts';

/** How long a purchase waits for its payment, as the month's tracking spec says. */
const HOLD_MS = 14 * DAY;

/** What an order came to, by the simulator's own books. */
interface OrderTruth {
  orderId: string;
  status: OrderStatus;
  /** currency → minor units that are left; only of currencies in which money moved */
  nets: Map<string, bigint>;
  /** it was paid in full while its purchase was waiting */
  isConfirmed: boolean;
  /** it was cancelled, or paid back whole, before its purchase could leave */
  isUndone: boolean;
  /** what TikTok has to have counted for it, once */
  counted?: Sum;
  /** the click that its visitor came by */
  click: string;
  /** its page is still open when TikTok has it, and fires the pixel */
  fires: boolean;
}

export interface Truth {
  /** by order id: every order of which anybody told anything */
  orders: Map<string, OrderTruth>;
  /** currency → minor units that are left of all orders */
  nets: Map<string, bigint>;
}

/** Goes through the month as it arrives, and keeps the books of it with its own sums. */
export function truthOf({ ticks, stories }: Pick<Plan, 'ticks' | 'stories'>): Truth {
  const byId = new Map(stories.map((story) => [story.orderId, story]));
  const books = new Map<string, Book>();
  const bookOf = (orderId: string): Book => {
    const known = books.get(orderId);
    if (known) return known;
    const story = byId.get(orderId);
    if (!story) throw new Error(`a message tells of ${orderId}, of which there is no story`);
    const book: Book = { story, facts: new Set(), fires: false };
    books.set(orderId, book);
    return book;
  };
  for (const { at, rows } of ticks) {
    const touched = new Set<Book>();
    for (const { message } of rows.flat()) {
      if (message.order) {
        const book = bookOf(message.order.orderId);
        book.toldAt ??= at;
        touched.add(book);
      }
      for (const fact of message.facts) {
        const book = bookOf(fact.orderId);
        book.facts.add(fact);
        touched.add(book);
      }
    }
    for (const book of touched) decide(book, at);
  }
  const orders = new Map([...books].map(([orderId, book]) => [orderId, outcomeOf(book)]));
  const nets = new Map<string, bigint>();
  for (const order of orders.values())
    for (const [currency, minor] of order.nets) nets.set(currency, (nets.get(currency) ?? 0n) + minor);
  return { orders, nets };
}

interface Book {
  story: Story;
  /** told by whichever message, each is one */
  facts: Set<Fact>;
  /** when an order was told, UTC ms; a fact alone makes none */
  toldAt?: number;
  /** decided once, for good: TikTok takes nothing back */
  end?: 'counted' | 'undone';
  fires: boolean;
}

/** At the end of a tick its purchase leaves, or never will, or goes on waiting. */
function decide(book: Book, at: number): void {
  const { story, toldAt, facts, end } = book;
  if (toldAt === undefined || end !== undefined || at - toldAt >= HOLD_MS) return;
  const paid = sumOf(facts, 'payment', story.total.currency);
  if (paid < story.total.minor) return;
  const isCancelled = has(facts, 'cancellation');
  book.end = isCancelled || returnedOf(facts, story.total.currency) >= paid ? 'undone' : 'counted';
  const isTold = story.way === 'serverAndStripe' || story.way === 'pageAndService' || story.way === 'bankTransfer';
  book.fires = book.end === 'counted' && story.stays && isTold && toldAt === at;
}

function outcomeOf({ story, facts, toldAt, end, fires }: Book): OrderTruth {
  const currencies = new Set([...facts].flatMap(({ sum }) => sum?.currency ?? []));
  return {
    orderId: story.orderId,
    status: toldAt === undefined ? 'orphan' : statusOf(story, facts),
    nets: new Map([...currencies].map((currency) => [currency, netOf(facts, currency)])),
    isConfirmed: end !== undefined,
    isUndone: end === 'undone',
    ...(end === 'counted' ? { counted: story.total } : {}),
    click: story.visitor.ttclid,
    fires,
  };
}

/** Whatever holds first. */
function statusOf({ total }: Story, facts: ReadonlySet<Fact>): OrderStatus {
  const words = [...facts].filter(({ kind }) => DISPUTE.has(kind)).sort((a, b) => b.at - a.at);
  const [last] = words;
  const isTaken = sumOf(facts, 'chargeback', total.currency) > sumOf(facts, 'chargebackReversed', total.currency);
  if (last?.kind === 'disputeLost' || (!last && isTaken)) return 'lost';
  if (last?.kind === 'dispute') return 'disputed';
  if (has(facts, 'cancellation')) return 'cancelled';
  const paid = sumOf(facts, 'payment', total.currency);
  const returned = returnedOf(facts, total.currency);
  if (paid > 0n && returned >= paid) return 'refunded';
  if (paid > 0n && returned > 0n) return 'partlyRefunded';
  if (paid >= total.minor) return 'paid';
  if (paid > 0n) return 'partlyPaid';
  return has(facts, 'pending') ? 'pending' : 'created';
}

const DISPUTE: ReadonlySet<FactKind> = new Set(['dispute', 'disputeWon', 'disputeLost']);

function netOf(facts: ReadonlySet<Fact>, currency: string): bigint {
  const sum = (kind: FactKind): bigint => sumOf(facts, kind, currency);
  const kept = sum('payment') - returnedOf(facts, currency);
  return kept - sum('fee') + sum('feeReturned') - sum('chargeback') + sum('chargebackReversed');
}

/** What went back to the payer, and has not come again because it could not reach them. */
function returnedOf(facts: ReadonlySet<Fact>, currency: string): bigint {
  return sumOf(facts, 'refund', currency) - sumOf(facts, 'refundReversed', currency);
}

function sumOf(facts: ReadonlySet<Fact>, kind: FactKind, currency: string): bigint {
  let minor = 0n;
  for (const fact of facts) if (fact.kind === kind && fact.sum?.currency === currency) minor += fact.sum.minor;
  return minor;
}

function has(facts: ReadonlySet<Fact>, wanted: FactKind): boolean {
  for (const { kind } of facts) if (kind === wanted) return true;
  return false;
}
