import type { AttemptRow, DispatchRow } from '../event/dispatch.ts';
import type { Door, EventRow, Leg, Verdict } from '../event/event.ts';
import type { FindingRow } from '../event/finding.ts';
import type { EntryRow, OrderRow } from '../event/order.ts';
import type { Problem } from '../event/problem.ts';
import type { JournalRecord } from '../store/journal.ts';
import { type Effects, type EventKey, type Known, noEffects, type SpecRow } from '../store/ledger.ts';

/** More problems of one record than this say nothing new. */
const PROBLEMS_MAX = 20;

/** What is known while a batch is decided: rows as loaded, changed in memory, and the effects they come to. */
export class Working {
  readonly #events = new Map<number, EventRow>();
  readonly #names = new Map<string, number>();
  readonly #orders = new Map<string, OrderRow>();
  readonly #entries = new Map<string, EntryRow[]>();
  readonly #dispatches = new Map<string, DispatchRow>();
  readonly #legs = new Map<number, Set<string>>();
  readonly #changed = { events: new Set<number>(), orders: new Set<string>(), dispatches: new Set<string>() };
  readonly #out = noEffects();
  readonly #findings = new Map<string, FindingRow>();

  add(known: Known): void {
    for (const event of known.events) {
      if (this.#events.has(event.seq)) continue;
      this.#events.set(event.seq, event);
      this.#names.set(nameKey(event), event.seq);
    }
    for (const order of known.orders) this.#orders.set(orderKey(order.shop, order.orderId), order);
    for (const entry of known.entries) this.#keepEntry(entry);
    for (const dispatch of known.dispatches) this.#keepDispatch(dispatch);
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

  entries(order: OrderRow): EntryRow[] {
    return this.#entries.get(orderKey(order.shop, order.orderId)) ?? [];
  }

  dispatch(event: number, destination: string, leg: Leg): DispatchRow | undefined {
    return this.#dispatches.get(dispatchKey(event, destination, leg));
  }

  /** All legs of an event, to all destinations. */
  legs(event: number): DispatchRow[] {
    return [...(this.#legs.get(event) ?? [])].flatMap((key) => this.#dispatches.get(key) ?? []);
  }

  putEvent(event: EventRow): void {
    this.#events.set(event.seq, event);
    this.#names.set(nameKey(event), event.seq);
    this.#changed.events.add(event.seq);
  }

  putOrder(order: OrderRow): void {
    const key = orderKey(order.shop, order.orderId);
    this.#orders.set(key, order);
    this.#changed.orders.add(key);
  }

  putEntry(entry: EntryRow): void {
    this.#keepEntry(entry);
    this.#out.entries.push(entry);
  }

  putDispatch(dispatch: DispatchRow): void {
    this.#changed.dispatches.add(this.#keepDispatch(dispatch));
  }

  putAttempt(attempt: AttemptRow): void {
    this.#out.attempts.push(attempt);
  }

  putSpec(spec: SpecRow): void {
    this.#out.specs.push(spec);
  }

  /** The record's first verdict. `at` is its receipt: a rebuild must come to the same rows. */
  verdict(record: JournalRecord, verdict: Verdict, reasons: string[], event?: number, problems?: Problem[]): void {
    this.#out.verdicts.push({
      seq: record.seq,
      n: 0,
      verdict,
      reasons,
      at: record.receivedAt,
      door: record.door,
      kind: record.kind,
      ...(event === undefined ? {} : { event }),
      ...(problems ? { problems: problems.slice(0, PROBLEMS_MAX) } : {}),
    });
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
      events: [...this.#changed.events].flatMap((seq) => this.#events.get(seq) ?? []),
      orders: [...this.#changed.orders].flatMap((key) => this.#orders.get(key) ?? []),
      dispatches: [...this.#changed.dispatches].flatMap((key) => this.#dispatches.get(key) ?? []),
      findings: [...this.#findings.values()],
    };
  }

  #keepEntry(entry: EntryRow): void {
    const key = orderKey(entry.shop, entry.orderId);
    const entries = (this.#entries.get(key) ?? []).filter((other) => other.reference !== entry.reference);
    this.#entries.set(key, [...entries, entry]);
  }

  #keepDispatch(dispatch: DispatchRow): string {
    const key = dispatchKey(dispatch.event, dispatch.destination, dispatch.leg);
    this.#dispatches.set(key, dispatch);
    const legs = this.#legs.get(dispatch.event) ?? new Set();
    this.#legs.set(dispatch.event, legs.add(key));
    return key;
  }
}

function orderKey(shop: string, orderId: string): string {
  return `${shop}\n${orderId}`;
}

function dispatchKey(event: number, destination: string, leg: Leg): string {
  return `${event}\n${destination}\n${leg}`;
}

function nameKey({ sourceId, name, eventId }: EventKey): string {
  return `${sourceId}\n${name}\n${eventId}`;
}
