import type { Consent, JsonObject } from '../event/event.ts';
import type { Problem } from '../event/problem.ts';

/**
 * The bodies that cross our HTTP doors, from the sender's side. Times are ISO 8601 or Unix seconds (fractions allowed).
 * Contacts may be plain (hashed at the door) or lower-case SHA-256 hex.
 */
interface WireUser {
  email?: string | string[];
  phone?: string | string[];
  external_id?: string | string[];
  ttclid?: string;
  ttp?: string;
  locale?: string;
  /** server door only; the browser door takes the peer's own */
  ip?: string;
  user_agent?: string;
  country?: string;
  [field: string]: unknown;
}

/** POST /v1/server/events takes one, an array, or {"events": […]}. */
export interface WireEvent {
  event: string;
  event_id?: string;
  time?: string | number;
  source?: 'web' | 'app' | 'offline' | 'crm';
  user?: WireUser;
  page?: { url?: string; referrer?: string };
  properties?: JsonObject;
  app?: JsonObject;
  ad?: JsonObject;
  lead?: JsonObject;
  limited_data_use?: boolean;
  consent?: Consent;
  visitor?: string;
  session?: string;
  /** browser door: what the page did with its own copy */
  pixel?: 'fired' | 'failed' | 'waits' | 'none';
}

/** POST /v1/events. What all events of a page load share stands outside. */
export interface BrowserBatch {
  /** write key */
  key: string;
  /** spec version that the page ran */
  spec: number;
  sent_at: number;
  visitor: string;
  session: string;
  consent: Consent;
  user?: WireUser;
  page?: { url?: string; referrer?: string };
  /** ids of campaign, ad group, ad and utm, from the landing page */
  ad?: JsonObject;
  events?: WireEvent[];
  reports?: BrowserReport[];
}

/** What the page tells about the pixel. `pixel` comes once a page load, `fired` once a handout. */
export type BrowserReport =
  | { type: 'pixel'; state: 'loaded' | 'loadFailed' | 'unknown'; time: number }
  | { type: 'fired'; handout: string; event_id: string; time: number };

/** POST /v1/orders. The server door also gives the visitor's `user.ip` and `user.user_agent`. */
export interface WireOrder {
  /** browser door only: the write key */
  key?: string;
  order_id: string;
  value: string | number;
  currency: string;
  contents?: JsonObject[];
  properties?: JsonObject;
  time?: string | number;
  user?: WireUser;
  page?: { url?: string; referrer?: string };
  visitor?: string;
  session?: string;
  consent?: Consent;
  /** browser door: spec version that the page ran */
  spec?: number;
  /** ids of campaign, ad group, ad and utm, from the landing page */
  ad?: JsonObject;
}

/** 202 to events. */
export interface Receipt {
  receipt: string;
  accepted: number;
}

/** 201 to an order. `handout` is the capability: give it to this visitor's page and to nobody else. */
export interface OrderReceipt {
  receipt: string;
  order_id: string;
  event_id: string;
  handout: string;
}

/** GET /v1/receipts/:id. `pending` counts records that have no verdict yet. */
export interface ReceiptAnswer {
  pending: number;
  records: { seq: number; verdict: string; reasons: string[]; problems?: Problem[]; event_id?: string }[];
}

/**
 * GET /v1/handouts/:capability?wait=25 (seconds, at most 25). 404 when the capability is unknown.
 * `fire_in` (ms from now) is what the page goes by: its clock may be wrong.
 */
export type HandoutAnswer =
  | {
      fire: true;
      event: string;
      event_id: string;
      pixel: string;
      properties: JsonObject;
      fire_before: number;
      fire_in: number;
    }
  | { fire: false; why: string /** ask again later on this session's pages */; again: boolean };

/** Every error of ours: RFC 9457 problem+json. */
export interface ProblemAnswer {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  problems?: Problem[];
}
