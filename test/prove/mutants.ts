import type { Admission } from '../../src/admission/run.ts';
import type { DispatchRow } from '../../src/event/dispatch.ts';
import type { Journal, JournalRecord } from '../../src/store/journal.ts';
import type { Known } from '../../src/store/known.ts';
import type { Ledger, LedgerReader } from '../../src/store/ledger.ts';
import type { TrackRequest } from '../../src/tiktok/body.ts';
import type { Engine } from './engine.ts';
import { NOTHING, type Planted } from './planted.ts';

/** A bug planted between the parts, and the invariants that it breaks. */
interface Mutant {
  name: string;
  invariants: readonly number[];
  /** anew for each world */
  plant(): Planted;
}

/** Bugs that the simulation must find. */
export const MUTANTS: readonly Mutant[] = [
  { name: 'drop the guard', invariants: [6], plant: () => ({ ...NOTHING, admission: unguarded }) },
  { name: 'new id on retry', invariants: [5], plant: newIdOnRetry },
  { name: 'trust HTTP 200', invariants: [7], plant: trustHttp },
  { name: 'ignore the clock', invariants: [6], plant: () => ({ ...NOTHING, reader: withoutCopies }) },
  { name: 'ack before commit', invariants: [1], plant: () => ({ ...NOTHING, engine: ackFirst }) },
  { name: 'forget the offset', invariants: [2], plant: () => ({ ...NOTHING, engine: forgetful }) },
  { name: 'hand out before acceptance', invariants: [3, 4], plant: () => ({ ...NOTHING, handoutReader: openHanded }) },
  { name: 'send a draft', invariants: [12], plant: () => ({ ...NOTHING, reader: withoutDrafts }) },
];

/** Nothing was ever seen before. */
function unguarded(admission: Admission): Admission {
  const { guard } = admission.state;
  guard.find = () => undefined;
  guard.mayHaveForgotten = () => false;
  return admission;
}

/** A retry goes as another event. */
function newIdOnRetry(): Planted {
  const times = new Map<string, number>();
  return {
    ...NOTHING,
    post: (post) => (target, body) => {
      const request = JSON.parse(body.toString()) as TrackRequest;
      for (const item of request.data) {
        const key = `${target.id} ${item.event_id}`;
        times.set(key, (times.get(key) ?? 0) + 1);
        if ((times.get(key) ?? 0) > 1) item.event_id += `-${times.get(key)}`;
      }
      return post(target, Buffer.from(JSON.stringify(request)));
    },
  };
}

/** HTTP 200 is a success, whatever the body says. */
function trustHttp(): Planted {
  const body = JSON.stringify({ code: 0, message: 'OK', request_id: 'r', data: {} });
  return {
    ...NOTHING,
    post: (post) => async (target, sent) => {
      const reply = await post(target, sent);
      return reply.kind === 'http' && reply.status === 200 ? { ...reply, body } : reply;
    },
  };
}

/** Transport never learns that TikTok may have a copy. */
function withoutCopies(reader: LedgerReader): LedgerReader {
  const bare = ({ copyAt: _, ...leg }: DispatchRow): DispatchRow => leg;
  return changed(() => reader, {
    load: async (keys) => withDispatches(await reader.load(keys), bare),
    due: async (...asked) =>
      (await reader.due(...asked)).map(({ dispatch, event, pixel }) => ({
        dispatch: bare(dispatch),
        event,
        pixel: pixel && bare(pixel),
      })),
    inFlight: async () => (await reader.inFlight()).map(bare),
  });
}

/** The journal answers first and writes when the next record comes. */
function ackFirst(engine: Engine): Engine {
  let unwritten: JournalRecord[] = [];
  const journal = (): Journal => engine.journal;
  const flush = async (): Promise<void> => {
    const records = unwritten;
    unwritten = [];
    if (records.length > 0) await journal().append(records);
  };
  const early: Partial<Journal> = {
    append: async (records) => {
      await flush();
      const first = (await journal().last()) + 1;
      unwritten = records.map((record, n) => ({ ...record, seq: first + n }));
      return first;
    },
    read: async (after, limit) =>
      [...(await journal().read(after, limit)), ...unwritten.filter(({ seq }) => seq > after)].slice(0, limit),
    last: async () => (await journal().last()) + unwritten.length,
    close: async () => flush(),
  };
  return {
    journal: changed(journal, early),
    get ledger() {
      return engine.ledger;
    },
    crashed: async () => {
      unwritten = [];
      await engine.crashed();
    },
    close: () => engine.close(),
  };
}

/** The ledger keeps what was decided, and not up to where. */
function forgetful(engine: Engine): Engine {
  let known: number | undefined;
  const real = (): Ledger => engine.ledger;
  const ledger = changed(real, {
    commit: async (effects, offset) => {
      await real().commit(effects, await real().offset());
      known = offset;
    },
    offset: async () => known ?? real().offset(),
  });
  return {
    ledger,
    get journal() {
      return engine.journal;
    },
    crashed: async () => {
      known = undefined;
      await engine.crashed();
    },
    close: () => engine.close(),
  };
}

/** A page that waits is told to fire. */
function openHanded(reader: LedgerReader): LedgerReader {
  const open = (leg: DispatchRow): DispatchRow =>
    leg.leg === 'pixel' && leg.state === 'held' ? { ...leg, state: 'queued', expiresAt: Number.MAX_SAFE_INTEGER } : leg;
  return changed(() => reader, {
    capability: async (hash) => {
      const known = await reader.capability(hash);
      return known && { ...known, dispatches: known.dispatches.map(open) };
    },
  });
}

/** Transport takes a draft for a live event. */
function withoutDrafts(reader: LedgerReader): LedgerReader {
  return changed(() => reader, {
    due: async (...asked) =>
      (await reader.due(...asked)).map((one) => ({ ...one, event: { ...one.event, namespace: 'live' as const } })),
  });
}

function withDispatches(known: Known, change: (leg: DispatchRow) => DispatchRow): Known {
  return { ...known, dispatches: known.dispatches.map(change) };
}

/** The store with some of its calls replaced. */
function changed<Store extends object>(store: () => Store, own: Partial<Store>): Store {
  return new Proxy({} as Store, { get: (_, name) => own[name as keyof Store] ?? store()[name as keyof Store] });
}
