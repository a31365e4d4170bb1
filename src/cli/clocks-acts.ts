import type { DispatchRow } from '../event/dispatch.ts';
import type { EventRow } from '../event/event.ts';
import type { LedgerReader } from '../store/ledger.ts';
import type { ClockLimits } from '../tiktok/clocks.ts';
import {
  copiesOf,
  NO_OUTCOMES,
  type Outcomes,
  outcomesOf,
  type Scenario,
  type SupposedCopy,
} from './clocks-scenario.ts';

/** One event name at one destination: its copies as they are, and as they would be. */
export interface Line {
  event: string;
  destination: string;
  /** acts of visitors */
  acts: number;
  now: Outcomes;
  supposed: Outcomes;
  /** event ids of the first acts of which something else becomes, to be traced */
  examples: string[];
}

export interface Compared {
  lines: Line[];
  events: number;
  /** true: more orders than are held at once, the oldest were taken one event at a time */
  cut: boolean;
}

const PAGE = 500;
const EXAMPLES_MAX = 3;
/** Acts that several events may tell are held until the end. */
const ORDERS_HELD_MAX = 100_000;
/** Records stand in the order in which they were written; their times may be a little out of it. */
const OUT_OF_ORDER_MS = 3_600_000;

interface Act {
  event: EventRow;
  destination: string;
  now: SupposedCopy[];
  supposed: SupposedCopy[];
}

/** Goes through the live events received from `since` up to `until`, UTC ms, newest first and a page at a time. */
export async function compare(
  reader: LedgerReader,
  scenario: Scenario,
  { since, until }: { since: number; until: number },
  limitsOf: (event: EventRow) => ClockLimits,
  progress: (events: number) => void = () => {},
): Promise<Compared> {
  const lines = new Map<string, Line>();
  const orders = new Map<string, Act>();
  const compared: Compared = { lines: [], events: 0, cut: false };

  function add({ event, destination, now, supposed }: Act): void {
    const name = `${event.name}\n${destination}`;
    const line = lines.get(name) ?? {
      ...{ event: event.name, destination, acts: 0, now: { ...NO_OUTCOMES }, supposed: { ...NO_OUTCOMES } },
      examples: [],
    };
    lines.set(name, line);
    const [is, would] = [outcomesOf(now, limitsOf(event)), outcomesOf(supposed, limitsOf(event))];
    line.acts++;
    let differs = false;
    for (const key of OUTCOMES) {
      line.now[key] += is[key];
      line.supposed[key] += would[key];
      differs ||= is[key] !== would[key];
    }
    if (differs && line.examples.length < EXAMPLES_MAX) line.examples.push(event.eventId);
  }

  function take(act: Act): void {
    if (act.now.length + act.supposed.length === 0) return;
    const { orderId, name } = act.event;
    if (orderId === undefined) {
      add(act);
      return;
    }
    const key = `${name}\n${act.destination}\n${orderId}`;
    const known = orders.get(key);
    if (known) {
      known.now.push(...act.now);
      known.supposed.push(...act.supposed);
    } else if (orders.size < ORDERS_HELD_MAX) orders.set(key, act);
    else {
      compared.cut = true;
      add(act);
    }
  }

  for await (const page of pagesOf(reader, since)) {
    const events = page.filter(
      ({ receivedAt, namespace }) => namespace === 'live' && receivedAt >= since && receivedAt < until,
    );
    const { dispatches } = await reader.load({ events: events.map(({ seq }) => seq), orders: [] });
    const legsOf = Map.groupBy(dispatches, ({ event }) => event);
    for (const event of events) {
      compared.events++;
      for (const [destination, legs] of Map.groupBy(legsOf.get(event.seq) ?? [], (leg) => leg.destination))
        take({ event, destination, now: copies(event, legs, {}), supposed: copies(event, legs, scenario) });
    }
    progress(compared.events);
  }
  for (const act of orders.values()) add(act);
  compared.lines = [...lines.values()].sort((a, b) => b.acts - a.acts || (a.event < b.event ? -1 : 1));
  return compared;
}

export const OUTCOMES = Object.keys(NO_OUTCOMES) as (keyof Outcomes)[];

function copies(event: EventRow, legs: readonly DispatchRow[], scenario: Scenario): SupposedCopy[] {
  // The legs of guarded events are the ones that are money.
  return copiesOf(
    event,
    legs,
    legs.some(({ money }) => money),
    scenario,
  );
}

/** Events by the record that made each, newest first, as far back as `since`. */
async function* pagesOf(reader: LedgerReader, since: number): AsyncGenerator<EventRow[]> {
  for (let before = (await reader.offset()) + 1; ; ) {
    const page = await reader.recent(before, PAGE);
    const last = page.at(-1);
    if (!last) return;
    yield page.flatMap(({ verdict, event }) => (event && event.seq === verdict.seq ? [event] : []));
    if (page.every(({ verdict, event }) => (event?.receivedAt ?? verdict.at) < since - OUT_OF_ORDER_MS)) return;
    before = last.verdict.seq;
  }
}
