import type { EventRow, Observation, Verdict } from '../event/event.ts';
import type { Problem } from '../event/problem.ts';
import type { Reason } from '../event/reason.ts';
import type { ToldEvent } from '../event/told.ts';
import type { JournalRecord } from '../store/journal.ts';
import type { Context } from './context.ts';
import { isRemembered } from './guard.ts';
import { tellFindings } from './inspect.ts';
import { openLegs, openPixelLeg, versionOf } from './legs.ts';
import type { Draft } from './normalise.ts';
import { copyState, fill, settled, type Telling } from './settle.ts';

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
  // The guard forgets; the ledger was asked where it may have.
  const known = seen ? context.working.event(seen.seq) : context.working.named(draft);
  if (known && (seen || isRemembered(known, draft.occurredAt, record.receivedAt))) {
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
  context.working.verdict(record, 'admitted', ['first_observation', ...draft.notes], event.seq, hintsOf(draft));
  tellFindings(draft, record.receivedAt, context);
}

/** The row of an event's first observation. */
export function newEvent(record: JournalRecord, draft: Draft, context: Context): EventRow {
  const row: EventRow = {
    seq: record.seq,
    sourceId: draft.sourceId,
    name: draft.name,
    eventId: draft.eventId,
    source: draft.source,
    namespace: draft.namespace,
    origin: draft.origin,
    occurredAt: draft.occurredAt,
    receivedAt: record.receivedAt,
    properties: draft.properties,
    consent: draft.consent,
    specVersion: versionOf(record.body as Partial<ToldEvent>, context),
    observations: [observation(record, draft, 'admitted')],
    personal: draft.personal,
  };
  fill(row, draft);
  if (draft.bot) row.bot = true;
  if (draft.value !== undefined) row.value = draft.value;
  if (draft.sendValue !== undefined) row.sendValue = draft.sendValue;
  if (draft.rate !== undefined) row.rate = draft.rate;
  return row;
}

/**
 * Another observation of a known event. `pairWithin` is Infinity for orders: a late webhook still pairs. Of a stranger's
 * page nothing is believed.
 */
export function tellAgain(
  record: JournalRecord,
  draft: Draft,
  known: EventRow,
  context: Context,
  pairWithin: number,
  believe: Telling['believe'] = 'declared',
): Verdict {
  const before = known.observations.filter((other) => other.door === record.door);
  const sameDoor = before.length > 0;
  const verdict: Verdict = !sameDoor && record.receivedAt - known.receivedAt <= pairWithin ? 'paired' : 'duplicate';
  const reason = !sameDoor
    ? verdict === 'paired'
      ? 'other_door'
      : 'other_door_late'
    : record.door !== 'browser' || before.some((other) => timeTold(other) === timeTold(draft))
      ? 'resent'
      : 'refired';
  const firing = record.door === 'browser' && !sameDoor && draft.pixel === 'fired';
  const copy = copyState(known, draft.rule, firing, context);
  const { door, seq } = record;
  const row = settled(known, draft, { door, seq, rule: draft.rule, copy, believe }, context);
  // TikTok sees neither, and a later no of this visitor has to find the event, frozen or not.
  if (believe !== 'known') {
    if (row.visitor === undefined && draft.visitor !== undefined) row.visitor = draft.visitor;
    if (row.session === undefined && draft.session !== undefined) row.session = draft.session;
  }
  // The page fired its own copy under the names of its spec, whoever told the event first.
  if (copy === 'firing') row.specVersion = versionOf(record.body as Partial<ToldEvent>, context);
  const event = withObservation(row, record, draft, verdict);
  context.working.putEvent(event);
  for (const leg of context.working.legs(event.seq))
    if (leg.leg === 'api') openPixelLeg(event, draft, record, leg.destination, context);
  context.working.verdict(record, verdict, [reason, ...draft.notes], event.seq, hintsOf(draft));
  if (verdict === 'paired') tellFindings(draft, record.receivedAt, context);
  return verdict;
}

/** The sender's own time, which a resend tells again, however its clock was corrected. */
function timeTold({ toldAt, occurredAt }: Pick<Observation, 'toldAt' | 'occurredAt'>): number {
  return toldAt ?? occurredAt;
}

type Seen = Pick<Observation, 'occurredAt' | 'toldAt' | 'toldName'>;

export function withObservation(event: EventRow, record: JournalRecord, seen: Seen, verdict: Verdict): EventRow {
  const newDoor = !event.observations.some((other) => other.door === record.door);
  if (event.observations.length >= OBSERVATIONS_MAX && !newDoor) return event;
  return { ...event, observations: [...event.observations, observation(record, seen, verdict)] };
}

function observation({ seq, door, receivedAt }: JournalRecord, seen: Seen, verdict: Verdict): Observation {
  const row: Observation = { seq, door, occurredAt: seen.occurredAt, receivedAt, verdict };
  if (seen.toldAt !== undefined) row.toldAt = seen.toldAt;
  if (seen.toldName !== undefined) row.toldName = seen.toldName;
  return row;
}

/** What the notes are about, where they need more words than their code. */
export function hintsOf(draft: Draft): Problem[] | undefined {
  return draft.hints.length > 0 ? draft.hints : undefined;
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
