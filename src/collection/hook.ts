import type { Door, JsonObject } from '../event/event.ts';
import type { Parsed } from '../event/problem.ts';
import type { NewRecord } from '../store/journal.ts';
import { providerRecords } from './facts.ts';
import { type LeadTold, leadStepRecord } from './leads.ts';
import { orderRecord } from './orders.ts';
import { EVENTS_MAX } from './schemas.ts';
import { type sitesOf, withoutContact } from './tell.ts';
import type { HookStep, Told } from './webhooks/provider.ts';

/**
 * The records of one genuine webhook: the order first, then what became of it, then steps of leads. All of them, or
 * none: a part without the rest would be another fact than the provider told.
 */
export function hookRecords(
  told: Told,
  door: Door,
  receivedAt: number,
  sites: ReturnType<typeof sitesOf>,
): Parsed<NewRecord[]> {
  const draft = told.draft === true;
  // The request is the provider's own: its address and user agent are nobody's.
  const facts = { receivedAt, keyId: door, draft, ip: '', userAgent: '' };
  const { order, steps = [] } = told;
  if (told.facts.length + steps.length > EVENTS_MAX) return { ok: false, problems: [TOO_MUCH] };
  const parts: Parsed<NewRecord[]>[] = [
    ...(order ? [one(orderRecord(order, door, facts, sites))] : []),
    providerRecords(told.facts, { door, keyId: door, receivedAt }, draft),
    ...steps.map((step) => stepRecord(step, door, leadStepRecord(step.lead_id, plainStep(step), facts, sites))),
  ];
  const records: NewRecord[] = [];
  for (const part of parts) {
    if (!part.ok) return part;
    records.push(...part.value);
  }
  return { ok: true, value: records };
}

function plainStep({ status, time, source }: HookStep): object {
  return { status, ...(time === undefined ? {} : { time }), ...(source === undefined ? {} : { source }) };
}

/** Whose word the status is, and of which of its fields, goes along: the spec says what it means. */
function stepRecord({ provider, property }: HookStep, door: Door, read: Parsed<LeadTold>): Parsed<NewRecord[]> {
  if (!read.ok) return read;
  const { record } = read.value;
  const body: JsonObject = { ...record.body };
  if (provider !== undefined) body['provider'] = provider;
  if (property !== undefined) body['property'] = withoutContact(property);
  return { ok: true, value: [{ ...record, door, body }] };
}

function one(read: Parsed<{ record: NewRecord }>): Parsed<NewRecord[]> {
  return read.ok ? { ok: true, value: [read.value.record] } : read;
}

const TOO_MUCH = {
  where: 'body',
  what: `tells more than ${EVENTS_MAX} things at once`,
  fix: 'tell them in several webhooks',
  code: 'body_shape',
};
