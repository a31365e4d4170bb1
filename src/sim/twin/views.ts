import type { JsonObject } from '../../event/event.ts';
import type { Channel, Outcome } from './dedup.ts';
import type { Fault } from './faults.ts';
import type { Pixel } from './pixels.ts';
import type { RefusedIds } from './refused-ids.ts';
import type { EventTotals } from './reports.ts';
import type { LoggedRequest } from './store.ts';
import type { Switches } from './switches.ts';

/** event name → totals */
export type Totals = Record<string, EventTotals>;

/** GET /twin/state */
export interface State {
  /** the twin's time, UTC ms: real time + offsetMs */
  now: number;
  offsetMs: number;
  switches: Switches;
  faults: Fault[];
  pixels: Pixel[];
  refusedIds: RefusedIds;
  totals: Totals;
}

export interface ArrivalView {
  at: number;
  channel: Channel;
  outcome: Outcome | 'test';
  request_id: string;
  /** as it was sent */
  body: JsonObject;
}

/** One event with all its copies, from GET /twin/events. */
export interface EventView {
  source_id: string;
  event: string;
  event_id: string | null;
  order_id: string | null;
  /** how many times TikTok counts it: 0 for a test event, 2 after being counted again */
  counted: number;
  merged: number;
  dropped: number;
  /** its test code, if it is a test event */
  test: string | null;
  firstAt: number;
  /** as sent: major units */
  value: string | null;
  currency: string | null;
  arrivals: ArrivalView[];
  /** what TikTok keeps of the copies, in the words of the Events API */
  body: JsonObject;
}

/** One line of GET /twin/requests. */
export type RequestView = Omit<LoggedRequest, 'headers'> & { headers: Record<string, string> };

/** GET /twin/diagnostics: the last 24 hours. */
export interface Diagnostics {
  since: number;
  asOf: number;
  issues: {
    rule: string;
    event: string;
    channel: Channel;
    field: string;
    count: number;
    lastAt: number;
    /** an event id that has it */
    example: string | null;
  }[];
  events: {
    event: string;
    counted: number;
    browser: number;
    server: number;
    /** match key → share of counted events that have it, 0 to 1 */
    coverage: Record<string, number>;
  }[];
}
