import type { DispatchInput, DispatchRow } from '../event/dispatch.ts';
import type { EventRow } from '../event/event.ts';
import { isOpen, type TestRow } from '../event/key.ts';
import type { Destination, Spec } from '../spec/spec.ts';
import {
  BATCH_EVENTS_MAX,
  sourceIdOf,
  type TrackItem,
  type TrackRequest,
  trackItem,
  trackRequest,
} from '../tiktok/body.ts';
import { type Copy, forecast, mayLeave } from '../tiktok/clocks.ts';

/** One request's worth of dispatches. */
export interface Batch {
  target: Destination;
  request: TrackRequest;
  sends: { dispatch: DispatchRow; firstCopy: Copy | undefined }[];
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
 * test sessions by destination: drafts leave in one alone, with its code.
 */
export function pick(
  due: readonly {
    dispatch: DispatchRow;
    event: EventRow;
    legs: readonly DispatchRow[];
    /** the largest batch it may go in, where an earlier one was refused */
    batchMax?: number | undefined;
  }[],
  specOf: (version: number) => Spec,
  tests: ReadonlyMap<string, TestRow>,
  now: number,
): Picked {
  const ends: Ending[] = [];
  const groups = new Map<string, Member[]>();
  const targetOf = targets(specOf);
  for (const { dispatch, event, legs, batchMax = BATCH_EVENTS_MAX } of due) {
    const spec = specOf(event.specVersion);
    const target = targetOf(event.specVersion, dispatch.destination);
    const sourceId = target ? sourceIdOf(target, event.source) : null;
    const isDraft = event.namespace === 'draft';
    const test = isDraft ? tests.get(dispatch.destination) : undefined;
    const first = firstCopy(legs, dispatch.destination);
    if (!target || sourceId === null) ends.push({ dispatch, input: 'bury', why: 'destination_gone' });
    else if (!mayLeave(forecast(first, 'api', now, spec.delivery)))
      ends.push({ dispatch, input: dispatch.attempts > 0 ? 'bury' : 'withhold', why: 'clock_passed' });
    else if (now - event.occurredAt > spec.delivery.maxAge) ends.push({ dispatch, input: 'withhold', why: 'too_old' });
    // The visitor may have said no since the leg was released.
    else if (event.consent === 'denied') ends.push({ dispatch, input: 'withhold', why: 'consent_denied' });
    else if (isDraft && !isOpen(test, now)) ends.push({ dispatch, input: 'withhold', why: 'test_over' });
    else {
      const testCode = test?.code ?? target.testCode;
      const name = [target.id, event.source, sourceId, testCode, isDraft, dispatch.money, batchMax].join('\n');
      const group = groups.get(name) ?? [];
      const item = trackItem(event, target.eventNames, spec.delivery.freeKeys);
      group.push({ target, testCode, event, item, dispatch, first, batchMax });
      groups.set(name, group);
    }
  }
  const batches = [...groups.values()].flatMap((group) => chunks(group).map(batchOf));
  return {
    batches: batches.sort((a, b) => Number(b.sends[0]?.dispatch.money) - Number(a.sends[0]?.dispatch.money)),
    ends,
  };
}

/**
 * A destination as an event's own spec has it: source ids and names are part of TikTok's key. The way there, its token
 * and test code, is the newest spec's, and so is all of a destination that was added since.
 */
function targets(specOf: (version: number) => Spec): (version: number, id: string) => Destination | undefined {
  const found = new Map<string, Destination | undefined>();
  return (version, id) => {
    const key = `${version}\n${id}`;
    if (!found.has(key)) {
      const isIt = (candidate: Destination): boolean => candidate.id === id;
      const own = specOf(version).destinations.find(isIt);
      const newest = specOf(NEWEST).destinations.find(isIt);
      found.set(key, own && newest ? { ...own, token: newest.token, testCode: newest.testCode } : (own ?? newest));
    }
    return found.get(key);
  };
}

/** No spec has this version, so the newest stands for it. */
const NEWEST = 0;

interface Member {
  target: Destination;
  testCode: string | null;
  event: EventRow;
  item: TrackItem;
  dispatch: DispatchRow;
  first: Copy | undefined;
  batchMax: number;
}

function batchOf(group: Member[]): Batch {
  const { target, testCode, event } = group[0] as Member;
  const sourceId = sourceIdOf(target, event.source) as string;
  return {
    target,
    request: trackRequest(
      { ...target, testCode },
      event.source,
      sourceId,
      group.map(({ item }) => item),
    ),
    sends: group.map(({ dispatch, first }) => ({ dispatch, firstCopy: first })),
  };
}

function chunks(group: Member[]): Member[][] {
  const out: Member[][] = [];
  let bytes = 0;
  for (const member of group) {
    const size = Buffer.byteLength(JSON.stringify(member.item)) + 1;
    const last = out.at(-1);
    if (last && last.length < member.batchMax && bytes + size <= BODY_BYTES_MAX) {
      last.push(member);
      bytes += size;
    } else {
      out.push([member]);
      bytes = size;
    }
  }
  return out;
}

/** The earliest copy that any leg may have brought to this destination. */
export function firstCopy(legs: readonly DispatchRow[], destination: string): Copy | undefined {
  let first: Copy | undefined;
  for (const leg of legs)
    if (leg.destination === destination && leg.copyAt && (!first || leg.copyAt[0] < first.at[0]))
      first = { leg: leg.leg, at: leg.copyAt };
  return first;
}

export const PICK_REASONS = [
  {
    code: 'destination_gone',
    with: 'dead',
    means: 'The destination is in no spec any more, or has no place for events of this source.',
    fix: 'Put the destination back before its events are due.',
  },
  {
    code: 'test_over',
    with: 'withheld',
    means: 'A draft whose test session was over before it could leave.',
    fix: 'Open a test session and tell it again under another id.',
  },
] as const;
