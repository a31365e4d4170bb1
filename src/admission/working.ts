import { isDeepStrictEqual } from 'node:util';
import { type AdReportRow, adReportKey } from '../event/ad-report.ts';
import type { AttemptRow, DispatchRow } from '../event/dispatch.ts';
import type { Door, EventRow, Leg, Verdict } from '../event/event.ts';
import type { FindingRow } from '../event/finding.ts';
import type { KeyRow, TestRow } from '../event/key.ts';
import type { LeadRow } from '../event/lead.ts';
import type { EntryRow, OrderRow } from '../event/order.ts';
import type { Problem } from '../event/problem.ts';
import type { TouchRow } from '../event/touch.ts';
import { type ChoiceRow, type Effects, noEffects, type SpecRow, type VerdictRow } from '../store/effects.ts';
import { hasClick, isContext } from '../store/event-ids.ts';
import type { JournalRecord } from '../store/journal.ts';
import type { EventKey, Known, OrderKey } from '../store/known.ts';
import { paymentOf } from '../store/payment-key.ts';
import { cleanId } from '../tiktok/text.ts';

/** More problems of one record than this say nothing new. */
const PROBLEMS_MAX = 20;
const NAME_CHARS_MAX = 100;

/** What is known while a batch is decided: rows as loaded, changed in memory, and the effects they come to. */
export class Working {
  readonly #events = new Map<number, EventRow>();
  /** loaded events only: those of this batch are known to the guard */
  readonly #names = new Map<string, number>();
  readonly #orders = new Map<string, OrderRow>();
  readonly #entries = new Map<string, EntryRow[]>();
  /** keys of orders that have entries of a payment */
  readonly #paid = new Map<string, Set<string>>();
  /** what is to be removed from the ledger, by order and then reference; an order has none */
  readonly #moved = new Map<string, Effects['moved'][number]>();
  readonly #legs = new Map<number, Kept[]>();
  readonly #changed = { events: new Set<number>(), orders: new Set<string>(), legs: [] as Kept[] };
  readonly #out = noEffects();
  readonly #findings = new Map<string, FindingRow>();
  readonly #touches = new Map<string, TouchRow>();
  readonly #adReports = new Map<string, AdReportRow>();
  readonly #toldReports = new Set<string>();
  readonly #refusers = new Set<string>();
  readonly #leads = new Map<string, LeadRow>();
  readonly #toldLeads = new Set<string>();
  /** records that are judged once more, by sequence: the verdict so far, and what the next one says of its making */
  readonly #again = new Map<number, { before: VerdictRow; again: NonNullable<VerdictRow['again']>; at: number }>();
  readonly #judged = new Map<number, VerdictRow>();
  #hasLostContext = false;

  add(known: Known): void {
    for (const event of known.events) {
      if (this.#events.has(event.seq)) continue;
      this.#events.set(event.seq, event);
      this.#names.set(nameKey(event), event.seq);
    }
    for (const order of known.orders) this.#orders.set(orderKey(order.shop, order.orderId), order);
    for (const entry of [...known.paid, ...known.entries]) this.#keepEntry(entry);
    for (const dispatch of known.dispatches) this.#keepLeg(dispatch);
    for (const touch of known.touches) this.#touches.set(touch.touch, touch);
    for (const row of known.adReports) this.#adReports.set(adReportKey(row), row);
    for (const visitor of known.refusers) this.#refusers.add(visitor);
    for (const lead of known.leads) this.#leads.set(lead.leadId, lead);
    for (const event of known.contexts) if (!this.#events.has(event.seq)) this.#events.set(event.seq, event);
  }

  /** Ids of the findings of this batch: the ledger may know some of them from earlier ones. */
  findings(): string[] {
    return [...this.#findings.keys()];
  }

  /** Goes on counting what was found before. */
  foundBefore(known: readonly FindingRow[]): void {
    for (const old of known) {
      const now = this.#findings.get(old.id);
      if (now) this.#findings.set(old.id, { ...now, firstSeenAt: old.firstSeenAt, times: old.times + now.times });
    }
  }

  event(seq: number): EventRow | undefined {
    return this.#events.get(seq);
  }

  /** A loaded event by its own key. */
  named(key: EventKey): EventRow | undefined {
    const seq = this.#names.get(nameKey(key));
    return seq === undefined ? undefined : this.#events.get(seq);
  }

  order(shop: string, orderId: string): OrderRow | undefined {
    return this.#orders.get(orderKey(shop, orderId));
  }

  entries(order: OrderKey): EntryRow[] {
    return this.#entries.get(orderKey(order.shop, order.orderId)) ?? [];
  }

  /** The loaded entries of a payment, wherever they stand. */
  entriesOf(shop: string, payment: string): EntryRow[] {
    const orders = [...(this.#paid.get(`${shop}\n${payment}`) ?? [])];
    return orders
      .flatMap((key) => this.#entries.get(key) ?? [])
      .filter((entry) => paymentOf(entry) === payment && entry.shop === shop);
  }

  dispatch(event: number, destination: string, leg: Leg): DispatchRow | undefined {
    return this.#leg(event, destination, leg)?.row;
  }

  /** All legs of an event, to all destinations. */
  legs(event: number): DispatchRow[] {
    return (this.#legs.get(event) ?? []).map(({ row }) => row);
  }

  putEvent(event: EventRow): void {
    const before = this.#events.get(event.seq);
    if (before?.visitor !== undefined && !stillShows(before, event)) this.#hasLostContext = true;
    this.#events.set(event.seq, event);
    this.#changed.events.add(event.seq);
  }

  putOrder(order: OrderRow): void {
    const key = orderKey(order.shop, order.orderId);
    this.#orders.set(key, order);
    this.#changed.orders.add(key);
  }

  /** Forgets an order that has no entries any more. */
  dropOrder({ shop, orderId }: OrderKey): void {
    const key = orderKey(shop, orderId);
    this.#orders.delete(key);
    this.#changed.orders.delete(key);
    this.#moved.set(key, { shop, orderId });
  }

  putEntry(entry: EntryRow): void {
    this.#keepEntry(entry);
    this.#moved.delete(entryKey(entry));
    this.#out.entries.push(entry);
  }

  dropEntry(entry: EntryRow): void {
    const { shop, orderId, reference } = entry;
    const key = orderKey(shop, orderId);
    const others = (this.#entries.get(key) ?? []).filter((other) => other.reference !== reference);
    this.#entries.set(key, others);
    this.#moved.set(entryKey(entry), { shop, orderId, reference });
  }

  putDispatch(dispatch: DispatchRow): void {
    const kept = this.#keepLeg(dispatch);
    if (!kept.changed) this.#changed.legs.push(kept);
    kept.changed = true;
  }

  putAttempt(attempt: AttemptRow): void {
    this.#out.attempts.push(attempt);
  }

  putSpec(spec: SpecRow): void {
    this.#out.specs.push(spec);
  }

  touch(id: string): TouchRow | undefined {
    return this.#touches.get(id);
  }

  putTouch(touch: TouchRow): void {
    this.#touches.set(touch.touch, touch);
    this.#out.touches.push(touch);
  }

  adReport(key: string): AdReportRow | undefined {
    return this.#adReports.get(key);
  }

  putAdReport(row: AdReportRow): void {
    const key = adReportKey(row);
    this.#adReports.set(key, row);
    this.#toldReports.add(key);
  }

  putKey(key: KeyRow): void {
    this.#out.keys.push(key);
  }

  putTest(test: TestRow): void {
    this.#out.tests.push(test);
  }

  /** Was no the last word of this visitor, of whom the ledger was asked? */
  isRefuser(visitor: string): boolean {
    return this.#refusers.has(visitor);
  }

  putChoice(row: ChoiceRow): void {
    if (row.choice === 'denied') this.#refusers.add(row.visitor);
    else this.#refusers.delete(row.visitor);
    this.#out.choices.push(row);
  }

  lead(leadId: string): LeadRow | undefined {
    return this.#leads.get(leadId);
  }

  /** The loaded leads of a visitor, and those of this batch. */
  leadsOf(visitor: string): LeadRow[] {
    return [...this.#leads.values()].filter((lead) => lead.visitor === visitor);
  }

  putLead(lead: LeadRow): void {
    this.#leads.set(lead.leadId, lead);
    this.#toldLeads.add(lead.leadId);
  }

  /** The newest event of a visitor, of whom the ledger was asked, that knows the page. */
  contextOf(visitor: string): EventRow | undefined {
    let newest: EventRow | undefined;
    for (const event of this.#events.values())
      if (event.visitor === visitor && isContext(event) && event.seq > (newest?.seq ?? 0)) newest = event;
    return newest;
  }

  /** The newest event of a visitor, of whom the ledger was asked, that knows a click on an ad. */
  clickOf(visitor: string): EventRow | undefined {
    let newest: EventRow | undefined;
    for (const event of this.#events.values())
      if (event.visitor === visitor && hasClick(event) && event.seq > (newest?.seq ?? 0)) newest = event;
    return newest;
  }

  /** An event is its visitor's no longer, or shows less: what that visitor's event before it showed was not loaded. */
  get hasLostContext(): boolean {
    return this.#hasLostContext;
  }

  /** The loaded events of a visitor. */
  eventsOf(visitor: string): EventRow[] {
    return [...this.#events.values()].filter((event) => event.visitor === visitor);
  }

  /** The record's first verdict, or its next one. `at` is a receipt: a rebuild must come to the same rows. */
  verdict(record: JournalRecord, verdict: Verdict, reasons: string[], event?: number, problems?: Problem[]): void {
    const { seq, receivedAt, door, kind, body } = record;
    const next = this.#again.get(seq);
    const [n, at] = next ? [next.before.n + 1, next.at] : [0, receivedAt];
    const row: VerdictRow = { seq, n, verdict, reasons, at, door, kind };
    if (event !== undefined) row.event = event;
    if (body['draft'] === true && kind !== 'key') row.draft = true;
    if (problems) row.problems = problems.slice(0, PROBLEMS_MAX);
    if (next) row.again = next.again;
    if (verdict === 'quarantined') {
      const name = body['event'] ?? body['status'];
      if (typeof name === 'string') row.name = cleanId(name).slice(0, NAME_CHARS_MAX);
      // The same finding again is no news.
      if (next && saysTheSame(row, next.before)) return;
    }
    if (next) this.#judged.set(seq, row);
    this.#out.verdicts.push(row);
  }

  /** The next verdict on this record follows the one so far. */
  judgeAgain(before: VerdictRow, again: NonNullable<VerdictRow['again']>, at: number): void {
    this.#again.set(before.seq, { before, again, at });
  }

  /** What a record was judged to once more, in this batch. */
  judged(seq: number): VerdictRow | undefined {
    return this.#judged.get(seq);
  }

  /** Something a person should know, kept once per check and subject. */
  finding(check: string, subject: string, what: string, at: number): void {
    const id = `${check}:${subject}`;
    const known = this.#findings.get(id);
    this.#findings.set(id, {
      id,
      check,
      subject,
      what,
      firstSeenAt: known?.firstSeenAt ?? at,
      lastSeenAt: at,
      times: (known?.times ?? 0) + 1,
    });
  }

  difference(event: EventRow, field: string, kept: string, told: string, seq: number, decidedBy: Door): void {
    this.#out.differences.push({ event: event.seq, field, seq, kept, told, decidedBy });
  }

  effects(): Effects {
    return {
      ...this.#out,
      moved: [...this.#moved.values()],
      entries: this.#out.entries.filter((entry) => !this.#moved.has(entryKey(entry))),
      events: Array.from(this.#changed.events, (seq) => this.#events.get(seq) as EventRow),
      orders: [...this.#changed.orders].flatMap((key) => this.#orders.get(key) ?? []),
      dispatches: this.#changed.legs.map(({ row }) => row),
      findings: [...this.#findings.values()],
      adReports: [...this.#toldReports].flatMap((key) => this.#adReports.get(key) ?? []),
      leads: [...this.#toldLeads].flatMap((leadId) => this.#leads.get(leadId) ?? []),
    };
  }

  #keepEntry(entry: EntryRow): void {
    const key = orderKey(entry.shop, entry.orderId);
    const entries = (this.#entries.get(key) ?? []).filter((other) => other.reference !== entry.reference);
    this.#entries.set(key, [...entries, entry]);
    const payment = paymentOf(entry);
    if (payment === undefined) return;
    const orders = this.#paid.get(`${entry.shop}\n${payment}`);
    if (orders) orders.add(key);
    else this.#paid.set(`${entry.shop}\n${payment}`, new Set([key]));
  }

  #leg(event: number, destination: string, leg: Leg): Kept | undefined {
    // An event has a handful of legs.
    return this.#legs.get(event)?.find(({ row }) => row.leg === leg && row.destination === destination);
  }

  #keepLeg(row: DispatchRow): Kept {
    const known = this.#leg(row.event, row.destination, row.leg);
    if (known) {
      known.row = row;
      return known;
    }
    const kept = { row, changed: false };
    const legs = this.#legs.get(row.event);
    if (legs) legs.push(kept);
    else this.#legs.set(row.event, [kept]);
    return kept;
  }
}

interface Kept {
  row: DispatchRow;
  changed: boolean;
}

function stillShows(before: EventRow, now: EventRow): boolean {
  const shows = (event: EventRow): boolean[] => [isContext(event), hasClick(event)];
  if (before.visitor !== now.visitor) return !shows(before).includes(true);
  const after = shows(now);
  return shows(before).every((did, place) => !did || after[place] === true);
}

function saysTheSame(a: VerdictRow, b: VerdictRow): boolean {
  return isDeepStrictEqual([a.verdict, a.reasons, a.problems], [b.verdict, b.reasons, b.problems]);
}

function orderKey(shop: string, orderId: string): string {
  return `${shop}\n${orderId}`;
}

function entryKey({ shop, orderId, reference }: EntryRow): string {
  return `${orderKey(shop, orderId)}\n${reference}`;
}

function nameKey({ sourceId, name, eventId }: EventKey): string {
  return `${sourceId}\n${name}\n${eventId}`;
}
