import type { EventRow, Observation, Verdict } from '../event/event.ts';
import type { Reason } from '../event/reason.ts';
import type { ToldEvent } from '../event/told.ts';
import type { JournalRecord } from '../store/journal.ts';
import type { Context } from './context.ts';
import { isBeyondGuard } from './guard.ts';
import { openLegs, openPixelLeg } from './legs.ts';
import type { Draft } from './normalise.ts';

/** More observations of one event than this say nothing new, unless by a new door; their verdicts are kept all the same. */
const OBSERVATIONS_MAX = 24;

/** One observation of an event that is no order's Purchase: new, paired with another door's, or a duplicate. */
export function tellEvent(record: JournalRecord, draft: Draft, context: Context): void {
  if (draft.problems.length > 0) {
    context.working.verdict(record, 'quarantined', codes(draft), undefined, draft.problems);
    return;
  }
  const { key } = draft;
  const seen = context.guard.find(key, record.receivedAt);
  // The guard forgets; the ledger was asked about what is older.
  const beyond = !seen && isBeyondGuard(draft.occurredAt, record.receivedAt);
  const known = seen ? context.working.event(seen.seq) : beyond ? context.working.named(draft) : undefined;
  if (known) {
    context.guard.mark(key, record.door);
    tellAgain(record, draft, known, context, context.spec.pairWithin);
    return;
  }
  const event = newEvent(record, draft, context);
  if (openLegs(event, draft, record, context) === 0) {
    context.working.verdict(record, 'quarantined', ['no_destination']);
    return;
  }
  context.guard.add(key, event.seq, record.door, record.receivedAt);
  context.working.putEvent(event);
  context.working.verdict(record, 'admitted', ['first_observation', ...draft.notes], event.seq);
}

/** The row of an event's first observation. */
export function newEvent(record: JournalRecord, draft: Draft, context: Context): EventRow {
  const { name, source, sourceId, eventId, occurredAt, properties, consent } = draft;
  const told = record.body as Partial<ToldEvent>;
  return {
    seq: record.seq,
    sourceId,
    name,
    eventId,
    source,
    namespace: 'live',
    origin: 'visitor',
    occurredAt,
    receivedAt: record.receivedAt,
    properties,
    consent,
    // Names are part of TikTok's key, so a page that ran an older spec keeps that one's.
    specVersion:
      told.spec !== undefined && told.spec >= 1 && told.spec < context.spec.version ? told.spec : context.spec.version,
    observations: [observation(record, draft.occurredAt, 'admitted')],
    personal: draft.personal,
    ...optional(draft),
  };
}

/** Another observation of a known event. `pairWithin` is Infinity for orders: a late webhook still pairs. */
export function tellAgain(
  record: JournalRecord,
  draft: Draft,
  known: EventRow,
  context: Context,
  pairWithin: number,
): Verdict {
  const before = known.observations.filter((other) => other.door === record.door);
  const sameDoor = before.length > 0;
  const verdict: Verdict = !sameDoor && record.receivedAt - known.receivedAt <= pairWithin ? 'paired' : 'duplicate';
  const reason = !sameDoor
    ? verdict === 'paired'
      ? 'other_door'
      : 'other_door_late'
    : record.door !== 'browser' || before.some((other) => other.occurredAt === draft.occurredAt)
      ? 'resent'
      : 'refired';
  compare(record, draft, known, context);
  const event = withObservation(
    known.frozenAt === undefined ? enriched(known, draft) : known,
    record,
    draft.occurredAt,
    verdict,
  );
  context.working.putEvent(event);
  for (const leg of context.working.legs(event.seq))
    if (leg.leg === 'api') openPixelLeg(event, draft, record, leg.destination, context);
  context.working.verdict(record, verdict, [reason, ...draft.notes], event.seq);
  return verdict;
}

export function withObservation(
  event: EventRow,
  record: JournalRecord,
  occurredAt: number,
  verdict: Verdict,
): EventRow {
  const newDoor = !event.observations.some((other) => other.door === record.door);
  if (event.observations.length >= OBSERVATIONS_MAX && !newDoor) return event;
  return { ...event, observations: [...event.observations, observation(record, occurredAt, verdict)] };
}

/** What two observations say differently is written down, whoever is believed. */
function compare(record: JournalRecord, draft: Draft, known: EventRow, context: Context): void {
  if (draft.value !== undefined && known.value !== undefined && draft.value !== known.value)
    context.working.difference(
      known,
      'value',
      known.value,
      draft.value,
      record.seq,
      known.observations[0]?.door ?? 'server',
    );
}

/** Fills what the first observation lacked; what it had stays. The last word on consent counts. */
function enriched(known: EventRow, draft: Draft): EventRow {
  const user = { ...draft.personal?.user, ...known.personal?.user };
  const page = { ...draft.personal?.page, ...known.personal?.page };
  return {
    ...optional(draft),
    ...known,
    properties: { ...draft.properties, ...known.properties },
    consent: draft.consent === 'unknown' ? known.consent : draft.consent,
    personal:
      draft.personal === null && known.personal === null
        ? null
        : { ...(Object.keys(user).length > 0 ? { user } : {}), ...(Object.keys(page).length > 0 ? { page } : {}) },
  };
}

/** The optional fields of a row that a draft has. */
function optional(draft: Draft): Partial<EventRow> {
  const fields = [
    'visitor',
    'session',
    'orderId',
    'leadId',
    'value',
    'sendValue',
    'rate',
    'app',
    'ad',
    'lead',
    'limitedDataUse',
  ] as const;
  return Object.fromEntries(fields.flatMap((name) => (draft[name] === undefined ? [] : [[name, draft[name]]])));
}

function observation(record: JournalRecord, occurredAt: number, verdict: Verdict): Observation {
  return { seq: record.seq, door: record.door, occurredAt, receivedAt: record.receivedAt, verdict };
}

export function codes(draft: Draft): string[] {
  return [...new Set(draft.problems.map((problem) => problem.code))];
}

export const EVENT_REASONS: Reason[] = [
  { code: 'first_observation', with: 'admitted', means: 'The first time this event was seen.', fix: '' },
  { code: 'other_door', with: 'paired', means: 'The same event, seen through another door.', fix: '' },
  {
    code: 'other_door_late',
    with: 'duplicate',
    means: 'The same event through another door, later than the spec’s pairWithin.',
    fix: 'Send by both doors at the act.',
  },
  { code: 'resent', with: 'duplicate', means: 'The same record again: the sender retried.', fix: '' },
  {
    code: 'refired',
    with: 'duplicate',
    means: 'The page told the same event again, such as on a reload or the back button.',
    fix: '',
  },
  {
    code: 'no_destination',
    with: 'quarantined',
    means: 'No destination of the spec has a place for events of this source.',
    fix: 'Add crmEventSet, offlineEventSet or appId to a destination.',
  },
];
