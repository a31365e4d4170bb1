import type { DispatchRow } from '../event/dispatch.ts';
import type { EventRow } from '../event/event.ts';
import type { ToldExpired } from '../event/told.ts';
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

export interface Picked {
  batches: Batch[];
  /** legs that may no longer leave */
  ends: ToldExpired['legs'];
}

/** TikTok publishes no limit for the body; peers keep to 1 MB. */
const BODY_BYTES_MAX = 900_000;

/**
 * Groups what is due by (destination, source, test code), money apart from the rest, and takes out what the clocks
 * forbid. `specOf` gives the spec that an event runs under: names belong to the page's version.
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
  now: number,
): Picked {
  const ends: ToldExpired['legs'] = [];
  const groups = new Map<string, Member[]>();
  for (const { dispatch, event, legs, batchMax = BATCH_EVENTS_MAX } of due) {
    const spec = specOf(event.specVersion);
    const target = spec.destinations.find((candidate) => candidate.id === dispatch.destination);
    const sourceId = target ? sourceIdOf(target, event.source) : null;
    const key = { event: dispatch.event, destination: dispatch.destination, leg: dispatch.leg };
    const first = firstCopy(legs, dispatch.destination);
    if (!target || sourceId === null) ends.push({ ...key, input: 'bury', why: 'destination_gone' });
    else if (!mayLeave(forecast(first, 'api', now, spec.delivery)))
      ends.push({ ...key, input: dispatch.attempts > 0 ? 'bury' : 'withhold', why: 'clock_passed' });
    else if (now - event.occurredAt > spec.delivery.maxAge) ends.push({ ...key, input: 'withhold', why: 'too_old' });
    // The visitor may have said no since the leg was released.
    else if (event.consent === 'denied') ends.push({ ...key, input: 'withhold', why: 'consent_denied' });
    else {
      const name = [target.id, event.source, sourceId, target.testCode, dispatch.money, batchMax].join('\n');
      const group = groups.get(name) ?? [];
      const item = trackItem(event, target.eventNames, spec.delivery.freeKeys);
      group.push({ target, event, item, dispatch, first, batchMax });
      groups.set(name, group);
    }
  }
  const batches = [...groups.values()].flatMap((group) => chunks(group).map(batchOf));
  return {
    batches: batches.sort((a, b) => Number(b.sends[0]?.dispatch.money) - Number(a.sends[0]?.dispatch.money)),
    ends,
  };
}

interface Member {
  target: Destination;
  event: EventRow;
  item: TrackItem;
  dispatch: DispatchRow;
  first: Copy | undefined;
  batchMax: number;
}

function batchOf(group: Member[]): Batch {
  const { target, event } = group[0] as Member;
  const sourceId = sourceIdOf(target, event.source) as string;
  return {
    target,
    request: trackRequest(
      target,
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
    means: 'The destination is no longer in the spec that the event ran under.',
    fix: 'Put the destination back before its events are due.',
  },
] as const;
