import type { EventRow, JsonObject, Source } from '../event/event.ts';
import type { LeadRow, LeadStep } from '../event/lead.ts';
import { majorText, storedMoney } from '../event/money.ts';
import type { Problem } from '../event/problem.ts';
import type { Reason } from '../event/reason.ts';
import type { ToldEvent, ToldLead } from '../event/told.ts';
import type { Spec } from '../spec/spec.ts';
import type { JournalRecord } from '../store/journal.ts';
import type { EventKey } from '../store/known.ts';
import { sourceIdOf } from '../tiktok/body.ts';
import { currentName } from '../tiktok/names.ts';
import { cleanProperties } from '../tiktok/parameters.ts';
import type { Context } from './context.ts';
import { tellAgain, tellEvent } from './events.ts';
import { fingerprint } from './guard.ts';
import { type Act, actOf, leadRow } from './lead-act.ts';
import { isOvertaken, isSameStep, stepWorth } from './lead-life.ts';
import { leadStatus } from './lead-status.ts';
import { type Draft, inNamespace, isOrderEvent, normalise } from './normalise.ts';
import { tellOrder } from './orders.ts';
import { readTime } from './when.ts';

/** More steps of one lead than this come from a CRM that tells the same again and again. */
const STEPS_MAX = 200;
/** The status of a lead that was just told: the only one that a page knows. */
const FIRST = 'new';

/**
 * A step of a lead: kept in the lead's history, and signalled to TikTok once for each status, unless the lead has gone
 * on by then. A step that was told without the visitor's context takes the one of the act.
 */
export function tellLead(record: JournalRecord, told: ToldLead, context: Context): void {
  const { working, spec } = context;
  const read = leadStatus(told, spec);
  if (read.kind === 'unused') {
    working.verdict(record, 'admitted', ['crm_property_unused']);
    return;
  }
  if (read.kind === 'unknown') {
    working.verdict(record, 'quarantined', [read.problem.code], undefined, [read.problem]);
    return;
  }
  const { status } = read;
  const leadId = told.lead_id;
  const known = told.draft ? undefined : working.lead(leadId);
  const act = actOf(told, record, known, context);
  const event = leadEvent(told, status, act, spec);
  // Without the visitor's page it is in the books all the same, and TikTok does not get it.
  const draft = event && normalise(event, act.personal, spec, record.receivedAt, !told.draft);
  if (told.draft) {
    // The books of leads are live: a draft's step is none of theirs.
    if (draft) tellEvent(record, draft, context);
    else working.verdict(record, 'admitted', ['lead_noted']);
    return;
  }
  const { occurredAt: at, problems } = draft ?? timeOf(told, record, spec);
  if (problems.length > 0) {
    working.verdict(record, 'quarantined', [...new Set(problems.map(({ code }) => code))], undefined, problems);
    return;
  }
  const properties = draft?.properties ?? cleanProperties(told.properties ?? {}).properties;
  tellStep(record, { leadId, status, at, act, properties, ...(draft ? { draft } : {}) }, known, context);
}

/** The event that a step is under the spec of now; undefined where that names none. */
export function draftOfStep(record: JournalRecord, told: ToldLead, context: Context): Draft | undefined {
  const read = leadStatus(told, context.spec);
  if (read.kind !== 'known') return undefined;
  const known = told.draft ? undefined : context.working.lead(told.lead_id);
  const act = actOf(told, record, known, context);
  const event = leadEvent(told, read.status, act, context.spec);
  return event && normalise(event, act.personal, context.spec, record.receivedAt, !told.draft);
}

/** What a step by itself would come to, of whose lead nothing is known. */
export function inspectStep(
  told: ToldLead,
  record: Pick<JournalRecord, 'personal' | 'receivedAt'>,
  spec: Spec,
): { status: string; event?: string; problems: Problem[]; notes: string[] } {
  const read = leadStatus(told, spec);
  if (read.kind === 'unused') return { status: told.status, problems: [], notes: ['crm_property_unused'] };
  if (read.kind === 'unknown') return { status: told.status, problems: [read.problem], notes: [] };
  const { status } = read;
  const source = told.source === 'crm' ? 'crm' : 'web';
  const event = leadEvent(told, status, { source, consent: told.consent, personal: record.personal }, spec);
  if (!event) return { status, problems: timeOf(told, record, spec).problems, notes: ['lead_noted'] };
  const { name, problems, notes } = normalise(event, record.personal, spec, record.receivedAt, true);
  return { status, event: name, problems, notes };
}

/** An event that is a step of a lead: it has the name and the id that such a step has. A page knows only the first one. */
export function stepOfEvent(
  { door }: JournalRecord,
  { leadId, eventId, name, source, namespace, problems }: Draft,
  { leads }: Spec,
): { leadId: string; status: string } | undefined {
  if (leadId === undefined || namespace === 'draft' || problems.length > 0) return undefined;
  if ((source !== 'web' && source !== 'crm') || !eventId.startsWith(`${leadId}-`)) return undefined;
  const status = eventId.slice(leadId.length + 1);
  if (door === 'browser' && status !== FIRST) return undefined;
  return eventOf(status, leads) !== undefined && nameOf(status, source, leads) === name
    ? { leadId, status }
    : undefined;
}

/** Such an event, as a page or a server told it. */
export function tellLeadEvent(
  record: JournalRecord,
  draft: Draft,
  { leadId, status }: { leadId: string; status: string },
  context: Context,
): void {
  const { occurredAt: at, source, visitor, session, consent, ad, personal, properties } = draft;
  const act: Act = { source: source === 'crm' ? 'crm' : 'web', consent, personal };
  if (visitor !== undefined) act.visitor = visitor;
  if (session !== undefined) act.session = session;
  if (ad !== undefined) act.ad = ad;
  tellStep(record, { leadId, status, at, act, properties, draft }, context.working.lead(leadId), context);
}

interface Step {
  leadId: string;
  status: string;
  at: number;
  act: Act;
  properties: JsonObject;
  /** the event that signals it, where the spec names one */
  draft?: Draft;
}

function tellStep(
  record: JournalRecord,
  { leadId, status, at, act, properties, draft }: Step,
  known: LeadRow | undefined,
  context: Context,
): void {
  const { working, spec } = context;
  const before = known?.steps ?? [];
  const step: LeadStep = { seq: record.seq, status, at, receivedAt: record.receivedAt, by: record.door };
  const isTold = before.some((other) => isSameStep(other, step));
  if (!isTold && before.length >= STEPS_MAX) {
    working.verdict(record, 'quarantined', [STEPS_FULL.code], undefined, [STEPS_FULL]);
    return;
  }
  const signal = draft && signalOf(draft, status, before, record, context);
  if (draft && isOrderEvent(draft.name, draft.source, draft.orderId)) {
    // The Purchase of an order is the order's: one for each order id, whoever tells it.
    tellOrder(record, { ...draft, orderId: draft.orderId }, context);
    const sale = working.order(spec.business.id, draft.orderId)?.event;
    if (sale === undefined) return;
    if (before.some(({ event }) => event === sale)) step.unsent = 'known';
    else step.event = sale;
  } else if (draft && signal) {
    context.guard.mark(draft.key, record.door);
    tellAgain(record, draft, signal, context, spec.pairWithin);
    if (before.some(({ event }) => event === signal.seq)) step.unsent = 'known';
    else step.event = signal.seq;
  } else if (isTold) working.verdict(record, 'duplicate', ['resent']);
  else if (!draft) {
    step.unsent = 'no_event';
    working.verdict(record, 'admitted', ['lead_noted']);
  } else if (draft.pixel !== 'fired' && isOvertaken(step, before, spec.leads)) {
    step.unsent = 'overtaken';
    working.verdict(record, 'admitted', ['lead_overtaken']);
  } else if (spec.destinations.every((target) => sourceIdOf(target, draft.source) === null)) {
    step.unsent = 'no_destination';
    working.verdict(record, 'admitted', ['lead_without_destination']);
  } else {
    tellEvent(record, draft, context);
    step.event = record.seq;
  }
  const { row, otherCurrencies } = leadRow(leadId, step, act, properties, known, spec.leads);
  working.putLead(row);
  if (otherCurrencies.length > 0)
    working.finding(
      'lead_currency',
      `lead ${leadId}`,
      `has steps worth ${otherCurrencies.join(' and ')}, which are not added to ${row.value ?? 'the others'}`,
      record.receivedAt,
    );
}

/** The event that has signalled this status of the lead, however long ago: TikTok gets each once. */
function signalOf(
  draft: Draft,
  status: string,
  before: readonly LeadStep[],
  { receivedAt }: JournalRecord,
  { working, guard }: Context,
): EventRow | undefined {
  const sent = before.find((step) => step.status === status && step.event !== undefined)?.event;
  const seq = sent ?? guard.find(draft.key, receivedAt)?.seq;
  return (seq === undefined ? undefined : working.event(seq)) ?? working.named(draft);
}

/** The keys under which a step's event may be known: its source may be the lead's own, which is not loaded yet. */
export function signalKeys(told: ToldLead, spec: Spec): (EventKey & { key: Uint32Array })[] {
  const read = leadStatus(told, spec);
  if (read.kind !== 'known' || eventOf(read.status, spec.leads) === undefined) return [];
  const sources: Source[] = told.source === undefined ? ['web', 'crm'] : [told.source];
  return sources.map((source) => {
    const sourceId = `${spec.business.id}/${source}${told.draft ? '#draft' : ''}`;
    const name = nameOf(read.status, source, spec.leads);
    const eventId = inNamespace(`${told.lead_id}-${read.status}`, told.draft === true);
    return { sourceId, name, eventId, key: fingerprint(sourceId, name, eventId) };
  });
}

/** A step of a lead as the event that the spec names for its status; undefined where it names none. */
function leadEvent(told: ToldLead, status: string, act: Act, { leads }: Spec): ToldEvent | undefined {
  const event = eventOf(status, leads);
  if (event === undefined) return undefined;
  const { lead_id, status: _status, provider: _provider, property: _property, ...rest } = told;
  const { personal: _personal, isRefused, ...own } = act;
  return {
    ...rest,
    ...own,
    consent: isRefused ? 'denied' : act.consent,
    event,
    event_id: `${lead_id}-${status}`,
    lead: { ...told.lead, lead_id, status },
    properties: { ...told.properties, ...worth(status, leads.ladder) },
  };
}

function eventOf(status: string, { events }: Pick<Spec['leads'], 'events'>): string | undefined {
  return Object.hasOwn(events, status) ? events[status] : undefined;
}

function nameOf(status: string, source: Source, leads: Pick<Spec['leads'], 'events'>): string {
  return currentName(eventOf(status, leads) ?? '', source);
}

/** What the spec's ladder says a step is worth, whatever its teller says. */
function worth(status: string, ladder: Spec['leads']['ladder']): { value?: string; currency?: string } {
  const text = stepWorth(status, ladder);
  if (text === undefined) return {};
  const amount = storedMoney(text);
  return { value: majorText(amount), currency: amount.currency };
}

function timeOf(
  told: ToldLead,
  { receivedAt }: Pick<JournalRecord, 'receivedAt'>,
  { delivery }: Spec,
): { occurredAt: number; problems: Problem[] } {
  const { at, problems } = readTime(told.time, receivedAt, delivery, told.sent_at);
  return { occurredAt: at, problems };
}

const STEPS_FULL: Problem = {
  code: 'lead_steps_full',
  where: 'lead_id',
  what: `has ${STEPS_MAX} steps already`,
  fix: 'see whether its CRM tells the same step again with ever new times',
};

export const LEAD_REASONS: Reason[] = [
  { code: 'lead_noted', with: 'admitted', means: 'A step of a lead for which the spec names no event.', fix: '' },
  {
    code: 'lead_overtaken',
    with: 'admitted',
    means: 'A step of a lead that came when a later one was known: it joins the history, and TikTok does not get it.',
    fix: 'Tell each step when it happens, with its own time.',
  },
  {
    code: 'lead_without_destination',
    with: 'admitted',
    means: 'A step of a lead for whose source no destination has a place: it is in the books, and nowhere else.',
    fix: 'Add crmEventSet to a destination.',
  },
  {
    code: 'lead_status_unknown',
    with: 'quarantined',
    means: 'The spec knows no such status of a lead.',
    fix: 'Add it to leads.events, or to leads.ladder where no event should follow from it.',
  },
  {
    code: 'lead_steps_full',
    with: 'quarantined',
    means: `The lead has ${STEPS_MAX} steps already.`,
    fix: 'See whether its CRM tells the same step again with ever new times.',
  },
  {
    code: 'crm_status_unmapped',
    with: 'quarantined',
    means: 'The spec does not say what this status of the CRM means.',
    fix: 'Add it to leads.crm of that CRM, where it means one of your statuses.',
  },
  {
    code: 'crm_property_unused',
    with: 'admitted',
    means: 'A CRM told the change of a property that is not the one that leads.crm names.',
    fix: 'Nothing; to save the way, subscribe to that property alone.',
  },
];
