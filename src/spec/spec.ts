import type { Rounding } from '../event/decimal.ts';
import type { MoneyText } from '../event/money.ts';

/** Which name of a renamed standard event a destination gets: `Purchase` or `CompletePayment`. */
type EventNames = 'current' | 'legacy';

export interface Destination {
  id: string;
  /** TikTok pixel code: event_source_id of web events */
  pixel: string;
  /** `env:NAME`: the environment variable that holds the access token */
  token: string;
  eventNames: EventNames;
  crmEventSet: string | null;
  offlineEventSet: string | null;
  /** TikTok App ID: event_source_id of app events */
  appId: string | null;
  /** Events Manager's test code: marks every request of this destination as a test */
  testCode: string | null;
}

/** Durations are milliseconds. */
export interface EventRule {
  legs: 'hybrid' | 'pixel' | 'api';
  require: string[];
  optional: string[];
  /** the pixel leg waits for a handout */
  guarded: boolean;
  oncePer: string[];
  within: number;
  zeroValue: 'allow' | 'quarantine';
  confirm: 'none' | 'server' | 'webhook';
  confirmAt: 'paidInFull' | 'firstPayment';
  confirmWithin: number;
  delay: number;
  timeOf: 'act' | 'confirmed';
  precedence: ('webhook' | 'server' | 'browser')[];
  orphans: 'book' | 'send';
  /** what becomes of events that a machine caused */
  renewals: 'book' | 'send';
  /** `send`: each refund of a Purchase that TikTok may have is told as a custom event, which corrects nothing there */
  refunds: 'book' | 'send';
}

/** The tracking spec as every stage reads it: defaults filled in, durations in ms, shares between 0 and 1. */
export interface Spec {
  business: { id: string; name: string; country: string; currency: string; timezone: string };
  sites: { origins: string[]; domains: string[]; urlParameters: string[] };
  destinations: Destination[];
  consent: { mode: 'required' | 'none'; ads: string };
  events: Record<string, EventRule>;
  leads: {
    events: Record<string, string>;
    ladder: Record<string, MoneyText | null>;
    values: 'replace' | 'add';
    /** a CRM's own words by the statuses that they mean; of HubSpot's properties only one is a status */
    crm: {
      hubspot: { property: string; statuses: Record<string, string> };
      pipedrive: { statuses: Record<string, string> };
    };
  };
  money: {
    rounding: Rounding;
    unsupportedCurrency: 'convert' | 'drop' | 'send';
    rates: Rate[];
    /** share by which a value may differ from its contents' prices */
    contentsTolerance: number;
  };
  /** the values that a parameter may have, by its name; a parameter that is not listed may have any */
  taxonomy: Record<string, string[]>;
  pairWithin: number;
  attribution: {
    click: number;
    engagedView: number;
    view: number;
    precedence: ('click' | 'engagedView' | 'view')[];
    match: string[];
    /** names of the events that are conversions */
    conversions: string[];
    /** how touches share a conversion in the standing figures */
    model: 'last' | 'first' | 'linear' | 'position' | 'decay' | 'markov' | 'shapley';
    count: 'every' | 'once';
    halfLife: number;
    /** the day that a credited conversion is shown under: its touch's, or its own */
    basis: 'touch' | 'conversion';
    /** IANA name, of the ad account; the business's where it is null */
    timezone: string | null;
    /** an identifier that more visitors than this came with ties none of them */
    sharedBy: number;
  };
  viewThrough: { marketing: number; finance: number };
  freeze: { until: string; because: string; what: string[] } | null;
  pages: { match: string; event: string }[];
  delivery: {
    linger: number;
    firstRetry: number;
    factor: number;
    ceiling: number;
    giveUp: number;
    /** we promise that TikTok merges until here, and drops until `drop`, after the earliest copy */
    merge: number;
    drop: number;
    /** events without money that no copy of is out wait this long for their destination */
    keep: number;
    /** events older than this are reported, and beyond `maxAge` withheld */
    warnAge: number;
    maxAge: number;
    /** a sender's clock that differs by more than this is corrected */
    clockTolerance: number;
    /** send `source` and `origin` as free keys */
    freeKeys: boolean;
    /** events in one request, and requests under way to one destination, at most */
    batch: number;
    atOnce: number;
    /** requests per second to one destination: where learning starts, and what it never exceeds */
    rate: { start: number; max: number };
  };
  health: { duplicates: { warn: number; fail: number }; sourceBalance: { min: number } };
  retention: { personal: number; journal: number };
  scenarios: { name: string; given: unknown[]; expect: unknown }[];
  /** grows by one with every activated change */
  version: number;
  /** SHA-256 of the spec's meaning: comments and order of keys change nothing */
  hash: string;
}

/** One unit of `currency` in the business's currency, with the day it was noted. */
export interface Rate {
  currency: string;
  rate: string;
  date: string;
}
