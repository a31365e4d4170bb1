import { hashContacts } from '../contacts/contacts.ts';
import { isContactId, looksLikeContact, scrubUrl } from '../contacts/scrub.ts';
import type { Consent, Door, Json, JsonObject, MatchKeys, Origin, Personal, Source } from '../event/event.ts';
import type { ToldEvent } from '../event/told.ts';
import type { Spec } from '../spec/spec.ts';
import type { NewRecord } from '../store/journal.ts';

/** An event as any door hands it over, its shape already checked. Contacts may still be plain. */
export interface Wire {
  event: string;
  event_id?: string | number;
  time?: string | number;
  source?: Source;
  user?: Record<string, unknown>;
  page?: { url?: string; referrer?: string };
  properties?: Record<string, unknown>;
  app?: Record<string, unknown>;
  ad?: Record<string, unknown>;
  lead?: Record<string, unknown>;
  limited_data_use?: boolean;
  consent?: Consent;
  visitor?: string;
  session?: string;
  origin?: Origin;
  sent_at?: number;
  draft?: boolean;
  pixel?: ToldEvent['pixel'];
}

/** The door's own knowledge of a request. */
export interface Receipt {
  door: Door;
  keyId: string;
  receivedAt: number;
}

/** Contacts whose loss has a code of its own. */
const NAMED = new Set(['email_invalid', 'phone_invalid']);

type Sites = Pick<Spec['sites'], 'urlParameters'> & { country: string };

/** The part of the spec that a door needs. */
export function sitesOf(spec: Spec): Sites {
  return { urlParameters: spec.sites.urlParameters, country: spec.business.country };
}

/**
 * A journal record of an event: contacts hashed, addresses scrubbed, everything personal in its own column. It runs
 * for every event in the thread that answers requests, so it copies only what has to change.
 */
export function eventRecord(wire: Wire, { door, keyId, receivedAt }: Receipt, sites: Sites): NewRecord {
  const notes: string[] = [];
  const personal = personalOf(wire, sites, notes);
  const told: ToldEvent = {
    event: withoutContact(wire.event, notes),
    source: wire.source ?? 'web',
    consent: wire.consent ?? 'unknown',
  };
  if (wire.event_id !== undefined) told.event_id = withoutContact(String(wire.event_id), notes);
  if (wire.time !== undefined)
    told.time = typeof wire.time === 'string' ? withoutContact(wire.time, notes, shaped) : wire.time;
  if (wire.properties) told.properties = withoutContacts(wire.properties as JsonObject, notes, 0);
  if (wire.app) told.app = withoutContacts(wire.app as JsonObject, notes, 0);
  if (wire.ad) told.ad = withoutContacts(wire.ad as JsonObject, notes, 0);
  if (wire.lead) told.lead = withoutContacts(wire.lead as JsonObject, notes, 0);
  if (wire.limited_data_use !== undefined) told.limited_data_use = wire.limited_data_use;
  if (wire.visitor !== undefined) told.visitor = withoutContact(wire.visitor, notes);
  if (wire.session !== undefined) told.session = withoutContact(wire.session, notes);
  if (wire.origin !== undefined) told.origin = wire.origin;
  if (wire.sent_at !== undefined) told.sent_at = wire.sent_at;
  if (wire.draft === true) told.draft = true;
  if (wire.pixel !== undefined) told.pixel = wire.pixel;
  if (notes.length > 0) told.notes = [...new Set(notes)];
  return { kind: 'event', door, keyId, receivedAt, body: told as unknown as JsonObject, personal };
}

function personalOf(wire: Wire, sites: Sites, notes: string[]): Personal | null {
  const { user, problems } = hashContacts(wire.user, { region: sites.country });
  for (const { code } of problems) notes.push(NAMED.has(code) ? code : 'match_key_left_out');
  if (user.ttclid === undefined && (wire.source ?? 'web') === 'web') {
    const ttclid = ttclidOf(wire.page?.url);
    if (ttclid !== undefined) user.ttclid = ttclid;
  }
  dropContacts(user, notes);
  const page = pageOf(wire.page, sites);
  const has = Object.keys(user).length > 0;
  if (!has && !page) return null;
  if (!page) return { user };
  return has ? { user, page } : { page };
}

function pageOf(page: Wire['page'], sites: Sites): Personal['page'] {
  const url = page?.url ? scrubUrl(page.url, sites.urlParameters) : undefined;
  const referrer = page?.referrer ? scrubUrl(page.referrer, sites.urlParameters) : undefined;
  if (url === undefined) return referrer === undefined ? undefined : { referrer };
  return referrer === undefined ? { url } : { url, referrer };
}

function ttclidOf(url: string | undefined): string | undefined {
  // Parsing an address costs more than all else that is done to it.
  return url?.includes('ttclid=') ? (URL.parse(url)?.searchParams.get('ttclid') ?? undefined) : undefined;
}

/** An id or name of the sender's own; a contact in its place becomes a word that no id and no name can be. */
export function withoutContact(text: string, notes: string[] = [], isContact = isContactId): string {
  if (!isContact(text)) return text;
  notes.push('contact_removed');
  return '(removed)';
}

/** Match keys that go plain, such as the locale, may hold anything. */
function dropContacts(user: MatchKeys, notes: string[]): void {
  for (const [name, value] of Object.entries(user))
    if (typeof value === 'string' && isContactId(value)) {
      notes.push('contact_removed');
      delete user[name as keyof MatchKeys];
    }
}

const DEPTH_MAX = 8;
const NAMES_MAX = 200;
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

/** Many shops number orders and products with leading zeros or in groups, which is what phone numbers look like. */
const IDS = new Set(['order_id', 'shop_id', 'content_id', 'content_ids', 'lead_id', 'destination_ids', 'vin']);

/** Text shaped like a contact never reaches the journal, wherever it stands. What has none stays the same object. */
function withoutContacts(value: JsonObject, notes: string[], depth: number): JsonObject {
  let clean: JsonObject | undefined;
  let names = 0;
  for (const name in value) {
    if (names === NAMES_MAX) return clean ?? Object.fromEntries(Object.entries(value).slice(0, NAMES_MAX));
    const told = value[name] as Json;
    const kept = named(name, told, notes, depth);
    if (kept !== told && !clean) clean = Object.fromEntries(Object.entries(value).slice(0, names));
    if (clean && kept !== undefined) clean[name] = kept;
    names++;
  }
  return clean ?? value;
}

function named(name: string, told: Json, notes: string[], depth: number): Json | undefined {
  if (!FORBIDDEN.has(name) && !shaped(name)) return plain(told, IDS.has(name) ? isContactId : shaped, notes, depth);
  notes.push('contact_removed');
  return undefined;
}

function plain(value: Json, isContact: (text: string) => boolean, notes: string[], depth: number): Json | undefined {
  if (typeof value === 'string') {
    if (!isContact(value)) return value;
    notes.push('contact_removed');
    return undefined;
  }
  // JSON has no infinity: as a number it would become nothing, as a text it is found out.
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= DEPTH_MAX) {
    notes.push('nested_too_deep');
    return undefined;
  }
  if (!Array.isArray(value)) return withoutContacts(value, notes, depth + 1);
  let same = true;
  const kept: Json[] = [];
  for (const inner of value) {
    const one = plain(inner, isContact, notes, depth + 1);
    if (one !== undefined) kept.push(one);
    same &&= one === inner;
  }
  return same ? value : kept;
}

function shaped(text: string): boolean {
  return text.length > 5 && looksLikeContact(text);
}
