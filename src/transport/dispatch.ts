import { setImmediate as others } from 'node:timers/promises';
import type { DispatchRow } from '../event/dispatch.ts';
import type { TestRow } from '../event/key.ts';
import { outgoing } from '../event/outgoing.ts';
import type { LedgerReader } from '../store/ledger.ts';
import type { Lane, Sendable } from '../store/outbox.ts';
import { Claims } from './claims.ts';
import { type DestinationState, refusesAll, renewed } from './destination.ts';
import { nextTest, without } from './isolate.ts';
import { LaneCounts } from './lanes.ts';
import { Outlet, PLACES_MIN } from './outlet.ts';
import { startPace } from './pace.ts';
import { type Batch, type Ending, type Picked, pick, type Request, requestsOf } from './pick.ts';
import { bare, record } from './record.ts';
import { isRefusedWhole, type OpenSearch, SEARCH_MS_MAX, Searches, searched } from './searches.ts';
import { attempt, dispatchesOf, type SendSurroundings, tellLeaving } from './send.ts';
import { SpareBytes } from './spare-bytes.ts';
import { takeUp } from './take-up.ts';

/** Read at once: a full request’s worth. More would hold up the doors, which are answered by the same thread. */
const PAGE = 1000;
/** At least this, for destinations that nothing has gone to yet, and for what may leave no more. */
const PAGE_MIN = 32;
const AFTER_FAILURE_MS = 1000;
/** Commits come all the time under load, and a look for what they made due costs the doors’ thread a millisecond. */
const AFTER_COMMIT_MS = 100;
/** Of a paused destination it is seen this often whether its token’s source has changed. */
const TOKEN_LOOK_MS = 5000;
const NEVER = Number.POSITIVE_INFINITY;

export interface Surroundings extends SendSurroundings {
  reader: LedgerReader;
  /** another text whenever the source of the destination’s tokens has changed */
  tokenMark?(destination: string): string;
  /** runs once after `ms`, and gives back what cancels it; the machine's own timers unless told */
  setTimer?(run: () => void, ms: number): () => void;
}

export interface Transport {
  /** The ledger has committed up to `offset`: something may be due. */
  wake(offset: number): void;
  /** What a destination is doing, and how many requests a second it is held to. */
  destination(id: string): DestinationState & { ratePerSecond: number };
  /** Takes nothing new and waits for the requests under way. */
  stop(): Promise<void>;
}

/** Sends what is due. Every step is a journal record first; admission alone changes the outbox. */
export async function startTransport(around: Surroundings): Promise<Transport> {
  const outlets = new Map<string, Outlet>();
  const claims = new Claims();
  const searches = new Searches();
  const spare = new SpareBytes();
  const underWay = new Set<Promise<void>>();
  /** of paused destinations: their token’s source when the pause began */
  const marks = new Map<string, string>();
  /** lanes of which too much was taken when it was last looked */
  let crowded: Lane[] = [];
  /** destinations that had no place left then */
  let full: Outlet[] = [];
  let committed = 0;
  let stopping = false;
  let restsUntil = 0;

  await takeUp(around);

  /** Resolves with the time at which to look again. */
  async function look(): Promise<number> {
    const now = around.now();
    if (now < restsUntil) return restsUntil;
    try {
      const paused = seeTokens(now);
      await endExpired(now);
      for (const one of searches.ready(committed, now)) if (mayStart(one.outlet, now)) startTest(one, now);
      const passed: Lane[] = [];
      while (await sendPage(now, passed)) await others();
      full = [...outlets.values()].filter((outlet) => outlet.isFull());
      const rests = [...outlets.values()].map((outlet) => outlet.nextAt(now) ?? NEVER);
      const dueAt = await around.reader.nextDueAt(now, shutLanes(now));
      return Math.min(dueAt ?? NEVER, ...rests, paused ? now + TOKEN_LOOK_MS : NEVER);
    } catch (error) {
      return failed('', 'the outbox can’t be read or written', error);
    }
  }

  /** A renewed token ends its destination’s pause. Is any paused? */
  function seeTokens(now: number): boolean {
    if (!around.tokenMark) return false;
    let some = false;
    for (const outlet of outlets.values()) {
      if (outlet.state.state !== 'paused') {
        marks.delete(outlet.id);
        continue;
      }
      some = true;
      const mark = around.tokenMark(outlet.id);
      const before = marks.get(outlet.id);
      marks.set(outlet.id, mark);
      if (before !== undefined && before !== mark) outlet.state = renewed(outlet.state, now);
    }
    return some;
  }

  async function endExpired(now: number): Promise<void> {
    const isFree = claims.asOf();
    const expired = (await around.reader.expired(now, PAGE)).filter(isFree);
    await end(expired.map(endOf));
  }

  /** Sends the first of what is due and can leave. Is there more? `passed` are lanes with nothing that can. */
  async function sendPage(now: number, passed: Lane[]): Promise<boolean> {
    if (stopping) return false;
    // Of what is taken some may be due still, as the ledger has it.
    const limit = Math.min(PAGE, Math.max(PAGE_MIN, roomFor(now)) + claims.taken());
    const isFree = claims.asOf();
    const page = await around.reader.due(now, limit, [...shutLanes(now), ...passed]);
    const due = page.filter(({ dispatch }) => isFree(dispatch));
    const picked = await pickFresh(due, now);
    await end(picked.ends);
    const leaving = picked.batches.flatMap((one) => leavingOf(one, now));
    if (leaving.length > 0) track(send(leaving));
    const [there, moved] = [new LaneCounts(), new LaneCounts()];
    for (const { dispatch } of page) there.add(dispatch);
    for (const { target, money, sends } of leaving) moved.add({ destination: target.id, money }, sends.length);
    for (const { dispatch } of picked.ends) moved.add(dispatch);
    for (const lane of there.lanes()) if (moved.of(lane) === 0) passed.push(lane);
    return page.length === limit;
  }

  /** As many events as may leave now, as far as is known of their destinations. */
  function roomFor(now: number): number {
    const known = [...outlets.values()];
    const places = known.reduce((sum, outlet) => sum + outlet.free(now), known.length === 0 ? PLACES_MIN : 0);
    return places * around.specOf(0).delivery.batch;
  }

  async function pickFresh(due: readonly Sendable[], now: number): Promise<Picked> {
    if (due.length === 0) return { batches: [], ends: [] };
    const { batch } = around.specOf(0).delivery;
    return pick(
      due,
      (version) => around.specOf(version),
      await testsFor(due),
      now,
      // What refuses everything is asked with one event, so that one that is bad hides nothing.
      (destination) => (refusesAll(outletOf(destination).state) ? 1 : batch),
    );
  }

  /** Test sessions are looked up only where drafts are due. */
  async function testsFor(due: readonly Sendable[]): Promise<Map<string, TestRow>> {
    if (!due.some(({ event }) => event.namespace === 'draft')) return new Map();
    return new Map((await around.reader.tests()).map((row) => [row.destination, row]));
  }

  /** Lanes of which nothing can leave now: asked for again and again, a backlog would cost more than all requests. */
  function shutLanes(now: number): Lane[] {
    const lanes = [...new Set([...outlets.keys(), ...claims.destinations()])].flatMap((destination) =>
      [true, false].map((money) => ({ destination, money })),
    );
    crowded = lanes.filter((lane) => claims.isCrowded(lane));
    return [...crowded, ...lanes.filter(({ destination, money }) => !outletOf(destination).hasRoom(money, now))];
  }

  /** The requests of a batch that have a place, each with the one it takes. */
  function leavingOf(batch: Batch, now: number): Request[] {
    const outlet = outletOf(batch.target.id);
    const hasRoom = (): boolean => !stopping && outlet.hasRoom(batch.money, now);
    if (!hasRoom()) return [];
    return requestsOf(batch, spare).filter(({ body }) => {
      if (!hasRoom()) {
        spare.give(body);
        return false;
      }
      outlet.taken++;
      outlet.leave(now);
      return true;
    });
  }

  function track(work: Promise<void>): void {
    underWay.add(work);
    work.finally(() => underWay.delete(work)).catch(() => {});
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

  /** Sends batches that have their places, each by itself once all of them are written down. */
  async function send(batches: readonly Request[]): Promise<void> {
    const sentAt = around.now();
    if (await isWritten(batches, sentAt)) await Promise.all(batches.map((batch) => sendOne(batch, sentAt)));
    else for (const { target } of batches) giveBack(outletOf(target.id));
  }

  async function isWritten(batches: readonly Request[], sentAt: number): Promise<boolean> {
    const written = claims.take(dispatchesOf(batches));
    try {
      written(await tellLeaving(batches, sentAt, around));
      return true;
    } catch (error) {
      written(0);
      const destinations = new Set(batches.map(({ target }) => target.id));
      for (const id of destinations) failed(id, 'nothing is sent, because it could not be written down', error);
      return false;
    }
  }

  function giveBack(outlet: Outlet): void {
    outlet.stay();
    outlet.taken--;
    pace.wake();
  }

  async function sendOne(batch: Request, sentAt: number): Promise<void> {
    const outlet = outletOf(batch.target.id);
    const hold = (readings: Parameters<typeof isRefusedWhole>[0], at: number): number =>
      isRefusedWhole(readings) ? at + SEARCH_MS_MAX : 0;
    const { readings, seq, answeredAt } = await attempt(batch, outlet, sentAt, hold, around);
    // Who takes every event has read the body to its end; after any other answer some of it may still be on its way.
    if (readings.every(({ outcome }) => outcome === 'accepted')) spare.give(batch.body);
    if (seq !== undefined && isRefusedWhole(readings)) {
      const events = batch.sends.map(({ dispatch }) => dispatch.event);
      const left = searched(undefined, events, readings);
      searches.begin({ outlet, left, until: answeredAt + SEARCH_MS_MAX, seq });
    } else outlet.taken--;
    // One look for many requests that end: where they are small, looking costs more than they do.
    pace.wake(full.includes(outlet) && outlet.isRoomy() ? 0 : undefined);
  }

  function mayStart(outlet: Outlet, now: number): boolean {
    return !stopping && outlet.mayTry(now);
  }

  /** Tests the next group of a search. Clocks, consent and names are looked at afresh. */
  function startTest(one: OpenSearch, now: number): void {
    one.busy = true;
    one.outlet.leave(now);
    track(
      runTest(one, now)
        .catch((error) => failed(one.outlet.id, 'the search for a bad event can’t go on', error))
        .then(() => {
          one.busy = false;
          pace.wake(0);
        }),
    );
  }

  async function runTest(one: OpenSearch, now: number): Promise<void> {
    const { outlet } = one;
    let left = false;
    try {
      const group = nextTest(one.left);
      const picked = await pickFresh(await sendableOf(group, outlet.id), now);
      await end(picked.ends);
      const [batch] = picked.batches.flatMap((one) => requestsOf(one));
      const tested = batch?.sends.map(({ dispatch }) => dispatch.event) ?? [];
      one.left = without(one.left, new Set(group.filter((event) => !tested.includes(event))));
      const sentAt = around.now();
      if (!batch || stopping || !(await isWritten([batch], sentAt))) return;
      left = true;
      const { readings, seq } = await attempt(batch, outlet, sentAt, () => one.until, around);
      one.left = searched(one.left, tested, readings);
      if (seq === undefined || refusesAll(outlet.state)) searches.end(one);
      else one.seq = seq;
    } finally {
      if (!left) outlet.stay();
    }
  }

  /** What of these events is still queued for the destination, and nobody else’s. */
  async function sendableOf(group: readonly number[], destination: string): Promise<Sendable[]> {
    const isFree = claims.asOf();
    const { events, dispatches } = await around.reader.load({ events: [...group], orders: [] });
    const known = new Map(events.map((event) => [event.seq, event]));
    const legs = Map.groupBy(
      dispatches.filter((leg) => leg.destination === destination),
      (leg) => leg.leg,
    );
    const pixels = new Map(legs.get('pixel')?.map((leg) => [leg.event, leg]));
    return (legs.get('api') ?? []).flatMap((dispatch) => {
      const event = known.get(dispatch.event);
      if (!event || dispatch.state !== 'queued' || !isFree(dispatch)) return [];
      return [{ dispatch, event: outgoing(event), pixel: pixels.get(dispatch.event) }];
    });
  }

  function outletOf(id: string): Outlet {
    let outlet = outlets.get(id);
    if (!outlet) {
      outlet = new Outlet(id, () => around.specOf(0).delivery, around.now());
      outlets.set(id, outlet);
    }
    return outlet;
  }

  const pace = startPace(look, around.now, around.setTimer ?? machineTimer);
  return {
    wake(offset) {
      claims.commit(offset);
      committed = Math.max(committed, offset);
      const isAwaited = searches.waitFor(committed) || crowded.some((lane) => !claims.isCrowded(lane));
      pace.wake(isAwaited ? 0 : AFTER_COMMIT_MS);
    },
    destination(id) {
      const { state, ratePerSecond } = outletOf(id);
      return { ...state, ratePerSecond };
    },
    async stop() {
      stopping = true;
      await pace.stop();
      await Promise.all(underWay);
    },
  };
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
