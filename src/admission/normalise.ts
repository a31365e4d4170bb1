import { hash } from 'node:crypto';
import type { Consent, JsonObject, Personal, Source } from '../event/event.ts';
import type { Problem } from '../event/problem.ts';
import type { Reason } from '../event/reason.ts';
import type { ToldEvent } from '../event/told.ts';
import { ruleFor } from '../spec/default.ts';
import type { EventRule, Spec } from '../spec/spec.ts';
import { checkName, currentName } from '../tiktok/names.ts';
import { blank, cleanProperties, digitsLost, losesDigits } from '../tiktok/parameters.ts';
import { type Amount, readAmount } from './amount.ts';
import { fingerprint } from './guard.ts';
import { requirements } from './require.ts';
import { readTime } from './when.ts';

/** What one observation says, in our words, before it is known whether the event is new. */
export interface Draft extends Amount {
  name: string;
  source: Source;
  sourceId: string;
  eventId: string;
  /** fingerprint of (sourceId, name, eventId), for the guard */
  key: Uint32Array;
  rule: EventRule;
  has: { value: boolean; currency: boolean };
  occurredAt: number;
  orderId?: string;
  leadId?: string;
  visitor?: string;
  session?: string;
  properties: JsonObject;
  app?: JsonObject;
  ad?: JsonObject;
  lead?: JsonObject;
  limitedDataUse?: boolean;
  consent: Consent;
  personal: Personal | null;
  pixel: 'fired' | 'failed' | 'waits' | 'none';
  problems: Problem[];
  notes: string[];
}

const EVENT_ID_CHARS_MAX = 256;
const UNKNOWN = new Uint32Array(4);

/** Reads an event as told: current name, hygienic parameters, exact money, one id. Every problem is listed. */
export function normalise(told: ToldEvent, personal: Personal | null, spec: Spec, receivedAt: number): Draft {
  const problems: Problem[] = [];
  const notes = [...(told.notes ?? [])];
  const source = told.source;
  const toldName = told.event.trim();
  const name = currentName(toldName, source);
  const rule = ruleFor(spec, name);
  nameProblems(name, source, problems);
  if (name !== toldName) notes.push('legacy_name');

  const amount = readAmount(told.properties ?? {}, rule, spec);
  const cleaned = cleanProperties(told.properties ?? {});
  const when = readTime(told.time, receivedAt, spec.delivery);
  problems.push(...when.problems, ...amount.problems, ...cleaned.problems);
  notes.push(...when.notes, ...amount.notes, ...cleaned.notes);

  const orderId = textOf(cleaned.properties['order_id']);
  const lead = cleanObject('lead', told.lead, problems);
  const leadId = textOf(lead?.['lead_id']) ?? textOf(told.properties?.['lead_id']);
  const app = cleanObject('app', told.app, problems);
  const ad = cleanObject('ad', told.ad, problems);
  const draft: Draft = {
    name,
    source,
    sourceId: `${spec.business.id}/${source}`,
    eventId: '',
    key: UNKNOWN,
    rule,
    has: amount.has,
    occurredAt: when.at,
    properties: cleaned.properties,
    consent: told.consent,
    personal,
    pixel: told.pixel ?? 'none',
    problems,
    notes,
    ...(orderId ? { orderId } : {}),
    ...(leadId ? { leadId } : {}),
    ...(told.visitor ? { visitor: told.visitor } : {}),
    ...(told.session ? { session: told.session } : {}),
    ...(amount.value === undefined ? {} : { value: amount.value }),
    ...(amount.sendValue === undefined ? {} : { sendValue: amount.sendValue }),
    ...(amount.rate ? { rate: amount.rate } : {}),
    ...(app ? { app } : {}),
    ...(ad ? { ad } : {}),
    ...(lead ? { lead } : {}),
    ...(told.limited_data_use === undefined ? {} : { limitedDataUse: told.limited_data_use }),
  };
  draft.eventId = eventIdOf(draft, told, spec);
  draft.key = fingerprint(draft.sourceId, draft.name, draft.eventId);
  // An order is told before its payment; the page it lacks may still be told by the visitor's browser.
  problems.push(...requirements(draft, 'capability' in told));
  return draft;
}

/** Is this event the Purchase of an order: one per order id, for ever? */
export function isOrderEvent(name: string, source: Source, orderId: string | undefined): orderId is string {
  return name === 'Purchase' && source === 'web' && orderId !== undefined;
}

/** `<shop>-<order id>`: the same on every route, every reload and every retry. */
export function orderEventId(shop: string, orderId: string): string {
  return `${shop}-${orderId}`;
}

function eventIdOf(draft: Draft, told: ToldEvent, spec: Spec): string {
  const given = blank(told.event_id) ? undefined : told.event_id?.trim();
  if (isOrderEvent(draft.name, draft.source, draft.orderId)) {
    const id = orderEventId(spec.business.id, draft.orderId);
    if (given !== undefined && given !== id) draft.notes.push('event_id_from_order');
    return id;
  }
  if (given !== undefined) {
    if (given.length > EVENT_ID_CHARS_MAX)
      draft.problems.push({
        code: 'event_id_too_long',
        where: 'event_id',
        what: `the event id has more than ${EVENT_ID_CHARS_MAX} characters`,
        fix: 'mint one short id per act, such as a UUID',
      });
    return given.slice(0, EVENT_ID_CHARS_MAX);
  }
  if (draft.leadId) return `${draft.leadId}-${textOf(draft.lead?.['status']) ?? 'new'}`;
  draft.notes.push('event_id_derived');
  return `h-${hash('sha256', canonical([told.event, told.time ?? null, told.visitor ?? null, told.properties ?? {}, told.app ?? {}, told.lead ?? {}, { ...draft.personal?.user }])).slice(0, 32)}`;
}

function nameProblems(name: string, source: Source, problems: Problem[]): void {
  const check = checkName(name, source);
  if (!check.ok) problems.push({ code: 'event_name', where: 'event', what: check.what, fix: check.fix });
}

/** JSON whose key order is fixed, so that equal content gives equal text. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

const FLAGS: readonly string[] = ['is_retargeting', 'attributed'];

/** Fields of app, ad and lead are trimmed text, but for flags; what is neither says nothing to TikTok. */
function cleanObject(where: string, told: JsonObject | undefined, problems: Problem[]): JsonObject | undefined {
  const clean: JsonObject = {};
  for (const [name, value] of Object.entries(told ?? {})) {
    if (typeof value === 'number' && losesDigits(value)) problems.push(digitsLost(`${where}.${name}`));
    const flag = FLAGS.includes(name) && typeof value === 'boolean';
    const kept = flag ? value : blank(value) ? undefined : textOf(value);
    if (kept !== undefined) clean[name] = kept;
  }
  return Object.keys(clean).length > 0 ? clean : undefined;
}

export const NORMALISE_REASONS: Reason[] = [
  {
    code: 'event_name',
    with: 'quarantined',
    means: 'TikTok does not take this event name on this source.',
    fix: 'Use a standard event, or a custom name of at most 50 letters, digits, _ and -.',
  },
  {
    code: 'event_id_too_long',
    with: 'quarantined',
    means: `The event id has more than ${EVENT_ID_CHARS_MAX} characters.`,
    fix: 'Mint one short id per act, such as a UUID.',
  },
  {
    code: 'parameter_malformed',
    with: 'quarantined',
    means: 'A parameter is not what TikTok takes there.',
    fix: 'Open the record: it names the field and what to send.',
  },
  {
    code: 'parameter_not_in_list',
    with: 'quarantined',
    means: 'A parameter has a value that TikTok’s list does not have.',
    fix: 'Send one of the listed values.',
  },
  {
    code: 'content_id_missing',
    with: 'quarantined',
    means: 'An item of contents has no content_id.',
    fix: 'Send the SKU or item group id of your catalogue.',
  },
  {
    code: 'id_digits_lost',
    with: 'quarantined',
    means: 'An id came as a number too long for JSON to keep its digits.',
    fix: 'Send ids as text, in quotes.',
  },
  {
    code: 'legacy_name',
    with: 'note',
    means: 'The sender used the name from before TikTok’s renaming of 2025; it is the same event.',
    fix: 'Send Purchase instead of CompletePayment and Lead instead of SubmitForm.',
  },
  {
    code: 'event_id_from_order',
    with: 'note',
    means: 'A Purchase gets the id <shop>-<order id>, whatever id was sent: one order is one Purchase.',
    fix: '',
  },
  {
    code: 'event_id_derived',
    with: 'note',
    means:
      'No event id was sent, so it was derived from the content: an equal resend is a duplicate, a copy by the pixel is not recognised.',
    fix: 'Mint an event_id at the act and send it by every route.',
  },
  {
    code: 'content_ids_left_out',
    with: 'note',
    means: 'Both contents and content_ids came; TikTok wants one of them, and contents says more.',
    fix: 'Send contents only.',
  },
];
