import type { AdReportRow } from '../event/ad-report.ts';
import type { AttemptRow, DispatchRow } from '../event/dispatch.ts';
import type { Door, EventRow, Verdict } from '../event/event.ts';
import type { DifferenceRow, FindingRow } from '../event/finding.ts';
import type { KeyRow, TestRow } from '../event/key.ts';
import type { LeadRow } from '../event/lead.ts';
import type { MoneyText } from '../event/money.ts';
import type { EntryRow, OrderRow, OrderStatus } from '../event/order.ts';
import type { OutgoingEvent } from '../event/outgoing.ts';
import type { Problem } from '../event/problem.ts';
import type { TouchRow } from '../event/touch.ts';
import type { Forgotten, RecordKind } from './journal.ts';

/** One verdict on one record. A change gets the next `n`; none is overwritten. */
export interface VerdictRow {
  /** journal sequence of the record */
  seq: number;
  n: number;
  verdict: Verdict;
  /** at least one code; see docs/reference/reasons.md */
  reasons: string[];
  /** what is wrong with a quarantined record, field by field */
  problems?: Problem[];
  /** sequence of the event it belongs to, if any */
  event?: number;
  /** the record told a draft: it is in no live total */
  draft?: true;
  at: number;
  /** of quarantined records: name of the event, or status of the lead, as told */
  name?: string;
  /** it was judged again: the record that asked for it, and the account that did, where that is known */
  again?: { seq: number; by?: string };
  /** repeated from the record, so that lists need not read the journal */
  door: Door;
  kind: RecordKind;
}

export interface SpecRow {
  version: number;
  hash: string;
  activatedAt: number;
  text: string;
  rates: string | null;
  /** it changed what was frozen: why that was allowed, by which account of the machine, and the parts with both values */
  override?: { because: string; by?: string; what: string[] };
}

/** A visitor's choice about ads. Of these only a no is kept, until the visitor's next yes. */
export interface ChoiceRow {
  visitor: string;
  choice: 'granted' | 'denied';
  at: number;
}

/** What admission asks for before it decides a batch. Unknown keys are simply missing in the answer. */
export interface Keys {
  events: number[];
  orders: OrderKey[];
  /** payments of a shop: which entries belong to them */
  payments?: { shop: string; payment: string }[];
  findings?: string[];
  /** events by their own key, however old; slower than by sequence */
  named?: EventKey[];
  /** visitors whose newest events with a leg that has not ended are wanted, and whose newest leads; up to 1,000 each */
  visitors?: string[];
  /** ids of touches */
  touches?: string[];
  /** keys of reports' rows, as `adReportKey` writes them */
  adReports?: string[];
  /** visitors of whom it is asked whether they said no */
  choosers?: string[];
  /** visitors whose newest event with a page, and with a click on an ad, is wanted: it serves an order told without */
  contexts?: string[];
  /** ids of leads */
  leads?: string[];
}

/** What makes two rows the same order. */
export type OrderKey = Pick<OrderRow, 'shop' | 'orderId'>;

/** What makes two observations the same event. */
export type EventKey = Pick<EventRow, 'sourceId' | 'name' | 'eventId'>;

export interface Known {
  events: EventRow[];
  orders: OrderRow[];
  /** all entries of the orders asked for */
  entries: EntryRow[];
  /** all entries of the payments asked for, wherever they stand */
  paid: EntryRow[];
  /** all dispatches of the events asked for */
  dispatches: DispatchRow[];
  findings: FindingRow[];
  touches: TouchRow[];
  adReports: AdReportRow[];
  /** those of the visitors asked for whose last word was no */
  refusers: string[];
  /** of each visitor of `contexts` the newest event with a page, then the newest with a click, if it is another */
  contexts: EventRow[];
  leads: LeadRow[];
}

/** Rows to write. A row replaces the one with the same key, verdicts and attempts included. */
export interface Effects {
  /** orders to forget with all their entries, and single entries, before anything is written: their facts stand elsewhere */
  moved: (OrderKey & { reference?: string })[];
  verdicts: VerdictRow[];
  events: EventRow[];
  orders: OrderRow[];
  entries: EntryRow[];
  dispatches: DispatchRow[];
  attempts: AttemptRow[];
  findings: FindingRow[];
  differences: DifferenceRow[];
  specs: SpecRow[];
  touches: TouchRow[];
  adReports: AdReportRow[];
  leads: LeadRow[];
  keys: KeyRow[];
  tests: TestRow[];
  /** in their order */
  choices: ChoiceRow[];
}

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

/** An api dispatch with the event it carries: what transport needs to send it. */
export interface Sendable {
  dispatch: DispatchRow;
  event: OutgoingEvent;
  /** the event’s pixel leg to the same destination, if it has one: it may have brought the first copy */
  pixel: DispatchRow | undefined;
}

/** One destination's dispatches that are money, or those that are not. */
export type Lane = Pick<DispatchRow, 'destination' | 'money'>;

/** What a list of orders is narrowed to; times are UTC ms of `orderedAt`, `from` included, `to` not. */
export interface OrdersAsked {
  status?: OrderStatus;
  /** begins with it */
  orderId?: string;
  /** money of it was due or moved in the currency */
  currency?: string;
  /** a fact of it was told by the provider */
  provider?: string;
  shop?: string;
  /** its visitor's session was lost on the way */
  session?: 'lost';
  from?: number;
  to?: number;
  after?: { createdAt: number; orderId: string; shop: string };
}

/** What some orders have in common, and how many they are. */
export interface OrderMark {
  kind: 'currency' | 'provider' | 'session' | 'shop';
  name: string;
  orders: number;
}

export interface OrderWithEntries {
  order: OrderRow;
  entries: EntryRow[];
}

export interface OrderTotal {
  status: OrderStatus;
  /** of the total, else of the net; empty for orders that have neither */
  currency: string;
  /** orders of that currency; 0 where only other orders' `otherNets` moved money in it */
  count: number;
  /** sums as money text of that currency, absent where the currency is empty; `net` has the `otherNets` too */
  total?: MoneyText;
  net?: MoneyText;
}

/** What a list of leads is narrowed to, likewise. */
export interface LeadsAsked {
  status?: string;
  /** begins with it */
  leadId?: string;
  /** since when it has stood at its status, UTC ms of `changedAt` */
  changed?: { from?: number; to?: number };
  from?: number;
  to?: number;
  after?: { createdAt: number; leadId: string };
}

export interface LeadTotal {
  status: string;
  /** empty for leads without a value */
  currency: string;
  count: number;
  value?: MoneyText;
}

/** How long the leads of one status have stood at it. */
export interface LeadAges {
  status: string;
  /** by age: those younger than the first bound, those between two of them, and at last those of the last one or more */
  leads: number[];
}

/** What a list of dead letters is narrowed to; times are UTC ms of when it was given up, `from` included, `to` not. */
export interface LettersAsked {
  /** `record`: quarantined at the door's side; `dead` and `unknown`: an api leg that was given up */
  kind?: LetterKind;
  destination?: string;
  /** a reason code of it */
  why?: string;
  /** TikTok's return code */
  code?: number;
  /** name of the event */
  event?: string;
  money?: boolean;
  from?: number;
  to?: number;
  after?: LetterPlace;
}

export type LetterKind = 'record' | 'dead' | 'unknown';

/** Where a letter stands in the list, newest first: its time, then the sequence of its event or record, then its destination, all of them falling. */
export interface LetterPlace {
  at: number;
  seq: number;
  /** empty for a record */
  destination: string;
}

/** One dead letter: a dispatch with its event, or the verdict on a record. Attempts come with the lineage of the event. */
export type Letter =
  | { kind: 'dead' | 'unknown'; place: LetterPlace; dispatch: DispatchRow; event: EventRow }
  | { kind: 'record'; place: LetterPlace; verdict: VerdictRow };

/** How many letters have this in common. Drafts are none. */
export interface LetterCount {
  kind: LetterKind;
  /** empty for records */
  destination: string;
  why: string;
  /** TikTok's return code, if one was answered */
  code?: number;
  count: number;
}

/** What one destination's api legs did in one minute: a sum over rows, so that it is the same however they were committed. */
export interface DeliveryMinute {
  destination: string;
  /** UTC ms of its beginning */
  minute: number;
  /** api legs of live events that came to wait, and those whose wait ended (delivered, unknown, dead or withheld) */
  entered: number;
  left: number;
  /** answered attempts by outcome: `accepted`, `retry`, `throttled`, `refused`, `paused`, `unknown`, with TikTok's code or the HTTP status */
  answers: { outcome: string; code?: number; http?: number; why: string; count: number }[];
  /** accepted attempts by lag, from receipt to answer: upper bounds in ms stand in LAG_BOUNDS, the last count has no bound */
  lags: number[];
}

/** What waits of one destination's money events, or of its others. */
export interface Backlog extends Lane {
  /** waits for a confirmation or its delay */
  held: number;
  /** may leave */
  queued: number;
  inFlight: number;
  /** the minute in which the oldest of them came, UTC ms */
  oldestReceivedAt?: number;
}

/** Keys of rows that stand otherwise than before, each once. */
export interface Changed {
  /** rising; also those of which only a dispatch or an attempt changed */
  events: number[];
  /** also those of which only an entry changed, and those that were taken away */
  orders: OrderKey[];
  leads: string[];
  /** ids */
  touches: string[];
  /** as `adReportKey` writes them */
  adReports: string[];
  /** versions */
  specs: number[];
}

/** What one commit changed. Retention is none of these. */
export interface Change extends Changed {
  /** 1, 2, 3 … as long as the ledger is the same; one that was derived anew counts from 1 again */
  n: number;
  offset: number;
}

/** Of each kind of row that is followed, what it is called by. */
export interface KeyOf {
  events: number;
  orders: OrderKey;
  leads: string;
  touches: string;
  adReports: string;
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

export function noEffects(): Effects {
  return {
    moved: [],
    verdicts: [],
    events: [],
    orders: [],
    entries: [],
    dispatches: [],
    attempts: [],
    findings: [],
    differences: [],
    specs: [],
    touches: [],
    adReports: [],
    leads: [],
    keys: [],
    tests: [],
    choices: [],
  };
}
