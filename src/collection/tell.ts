import { hashContacts } from '../contacts/contacts.ts';
import { looksLikeContact, looksLikeEmail, scrubUrl } from '../contacts/scrub.ts';
import type { Consent, Door, Json, JsonObject, MatchKeys, Personal, Source } from '../event/event.ts';
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

/** A journal record of an event: contacts hashed, addresses scrubbed, everything personal in its own column. */
export function eventRecord(wire: Wire, receipt: Receipt, sites: Sites): NewRecord {
  const { user, problems } = hashContacts(wire.user, { region: sites.country });
  const page = pageOf(wire.page, sites);
  const ttclid =
    user.ttclid ?? (wire.source === undefined || wire.source === 'web' ? ttclidOf(wire.page?.url) : undefined);
  const notes = problems.map(({ code }) => (NAMED.has(code) ? code : 'match_key_left_out'));
  const match = withoutEmails(ttclid === undefined ? user : { ...user, ttclid }, notes);
  const safe = (text: string): string => withoutEmail(text, notes);
  const bag = (value: Record<string, unknown> | undefined): JsonObject | undefined =>
    value === undefined ? undefined : withoutContacts(value as JsonObject, notes, 0);
  const properties = bag(wire.properties);
  const [app, ad, lead] = [bag(wire.app), bag(wire.ad), bag(wire.lead)];
  const told: ToldEvent = {
    event: safe(wire.event),
    source: wire.source ?? 'web',
    consent: wire.consent ?? 'unknown',
    ...(wire.event_id === undefined ? {} : { event_id: safe(String(wire.event_id)) }),
    ...(wire.time === undefined ? {} : { time: typeof wire.time === 'string' ? safe(wire.time) : wire.time }),
    ...(properties ? { properties } : {}),
    ...(app ? { app } : {}),
    ...(ad ? { ad } : {}),
    ...(lead ? { lead } : {}),
    ...(wire.limited_data_use === undefined ? {} : { limited_data_use: wire.limited_data_use }),
    ...(wire.visitor === undefined ? {} : { visitor: safe(wire.visitor) }),
    ...(wire.session === undefined ? {} : { session: safe(wire.session) }),
    ...(wire.pixel === undefined ? {} : { pixel: wire.pixel }),
    ...(notes.length > 0 ? { notes: [...new Set(notes)] } : {}),
  };
  return { kind: 'event', ...receipt, body: told as unknown as JsonObject, personal: personalOf(match, page) };
}

function personalOf(user: MatchKeys, page: Personal['page']): Personal | null {
  const has = Object.keys(user).length > 0;
  return has || page ? { ...(has ? { user } : {}), ...(page ? { page } : {}) } : null;
}

function pageOf(page: Wire['page'], sites: Sites): Personal['page'] {
  const url = page?.url ? scrubUrl(page.url, sites.urlParameters) : undefined;
  const referrer = page?.referrer ? scrubUrl(page.referrer, sites.urlParameters) : undefined;
  return url === undefined && referrer === undefined
    ? undefined
    : { ...(url === undefined ? {} : { url }), ...(referrer === undefined ? {} : { referrer }) };
}

function ttclidOf(url: string | undefined): string | undefined {
  return url !== undefined && URL.canParse(url) ? (new URL(url).searchParams.get('ttclid') ?? undefined) : undefined;
}

const DEPTH_MAX = 8;
const NAMES_MAX = 200;
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

/** A text of the sender's own; an e-mail address in its place becomes a word that no id and no name can be. */
export function withoutEmail(text: string, notes: string[] = []): string {
  if (!looksLikeEmail(text)) return text;
  notes.push('contact_removed');
  return '(removed)';
}

/** Match keys that go plain, such as the locale, may hold anything. */
function withoutEmails(user: MatchKeys, notes: string[]): MatchKeys {
  const kept = Object.entries(user).filter(([, value]) => typeof value !== 'string' || !looksLikeEmail(value));
  if (kept.length < Object.keys(user).length) notes.push('contact_removed');
  return Object.fromEntries(kept);
}

/** Many shops number orders and products with leading zeros or in groups, which is what phone numbers look like. */
const IDS = new Set(['order_id', 'shop_id', 'content_id', 'content_ids', 'lead_id', 'destination_ids', 'vin']);

/** Text shaped like a contact never reaches the journal, wherever it stands. */
function withoutContacts(value: JsonObject, notes: string[], depth: number): JsonObject {
  const clean: JsonObject = {};
  for (const [name, inner] of Object.entries(value).slice(0, NAMES_MAX)) {
    if (FORBIDDEN.has(name) || shaped(name)) {
      notes.push('contact_removed');
      continue;
    }
    const kept = plain(inner, IDS.has(name) ? looksLikeEmail : shaped, notes, depth);
    if (kept !== undefined) clean[name] = kept;
  }
  return clean;
}

function plain(value: Json, isContact: (text: string) => boolean, notes: string[], depth: number): Json | undefined {
  if (typeof value === 'string') {
    if (!isContact(value)) return value;
    notes.push('contact_removed');
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= DEPTH_MAX) {
    notes.push('nested_too_deep');
    return undefined;
  }
  if (Array.isArray(value))
    return value.flatMap((inner) => {
      const kept = plain(inner, isContact, notes, depth + 1);
      return kept === undefined ? [] : [kept];
    });
  return withoutContacts(value, notes, depth + 1);
}

function shaped(text: string): boolean {
  return text.length > 5 && looksLikeContact(text);
}
