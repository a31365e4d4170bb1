import type { Stand } from './books.ts';

export type DestinationStateName = 'healthy' | 'throttled' | 'paused' | 'open' | 'halfOpen';

/** GET /v1/reports/deliveries?hours=24: how each destination does, and has done. Times are UTC ms. */
export interface DeliveriesAnswer extends Stand {
  from: number;
  to: number;
  destinations: DestinationReport[];
  /** one for each destination and stretch of time, oldest first; all stretches are there, empty ones too */
  series: DeliveryPoint[];
  stretchMs: number;
  /** answers of that time, most frequent first */
  outcomes: OutcomeReport[];
}

export interface DestinationReport {
  id: string;
  pixel: string;
  state: DestinationStateName;
  /** UTC ms since which it is so; absent when never told since the start */
  since?: number;
  /** it takes events again at this time; absent where it takes them now */
  until?: number;
  /** TikTok's word, or the network's */
  why: string;
  /** requests a second that it is held to */
  ratePerSecond: number;
  backlog: {
    held: number;
    queued: number;
    inFlight: number;
    money: number;
    oldestReceivedAt?: number;
    overWarnAge: boolean;
  };
  delivered: number;
  dead: number;
  unknown: number;
}

export interface DeliveryPoint {
  destination: string;
  at: number;
  /** waiting at the end of the stretch */
  backlog: number;
  delivered: number;
  /** attempts that were not accepted */
  failed: number;
  /** from receipt to TikTok's yes, ms; absent where nothing was delivered. Upper bounds of the class it falls in. */
  lagP50?: number;
  lagP95?: number;
}

export interface OutcomeReport {
  destination: string;
  outcome: string;
  why: string;
  code?: number;
  http?: number;
  count: number;
  /** what it means, and what a person does about it (empty: nothing) */
  means: string;
  next: string;
}
