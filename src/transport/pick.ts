import type { DispatchInput, DispatchRow } from '../event/dispatch.ts';
import type { Source } from '../event/event.ts';
import { isOpen, type TestRow } from '../event/key.ts';
import type { OutgoingEvent } from '../event/outgoing.ts';
import type { Destination, Spec } from '../spec/spec.ts';
import type { Sendable } from '../store/outbox.ts';
import { sourceIdOf, trackRequest } from '../tiktok/body.ts';
import { type Copy, forecast, mayLeave } from '../tiktok/clocks.ts';
import { itemText } from '../tiktok/item-text.ts';
import { SpareBytes } from './spare-bytes.ts';
import { TextBytes } from './text-bytes.ts';

/** One request's worth of dispatches. Its JSON is written when it leaves: what stays would be written for nothing. */
export interface Batch {
  target: Destination;
  source: Source;
  sourceId: string;
  money: boolean;
  sends: Send[];
}

/** One event’s place in a batch. */
interface Send {
  dispatch: DispatchRow;
  event: OutgoingEvent;
  /** as the spec has it that the event runs under */
  eventNames: Destination['eventNames'];
  freeKeys: boolean;
  firstCopy: Copy | undefined;
}

/** A batch as it leaves. */
export interface Request extends Pick<Batch, 'target' | 'money' | 'sends'> {
  /** JSON as UTF-8 */
  body: Buffer;
}

/** A leg that may no longer leave. */
export interface Ending {
  dispatch: DispatchRow;
  input: DispatchInput;
  why: string;
}

export interface Picked {
  batches: Batch[];
  ends: Ending[];
}

/** TikTok publishes no limit for the body; peers keep to 1 MB. */
const BODY_BYTES_MAX = 900_000;

/**
 * Groups what is due by (destination, source, test code), drafts and money apart from the rest, and takes out what the
 * clocks forbid. `specOf` gives the spec that an event runs under: names belong to the page's version. `tests` are the
 * test sessions by destination: drafts leave in one alone, with its code. `batchMax` is how many events of a destination
 * one request may hold.
 */
export function pick(
  due: readonly Sendable[],
  specOf: (version: number) => Spec,
  tests: ReadonlyMap<string, TestRow>,
  now: number,
  batchMax = (_destination: string): number => specOf(NEWEST).delivery.batch,
): Picked {
  const ends: Ending[] = [];
  const groups = new Map<string, Group>();
  let group: Group | undefined;
  const wayOf = ways(specOf);
  for (const { dispatch, event, pixel } of due) {
    const { spec, target } = wayOf(event.specVersion, dispatch.destination);
    const sourceId = target ? sourceIdOf(target, event.source) : null;
    const isDraft = event.namespace === 'draft';
    const test = isDraft ? tests.get(dispatch.destination) : undefined;
    const first = dispatch.copyAt || pixel?.copyAt ? firstCopy([dispatch, pixel], dispatch.destination) : undefined;
    if (!target || sourceId === null) ends.push({ dispatch, input: 'bury', why: 'destination_gone' });
    else if (!mayLeave(forecast(first, 'api', now, spec.delivery)))
      ends.push({ dispatch, input: 'bury', why: 'clock_passed' });
    else if (now - event.occurredAt > spec.delivery.maxAge) ends.push({ dispatch, input: 'withhold', why: 'too_old' });
    else if (!first && !dispatch.money && now - waitingSince(dispatch, event) > spec.delivery.keep)
      ends.push({ dispatch, input: 'bury', why: 'expired_waiting' });
    // The visitor may have said no since the leg was released.
    else if (event.consent === 'denied') ends.push({ dispatch, input: 'withhold', why: 'consent_denied' });
    else if (isDraft && !isOpen(test, now)) ends.push({ dispatch, input: 'withhold', why: 'test_over' });
    else {
      const testCode = test?.code ?? target.testCode;
      const { money } = dispatch;
      // Most events go where the one before went, and to see that costs less than a name.
      if (
        group?.of !== target ||
        group.source !== event.source ||
        group.testCode !== testCode ||
        group.money !== money ||
        group.isDraft !== isDraft
      ) {
        const name = `${target.id}\n${event.source}\n${sourceId}\n${testCode}\n${isDraft}\n${money}`;
        group = groups.get(name) ?? {
          of: target,
          target: { ...target, testCode },
          testCode,
          isDraft,
          source: event.source,
          sourceId,
          money,
          batches: [],
        };
        groups.set(name, group);
      }
      add(
        group,
        { dispatch, event, eventNames: target.eventNames, freeKeys: spec.delivery.freeKeys, firstCopy: first },
        batchMax(target.id),
      );
    }
  }
  const batches = [...groups.values()].flatMap((one) => one.batches);
  return { batches: batches.sort((a, b) => Number(b.money) - Number(a.money)), ends };
}

/** The request of a batch, or several where its body would be too long, in memory of `spare`. */
export function requestsOf(batch: Batch, spare = new SpareBytes()): Request[] {
  const { target, source, sourceId, money, sends } = batch;
  const requests: Request[] = [];
  const head = JSON.stringify(trackRequest(target, source, sourceId, [])).slice(0, -END.length);
  const begun = (): TextBytes => {
    const bytes = new TextBytes(spare.take(Math.min(BODY_BYTES_MAX, head.length + sends.length * ITEM_BYTES)));
    bytes.add(head);
    return bytes;
  };
  let bytes = begun();
  let from = 0;
  const end = (to: number): void => {
    bytes.add(END);
    const all = from === 0 && to === sends.length;
    requests.push({ target, money, sends: all ? sends : sends.slice(from, to), body: bytes.end() });
  };
  for (let at = 0; at < sends.length; at++) {
    const { event, eventNames, freeKeys } = sends[at] as Send;
    let item = itemText(event, eventNames, freeKeys);
    if (at > from) {
      item = `,${item}`;
      if (!bytes.hasRoom(item, BODY_BYTES_MAX - END.length)) {
        end(at);
        bytes = begun();
        from = at;
        item = item.slice(1);
      }
    }
    bytes.add(item);
  }
  end(sends.length);
  return requests;
}

/** Ends a request’s JSON, after its events. */
const END = ']}';
/** What an event takes, more or less. */
const ITEM_BYTES = 1024;

/** An event’s spec, and its destination as that spec has it. */
interface Way {
  spec: Spec;
  target: Destination | undefined;
}

/**
 * A destination as an event's own spec has it: source ids and names are part of TikTok's key. The way there, its token
 * and test code, is the newest spec's, and so is all of a destination that was added since.
 */
function ways(specOf: (version: number) => Spec): (version: number, id: string) => Way {
  const found = new Map<string, Way>();
  let last: { version: number; id: string; way: Way } | undefined;
  const find = (version: number, id: string): Way => {
    const isIt = (candidate: Destination): boolean => candidate.id === id;
    const spec = specOf(version);
    const own = spec.destinations.find(isIt);
    const newest = specOf(NEWEST).destinations.find(isIt);
    return {
      spec,
      target: own && newest ? { ...own, token: newest.token, testCode: newest.testCode } : (own ?? newest),
    };
  };
  return (version, id) => {
    // Most events go where the one before went.
    if (last?.version === version && last.id === id) return last.way;
    const name = `${version} ${id}`;
    const way = found.get(name) ?? find(version, id);
    found.set(name, way);
    last = { version, id, way };
    return way;
  };
}

/** No spec has this version, so the newest stands for it. */
const NEWEST = 0;

/** What may share a request. */
interface Group extends Pick<Batch, 'target' | 'source' | 'sourceId' | 'money'> {
  of: Destination;
  testCode: string | null;
  isDraft: boolean;
  batches: Batch[];
}

function add(group: Group, send: Send, batchMax: number): void {
  const last = group.batches.at(-1);
  if (last && last.sends.length < batchMax) last.sends.push(send);
  else {
    const { target, source, sourceId, money } = group;
    group.batches.push({ target, source, sourceId, money, sends: [send] });
  }
}

/** Since when a leg waits for its destination: a hold that was released, and a replay, begin anew. */
function waitingSince({ attempts, changedAt, replayedAt }: DispatchRow, { receivedAt }: OutgoingEvent): number {
  return Math.max(receivedAt, replayedAt ?? receivedAt, attempts === 0 ? changedAt : receivedAt);
}

/** The earliest copy that any leg may have brought to this destination. */
export function firstCopy(legs: readonly (DispatchRow | undefined)[], destination: string): Copy | undefined {
  let first: Copy | undefined;
  for (const leg of legs)
    if (leg?.destination === destination && leg.copyAt && (!first || leg.copyAt[0] < first.at[0]))
      first = { leg: leg.leg, at: leg.copyAt };
  return first;
}

export const PICK_REASONS = [
  {
    code: 'destination_gone',
    with: 'dead',
    means: 'The destination is in no spec any more, or has no place for events of this source.',
    fix: 'Put the destination back, and replay it: assay dead replay.',
  },
  {
    code: 'expired_waiting',
    with: 'dead',
    means:
      'An event without money that waited longer than the spec’s delivery.keep (default 24 hours) for its destination. No copy of it has arrived.',
    fix: 'Replay it if it is still of use: assay dead replay.',
  },
  {
    code: 'test_over',
    with: 'withheld',
    means: 'A draft whose test session was over before it could leave.',
    fix: 'Open a test session and tell it again under another id.',
  },
] as const;
