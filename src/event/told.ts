import type { AdReport } from './ad-report.ts';
import type { AttemptRow, DispatchInput } from './dispatch.ts';
import type { Consent, JsonObject, Leg, Origin, Source } from './event.ts';
import type { TouchKind } from './fact.ts';
import type { KeyRole } from './key.ts';
import type { FactKind } from './order.ts';

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
  /** who acted; a visitor unless told otherwise */
  origin?: Origin;
  /** Unix seconds of the sender's clock when it sent this: what that clock is wrong by */
  sent_at?: number;
  /** a try-out: it never reaches a live total and never fires the pixel */
  draft?: true;
  /** the sender's user agent is a known bot's; told only of orders and leads, which are kept all the same */
  bot?: true;
  /** codes of contacts that were left out at the door */
  notes?: string[];
}

export interface ToldOrder extends ToldEvent {
  /** SHA-256 of the capability that this creation was answered with; absent where a webhook told it */
  capability?: string;
}

/** A fact of an order's life: money that moved, or what became of it. The journal keeps it as kind `payment`. */
export interface ToldPayment {
  provider: string;
  order_id: string;
  /** the payment that it belongs to, `<provider>:<its id there>` */
  payment?: string;
  /** the source names that payment and no order: `order_id` is where the fact stands until an order has the payment */
  by_payment?: true;
  /** the source's own id of the fact; told again it changes nothing */
  reference: string;
  /** a payment where it is absent */
  fact?: FactKind;
  /** major units as text; with its currency where money moves, neither elsewhere */
  amount?: string;
  currency?: string;
  /** the source's own time */
  time?: string | number;
  /** a machine caused it, such as the renewal of a subscription */
  origin?: 'system';
  /** the provider's test mode */
  draft?: true;
}

/** A step of a lead. The spec says which event, and which value, the status stands for. */
export interface ToldLead extends Omit<ToldEvent, 'event' | 'event_id' | 'source'> {
  lead_id: string;
  /** `new` for a lead that was just told */
  status: string;
  /** the lead's own where it is absent */
  source?: Source;
  /** the CRM whose word the status is: the spec's `leads.crm` says what it means */
  provider?: string;
  /** the CRM's field that changed */
  property?: string;
}

/** The visitor's choice, told when it changes. A no withholds what has not left. */
export interface ToldConsent {
  visitor: string;
  session: string;
  choice: 'granted' | 'denied';
  draft?: true;
}

/** Contact with an ad: a click that went through our redirect, a view that loaded our picture, or what an import tells. */
export interface ToldTouch {
  touch: string;
  type: TouchKind;
  /** UTC ms of an imported one; the receipt where it is absent */
  time?: number;
  visitor?: string;
  session?: string;
  /** ids and names that the ad wrote into the address: campaign, ad group, ad, placement, utm_* */
  ad?: JsonObject;
  /** where the click went, without its parameters */
  target?: string;
}

/** One row of a report of Ads Manager's. */
export type ToldAdReport = AdReport;

/** What a page load was like: sent once, when the page is hidden. Times in ms, `scroll` from 0 to 1. */
export interface ToldEngagement {
  visitor: string;
  session: string;
  visible_ms: number;
  scroll: number;
  interactions: number;
  /** from the first key in a form to its submission */
  form_ms?: number;
  /** time to the first byte, and to the largest paint */
  ttfb_ms?: number;
  lcp_ms?: number;
  draft?: true;
}

/** Another tag of the page called TikTok's pixel by itself. */
export interface ToldForeign {
  visitor: string;
  session: string;
  event: string;
  event_id?: string;
  draft?: true;
}

/** An operator made a key, or ended one. Only the SHA-256 of its text is kept. */
export interface ToldKey {
  id: string;
  role: KeyRole;
  name: string;
  hash: string;
  /** UTC ms */
  createdAt: number;
  draft?: true;
  /** UTC ms from which it opens nothing any more */
  endsAt?: number;
}

/** An operator opened a test session: until it ends, drafts go to this destination with TikTok's test code. */
export interface ToldTest {
  destination: string;
  code: string;
  /** UTC ms, at most 24 hours after the opening; a time that has passed closes the session */
  until: number;
}

export interface ToldPixel {
  state: 'loaded' | 'loadFailed' | 'unknown';
  visitor: string;
  session: string;
  draft?: true;
}

export interface ToldFired {
  capability: string;
  event_id: string;
  time?: number;
  /** code of the pixel that fired; all that were handed out where it is absent */
  pixel?: string;
  /** whose page it was; absent in records from before this was kept */
  visitor?: string;
  session?: string;
  draft?: true;
}

export interface DispatchKey {
  event: number;
  destination: string;
  leg: Leg;
}

/** A dispatch, and `more` events by the same leg to the same destination of which the very same is told. */
export interface DispatchesTold extends DispatchKey {
  more?: number[];
}

/** All events that are told of. */
export function eventsTold({ event, more }: DispatchesTold): number[] {
  return more === undefined ? [event] : [event, ...more];
}

/** A batch is about to leave, or a page was told to fire. */
export interface ToldSent {
  sends: (DispatchesTold & { n: number })[];
  at: number;
}

/** How each dispatch of a batch came out, as transport decided it. */
export interface ToldAnswer {
  answers: (DispatchesTold &
    Omit<AttemptRow, 'event' | 'destination' | 'leg' | 'why' | 'lagMs' | 'draft'> & {
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

/** An operator wants dead letters tried again: dispatches that were given up, and records that were quarantined. */
export interface ToldReplay {
  legs: DispatchKey[];
  /** sequences of quarantined records, to be judged under the spec that is active now */
  records: number[];
  /** account on the machine, where that is known */
  by?: string;
}

/** The store came back from a backup that was begun at `from`; `legs` had not ended in it. Times are UTC ms. */
export interface ToldRestored {
  from: number;
  to: number;
  legs: DispatchKey[];
}

export interface ToldSpec {
  text: string;
  /** the rates file's content, where the spec names one */
  rates: string | null;
  hash: string;
  /** why it may change what is frozen */
  override?: string;
  /** with `override`: the account on the machine that asked for it, where that is known */
  by?: string;
}

export interface Unread {
  bytes: number;
  digest: string;
  verdict: 'quarantined' | 'refused';
  reason: string;
  /** names of the fields, never their values */
  skeleton: string[];
  /** what a genuine webhook calls itself, where that is a plain name */
  topic?: string;
}
