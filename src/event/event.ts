import type { MoneyText } from './money.ts';

/** Where a fact happened, in TikTok's four event sources. */
export type Source = 'web' | 'app' | 'offline' | 'crm';

/** A copy of an event that TikTok gets. */
export type Leg = 'pixel' | 'api';

/** Draft events never reach a live total and never fire the pixel. */
export type Namespace = 'live' | 'draft';

/** Who acted: a person in front of a screen, or a machine (a renewal, an import). */
export type Origin = 'visitor' | 'system';

/** Admission's one current decision on a journal record. */
export type Verdict = 'admitted' | 'paired' | 'duplicate' | 'quarantined' | 'refused';

/** The way a record came in. Webhook doors carry their provider. */
export type Door =
  | 'browser'
  | 'server'
  | `webhook:${string}`
  | 'crm'
  | 'import'
  | 'answer'
  | 'operator'
  | 'spec'
  | 'timer';

/** May the visitor's data be used for ads? `unknown` when nobody asked. */
export type Consent = 'granted' | 'denied' | 'unknown';

/** Plain JSON, as parsed from outside. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** Match keys of a visitor, hashed where TikTok wants hashes. Lists are lower-case SHA-256 hex. */
export interface MatchKeys {
  email?: string[];
  phone?: string[];
  external_id?: string[];
  ttclid?: string;
  ttp?: string;
  ip?: string;
  user_agent?: string;
  locale?: string;
  idfa?: string;
  idfv?: string;
  gaid?: string;
  att_status?: string;
  first_name?: string;
  last_name?: string;
  zip_code?: string;
  city?: string;
  state?: string;
  country?: string;
}

/** What identifies a person or a page. Kept in columns of its own so that erasure can null it. */
export interface Personal {
  user?: MatchKeys;
  page?: { url?: string; referrer?: string };
}

/** One record of an event that we received. */
export interface Observation {
  /** journal sequence */
  seq: number;
  door: Door;
  /** the sender's clock, UTC ms */
  occurredAt: number;
  /** our clock, UTC ms */
  receivedAt: number;
  verdict: Verdict;
  /** what the sender told, UTC ms, where its clock was corrected: a resend tells it again */
  toldAt?: number;
  /** the name told, where it is another than ours for the same event */
  toldName?: string;
}

/** When TikTok may have received the first copy of an event: an interval, UTC ms, because arrival is never seen. */
export type CopyAt = readonly [from: number, to: number];

/** One event as the ledger keeps it. The key is (sourceId, name, eventId); `seq` is its first observation. */
export interface EventRow {
  seq: number;
  /** `<business>/<source>` */
  sourceId: string;
  /** TikTok's current standard name, or a custom one */
  name: string;
  eventId: string;
  source: Source;
  namespace: Namespace;
  origin: Origin;
  occurredAt: number;
  receivedAt: number;
  visitor?: string;
  session?: string;
  orderId?: string;
  leadId?: string;
  /** what our books believe, by the rule's precedence */
  value?: MoneyText;
  /** what TikTok gets instead of `value`: converted, what a copy has told it already, or null where it gets none */
  sendValue?: MoneyText | null;
  /** rate and day of that conversion */
  rate?: { rate: string; date: string };
  /** normalised properties in TikTok's names, without value and currency */
  properties: JsonObject;
  app?: JsonObject;
  ad?: JsonObject;
  lead?: JsonObject;
  limitedDataUse?: boolean;
  /** the user agent at the act was a known bot's */
  bot?: true;
  consent: Consent;
  specVersion: number;
  observations: Observation[];
  /** doors whose word counts for a field, where it is not the first observation's */
  deciders?: { [field: string]: Door };
  /** no field that TikTok sees changes any more, UTC ms */
  frozenAt?: number;
  personal: Personal | null;
}
