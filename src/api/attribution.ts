import type { MoneyAnswer, Stand } from './books.ts';

/** What the figures of attribution stand on, beside time, spec and zone. */
export interface StatementAnswer {
  statement: number;
  role: 'standing' | 'past' | 'asked';
  specVersion: number;
  model: string;
  /** as the spec writes them, such as `7d`; `off` */
  windows: { click: string; engagedView: string; view: string };
  precedence: string[];
  count: 'every' | 'once';
  halfLife: string;
  /** of the ad account */
  timezone: string;
  asOf: number;
}

/** What became of the rules on a day that an answer shows: figures before and after it may not compare. A chart marks it. */
export interface MarkerAnswer {
  /** in the answer's time zone, `YYYY-MM-DD` */
  day: string;
  /** `activated`: this version of the spec became active. `freezeEnds`: what it kept may change again */
  what: 'activated' | 'freezeEnds';
  version: number;
  /** what changed, a part in each, such as `attribution.click: was 7d, becomes 1d` */
  says: string[];
}

/** What an attribution figure is asked for by; the query's parameters have the same names. */
export interface AttributionAsked {
  /** days of the statement's time zone, `YYYY-MM-DD`, both included */
  from: string;
  to: string;
  by: 'campaign' | 'adgroup' | 'ad' | 'channel' | 'day';
  model: string;
  click: string;
  engagedView: string;
  view: string;
  count: 'every' | 'once';
  basis: 'touch' | 'conversion';
  /** names of conversions; all where it is empty */
  name: string[];
  currency: string;
  /** narrowed to one line of a coarser view: a row's `of` */
  channel?: string;
  campaign?: string;
  adgroup?: string;
  ad?: string;
  /** number of a past statement, instead of model and windows */
  statement?: number;
}

/**
 * GET /v1/reports/attribution: who earned what. View-through of persons, where views are known at all, stands in `views` and in no
 * other figure; that of Ads Manager, which knows no persons, stands in `adsManager`.
 */
export interface AttributionAnswer extends Stand {
  statement: StatementAnswer;
  asked: AttributionAsked;
  /** statements that can be asked for by number, newest first */
  statements: StatementAnswer[];
  /** names of conversions and currencies that there are */
  names: string[];
  currencies: string[];
  /** everything in the time asked for: credited by clicks and engaged views, by views, and to nobody */
  totals: { earned: Earned; views: Earned; nobody: Earned; why: { why: string; conversions: number }[] };
  /** largest value first, at most 1,000; `more` is how many are left out. Days are in their order, and all are there */
  rows: AttributionRow[];
  more: number;
  /** value by day of the ten largest rows, in their order, for small multiples; all days are there. Empty where rows are days */
  series: { key: string; of: AttributionRow['of']; days: { day: string; conversions: number; value: string }[] }[];
  /** marketing and finance weigh what was only viewed: the spec's `viewThrough` */
  viewThrough: { marketing: number; finance: number };
  /** within the days asked for, oldest first */
  markers: MarkerAnswer[];
}

export interface Earned {
  /** sum of shares: whole for models that do not share */
  conversions: number;
  value: MoneyAnswer;
  /** what is left of the value in the cash book */
  net: MoneyAnswer;
}

export interface AttributionRow {
  /** an id where there is one, else the name; empty where it is not known */
  key: string;
  /** for people: a name where there is one, else the key */
  name: string;
  channel: string;
  /** parameters that narrow a question to this row */
  of: { channel?: string; campaign?: string; adgroup?: string; ad?: string };
  /** names, down to what the row is about */
  campaign: string | null;
  adgroup: string | null;
  ad: string | null;
  earned: Earned;
  views: Earned;
  /** touches of it in the time asked for */
  touches: { click: number; engagedView: number; view: number };
  /** Ads Manager’s own row for the same days, where it was imported; never added to anything */
  adsManager: {
    /** days that it books conversions to: those of the contact, or their own; what was asked for, where it has that */
    basis: 'touch' | 'conversion';
    spend: MoneyAnswer;
    impressions: number;
    clicks: number;
    conversions: number;
    value: MoneyAnswer | null;
    clickConversions: number | null;
    engagedViewConversions: number | null;
    viewConversions: number | null;
    pulledAt: number;
  } | null;
}

/**
 * GET /v1/reports/attribution/conversions: what one figure is made of, newest first, 50 a page. Asked like the figure, with the row's `of` among the
 * parameters (of a day: `from` and `to`), plus `of=earned|views|nobody` and `after`.
 */
export interface CreditedConversionsAnswer extends Stand {
  statement: StatementAnswer;
  conversions: {
    conversion: number;
    name: string;
    at: number;
    order_id: string | null;
    lead_id: string | null;
    share: number;
    /** this share's part, and the whole conversion's */
    value: MoneyAnswer;
    net: MoneyAnswer;
    whole: MoneyAnswer;
    touch: number | null;
    kind: string | null;
    why: string | null;
  }[];
  next?: string;
}

/** GET /v1/reports/attribution/conversions/:conversion: its touches, and the sentence why each earned or did not. */
export interface ConversionPathAnswer extends Stand {
  statement: StatementAnswer;
  conversion: {
    conversion: number;
    name: string;
    at: number;
    order_id: string | null;
    lead_id: string | null;
    value: MoneyAnswer;
    net: MoneyAnswer;
    confirmed: boolean;
  };
  /** such as `earned by one click, 2 days 3 hours before` */
  says: string;
  touches: {
    touch: number;
    at: number;
    kind: string;
    source: string;
    channel: string;
    campaign: string | null;
    adgroup: string | null;
    ad: string | null;
    /** ms before the conversion; negative where it came after */
    age: number;
    visitor: string;
    share: number;
    value: MoneyAnswer | null;
    /** why it earned that, or nothing */
    says: string;
  }[];
  /** facts have changed since the statement: computed again today, the shares are others */
  differs: boolean;
  /** why the visitors are one person, with the records that show it */
  ties: {
    kind: string /** shortened: hashes in full are nobody’s business */;
    value: string;
    visitors: { visitor: string; at: number; seq: number }[];
  }[];
}

/** GET /v1/reports/attribution/shared: identifiers that tie nobody, because more visitors came with them than one person has devices. */
export interface SharedIdentifiersAnswer extends Stand {
  /** the spec's `attribution.sharedBy`: what more visitors than this came with ties none of them */
  sharedBy: number;
  count: number;
  /** those of most visitors, at most 100; values are shortened, as hashes in full are nobody’s business */
  identifiers: { kind: string; value: string; visitors: number }[];
}

/** GET /v1/reports/windows: what each window credits, side by side. Last touch within the precedence of the spec. */
export interface WindowsAnswer extends Stand {
  statement: StatementAnswer;
  from: string;
  to: string;
  name: string[];
  currency: string;
  conversions: number;
  windows: {
    click: string;
    engagedView: string;
    view: string;
    /** is it the spec’s? */
    standing: boolean;
    /** nothing is wider: what the others are compared with */
    widest: boolean;
    earned: Earned;
    views: Earned;
    /** against the widest window: share of conversions lost, with its 95 % interval (Wilson) */
    lost: { conversions: number; share: number; low: number; high: number };
  }[];
  /** of conversions with a click at any age: the share that had come by this age, with its 95 % band (Dvoretzky–Kiefer–Wolfowitz, with Massart’s constant) */
  lag: {
    kind: 'click' | 'engagedView' | 'view';
    conversions: number;
    points: { ageMs: number; share: number; low: number; high: number }[];
  }[];
  /** campaigns whose rank by value differs between the windows: place from 1 by window, in the order of `windows`; null: not among them */
  ranks: {
    key: string;
    name: string;
    channel: string;
    places: (
      | number
      | null
    )[] /** its counts differ from those of a campaign that it changes places with by more than chance, in both windows */;
    isClear: boolean;
  }[];
  /** what the evidence supports, in a sentence or two, and what it does not */
  says: string[];
  /** within the days asked for, oldest first */
  markers: MarkerAnswer[];
}

/** GET /v1/reports/funnel: the ladder by creative. People, not events: of the visitors who reached a step, how many reached the next within the time asked for. */
export interface FunnelAnswer extends Stand {
  from: string;
  to: string;
  by: 'channel' | 'campaign' | 'adgroup' | 'ad';
  /** names of the ladder, first step first: as the spec has them, or as `steps` asked */
  steps: string[];
  total: FunnelRow;
  rows: FunnelRow[];
  more: number;
  /** within the days asked for, oldest first */
  markers: MarkerAnswer[];
}

export interface FunnelRow {
  /** empty, as the channel is, for who came by no ad or link */
  key: string;
  name: string;
  channel: string;
  /** parameters that narrow a question to this row; the same as in attribution */
  of: AttributionRow['of'];
  /** visitors at each step: who took it or a later one, in the order of `steps`; `rate` is of the step before, with its 95 % interval (Wilson), null at the first; `medianMs` is the time from the step before */
  steps: {
    visitors: number;
    rate: number | null;
    low: number | null;
    high: number | null;
    dropped: number | null;
    medianMs: number | null;
  }[];
}

/** GET /v1/marts: the tables for analysts. */
export interface MartsAnswer {
  /** in which their days are counted */
  timezone: string;
  asOf: number;
  marts: { mart: string; says: string; columns: { name: string; type: string; says: string }[] }[];
}

/** GET /v1/marts/:mart?day=…&after=…: a page of a day's rows; `next` is there while there are more. */
export interface MartPageAnswer {
  columns: { name: string; type: string }[];
  rows: (string | number | boolean | null)[][];
  next?: number;
}

/** POST /v1/sql {sql}: one statement that only reads. Values are JSON; integers beyond 2^53 and decimals are text. */
export interface SqlAnswer {
  columns: { name: string; type: string }[];
  rows: (string | number | boolean | null)[][];
  /** more rows than are shown */
  cut: boolean;
  ms: number;
}
