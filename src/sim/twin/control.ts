import type { Json, JsonObject } from '../../event/event.ts';
import { MATCH_KEYS } from './diagnostics.ts';
import { type Call, json, type Reply } from './exchange.ts';
import { parseFault } from './faults.ts';
import { isObject, parseJson } from './json.ts';
import { type Pixel, parsePixels } from './pixels.ts';
import { parseRefusedIds, type RefusedIds } from './refused-ids.ts';
import type { EventFilter, Tally } from './store.ts';
import { changeSwitches } from './switches.ts';
import type { Twin } from './twin.ts';
import type { ArrivalView, Diagnostics, EventView, RequestView, State } from './views.ts';

const DAY_MS = 86_400_000;

/** The controls that TikTok has not: clock, switches, faults, and what was received. Undefined for an unknown address. */
export function answerControl(twin: Twin, call: Call): Reply | undefined {
  const { query } = call;
  switch (`${call.method} ${call.path}`) {
    case 'GET /twin/state':
      return json(stateOf(twin));
    case 'GET /twin/events':
      return json({ events: eventsOf(twin, filterOf(query)) });
    case 'GET /twin/totals':
      return json(twin.store.totals());
    case 'GET /twin/diagnostics':
      return json(diagnosticsOf(twin));
    case 'GET /twin/requests':
      return json({ requests: requestsOf(twin, numberOf(query, 'after', 0), numberOf(query, 'limit', 1000)) });
    case 'POST /twin/clock':
      return moveClock(twin, parseJson(call.body));
    case 'POST /twin/switch': {
      const switches = changeSwitches(twin.switches, parseJson(call.body));
      return changed(twin, switches, () => twin.change({ switches: switches as typeof twin.switches }));
    }
    case 'POST /twin/fault': {
      const fault = parseFault(parseJson(call.body));
      return changed(twin, fault, () => !Array.isArray(fault) && twin.change({ faults: [...twin.faults(), fault] }));
    }
    case 'DELETE /twin/fault':
      twin.change({
        faults: twin.faults().filter((fault) => (query.get('channel') ?? fault.channel) !== fault.channel),
      });
      return json(stateOf(twin));
    case 'PUT /twin/pixels': {
      const pixels = parsePixels(parseJson(call.body));
      const problems = pixels.filter((one) => typeof one === 'string');
      return changed(twin, problems.length > 0 ? problems : {}, () => twin.change({ pixels: pixels as Pixel[] }));
    }
    case 'PUT /twin/refused': {
      const refused = parseRefusedIds(parseJson(call.body));
      return changed(twin, refused, () => twin.change({ refusedIds: refused as RefusedIds }));
    }
    case 'POST /twin/reset':
      twin.reset();
      return json(stateOf(twin));
    default:
      return undefined;
  }
}

function changed(twin: Twin, parsed: object | string[], change: () => void): Reply {
  if (Array.isArray(parsed)) return json({ problems: parsed }, 400);
  change();
  return json(stateOf(twin));
}

function moveClock(twin: Twin, body: Json | undefined): Reply {
  const { advanceMs, now } = isObject(body) ? body : {};
  if (typeof now === 'number') twin.change({ offsetMs: Math.round(now - (twin.now() - twin.offsetMs)) });
  else if (typeof advanceMs === 'number') twin.change({ offsetMs: twin.offsetMs + Math.round(advanceMs) });
  else return json({ problems: ['the body must have advanceMs or now, in ms'] }, 400);
  return json(stateOf(twin));
}

export function stateOf(twin: Twin): State {
  return {
    now: twin.now(),
    offsetMs: twin.offsetMs,
    switches: twin.switches,
    faults: [...twin.faults()],
    pixels: [...twin.pixels],
    refusedIds: twin.refusedIds,
    totals: twin.store.totals(),
  };
}

/** Events that fit, in order of their first arrival; all counts of one key stand together. */
export function eventsOf(twin: Twin, filter: EventFilter): EventView[] {
  const byKey = new Map<string, Tally[]>();
  for (const tally of twin.store.tallies(filter)) {
    const { sourceId, event, eventId, test, id } = tally;
    const key = JSON.stringify(eventId === null ? id : [sourceId, event, eventId, test !== null]);
    byKey.set(key, [...(byKey.get(key) ?? []), tally]);
  }
  return [...byKey.values()].flatMap((tallies) => {
    const latest = tallies.at(-1);
    return latest ? [viewOf(twin, tallies, latest)] : [];
  });
}

function viewOf(twin: Twin, tallies: readonly Tally[], latest: Tally): EventView {
  const sum = (figure: (tally: Tally) => number) => tallies.reduce((total, tally) => total + figure(tally), 0);
  const arrivals = tallies.flatMap((tally) => twin.store.arrivals(tally.id));
  return {
    source_id: latest.sourceId,
    event: latest.event,
    event_id: latest.eventId,
    order_id: latest.orderId,
    counted: sum((tally) => Number(tally.test === null)),
    merged: sum((tally) => tally.merged),
    dropped: sum((tally) => tally.dropped),
    test: latest.test,
    firstAt: Math.min(...tallies.map((tally) => tally.firstAt)),
    value: latest.value,
    currency: latest.currency,
    arrivals: arrivals.map(
      ({ at, channel, outcome, requestId, body }): ArrivalView => ({
        ...{ at, channel, outcome },
        request_id: requestId,
        body: JSON.parse(body) as JsonObject,
      }),
    ),
    body: JSON.parse(latest.body) as JsonObject,
  };
}

function requestsOf(twin: Twin, after: number, limit: number): RequestView[] {
  return twin.store
    .requests(after, limit)
    .map((request) => ({ ...request, headers: JSON.parse(request.headers) as Record<string, string> }));
}

/** What Events Manager would say about the last 24 hours. */
export function diagnosticsOf(twin: Twin): Diagnostics {
  const asOf = twin.now();
  const since = asOf - DAY_MS;
  const copies = new Map(twin.store.copies(since).map(({ event, ...counts }) => [event, counts]));
  return {
    since,
    asOf,
    issues: twin.store.issues(since),
    events: twin.store.coverage(since, MATCH_KEYS).map(({ event, counted, ...present }) => ({
      event: String(event),
      counted: Number(counted),
      ...(copies.get(String(event)) ?? { browser: 0, server: 0 }),
      coverage: Object.fromEntries(
        Object.entries(present).map(([key, found]) => [key, Number(found) / Number(counted)]),
      ),
    })),
  };
}

function filterOf(query: URLSearchParams): EventFilter {
  return {
    sourceId: query.get('source_id') ?? undefined,
    event: query.get('event') ?? undefined,
    eventId: query.get('event_id') ?? undefined,
    orderId: query.get('order_id') ?? undefined,
    test: query.has('test') ? query.get('test') === 'true' : undefined,
    limit: numberOf(query, 'limit', 1000),
  };
}

function numberOf(query: URLSearchParams, name: string, otherwise: number): number {
  const value = Number(query.get(name) ?? Number.NaN);
  return Number.isSafeInteger(value) && value >= 0 ? value : otherwise;
}
