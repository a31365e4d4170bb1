import { hash } from 'node:crypto';
import type { Consent, JsonObject, Namespace, Origin, Personal, Source } from '../event/event.ts';
import type { Problem } from '../event/problem.ts';
import type { Reason } from '../event/reason.ts';
import type { ToldEvent } from '../event/told.ts';
import { ruleFor } from '../spec/default.ts';
import type { EventRule, Spec } from '../spec/spec.ts';
import { checkName, currentName, otherName } from '../tiktok/names.ts';
import { blank, cleanProperties, digitsLost, losesDigits } from '../tiktok/parameters.ts';
import { cleanId } from '../tiktok/text.ts';
import { type Amount, readAmount } from './amount.ts';
import { fingerprint } from './guard.ts';
import { inspect } from './inspect.ts';
import { requirements } from './require.ts';
import { readTime } from './when.ts';

/** What one observation says, in our words, before it is known whether the event is new. */
export interface Draft extends Amount {
  name: string;
  /** the name told, where that is another */
  toldName?: string;
  source: Source;
  sourceId: string;
  namespace: Namespace;
  origin: Origin;
  eventId: string;
  /** fingerprint of (sourceId, name, eventId), for the guard */
  key: Uint32Array;
  rule: EventRule;
  has: { value: boolean; currency: boolean };
  occurredAt: number;
  /** the time told, where that is another */
  toldAt?: number;
  orderId?: string;
  leadId?: string;
  visitor?: string;
  session?: string;
  properties: JsonObject;
  app?: JsonObject;
  ad?: JsonObject;
  lead?: JsonObject;
  limitedDataUse?: boolean;
  bot?: true;
  consent: Consent;
  personal: Personal | null;
  pixel: 'fired' | 'failed' | 'waits' | 'none';
  /** what keeps it out */
  problems: Problem[];
  notes: string[];
  /** what some of the notes are about */
  hints: Problem[];
}

const EVENT_ID_CHARS_MAX = 256;
const UNKNOWN = new Uint32Array(4);
/** No live event may have an id that begins like this: TikTok would take a draft for its copy. */
const DRAFT_PREFIX = 'draft-';
const NO_PROPERTIES: JsonObject = {};

/**
 * Reads an event as told: current name, hygienic parameters, exact money, one id. Every problem is listed. With
 * `beforePayment` the page may be missing still.
 */
export function normalise(
  told: ToldEvent,
  personal: Personal | null,
  spec: Spec,
  receivedAt: number,
  beforePayment = false,
): Draft {
  const source = told.source;
  const toldName = cleanId(told.event);
  const name = currentName(toldName, source);
  const rule = ruleFor(spec, name);
  const toldProperties = told.properties ?? NO_PROPERTIES;
  const amount = readAmount(toldProperties, rule, spec);
  const { properties, problems, notes } = cleanProperties(toldProperties);
  const when = readTime(told.time, receivedAt, spec.delivery, told.sent_at);
  for (const problem of when.problems) problems.push(problem);
  for (const problem of amount.problems) problems.push(problem);
  for (const note of when.notes) notes.push(note);
  for (const note of amount.notes) notes.push(note);
  for (const note of told.notes ?? []) notes.push(note);

  const namespace = told.draft === true ? 'draft' : 'live';
  const draft: Draft = {
    name,
    source,
    sourceId: `${spec.business.id}/${source}${namespace === 'draft' ? '#draft' : ''}`,
    namespace,
    origin: told.origin ?? 'visitor',
    eventId: '',
    key: UNKNOWN,
    rule,
    has: amount.has,
    occurredAt: when.at,
    properties,
    consent: told.consent,
    personal,
    pixel: told.pixel ?? 'none',
    problems,
    notes,
    hints: [],
  };
  const lead = cleanObject('lead', told.lead, problems);
  const leadId = textOf(lead?.['lead_id']) ?? textOf(properties['lead_id']);
  const orderId = textOf(properties['order_id']);
  const app = cleanObject('app', told.app, problems);
  const ad = cleanObject('ad', told.ad, problems);
  // The books of orders are live: a draft's order is no order of theirs.
  if (orderId !== undefined && namespace === 'live') draft.orderId = orderId;
  if (leadId !== undefined) draft.leadId = leadId;
  if (told.visitor) draft.visitor = told.visitor;
  if (told.session) draft.session = told.session;
  if (amount.value !== undefined) draft.value = amount.value;
  if (amount.sendValue !== undefined) draft.sendValue = amount.sendValue;
  if (amount.rate !== undefined) draft.rate = amount.rate;
  if (app) draft.app = app;
  if (ad) draft.ad = ad;
  if (lead) draft.lead = lead;
  if (told.limited_data_use !== undefined) draft.limitedDataUse = told.limited_data_use;
  if (told.bot) {
    draft.bot = true;
    notes.push('known_bot');
  }
  if (when.told !== undefined) draft.toldAt = when.told;
  nameNotes(draft, toldName, spec);
  draft.eventId = eventIdOf(draft, orderId, told, spec);
  draft.key = fingerprint(draft.sourceId, draft.name, draft.eventId);
  requirements(draft, beforePayment);
  inspect(draft, spec);
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

function eventIdOf(draft: Draft, orderId: string | undefined, told: ToldEvent, spec: Spec): string {
  const id = liveEventId(draft, orderId, told, spec);
  if (draft.namespace === 'draft') return inNamespace(id, true);
  if (id.startsWith(DRAFT_PREFIX))
    draft.problems.push({
      code: 'event_id_reserved',
      where: 'event_id',
      what: `the event id begins with ${DRAFT_PREFIX}`,
      fix: 'begin it with anything else: TikTok would take a draft for its copy',
    });
  return id;
}

/** An event id as TikTok gets it: that of a draft is never that of a live event. */
export function inNamespace(id: string, isDraft: boolean): string {
  return isDraft && !id.startsWith(DRAFT_PREFIX) ? `${DRAFT_PREFIX}${id}` : id;
}

function liveEventId(draft: Draft, orderId: string | undefined, told: ToldEvent, spec: Spec): string {
  const given = told.event_id === undefined || blank(told.event_id) ? '' : cleanId(told.event_id);
  if (isOrderEvent(draft.name, draft.source, orderId)) {
    const id = orderEventId(spec.business.id, orderId);
    if (given !== '' && given !== id && given !== `${DRAFT_PREFIX}${id}`) draft.notes.push('event_id_from_order');
    return id;
  }
  if (given !== '') {
    if (given.length <= EVENT_ID_CHARS_MAX) return given;
    draft.problems.push({
      code: 'event_id_too_long',
      where: 'event_id',
      what: `the event id has more than ${EVENT_ID_CHARS_MAX} characters`,
      fix: 'mint one short id per act, such as a UUID',
    });
    return given.slice(0, EVENT_ID_CHARS_MAX);
  }
  if (draft.leadId !== undefined) return `${draft.leadId}-${textOf(draft.lead?.['status']) ?? 'new'}`;
  draft.notes.push('event_id_derived');
  return `h-${hash('sha256', canonical([told.event, told.time ?? null, told.visitor ?? null, told.properties ?? {}, told.app ?? {}, told.lead ?? {}, { ...draft.personal?.user }])).slice(0, 32)}`;
}

/** Is the name one that TikTok takes, and the one that the destinations want? */
function nameNotes(draft: Draft, toldName: string, { destinations }: Spec): void {
  const { name, source } = draft;
  const check = checkName(name, source);
  if (!check.ok) draft.problems.push({ code: 'event_name', where: 'event', what: check.what, fix: check.fix });
  if (toldName !== name) draft.toldName = toldName;
  const wanted = otherName(toldName, name, source, destinations);
  if (wanted === undefined) return;
  const code = wanted === name ? 'legacy_name' : 'current_name';
  draft.notes.push(code);
  draft.hints.push({
    code,
    where: 'event',
    what: `was told as ${toldName}, and the destination gets ${wanted}`,
    fix: `send ${wanted}`,
  });
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
  const text = typeof value === 'string' ? cleanId(value) : '';
  return text === '' ? undefined : text;
}

const FLAGS: readonly string[] = ['is_retargeting', 'attributed'];

/** Fields of app, ad and lead are trimmed text, but for flags; what is neither says nothing to TikTok. */
function cleanObject(where: string, told: JsonObject | undefined, problems: Problem[]): JsonObject | undefined {
  if (told === undefined) return undefined;
  const clean: JsonObject = {};
  let some = false;
  for (const name of Object.keys(told)) {
    const value = told[name];
    if (typeof value === 'number' && losesDigits(value)) problems.push(digitsLost(`${where}.${name}`));
    const flag = FLAGS.includes(name) && typeof value === 'boolean';
    const text = flag || blank(value) ? undefined : textOf(value);
    const kept = flag ? value : blank(text) ? undefined : text;
    if (kept === undefined || name === '__proto__') continue;
    clean[name] = kept;
    some = true;
  }
  return some ? clean : undefined;
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
    code: 'event_id_reserved',
    with: 'quarantined',
    means: `The event id begins with ${DRAFT_PREFIX}, which is kept for drafts.`,
    fix: 'Begin the id with anything else.',
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
    means: 'The sender used an old name of this event, and a destination gets today’s; it is the same event.',
    fix: 'Send Purchase instead of CompletePayment and Lead instead of SubmitForm; the record says which.',
  },
  {
    code: 'current_name',
    with: 'note',
    means:
      'The sender used today’s name, and a destination with eventNames: legacy gets the old one; it is the same event.',
    fix: 'Nothing, unless another tag of the page sends the old name by itself: TikTok tells copies apart by name.',
  },
  {
    code: 'known_bot',
    with: 'note',
    means: 'The sender’s user agent is that of a known bot.',
    fix: 'Check whether a test or a crawler places orders.',
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
  {
    code: 'content_type_alone',
    with: 'note',
    means: 'A content_type came without any content and was left out.',
    fix: 'Send contents or content_ids, or no content_type.',
  },
  {
    code: 'parameter_left_out',
    with: 'note',
    means: 'A parameter that TikTok does not list was too large, or its name too long, and was left out.',
    fix: 'Keep parameters of your own under 1,000 characters.',
  },
];
