import type { DispatchRow } from '../event/dispatch.ts';
import type { OutgoingEvent } from '../event/outgoing.ts';

/** One destination's dispatches that are money, or those that are not. */
export type Lane = Pick<DispatchRow, 'destination' | 'money'>;

/** An api dispatch with the event it carries: what transport needs to send it. */
export interface Sendable {
  dispatch: DispatchRow;
  event: OutgoingEvent;
  /** the event’s pixel leg to the same destination, if it has one: it may have brought the first copy */
  pixel: DispatchRow | undefined;
}

/** What waits of one destination's money events, or of its others. */
export interface Backlog extends Lane {
  /** waits for a confirmation or its delay */
  held: number;
  /** may leave */
  queued: number;
  inFlight: number;
  /** the minute in which the oldest of them came, UTC ms */
  oldestReceivedAt?: number;
}

/** What one destination's api legs did in one minute: a sum over rows, so that it is the same however they were committed. */
export interface DeliveryMinute {
  destination: string;
  /** UTC ms of its beginning */
  minute: number;
  /** api legs of live events that came to wait, and those whose wait ended (delivered, unknown, dead or withheld) */
  entered: number;
  left: number;
  /** answered attempts by outcome: `accepted`, `retry`, `throttled`, `refused`, `paused`, `unknown`, with TikTok's code or the HTTP status */
  answers: { outcome: string; code?: number; http?: number; why: string; count: number }[];
  /** accepted attempts by lag, from receipt to answer: upper bounds in ms stand in LAG_BOUNDS, the last count has no bound */
  lags: number[];
}
