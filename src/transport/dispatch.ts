import type { DispatchRow } from '../event/dispatch.ts';
import type { JsonObject } from '../event/event.ts';
import type { ToldAnswer, ToldExpired, ToldSent } from '../event/told.ts';
import type { Destination, Spec } from '../spec/spec.ts';
import type { Journal, NewRecord } from '../store/journal.ts';
import type { LedgerReader } from '../store/ledger.ts';
import { type Reading, type Reply, read } from '../tiktok/answer.ts';
import type { TrackRequest } from '../tiktok/body.ts';
import { earliest } from '../tiktok/clocks.ts';
import { next, restAfterThrottle } from './next.ts';
import { type Batch, firstCopy, pick } from './pick.ts';

const DUE_MAX = 2000;
const REQUESTS_AT_ONCE_MAX = 4;
/** A look at an empty outbox is cheap, but not free. */
const LOOK_AGAIN_MS_MIN = 25;
const LOOK_AGAIN_MS_MAX = 60_000;
/** A paused destination tries one batch again after this, so that a renewed token is noticed. */
const PAUSE_MS = 5 * 60_000;

export interface Surroundings {
  reader: LedgerReader;
  journal: Pick<Journal, 'append'>;
  /** the spec of a version, or the newest for one that is not known */
  specOf(version: number): Spec;
  /** sends one request; never throws */
  post(target: Destination, request: TrackRequest): Promise<Reply>;
  now(): number;
  random(): number;
  /** tells a person, once per change */
  alarm(destination: string, what: string): void;
}

/** What a destination is doing. */
export interface DestinationState {
  state: 'healthy' | 'resting' | 'paused';
  until: number;
  why: string;
  throttles: number;
}

export interface Transport {
  /** The ledger has committed up to `offset`: something may be due. */
  wake(offset: number): void;
  destination(id: string): DestinationState;
  /** Takes nothing new and waits for the requests under way. */
  stop(): Promise<void>;
}

const HEALTHY: DestinationState = { state: 'healthy', until: 0, why: '', throttles: 0 };

/** Sends what is due. Every step is a journal record first; admission alone changes the outbox. */
export async function startTransport(around: Surroundings): Promise<Transport> {
  const states = new Map<string, DestinationState>();
  /** picked dispatches, with the sequence whose commit lets them go; Infinity while that is not written */
  const claimed = new Map<string, number>();
  const underWay = new Set<Promise<void>>();
  let stopping = false;
  let looking = false;
  let again = false;
  let timer: NodeJS.Timeout | undefined;

  await takeUp(around);

  async function look(): Promise<void> {
    const now = around.now();
    await expire(now);
    const due = (await around.reader.due(now, DUE_MAX)).filter(
      ({ dispatch }) => !claimed.has(keyOf(dispatch)) && now >= (states.get(dispatch.destination)?.until ?? 0),
    );
    if (due.length > 0) {
      const { dispatches } = await around.reader.load({ events: due.map(({ event }) => event.seq), orders: [] });
      const legs = Map.groupBy(dispatches, (leg) => leg.event);
      const picked = pick(
        due.map((sendable) => ({ ...sendable, legs: legs.get(sendable.event.seq) ?? [] })),
        (version) => around.specOf(version),
        now,
      );
      if (picked.ends.length > 0) await end(picked.ends);
      for (const batch of picked.batches) {
        if (underWay.size >= REQUESTS_AT_ONCE_MAX) break;
        for (const { dispatch } of batch.sends) claimed.set(keyOf(dispatch), Number.POSITIVE_INFINITY);
        const sending = send(batch).finally(() => {
          underWay.delete(sending);
          kick();
        });
        underWay.add(sending);
      }
    }
    if (underWay.size < REQUESTS_AT_ONCE_MAX) plan(await nextLook(now));
  }

  async function nextLook(now: number): Promise<number> {
    const dueAt = (await around.reader.nextDueAt()) ?? Number.POSITIVE_INFINITY;
    const rests = [...states.values()].map((state) => state.until).filter((until) => until > now);
    // What is due and claimed, or belongs to a resting destination, must not make us spin.
    return dueAt > now ? dueAt : Math.min(...rests, now + 1000);
  }

  function plan(at: number): void {
    if (stopping) return;
    clearTimeout(timer);
    const wait = Math.min(LOOK_AGAIN_MS_MAX, Math.max(LOOK_AGAIN_MS_MIN, at - around.now()));
    timer = setTimeout(kick, wait);
  }

  function kick(): void {
    again = true;
    if (looking || stopping) return;
    looking = true;
    void (async () => {
      while (again && !stopping) {
        again = false;
        try {
          await look();
        } catch (error) {
          around.alarm('', `the outbox can't be read: ${String(error)}`);
          plan(around.now() + 1000);
        }
      }
      looking = false;
    })();
  }

  async function expire(now: number): Promise<void> {
    const expired = (await around.reader.expired(now, DUE_MAX)).filter((leg) => !claimed.has(keyOf(leg)));
    if (expired.length > 0) await end(expired.map(endOf));
  }

  async function end(legs: ToldExpired['legs']): Promise<void> {
    for (const leg of legs) claimed.set(keyOf(leg), Number.POSITIVE_INFINITY);
    const seq = await around.journal.append([record('expired', 'timer', { legs }, around.now())]);
    for (const leg of legs) claimed.set(keyOf(leg), seq);
  }

  async function send(batch: Batch): Promise<void> {
    try {
      const sentAt = around.now();
      const sends: ToldSent['sends'] = batch.sends.map(({ dispatch }) => ({
        ...bare(dispatch),
        n: dispatch.attempts + 1,
      }));
      await around.journal.append([record('sent', 'answer', { sends, at: sentAt }, sentAt)]);
      const reply = await around.post(batch.target, batch.request);
      const answeredAt = around.now();
      const readings = read(reply, batch.sends.length);
      const restsUntil = settle(batch.target.id, readings, answeredAt);
      const answers = batch.sends.map(({ dispatch, firstCopy: first }, index) => {
        const reading = readings[index] as Reading;
        const copyAt = reading.copy ? earliest(first?.at, [sentAt, answeredAt]) : first?.at;
        const n = dispatch.attempts + 1;
        const attempted = { reading, n, answeredAt, firstCopy: copyAt, restsUntil };
        const spec = around.specOf(0);
        return {
          ...bare(dispatch),
          n,
          sentAt,
          answeredAt,
          ...reading,
          ...next(attempted, around.random(), spec.delivery),
        };
      });
      const seq = await around.journal.append([record('answer', 'answer', { answers }, answeredAt)]);
      for (const { dispatch } of batch.sends) claimed.set(keyOf(dispatch), seq);
    } catch (error) {
      // The journal can't be written: the claim stays until a restart, when the open attempt counts as unanswered.
      around.alarm(batch.target.id, `an answer could not be written down: ${String(error)}`);
    }
  }

  /** The destination's own state after a batch. Returns until when it rests. */
  function settle(id: string, readings: Reading[], now: number): number {
    const old = states.get(id) ?? HEALTHY;
    const bad = readings.find((reading) => reading.outcome === 'throttled' || reading.outcome === 'paused');
    if (!bad) {
      if (readings.some((reading) => reading.outcome === 'accepted')) states.set(id, HEALTHY);
      return 0;
    }
    const why = `${bad.code ?? bad.http ?? ''} ${bad.message ?? ''}`.trim();
    const throttles = bad.outcome === 'throttled' ? old.throttles + 1 : old.throttles;
    const state: DestinationState =
      bad.outcome === 'throttled'
        ? { state: 'resting', until: restAfterThrottle(throttles, now), why, throttles }
        : { state: 'paused', until: now + PAUSE_MS, why, throttles };
    states.set(id, state);
    if (old.state !== state.state) around.alarm(id, `is ${state.state}: ${why}`);
    return state.until;
  }

  kick();
  return {
    wake(offset) {
      for (const [key, seq] of claimed) if (seq <= offset) claimed.delete(key);
      kick();
    },
    destination: (id) => states.get(id) ?? HEALTHY,
    async stop() {
      stopping = true;
      clearTimeout(timer);
      while (underWay.size > 0 || looking) {
        await Promise.allSettled([...underWay]);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
  };
}

/** Attempts that a crash left open: nobody knows whether they arrived, so they count as unanswered. */
async function takeUp(around: Surroundings): Promise<void> {
  const open = await around.reader.inFlight();
  if (open.length === 0) return;
  const now = around.now();
  const known = await around.reader.load({ events: open.map((leg) => leg.event), orders: [] });
  const answers: ToldAnswer['answers'] = open.map((leg) => {
    const [reading] = read({ kind: 'unanswered', why: 'the server stopped before an answer came' }, 1) as [Reading];
    const first = firstCopy(
      known.dispatches.filter((other) => other.event === leg.event),
      leg.destination,
    );
    const sentAt = leg.changedAt;
    const attempted = {
      reading,
      n: leg.attempts,
      answeredAt: now,
      firstCopy: earliest(first?.at, [sentAt, now]),
      restsUntil: 0,
    };
    return {
      ...bare(leg),
      n: leg.attempts,
      sentAt,
      ...reading,
      ...next(attempted, around.random(), around.specOf(0).delivery),
    };
  });
  await around.journal.append([record('answer', 'answer', { answers }, now)]);
}

function endOf(leg: DispatchRow): ToldExpired['legs'][number] {
  if (leg.leg === 'api') return { ...bare(leg), input: 'withhold', why: 'confirmation_expired' };
  return leg.state === 'inFlight'
    ? { ...bare(leg), input: 'park', why: 'handout_unreported' }
    : { ...bare(leg), input: 'withhold', why: 'handout_expired' };
}

/** A record of our own. */
export function record(
  kind: NewRecord['kind'],
  door: NewRecord['door'],
  body: ToldSent | ToldAnswer | ToldExpired,
  at: number,
): NewRecord {
  return { kind, door, keyId: '', receivedAt: at, body: body as unknown as JsonObject, personal: null };
}

function bare(
  leg: Pick<DispatchRow, 'event' | 'destination' | 'leg'>,
): Pick<DispatchRow, 'event' | 'destination' | 'leg'> {
  return { event: leg.event, destination: leg.destination, leg: leg.leg };
}

function keyOf(leg: Pick<DispatchRow, 'event' | 'destination' | 'leg'>): string {
  return `${leg.event}/${leg.destination}/${leg.leg}`;
}
