import { type Admitting, decide } from '../../src/admission/decide.ts';
import { fingerprint, Guard } from '../../src/admission/guard.ts';
import type { Recalled } from '../../src/admission/replay.ts';
import type { DispatchInput, DispatchRow } from '../../src/event/dispatch.ts';
import type { EventRow } from '../../src/event/event.ts';
import type { EntryRow, OrderRow } from '../../src/event/order.ts';
import { defaultSpec } from '../../src/spec/default.ts';
import type { Effects } from '../../src/store/effects.ts';
import { doorsOf } from '../../src/store/event-ids.ts';
import type { JournalRecord, NewRecord } from '../../src/store/journal.ts';
import { keyReads } from '../../src/store/memory/key-reads.ts';
import { Rows } from '../../src/store/memory/rows.ts';
import { dueOf, expiryOf } from '../../src/store/waiting.ts';
import { answerTold, rawRecord, replayTold, START, sentTold, specTold } from '../admission-kit.ts';

/** What the ledger holds of the order, row by row. */
export interface Books {
  events: readonly EventRow[];
  orders: readonly OrderRow[];
  entries: readonly EntryRow[];
  dispatches: readonly DispatchRow[];
  refusers: readonly string[];
}

/** What transport, TikTok, the page and the operator have done and are about to do. */
interface Around {
  /** indices of the facts that were told */
  told: readonly number[];
  /** transport has chosen the api leg and not yet written it down; the number of its attempt under way, or 0 */
  chosen: boolean;
  underWay: number;
  /** transport has seen that the order's hold ran out, which is not yet written down */
  expiring: boolean;
  /** the page is being told to fire, which is not yet written down */
  giving: boolean;
  accepts: number;
  fired: number;
  replays: number;
}

export interface State {
  books: Books;
  around: Around;
  /** names of the inputs that led here */
  path: readonly string[];
  journal: ReadonlyMap<number, Recalled>;
}

/** A step from one state to another. */
export interface Step {
  before: State;
  after: State;
  findings: string[];
}

export interface Model {
  /** facts of one order, each told once at any moment */
  facts: readonly { name: string; record: NewRecord }[];
  attemptsMax: number;
  /** names of inputs that do not happen */
  never?: readonly string[];
  /** a bug, planted between the decision and the ledger */
  planted?: (effects: Effects, state: State) => Effects;
}

/**
 * Every state that the order and its legs can reach, breadth first: any fact at any moment between any steps of
 * transport, TikTok, page and operator. Times stand still, so whatever waits for a time may happen at once or never.
 * States are equal when their rows are; `visit` sees each step once.
 */
export async function explore(model: Model, visit: (step: Step) => void): Promise<{ states: number; steps: number }> {
  const { spec, specs } = await decide([sequenced(specTold(), 1)], fresh(), load(nothing()));
  const admitting = { ...fresh(), spec, specs };
  const around = {
    told: [],
    chosen: false,
    underWay: 0,
    expiring: false,
    giving: false,
    accepts: 0,
    fired: 0,
    replays: 0,
  };
  const first: State = { books: nothing(), around, path: [], journal: new Map() };
  const seen = new Set([canonical(first)]);
  let steps = 0;
  for (let level = [first]; level.length > 0; ) {
    const next: State[] = [];
    for (const before of level)
      for (const input of inputs(before, model)) {
        if (model.never?.includes(input.name)) continue;
        const step = await take(before, input, model, admitting);
        steps++;
        visit(step);
        const name = canonical(step.after);
        if (seen.has(name)) continue;
        seen.add(name);
        next.push(step.after);
      }
    level = next;
  }
  return { states: seen.size, steps };
}

interface Input {
  name: string;
  record?: NewRecord;
  around: Partial<Around>;
}

/** Everything that may happen next. */
function inputs({ books, around }: State, model: Model): Input[] {
  const out: Input[] = model.facts.flatMap(({ name, record }, index) =>
    around.told.includes(index) ? [] : [{ name, record, around: { told: [...around.told, index].sort() } }],
  );
  const purchase = books.orders.find(({ event }) => event !== undefined);
  const seq = purchase?.event ?? 0;
  const api = legOf(books, 'api');
  const pixel = legOf(books, 'pixel');
  const answer = (input: DispatchInput, copy: boolean, more: Partial<Around> = {}): Input => ({
    name: `${input}${copy ? '' : ' without a copy'}`,
    record: answerTold(seq, input, START, { n: around.underWay, copy, ...(input === 'retry' ? { dueAt: START } : {}) }),
    around: { underWay: 0, ...more },
  });
  const ended = ({ leg }: DispatchRow, input: DispatchInput, why: string): Input => ({
    name: `${leg} ${why}`,
    record: rawRecord('expired', { legs: [{ event: seq, destination: 'main', leg, input, why }] }, { door: 'timer' }),
    around: {},
  });
  const isFree = !around.chosen && !around.expiring && around.underWay === 0;
  if (api && isFree && dueOf(api) !== undefined) {
    if (books.events.some((event) => event.seq === seq && event.consent === 'denied'))
      out.push(ended(api, 'withhold', 'consent_denied'));
    else if (api.attempts < model.attemptsMax) out.push({ name: 'choose', around: { chosen: true } });
    out.push(ended(api, api.attempts > 0 ? 'bury' : 'withhold', 'clock_passed'));
  }
  if (api && !around.expiring && expiryOf(api) !== undefined) out.push({ name: 'expire', around: { expiring: true } });
  if (api && around.expiring)
    out.push({ ...ended(api, 'withhold', 'confirmation_expired'), around: { expiring: false } });
  if (api && around.chosen) {
    const n = api.attempts + 1;
    out.push({ name: 'send', record: sentTold(seq, START, 'api', n), around: { chosen: false, underWay: n } });
  }
  if (around.underWay > 0)
    out.push(
      answer('accept', true, { accepts: around.accepts + 1 }),
      answer('retry', true),
      answer('retry', false),
      answer('bury', false),
      answer('park', true),
    );
  if (pixel?.state === 'queued' && !around.giving) out.push({ name: 'give', around: { giving: true } });
  if (pixel && around.giving && pixel.attempts === 0)
    out.push({ name: 'hand out', record: sentTold(seq, START, 'pixel', 1), around: {} });
  if (pixel && expiryOf(pixel) !== undefined)
    out.push(
      pixel.state === 'inFlight'
        ? ended(pixel, 'park', 'handout_unreported')
        : ended(pixel, 'withhold', 'handout_expired'),
    );
  const [capability] = purchase?.capabilities ?? [];
  if (capability !== undefined && around.fired === 0) {
    const body = { capability, event_id: 'demo-77' };
    out.push({ name: 'fire', record: rawRecord('fired', body, { door: 'browser' }), around: { fired: 1 } });
  }
  if (api && around.replays === 0)
    out.push({ name: 'replay', record: replayTold([seq]), around: { replays: around.replays + 1 } });
  return out;
}

async function take(before: State, { name, record, around }: Input, model: Model, fixed: Admitting): Promise<Step> {
  const path = [...before.path, name];
  const after = { ...before, path, around: { ...before.around, ...around } };
  if (!record) return { before, after, findings: [] };
  const { books, journal } = before;
  const told = sequenced(record, journal.size + 2);
  const recall = async (seqs: readonly number[]): Promise<Map<number, Recalled>> =>
    new Map(seqs.flatMap((seq) => (journal.has(seq) ? [[seq, journal.get(seq) as Recalled]] : [])));
  const decided = await decide([told], { ...fixed, guard: guardOf(told, books) }, load(books), recall);
  const effects = model.planted?.(decided.effects, before) ?? decided.effects;
  const [verdict] = effects.verdicts.filter(({ seq }) => seq === told.seq);
  const kept = new Map(journal).set(told.seq, { record: told, ...(verdict ? { verdict } : {}) });
  return {
    before,
    after: { ...after, books: written(books, effects), journal: kept },
    findings: effects.findings.map(({ check, what }) => `${check}: ${what}`),
  };
}

const EMPTY = new Guard();

/** The guard as the events make it. Only what tells an event looks into it. */
function guardOf({ kind }: JournalRecord, { events }: Books): Guard {
  if (kind !== 'event' && kind !== 'order') return EMPTY;
  const guard = new Guard();
  guard.isWhole = true;
  for (const event of events) {
    const key = fingerprint(event.sourceId, event.name, event.eventId);
    const [first, ...others] = doorsOf(event);
    if (first) guard.add(key, event.seq, first, event.receivedAt);
    for (const door of others) guard.mark(key, door);
  }
  return guard;
}

export function legOf(books: Books, leg: DispatchRow['leg']): DispatchRow | undefined {
  const order = books.orders.find(({ event }) => event !== undefined);
  return books.dispatches.find((row) => row.event === order?.event && row.leg === leg);
}

/** The rows after a commit, as the ledger's engines write it. */
function written(books: Books, effects: Effects): Books {
  const stays = ({ shop, orderId, reference }: Partial<EntryRow>): boolean =>
    !effects.moved.some(
      (gone) => gone.shop === shop && gone.orderId === orderId && (gone.reference ?? reference) === reference,
    );
  const refusers = new Set(books.refusers);
  for (const { visitor, choice } of effects.choices)
    if (choice === 'denied') refusers.add(visitor);
    else refusers.delete(visitor);
  return {
    events: put(books.events, effects.events, ({ seq }) => `${seq}`),
    orders: put(books.orders.filter(stays), effects.orders, ({ orderId }) => orderId),
    entries: put(books.entries.filter(stays), effects.entries, ({ orderId, reference }) => `${orderId}\n${reference}`),
    dispatches: put(books.dispatches, effects.dispatches, ({ event, leg }) => `${event} ${leg}`),
    refusers: [...refusers],
  };
}

function put<T>(rows: readonly T[], changed: readonly T[], keyOf: (row: T) => string): T[] {
  const byKey = new Map([...rows, ...changed].map((row) => [keyOf(row), row]));
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

function load({ events, orders, entries, dispatches, refusers }: Books): ReturnType<typeof keyReads>['load'] {
  const rows = new Rows();
  for (const row of events) rows.events.put(row);
  for (const row of orders) rows.orders.put(row);
  for (const row of entries) rows.entries.put(row);
  for (const row of dispatches) rows.dispatches.put(row);
  for (const visitor of refusers) rows.refusers.add(visitor);
  return keyReads(rows).load;
}

/** The state as text, in which a record is named by what it told and not by when it came. */
function canonical({ books, around, journal }: State): string {
  const named = (key: string, value: unknown): unknown => {
    if ((key !== 'seq' && key !== 'event') || typeof value !== 'number') return value;
    const told = journal.get(value)?.record;
    return `${told?.kind} ${told?.door} ${told?.body['reference'] ?? ''}`;
  };
  return JSON.stringify([books, around], named);
}

function sequenced(record: NewRecord, seq: number): JournalRecord {
  return { ...record, seq };
}

function nothing(): Books {
  return { events: [], orders: [], entries: [], dispatches: [], refusers: [] };
}

function fresh(): Admitting {
  return {
    spec: { ...defaultSpec(), version: 0 },
    specs: new Map(),
    guard: EMPTY,
    keys: new Map(),
    tests: new Map(),
  };
}
