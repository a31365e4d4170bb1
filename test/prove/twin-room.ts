import type { JsonObject } from '../../src/event/event.ts';
import { answerTrack, TRACK_PATH } from '../../src/sim/twin/events-api.ts';
import type { Call, Reply } from '../../src/sim/twin/exchange.ts';
import type { Fault } from '../../src/sim/twin/faults.ts';
import { answerPixel, PIXEL_PATH } from '../../src/sim/twin/pixel.ts';
import type { Arrival, Tally } from '../../src/sim/twin/store.ts';
import { openTwin, type Twin } from '../../src/sim/twin/twin.ts';
import { ACCOUNTS } from './variant.ts';

/** One copy that the twin kept, as the twin saw it. */
export interface Kept {
  at: number;
  channel: Arrival['channel'];
  outcome: Arrival['outcome'];
  /** event_source_id */
  source: string;
  event: string;
  eventId: string;
  orderId: string | null;
  test: string | null;
  body: JsonObject;
}

/** TikTok's twin in this process, with a look at what it keeps. */
export interface TwinRoom {
  /** A new world: empty, with its own clock and chance. */
  begin(now: () => number, random: () => number, kept: (copy: Kept) => void): void;
  track(token: string, body: string): Reply;
  pixel(message: object): Reply;
  fault(fault: Partial<Fault> & Pick<Fault, 'kind'>): void;
  limit(perSecond: number | null): void;
}

const PIXELS = Object.values(ACCOUNTS).map(({ pixel, token, crmEventSet }) => ({
  ...{ code: pixel, tokens: [token], appIds: [], eventSets: { crm: [crmEventSet], offline: [] } },
}));

/** The store is made once and emptied for each world: making it costs more than a whole run. */
export function openTwinRoom(): TwinRoom {
  let now = (): number => 0;
  let random = (): number => 0;
  let kept = (_copy: Kept): void => {};
  const real = openTwin(undefined, { now: () => now(), random: () => random() });
  const sources = new Map<number, Omit<Tally, 'id'>>();
  const twin: Twin = Object.create(real, {
    store: {
      value: {
        ...real.store,
        insertTally(tally: Omit<Tally, 'id'>): number {
          const id = real.store.insertTally(tally);
          sources.set(id, tally);
          return id;
        },
        insertArrival(arrival: Arrival): void {
          real.store.insertArrival(arrival);
          const tally = sources.get(arrival.tally);
          if (!tally) throw new Error('an arrival without its tally');
          const { at, channel, outcome } = arrival;
          const { sourceId: source, event, eventId, orderId, test } = tally;
          const body = JSON.parse(arrival.body) as JsonObject;
          kept({ at, channel, outcome, source, event, eventId: eventId ?? '', orderId, test, body });
        },
      },
    },
  });
  const call = (path: string, body: string, headers: Call['headers']): Call => ({
    ...{ method: 'POST', path, query: new URLSearchParams(), target: path, body },
    headers: { 'content-type': 'application/json', ...headers },
  });
  return {
    begin(worldNow, worldRandom, worldKept) {
      [now, random, kept] = [worldNow, worldRandom, worldKept];
      sources.clear();
      real.reset();
      real.change({ pixels: PIXELS });
    },
    track: (token, body) => answerTrack(twin, call(TRACK_PATH, body, { 'access-token': token })),
    pixel: (message) => answerPixel(twin, call(PIXEL_PATH, JSON.stringify(message), {})),
    fault(fault) {
      const usual = { channel: 'api' as const, code: 0, message: null, times: 1, untilNow: null, orders: [] };
      real.change({ faults: [{ ...usual, ...fault }] });
    },
    limit: (qpsLimit) => real.change({ switches: { ...real.switches, qpsLimit } }),
  };
}
