import type { AttemptRow, DispatchInput } from './dispatch.ts';
import type { Consent, JsonObject, Leg, Source } from './event.ts';

/**
 * The bodies of journal records, by kind. A door has bounded them and taken out everything personal;
 * what they claim is not yet judged.
 */
export interface ToldEvent {
  event: string;
  event_id?: string;
  /** ISO 8601 or Unix seconds, as told */
  time?: string | number;
  source: Source;
  properties?: JsonObject;
  app?: JsonObject;
  ad?: JsonObject;
  lead?: JsonObject;
  limited_data_use?: boolean;
  consent: Consent;
  visitor?: string;
  session?: string;
  /** what the page did with its own copy */
  pixel?: 'fired' | 'failed' | 'waits' | 'none';
  /** spec version that the page ran */
  spec?: number;
  /** codes of contacts that were left out at the door */
  notes?: string[];
}

export interface ToldOrder extends ToldEvent {
  /** SHA-256 of the capability that this creation was answered with */
  capability: string;
}

export interface ToldPayment {
  provider: string;
  order_id: string;
  reference: string;
  amount: string;
  currency: string;
  time?: string | number;
}

export interface ToldPixel {
  state: 'loaded' | 'loadFailed' | 'unknown';
  visitor: string;
  session: string;
}

export interface ToldFired {
  capability: string;
  event_id: string;
  time?: number;
}

export interface DispatchKey {
  event: number;
  destination: string;
  leg: Leg;
}

/** A batch is about to leave, or a page was told to fire. */
export interface ToldSent {
  sends: (DispatchKey & { n: number })[];
  at: number;
}

/** How each dispatch of a batch came out, as transport decided it. */
export interface ToldAnswer {
  answers: (DispatchKey &
    Omit<AttemptRow, 'event' | 'destination' | 'leg'> & {
      input: DispatchInput;
      why: string;
      /** may TikTok hold a copy since this attempt? */
      copy: boolean;
      dueAt?: number;
    })[];
}

/** A hold or a handout ran out, or a leg may no longer leave. */
export interface ToldExpired {
  legs: (DispatchKey & { input: DispatchInput; why: string })[];
}

export interface ToldSpec {
  text: string;
  /** the rates file's content, where the spec names one */
  rates: string | null;
  hash: string;
}

export interface Unread {
  bytes: number;
  digest: string;
  verdict: 'quarantined' | 'refused';
  reason: string;
  /** names of the fields, never their values */
  skeleton: string[];
}
