import type { Consent, JsonObject } from '../event/event.ts';
import type { FactKind } from '../event/order.ts';
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
  origin?: 'visitor' | 'system';
  /** Unix seconds of the sender's clock at sending; of a page, the batch says it */
  sent_at?: number;
  /** a try-out: kept apart from everything live */
  draft?: boolean;
  /** browser door: TikTok's script when the page made its own copy; false where it made none */
  pixel?: ScriptState | false;
}

/** Whether TikTok's script came, as far as the page knows. */
export type ScriptState = 'loaded' | 'loadFailed' | 'unknown';

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
  ad?: WireLanding;
  /** in the order in which they were told; what is a list is a report */
  events?: (WireEvent | BrowserReport)[];
}

/** The same from the script, which has no bytes to spare for names. Its orders have the same head. */
export interface ScriptBatch {
  key: string;
  /** `sent_at` */
  time: number;
  head: ScriptHead;
  events: (ScriptEvent | BrowserReport)[];
}

export type ScriptHead = [
  consent: Consent,
  spec: number,
  ids: { visitor: string; session: string },
  page?: BrowserBatch['page'] | null,
  ad?: WireLanding | null | undefined,
  contacts?: object | null,
  ttp?: string | null | undefined,
];

/** A list that begins with an object is an event. */
export type ScriptEvent = [
  properties: JsonObject,
  event: string,
  event_id?: string | null,
  pixel?: WireEvent['pixel'] | null,
  time?: number | null,
  limited_data_use?: boolean | null,
];

/**
 * What ads wrote into the visitor's addresses: campaign, ad group, ad and utm under their names; or, from the script, the
 * parameters one by one as the addresses had them (`?utm_id=17`), the newest first, `ttclid` among them.
 */
type WireLanding = JsonObject | (string | null)[];

/**
 * What the page tells beside events. `pixel` and `engagement` come once a page load, `fired` once a handout, `consent`
 * when the choice changes, `foreign` when another tag calls `ttq.track`.
 */
export type BrowserReport =
  | ['consent', choice: 'granted' | 'denied']
  | ['engagement', ...PageUse]
  | ['foreign', event?: unknown, event_id?: unknown]
  | ['pixel', state: ScriptState]
  | ['fired', handout: string, event_id: string, time: number, pixel?: string];

/**
 * How a page was used. Times are Unix seconds of its clock, 0 where it has not come to that; `scroll` is the deepest part
 * seen, of 1; the last two, in ms, stand only where the browser loaded the page. Null is a figure that it does not have.
 */
export type PageUse = [
  left: number,
  seen: number,
  typed: number,
  submitted: number,
  interactions: number,
  scroll: number | null,
  ttfbMs?: number | null,
  lcpMs?: number | null,
];

/** POST /v1/orders. The server door also gives the visitor's `user.ip` and `user.user_agent`. */
export interface WireOrder {
  /** browser door only: the write key */
  key?: string;
  /** minted here when absent */
  order_id?: string;
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
  ad?: WireLanding;
  limited_data_use?: boolean;
}

/** POST /v1/leads, and POST /v1/leads/:id/status with `status` alone needed. */
export interface WireLead {
  /** browser door only: the write key */
  key?: string;
  /** minted here when absent */
  lead_id?: string;
  /** `new` when absent */
  status?: string;
  time?: string | number;
  user?: WireUser;
  page?: { url?: string; referrer?: string };
  properties?: JsonObject;
  /** `lead_event_source`: the CRM's name */
  lead?: JsonObject;
  /** `crm` for a lead of a TikTok Instant Form; the web otherwise */
  source?: 'web' | 'crm';
  visitor?: string;
  session?: string;
  consent?: Consent;
  spec?: number;
  ad?: JsonObject;
  draft?: boolean;
}

/** 201 to a lead. */
export interface LeadReceipt {
  receipt: string;
  lead_id: string;
}

/**
 * POST /v1/carry {key, visitor, session} gives a token for the next two minutes; GET /v1/carry/:token gives the ids
 * back, once, to a page of the spec's domains.
 */
export interface CarryReceipt {
  token: string;
  expires_in: number;
}
export interface CarryAnswer {
  visitor: string;
  session: string;
}

/** POST /v1/orders/:id/entries takes one, or {"entries": […]}: what became of the order. */
export interface WireEntry {
  /** the payment that it belongs to, `<provider>:<its id there>`, such as `stripe:pi_3Sa1Vt` */
  payment?: string;
  /** `payment` when absent */
  fact?: FactKind;
  /** the source's own id of the fact; told again it changes nothing */
  reference: string;
  /** major units, zero or more; with its currency where money moves, neither elsewhere */
  amount?: string | number;
  currency?: string;
  time?: string | number;
  /** who paid: for a payment whose order is not told otherwise, such as one by phone */
  user?: WireUser;
  /** `system` for what a machine caused, such as a renewal */
  origin?: 'visitor' | 'system';
  draft?: boolean;
}

/** POST /v1/server/import with {"facts": […]}. */
export interface WireFact extends WireEntry {
  /** may be left out of what became of a payment that is named: it stands with the order of that one */
  order_id?: string;
}

/** POST /v1/server/import with {"leads": […]}: one step each. */
export interface WireLeadStep extends Omit<WireLead, 'key'> {
  lead_id: string;
  /** when the lead came to the status: told again, the step is known by it */
  time: string | number;
  /** the CRM whose own word the status is, such as `hubspot`: the spec's `leads.crm` says what it means */
  provider?: string;
  /** the CRM's field that holds the word */
  property?: string;
}

/** POST /v1/server/import?dry_run=1 with {"events": […]}: what would become of each; nothing is written. */
export interface DryRunAnswer {
  rows: { ok: boolean; event: string; event_id: string; problems: Problem[]; notes: string[] }[];
}

/** The same with {"facts": […]}. */
export interface FactDryRunAnswer {
  rows: { ok: boolean; order_id: string; fact: FactKind; reference: string; problems: Problem[]; notes: string[] }[];
}

/** The same with {"leads": […]}: `status` in the spec's words, `event` as TikTok would get it; null where it gets none. */
export interface LeadDryRunAnswer {
  rows: { ok: boolean; lead_id: string; status: string; event: string | null; problems: Problem[]; notes: string[] }[];
}

/** 202 to events, and to entries of an order. */
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
      /** another destination's handout may follow: ask again at once, by the same capability */
      again: boolean;
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
