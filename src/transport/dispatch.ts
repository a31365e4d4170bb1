import type { DispatchRow } from '../event/dispatch.ts';
import type { JsonObject } from '../event/event.ts';
import type { DispatchKey, ToldAnswer, ToldExpired, ToldSent } from '../event/told.ts';
import type { Destination, Spec } from '../spec/spec.ts';
import type { Journal, NewRecord } from '../store/journal.ts';
import type { LedgerReader } from '../store/ledger.ts';
import { type Reading, type Reply, read } from '../tiktok/answer.ts';
import type { TrackRequest } from '../tiktok/body.ts';
import { earliest } from '../tiktok/clocks.ts';
import { Claims } from './claims.ts';
import { type DestinationState, HEALTHY, settled } from './destination.ts';
import { next } from './next.ts';
import { type Batch, firstCopy, pick } from './pick.ts';

const DUE_MAX = 2000;
const REQUESTS_AT_ONCE_MAX = 4;
/** A look at an empty outbox is cheap, but not free. */
const LOOK_AGAIN_MS_MIN = 25;
const LOOK_AGAIN_MS_MAX = 60_000;
const AFTER_FAILURE_MS = 1000;

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
  /** runs once after `ms`, and gives back what cancels it; the machine's own timers unless told */
  setTimer?(run: () => void, ms: number): () => void;
}

export interface Transport {
  /** The ledger has committed up to `offset`: something may be due. */
  wake(offset: number): void;
  destination(id: string): DestinationState;
  /** Takes nothing new and waits for the requests under way. */
  stop(): Promise<void>;
}

/** Sends what is due. Every step is a journal record first; admission alone changes the outbox. */
export async function startTransport(around: Surroundings): Promise<Transport> {
  const setTimer = around.setTimer ?? machineTimer;
  const states = new Map<string, DestinationState>();
  const claims = new Claims();
  /** dispatches whose batch was refused as a whole: the largest batch that each may go in */
  const limits = new Map<string, number>();
  const underWay = new Map<Promise<void>, string>();
  let stopping = false;
  let looking: Promise<void> | undefined;
  let again = false;
  let restsUntil = 0;
  let cancel: () => void = () => {};

  await takeUp(around);

  async function look(): Promise<void> {
    const now = around.now();
    if (now < restsUntil) return plan(restsUntil);
    const isFree = claims.asOf();
    const expired = (await around.reader.expired(now, DUE_MAX)).filter((leg) => isFree(keyOf(leg)));
    if (expired.length > 0) await end(expired.map(endOf));
    const due = (await around.reader.due(now, DUE_MAX)).filter(
      ({ dispatch }) => isFree(keyOf(dispatch)) && now >= stateOf(dispatch.destination).until,
    );
    if (due.length > 0) {
      const { dispatches } = await around.reader.load({ events: due.map(({ event }) => event.seq), orders: [] });
      const legs = Map.groupBy(dispatches, (leg) => leg.event);
      const picked = pick(
        due.map((sendable) => ({
          ...sendable,
          legs: legs.get(sendable.event.seq) ?? [],
          batchMax: limits.get(keyOf(sendable.dispatch)),
        })),
        (version) => around.specOf(version),
        now,
      );
      if (picked.ends.length > 0) await end(picked.ends);
      for (const batch of picked.batches) if (hasRoom(batch.target.id)) start(batch);
    }
    if (underWay.size < REQUESTS_AT_ONCE_MAX) plan(await nextLook(now));
  }

  /** A destination that is not well gets one request at a time. */
  function hasRoom(id: string): boolean {
    const busy = [...underWay.values()].filter((other) => other === id).length;
    return !stopping && underWay.size < REQUESTS_AT_ONCE_MAX && (busy === 0 || stateOf(id).state === 'healthy');
  }

  function start(batch: Batch): void {
    claims.take(batch.sends.map(({ dispatch }) => keyOf(dispatch)));
    const sending = send(batch).finally(() => {
      underWay.delete(sending);
      kick();
    });
    underWay.set(sending, batch.target.id);
  }

  async function nextLook(now: number): Promise<number> {
    const dueAt = (await around.reader.nextDueAt()) ?? Number.POSITIVE_INFINITY;
    const rests = [...states.values()].map((state) => state.until).filter((until) => until > now);
    // What is due and claimed, or belongs to a resting destination, must not make us spin.
    return dueAt > now ? dueAt : Math.min(...rests, now + AFTER_FAILURE_MS);
  }

  function plan(at: number): void {
    if (stopping) return;
    cancel();
    cancel = setTimer(kick, Math.min(LOOK_AGAIN_MS_MAX, Math.max(LOOK_AGAIN_MS_MIN, at - around.now())));
  }

  function kick(): void {
    again = true;
    if (stopping) return;
    looking ??= lookAll().finally(() => {
      looking = undefined;
      if (again) kick();
    });
  }

  async function lookAll(): Promise<void> {
    while (again && !stopping) {
      again = false;
      await look().catch((error: unknown) => failed('', 'the outbox can’t be read or written', error));
    }
  }

  function failed(destination: string, what: string, error: unknown): void {
    around.alarm(destination, `${what}: ${String(error)}`);
    restsUntil = around.now() + AFTER_FAILURE_MS;
    plan(restsUntil);
  }

  async function end(legs: ToldExpired['legs']): Promise<void> {
    const keys = legs.map(keyOf);
    claims.take(keys);
    try {
      claims.until(keys, await around.journal.append([record('expired', 'timer', { legs }, around.now())]));
    } catch (error) {
      claims.drop(keys);
      throw error;
    }
  }

  async function send(batch: Batch): Promise<void> {
    const { id } = batch.target;
    const keys = batch.sends.map(({ dispatch }) => keyOf(dispatch));
    const sentAt = around.now();
    try {
      const sends = batch.sends.map(({ dispatch }) => ({ ...bare(dispatch), n: dispatch.attempts + 1 }));
      await around.journal.append([record('sent', 'answer', { sends, at: sentAt }, sentAt)]);
    } catch (error) {
      claims.drop(keys);
      return failed(id, 'nothing is sent, because it could not be written down', error);
    }
    const reply = await around.post(batch.target, batch.request);
    const answeredAt = around.now();
    const readings = read(reply, batch.sends.length);
    settle(id, readings, sentAt, answeredAt);
    for (const [index, key] of keys.entries())
      if (readings[index]?.why === 'batch_refused') limits.set(key, Math.ceil(keys.length / 2));
      else limits.delete(key);
    const { delivery } = around.specOf(0);
    // One chance for all: a batch that comes back stays one.
    const chance = around.random();
    const answers = batch.sends.map(({ dispatch, firstCopy: first }, index) => {
      const reading = readings[index] as Reading;
      const copyAt = reading.copy ? earliest(first?.at, [sentAt, answeredAt]) : first?.at;
      const n = dispatch.attempts + 1;
      const attempted = { reading, n, answeredAt, firstCopy: copyAt, restsUntil: stateOf(id).until };
      return { ...bare(dispatch), n, sentAt, answeredAt, ...reading, ...next(attempted, chance, delivery) };
    });
    try {
      claims.until(keys, await around.journal.append([record('answer', 'answer', { answers }, answeredAt)]));
    } catch (error) {
      // The claim stays until a restart, when the open attempt counts as unanswered.
      failed(id, 'an answer could not be written down', error);
    }
  }

  function settle(id: string, readings: Reading[], sentAt: number, now: number): void {
    const old = stateOf(id);
    const state = settled(old, readings, sentAt, now);
    states.set(id, state);
    if (old.state !== state.state) around.alarm(id, `is ${state.state}${state.why && `: ${state.why}`}`);
  }

  function stateOf(id: string): DestinationState {
    return states.get(id) ?? HEALTHY;
  }

  kick();
  return {
    wake(offset) {
      claims.commit(offset);
      kick();
    },
    destination: stateOf,
    async stop() {
      stopping = true;
      cancel();
      await looking;
      await Promise.all(underWay.keys());
    },
  };
}

/** Attempts that a crash left open: nobody knows whether they arrived, so they count as unanswered. */
async function takeUp(around: Surroundings): Promise<void> {
  const open = await around.reader.inFlight();
  if (open.length === 0) return;
  const now = around.now();
  const { dispatches } = await around.reader.load({ events: open.map((leg) => leg.event), orders: [] });
  const legs = Map.groupBy(dispatches, (leg) => leg.event);
  const { delivery } = around.specOf(0);
  const chance = around.random();
  const answers: ToldAnswer['answers'] = open.map((leg) => {
    const [reading] = read({ kind: 'unanswered', why: 'the server stopped before an answer came' }, 1) as [Reading];
    const first = firstCopy(legs.get(leg.event) ?? [], leg.destination);
    const sentAt = leg.changedAt;
    const attempted = {
      reading,
      n: leg.attempts,
      answeredAt: now,
      firstCopy: earliest(first?.at, [sentAt, now]),
      restsUntil: 0,
    };
    return { ...bare(leg), n: leg.attempts, sentAt, ...reading, ...next(attempted, chance, delivery) };
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

function machineTimer(run: () => void, ms: number): () => void {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
}

function bare(leg: DispatchKey): DispatchKey {
  return { event: leg.event, destination: leg.destination, leg: leg.leg };
}

function keyOf(leg: DispatchKey): string {
  return `${leg.event}/${leg.destination}/${leg.leg}`;
}
