import type { DispatchState } from '../event/dispatch.ts';
import type { Door, JsonObject, Leg, Verdict } from '../event/event.ts';

/** One record as Live lists it. */
export interface LiveRow {
  seq: number;
  receivedAt: number;
  door: Door;
  kind: string;
  verdict: Verdict;
  reasons: string[];
  event?: string;
  eventId?: string;
  orderId?: string;
  visitor?: string;
  value?: string;
  source?: string;
  leadId?: string;
  /** a try-out: in no live figure */
  draft?: true;
  /** what is wrong with a quarantined record, field by field */
  problems?: { where: string; what: string; fix: string; code: string }[];
}

/**
 * Figures of Live. `records` = sum of `byVerdict` + `lag`, always. Drafts stand apart and in none of the other figures:
 * the journal's last sequence is `records` + `drafts.records`. A record without a verdict is not known to be a draft yet,
 * so it is in `lag`.
 */
export interface LiveCounts {
  asOf: number;
  timezone: string;
  specVersion: number;
  records: number;
  lag: number;
  /** how long the oldest record without a verdict has waited */
  lagMs: number;
  /** how long the dispatch, hold or handout that was due first is overdue */
  overdueMs: number;
  drafts: { records: number; byVerdict: Partial<Record<Verdict, number>> };
  byVerdict: Record<Verdict, number>;
  byDoor: { door: Door; total: number; byVerdict: Partial<Record<Verdict, number>> }[];
  dispatches: { destination: string; leg: Leg; state: DispatchState; count: number }[];
}

/** Something a person should know, with what to do about it. */
export interface LiveFinding {
  id: string;
  check: string;
  subject: string;
  what: string;
  fix: string;
  times: number;
  firstSeenAt: number;
  lastSeenAt: number;
  /** the id that leads to the subject's trace, where it has one */
  trace?: string;
}

/** Two observations of one event that do not agree, and which was believed. */
export interface LiveDifference {
  /** sequence of the observation that differs */
  seq: number;
  at: number;
  event: string;
  field: string;
  kept: string;
  told: string;
  says: string;
  trace: string;
}

/** What wants a look, newest first, up to 20 of each. */
export interface LiveNotices {
  findings: LiveFinding[];
  differences: LiveDifference[];
}

/**
 * GET /v1/live: server-sent events. `rows` carries LiveRow[] (newest last; the last 200 on connecting),
 * `counts` a LiveCounts, at most twice a second, `notices` a LiveNotices whenever they changed.
 */
export interface LiveStream {
  rows: LiveRow[];
  counts: LiveCounts;
  notices: LiveNotices;
}

export type HopKind =
  | 'touch'
  | 'consent'
  | 'observation'
  | 'order'
  | 'lead'
  | 'payment'
  | 'dispatch'
  | 'attempt'
  | 'handout'
  | 'replay'
  | 'pixel'
  | 'finding'
  | 'difference';

/** One step on the way of a fact, in time order. */
export interface Hop {
  at: number;
  kind: HopKind;
  /** journal sequence, where the hop is a record */
  seq?: number;
  door?: Door;
  leg?: Leg;
  destination?: string;
  verdict?: Verdict;
  reasons: string[];
  state?: DispatchState;
  /** one sentence in plain words */
  says: string;
  code?: number;
  message?: string;
  requestId?: string;
  /** shown when the hop is opened */
  detail?: JsonObject;
}

/** What TikTok does with a copy that arrives now, as far as its two clocks and our knowledge of them go. */
type TraceForecast = 'willCount' | 'willMerge' | 'willBeDropped' | 'wouldCountTwice' | 'unknown';

export interface TraceDispatch {
  destination: string;
  leg: Leg;
  state: DispatchState;
  why: string;
  dueAt?: number;
  expiresAt?: number;
  attempts: number;
  code?: number;
  message?: string;
  requestId?: string;
  /** what the leg waits for, or how it ended, in one sentence */
  says: string;
  forecast: TraceForecast;
  /** until when TikTok merges and drops copies by this leg, in words */
  forecastSays: string;
}

/** Contact with an ad by the visitor, in the session, or with the click id of the events asked for. */
export interface TraceTouch {
  touch: string;
  type: 'click' | 'engagedView' | 'view';
  at: number;
  /** an import told it */
  imported?: true;
  visitor?: string;
  session?: string;
  ttclid?: string;
  /** ids and names of the ad, and utm parameters */
  ad: JsonObject;
  target?: string;
}

/** One step of a lead, with the event that signals it to TikTok or, as in its books, why none does. */
export interface TraceLeadStep {
  seq: number;
  status: string;
  event?: string;
  eventId?: string;
  unsent?: string;
  /** it takes back a step that TikTok was told of, and keeps */
  reversal?: true;
  occurredAt: number;
  value?: string;
  door: Door;
}

export interface TraceEvent {
  seq: number;
  event: string;
  eventId: string;
  sourceId: string;
  source: string;
  occurredAt: number;
  value?: string;
  orderId?: string;
  leadId?: string;
  visitor?: string;
  session?: string;
  draft?: true;
  consent: string;
  specVersion: number;
  /** which match keys the event has, such as `ttclid`, `email` */
  matchKeys: string[];
  observations: { seq: number; door: Door; occurredAt: number; receivedAt: number; verdict: Verdict }[];
  dispatches: TraceDispatch[];
  /** where the page's copy and ours say different things, in words */
  legsDiffer: string[];
  hops: Hop[];
  normalised: JsonObject;
  /** TikTok's body for this event alone, to each destination that has a place for it, under its own name there */
  requests: { destination: string; event: string; request: JsonObject }[];
}

/**
 * GET /v1/trace/:id for an order, event, lead, visitor or session id, a sequence, ttclid, touch id or request id. 404 when
 * unknown.
 */
export interface TraceAnswer {
  id: string;
  asOf: number;
  timezone: string;
  order?: {
    orderId: string;
    status: string;
    total?: string;
    /** what is left of the money in the order's own currency */
    net?: string;
    createdAt?: number;
    createdBy?: string;
    confirmedAt?: number;
    /** in the order of their sources' times */
    entries: { reference: string; kind: string; amount?: string; occurredAt: number }[];
  };
  lead?: { leadId: string; steps: TraceLeadStep[] };
  /** oldest first */
  touches: TraceTouch[];
  /** newest first; more than `limit` are cut and said so */
  events: TraceEvent[];
  cut: boolean;
}

/** GET /v1/settings. Secrets never appear: of a key its name and last characters, of a token whether it is set. */
export interface SettingsAnswer {
  asOf: number;
  timezone: string;
  specVersion: number;
  specFile: string;
  keys: SettingsKey[];
  destinations: {
    id: string;
    pixel: string;
    eventNames: string;
    crmEventSet: string | null;
    offlineEventSet: string | null;
    appId: string | null;
    /** the environment variable that holds the token */
    token: string;
    tokenSet: boolean;
    state: string;
    why: string;
    test?: { code: string; until: number };
  }[];
  listeners: { name: 'public' | 'admin'; url: string; trustedProxies: string[]; serves: string[] }[];
  retention: {
    /** ms */
    personal: number;
    journal: number;
    /** the last run since the server started: ledger rows and journal records that it emptied, and records that it removed */
    last?: { at: number; rows: number; faded: number; removed: number; snapshot?: number; failed?: string };
  };
  limits: { name: string; value: string; means: string }[];
  files: { name: string; bytes: number }[];
}

/** A key, from the environment or made by an operator. */
export interface SettingsKey {
  id: string;
  role: 'browser' | 'server' | 'import';
  name: string;
  draft: boolean;
  from: 'environment' | 'operator';
  createdAt?: number;
  endsAt?: number;
  /** UTC ms of the last request that it opened since the server started */
  usedAt?: number;
}

/** POST /v1/keys {role, name, draft?} → 201: the one time that the key's text is shown. */
export interface NewKeyAnswer extends SettingsKey {
  key: string;
}

/** GET /v1/reasons: every reason code with its meaning and fix. */
export interface ReasonAnswer {
  code: string;
  verdict: string;
  means: string;
  fix: string;
}
