import type { AttemptRow, DispatchRow } from '../event/dispatch.ts';
import type { Door, EventRow, Verdict } from '../event/event.ts';
import type { DifferenceRow, FindingRow } from '../event/finding.ts';
import type { KeyRow, TestRow } from '../event/key.ts';
import type { LeadRow } from '../event/lead.ts';
import type { EntryRow, OrderRow } from '../event/order.ts';
import type { TouchRow } from '../event/touch.ts';
import type { LeadAges, LeadsAsked, LeadTotal, OrderMark, OrdersAsked, OrderTotal, OrderWithEntries } from './books.ts';
import type { Change, KeyOf } from './changes.ts';
import type { Effects, SpecRow, VerdictRow } from './effects.ts';
import type { Forgotten } from './journal.ts';
import type { Keys, Known } from './known.ts';
import type { Letter, LetterCount, LettersAsked } from './letters.ts';
import type { Backlog, DeliveryMinute, Lane, Sendable } from './outbox.ts';

/** The key and doors of a kept event: what the replay guard is rebuilt from. */
export interface GuardRow {
  seq: number;
  sourceId: string;
  name: string;
  eventId: string;
  receivedAt: number;
  doors: Door[];
}

/** Everything known about one id. */
export interface Lineage {
  events: EventRow[];
  orders: OrderRow[];
  entries: EntryRow[];
  leads: LeadRow[];
  verdicts: VerdictRow[];
  dispatches: DispatchRow[];
  attempts: AttemptRow[];
  findings: FindingRow[];
  differences: DifferenceRow[];
  /** of the visitors, sessions and click ids of these events, and by the id asked for */
  touches: TouchRow[];
}

/** Current verdicts by door and verdict, and dispatches by state; drafts apart. The verdicts add up to the offset. */
export interface Totals {
  offset: number;
  verdicts: { door: Door; verdict: Verdict; draft: boolean; count: number }[];
  dispatches: { destination: string; leg: string; state: DispatchRow['state']; draft: boolean; count: number }[];
}

/** Reading side, for any thread. Every engine passes `ledger.conformance.ts`. */
export interface LedgerReader {
  /** sequence of the last record whose effects are committed */
  offset(): Promise<number>;
  load(keys: Keys): Promise<Known>;
  /** The commits after number `after`, oldest first, at most `limit`; only the last 250,000 are kept. */
  changes(after: number, limit: number): Promise<Change[]>;
  /** The newest of them; 0 and 0 before any, and where the rows are older than changes are kept. */
  lastChange(): Promise<{ n: number; offset: number }>;
  /** Keys of all rows of a kind, in the engine's order, at most `limit` after the last one of the page before. */
  keysFrom<What extends keyof KeyOf>(what: What, after: KeyOf[What] | undefined, limit: number): Promise<KeyOf[What][]>;
  /**
   * Dispatches of the api leg that are held or queued with `dueAt` ≤ now, money first, then oldest due first.
   * Holds without `dueAt` are not among them, nor is what is in the lanes `without`: passing over those costs nothing.
   */
  due(now: number, limit: number, without?: readonly Lane[]): Promise<Sendable[]>;
  /** Dispatches in state held, queued or inFlight, of either leg, whose `expiresAt` ≤ now. */
  expired(now: number, limit: number): Promise<DispatchRow[]>;
  /**
   * When `due`, without those lanes, or `expired` next has something, UTC ms; undefined when nothing waits. What has
   * come by `after` is not looked at.
   */
  nextDueAt(after?: number, without?: readonly Lane[]): Promise<number | undefined>;
  /** Api dispatches in state inFlight: after a crash their outcome is unknown. */
  inFlight(): Promise<DispatchRow[]>;
  /** The order whose capability has this SHA-256, with its event and dispatches. */
  capability(hash: string): Promise<{ order: OrderRow; event?: EventRow; dispatches: DispatchRow[] } | undefined>;
  /** Keys of events received since `since`, oldest first, in pages of `limit` after sequence `after`. */
  guard(since: number, after: number, limit: number): Promise<GuardRow[]>;
  /** Events by order id, event id, lead id, sequence, visitor, session, ttclid or request id; up to `limit`, newest first. */
  find(id: string, limit: number): Promise<number[]>;
  /**
   * All rows of events and orders; each event comes with its order and its lead, and each order with its events. Leads
   * and touches come by their own id as well, so `ids` may name one.
   */
  lineage(events: readonly number[], ids: readonly string[]): Promise<Lineage>;
  /** Current verdicts of records `from`..`to`, both included, in order. */
  verdicts(from: number, to: number): Promise<VerdictRow[]>;
  /** Current verdicts newest first, of records before `before`, with their events' rows. */
  recent(before: number, limit: number): Promise<{ verdict: VerdictRow; event?: EventRow }[]>;
  totals(): Promise<Totals>;
  specs(): Promise<SpecRow[]>;
  /** All keys that operators made, oldest first, ended ones included. */
  keys(): Promise<KeyRow[]>;
  /** The last test session of each destination, over or not. */
  tests(): Promise<TestRow[]>;
  /**
   * Orders newest first by `orderedAt`, with their entries oldest first, at most `limit`, of those that match all that
   * is asked for; `after` is the last one of the page before.
   */
  orders(asked: OrdersAsked, limit: number): Promise<OrderWithEntries[]>;
  /** How many orders there are of each status, and the sum of `total` and `net` by currency. */
  orderTotals(): Promise<OrderTotal[]>;
  /** The currencies, providers and shops that orders can be narrowed to, and `session lost`, by kind and name. */
  orderMarks(): Promise<OrderMark[]>;
  /** Leads newest first by `createdAt`, at most `limit`. */
  leads(asked: LeadsAsked, limit: number): Promise<LeadRow[]>;
  /** How many leads there are of each status, with the sum of their values by currency. */
  leadTotals(): Promise<LeadTotal[]>;
  /**
   * How long leads have stood at their status as of `at`, by status. `bounds` are ages in ms that only grow; a lead whose
   * source's clock is ahead is as young as can be.
   */
  leadAges(at: number, bounds: readonly number[]): Promise<LeadAges[]>;
  /** Up to `limit`, last seen first. */
  findings(limit: number): Promise<FindingRow[]>;
  /** Up to `limit`, told last first. */
  differences(limit: number): Promise<DifferenceRow[]>;
  /** Dead letters newest first, at most `limit`, of those that match all that is asked for. */
  letters(asked: LettersAsked, limit: number): Promise<Letter[]>;
  /** How many dead letters there are, by what they have in common. */
  letterCounts(): Promise<LetterCount[]>;
  /** Minutes with anything in them, `from` included, `to` not, UTC ms; oldest first, then by destination. */
  deliveries(from: number, to: number): Promise<DeliveryMinute[]>;
  /** What api legs wait now, by destination, money first. Drafts are left out. */
  backlog(): Promise<Backlog[]>;
  close(): Promise<void>;
}

/** Derived state: orders, events, outbox. One writer: admission. */
export interface Ledger extends LedgerReader {
  /**
   * Writes all effects and the offset in one transaction, or nothing. A dispatch is told once in a commit, and not
   * before the commit that decides its event's record. The offset only grows: a smaller one is refused
   * with `ledger_backwards`. Rejects with `ledger_unwritable` when the disk does.
   */
  commit(effects: Effects, offset: number): Promise<void>;
  /**
   * One step of retention, small enough for a batch to wait for it: empties the personal fields of events received, orders
   * placed, leads last changed and touches received before `before`, UTC ms, and keeps those of events and orders with a leg
   * that may still leave. Keys, sums and lists stay as they are.
   */
  forget(before: number): Promise<Forgotten>;
}
