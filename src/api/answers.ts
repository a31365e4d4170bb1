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
  /** what is wrong with a quarantined record, field by field */
  problems?: { where: string; what: string; fix: string; code: string }[];
}

/** Figures of Live. `records` = sum of `byVerdict` + `lag`, always. */
export interface LiveCounts {
  asOf: number;
  timezone: string;
  specVersion: number;
  records: number;
  lag: number;
  byVerdict: Record<Verdict, number>;
  byDoor: { door: Door; total: number; byVerdict: Partial<Record<Verdict, number>> }[];
  dispatches: { destination: string; leg: Leg; state: DispatchState; count: number }[];
}

/**
 * GET /v1/live: server-sent events. `rows` carries LiveRow[] (newest last; the last 200 on connecting),
 * `counts` a LiveCounts, at most twice a second.
 */
export interface LiveStream {
  rows: LiveRow[];
  counts: LiveCounts;
}

export type HopKind =
  | 'observation'
  | 'order'
  | 'payment'
  | 'dispatch'
  | 'attempt'
  | 'handout'
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
  visitor?: string;
  session?: string;
  consent: string;
  specVersion: number;
  /** which match keys the event has, such as `ttclid`, `email` */
  matchKeys: string[];
  observations: { seq: number; door: Door; occurredAt: number; receivedAt: number; verdict: Verdict }[];
  dispatches: TraceDispatch[];
  hops: Hop[];
  /** the normalised event and TikTok's body, for the detail panel */
  normalised: JsonObject;
  request?: JsonObject;
}

/** GET /v1/trace/:id for an order id, event id, sequence, visitor, session, ttclid or request id. 404 when unknown. */
export interface TraceAnswer {
  id: string;
  asOf: number;
  timezone: string;
  order?: {
    orderId: string;
    status: string;
    total?: string;
    createdAt?: number;
    createdBy?: string;
    confirmedAt?: number;
    entries: { reference: string; kind: string; amount: string; occurredAt: number }[];
  };
  /** newest first; more than `limit` are cut and said so */
  events: TraceEvent[];
  cut: boolean;
}

/** GET /v1/reasons: every reason code with its meaning and fix. */
export interface ReasonAnswer {
  code: string;
  verdict: string;
  means: string;
  fix: string;
}
