import { setImmediate as others } from 'node:timers/promises';
import type { DispatchRow } from '../event/dispatch.ts';
import type { TestRow } from '../event/key.ts';
import type { Destination, Spec } from '../spec/spec.ts';
import type { Journal } from '../store/journal.ts';
import type { Lane, LedgerReader, Sendable } from '../store/ledger.ts';
import { type Reading, type Reply, read } from '../tiktok/answer.ts';
import type { TrackRequest } from '../tiktok/body.ts';
import { earliest } from '../tiktok/clocks.ts';
import { Claims, keyOf } from './claims.ts';
import { type DestinationState, HEALTHY, settled } from './destination.ts';
import { next } from './next.ts';
import { startPace } from './pace.ts';
import { type Batch, type Ending, pick } from './pick.ts';
import { bare, record } from './record.ts';
import { takeUp } from './take-up.ts';

/** Read at once: a full request’s worth. More would hold up the doors, which are answered by the same thread. */
const PAGE = 1000;
/** Of one destination, so that none waits for another that is slow. One more may carry money. */
const REQUESTS_AT_ONCE_MAX = 4;
const AFTER_FAILURE_MS = 1000;
/** Commits come all the time under load, and a look for what they made due costs the doors’ thread a millisecond. */
const AFTER_COMMIT_MS = 100;

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
  const states = new Map<string, DestinationState>();
  const claims = new Claims();
  /** dispatches whose batch was refused as a whole: the largest batch that each may go in */
  const limits = new Map<string, number>();
  const underWay = new Map<Promise<void>, string>();
  let stopping = false;
  let restsUntil = 0;

  await takeUp(around);

  /** Resolves with the time at which to look again. */
  async function look(): Promise<number> {
    const now = around.now();
    if (now < restsUntil) return restsUntil;
    try {
      await endExpired(now);
      while (await sendPage(now)) await others();
      const rests = [...states.values()].map((state) => state.until).filter((until) => until > now);
      const dueAt = await around.reader.nextDueAt(now, shutLanes(now));
      return Math.min(dueAt ?? Number.POSITIVE_INFINITY, ...rests);
    } catch (error) {
      return failed('', 'the outbox can’t be read or written', error);
    }
  }

  async function endExpired(now: number): Promise<void> {
    const isFree = claims.asOf();
    const expired = (await around.reader.expired(now, PAGE)).filter(isFree);
    await end(expired.map(endOf));
  }

  /** Sends the first of what is due and can leave. Is there more? */
  async function sendPage(now: number): Promise<boolean> {
    if (stopping) return false;
    const isFree = claims.asOf();
    const page = await around.reader.due(now, PAGE, shutLanes(now));
    const due = page.filter(({ dispatch }) => isFree(dispatch));
    if (due.length === 0) return false;
    const { dispatches } = await around.reader.load({ events: due.map(({ event }) => event.seq), orders: [] });
    const legs = Map.groupBy(dispatches, (leg) => leg.event);
    const picked = pick(
      due.map((sendable) => ({
        ...sendable,
        legs: legs.get(sendable.event.seq) ?? [],
        batchMax: limits.get(keyOf(sendable.dispatch)),
      })),
      (version) => around.specOf(version),
      await testsFor(due),
      now,
    );
    await end(picked.ends);
    let started = 0;
    for (const batch of picked.batches)
      if (hasRoom(laneOf(batch), now)) {
        start(batch);
        started++;
      }
    return page.length === PAGE && started + picked.ends.length > 0;
  }

  /** Test sessions are looked up only where drafts are due. */
  async function testsFor(due: readonly Sendable[]): Promise<Map<string, TestRow>> {
    if (!due.some(({ event }) => event.namespace === 'draft')) return new Map();
    return new Map((await around.reader.tests()).map((row) => [row.destination, row]));
  }

  /** Lanes of which nothing can leave now: asked for again and again, a backlog would cost more than all requests. */
  function shutLanes(now: number): Lane[] {
    const known = new Set([...states.keys(), ...underWay.values(), ...claims.destinations()]);
    return [...known]
      .flatMap((destination) => [true, false].map((money) => ({ destination, money })))
      .filter((lane) => !hasRoom(lane, now) || claims.isCrowded(lane));
  }

  /** A destination that is not well gets one request at a time. */
  function hasRoom({ destination, money }: Lane, now: number): boolean {
    const { state, until } = stateOf(destination);
    const busy = [...underWay.values()].filter((other) => other === destination).length;
    const most = state === 'healthy' ? REQUESTS_AT_ONCE_MAX + (money ? 1 : 0) : 1;
    return !stopping && now >= until && busy < most;
  }

  function start(batch: Batch): void {
    const written = claims.take(batch.sends.map(({ dispatch }) => dispatch));
    const sending = send(batch, written).finally(() => {
      underWay.delete(sending);
      pace.wake();
    });
    underWay.set(sending, batch.target.id);
  }

  function failed(destination: string, what: string, error: unknown): number {
    around.alarm(destination, `${what}: ${String(error)}`);
    restsUntil = around.now() + AFTER_FAILURE_MS;
    return restsUntil;
  }

  async function end(endings: readonly Ending[]): Promise<void> {
    if (endings.length === 0) return;
    const written = claims.take(endings.map(({ dispatch }) => dispatch));
    try {
      const legs = endings.map(({ dispatch, input, why }) => ({ ...bare(dispatch), input, why }));
      written(await around.journal.append([record('expired', 'timer', { legs }, around.now())]));
    } catch (error) {
      written(0);
      throw error;
    }
  }

  async function send(batch: Batch, written: (seq: number) => void): Promise<void> {
    const { id } = batch.target;
    const keys = batch.sends.map(({ dispatch }) => keyOf(dispatch));
    const sentAt = around.now();
    try {
      const sends = batch.sends.map(({ dispatch }) => ({ ...bare(dispatch), n: dispatch.attempts + 1 }));
      written(await around.journal.append([record('sent', 'answer', { sends, at: sentAt }, sentAt)]));
    } catch (error) {
      written(0);
      failed(id, 'nothing is sent, because it could not be written down', error);
      return;
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
      await around.journal.append([record('answer', 'answer', { answers }, answeredAt)]);
    } catch (error) {
      // Under way until a restart, when the open attempt counts as unanswered.
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

  const pace = startPace(look, around.now, around.setTimer ?? machineTimer);
  return {
    wake(offset) {
      claims.commit(offset);
      pace.wake(AFTER_COMMIT_MS);
    },
    destination: stateOf,
    async stop() {
      stopping = true;
      await pace.stop();
      await Promise.all(underWay.keys());
    },
  };
}

function laneOf({ target, sends }: Batch): Lane {
  return { destination: target.id, money: sends[0]?.dispatch.money === true };
}

function endOf(dispatch: DispatchRow): Ending {
  if (dispatch.leg === 'api') return { dispatch, input: 'withhold', why: 'confirmation_expired' };
  return dispatch.state === 'inFlight'
    ? { dispatch, input: 'park', why: 'handout_unreported' }
    : { dispatch, input: 'withhold', why: 'handout_expired' };
}

function machineTimer(run: () => void, ms: number): () => void {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
}
