import type { JsonObject } from '../event/event.ts';
import type { Stand } from './books.ts';

/** GET /v1/reports/letters: what was given up or quarantined, newest first. */
export interface LettersAnswer extends Stand {
  letters: LetterAnswer[];
  counts: LetterCountAnswer[];
  /** ask for `after` this to read on; absent on the last page */
  next?: string;
}

/** One dead letter, whole. */
export interface LetterAnswer {
  /** names the letter: `leg:<event>/<destination>` or `record:<sequence>` */
  id: string;
  kind: 'record' | 'dead' | 'unknown';
  /** when it was given up, UTC ms */
  at: number;
  destination: string;
  /** reason code; what it means and what to do stands in GET /v1/reasons */
  why: string;
  reasons: string[];
  code?: number;
  message?: string;
  requestId?: string;
  event: string;
  eventId?: string;
  orderId?: string;
  leadId?: string;
  value?: { amount: string; currency: string };
  money: boolean;
  occurredAt?: number;
  attempts: number;
  /** the first and the last answer, where any came */
  first?: AttemptAnswer;
  last?: AttemptAnswer;
  /** fields that broke a rule, of quarantined records */
  problems?: { where: string; what: string; fix: string; code: string }[];
  /** what a replay would do now */
  replay: ReplayForecast;
}

/** GET /v1/letters/:id, and a line of GET /v1/reports/letters.ndjson. */
export interface WholeLetterAnswer extends LetterAnswer {
  /** what was told, without anything personal */
  body: JsonObject;
  /** the last times that an operator wanted it tried again, oldest first; `why` where that was refused */
  replays: { at: number; by?: string; why?: string }[];
}

export interface AttemptAnswer {
  n: number;
  sentAt: number;
  answeredAt?: number;
  outcome?: string;
  http?: number;
  code?: number;
  message?: string;
  requestId?: string;
}

/** Would a replay leave, and what would TikTok do with it? Times are UTC ms. */
export interface ReplayForecast {
  allowed: boolean;
  /** TikTok's clock for the copy, where it is a leg */
  forecast?: 'willCount' | 'willMerge' | 'willBeDropped' | 'wouldCountTwice' | 'unknown';
  /** reason code of a refusal */
  why?: string;
  /** one sentence for a person, with times */
  says: string;
}

export interface LetterCountAnswer {
  kind: 'record' | 'dead' | 'unknown';
  destination: string;
  why: string;
  code?: number;
  count: number;
}

/** POST /v1/letters/replay: `ids`, or all that match `where`; `dry` changes nothing. */
export interface ReplayRequest {
  /** at most 1,000 */
  ids?: string[];
  where?: Partial<Record<'kind' | 'destination' | 'why' | 'code' | 'event' | 'money' | 'from' | 'to', string>>;
  /** `next` of the answer before, with the same letters asked for */
  after?: string;
  dry?: boolean;
  /** account on the machine that asks, where that is known */
  by?: string;
}

/** What came of it: each refusal once, with how many it concerns and the first of their ids. At most 1,000 letters a request; `next` goes on. */
export interface ReplayAnswer {
  replayed: number;
  refused: { why: string; says: string; count: number; ids: string[] }[];
  dry: boolean;
  next?: string;
}
