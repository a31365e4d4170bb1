import type { ConversionFact, LinkFact, TouchFact, TouchKind } from '../event/fact.ts';
import type { SharedIdentifier } from './warehouse.ts';

/** What one line of a report is about, from the coarsest on. */
export const REPORT_LEVELS = ['channel', 'campaign', 'adgroup', 'ad'] as const;
export type ReportLevel = (typeof REPORT_LEVELS)[number];

/** Lines that a report is narrowed to: of each level the key, which is an id where there is one, else a name. */
export type Narrowed = Partial<Record<ReportLevel, string>>;

/** Days in a row. `starts` has the begin of each, UTC ms, `end` that of the day after; `first` is counted from 1970-01-01. */
export interface Days {
  first: number;
  starts: readonly number[];
  end: number;
}

export interface FiguresAsked {
  /** number of the statement whose credits count */
  statement: number;
  days: Days;
  /** the day that a credit is booked to */
  basis: 'touch' | 'conversion';
  /** of conversions; all where it is empty */
  names: readonly string[];
  /** conversions without money are counted in every currency */
  currency: string;
  narrowed: Narrowed;
}

/** Shares add up to `conversions`; money is minor units. */
export interface Sum {
  conversions: number;
  minor: bigint;
  net: bigint;
}

/** One line, with what narrows another question to it. `key` is empty for what is not known. */
export interface ReportLine {
  key: string;
  channel: string;
  of: Narrowed;
  /** the newest that were told */
  names: Record<Exclude<ReportLevel, 'channel'>, string | null>;
}

/** What Ads Manager says of a line; all in one currency and under one basis. */
export interface AdFigures {
  basis: 'touch' | 'conversion';
  currency: string;
  spend: bigint;
  impressions: number;
  clicks: number;
  conversions: number;
  minor: bigint | null;
  clickConversions: number | null;
  engagedViewConversions: number | null;
  viewConversions: number | null;
  /** UTC ms */
  pulledAt: number;
}

export interface FigureLine extends ReportLine {
  /** counted from 1970-01-01, where lines are days */
  day: number | null;
  earned: Sum;
  views: Sum;
  /** touches on the days asked for */
  touches: Record<TouchKind, number>;
  ads: AdFigures | null;
}

export interface Figures {
  /** credited by clicks and engaged views, by views, and to nobody; narrowed figures have nobody */
  totals: { earned: Sum; views: Sum; nobody: Sum; why: { why: string; conversions: number }[] };
  /** by value; days in their order */
  lines: FigureLine[];
  /** lines left out */
  more: number;
  /** of the first lines, by place in `lines`: what was earned by day, without the days of nothing */
  series: { line: number; day: number; conversions: number; minor: bigint }[];
}

export type CreditClass = 'earned' | 'views' | 'nobody';

export interface CreditedRow {
  conversion: number;
  name: string;
  occurredAt: number;
  orderId: string | null;
  leadId: string | null;
  share: number;
  minor: bigint;
  net: bigint;
  /** of the whole conversion */
  wholeMinor: bigint;
  currency: string;
  touch: number | null;
  kind: TouchKind | null;
  why: string | null;
}

/** Whatever is known of the person behind a conversion. */
export interface PersonPath {
  conversion: ConversionFact;
  person: string;
  visitors: string[];
  /** the newest before the conversion, and some after it, in time order */
  touches: TouchFact[];
  conversions: { conversion: number; name: string; occurredAt: number }[];
  /** what ties the person's visitors to each other */
  ties: LinkFact[];
  /** as the statement keeps them */
  credits: { touch: number; kind: TouchKind | null; why: string | null; share: number; minor: bigint; net: bigint }[];
}

export interface WindowsAsked {
  /** whose days the conversions fall on */
  days: Days;
  names: readonly string[];
  currency: string;
  precedence: readonly TouchKind[];
  /** ms, 0 is off */
  windows: readonly Record<TouchKind, number>[];
}

export interface WindowFigures {
  /** UTC ms of the newest record that is in it; 0 before the first credits */
  asOf: number;
  conversions: number;
  /** in the order asked for */
  windows: { earned: Sum; views: Sum }[];
  /** by kind: conversions with such a touch before them, and how many of those had it at most so many hours before: 0 to LAG_HOURS */
  lag: { kind: TouchKind; conversions: number; byHour: number[] }[];
  /** campaigns that earned most in any window, at most CAMPAIGNS_MAX: value and conversions by window */
  campaigns: { key: string; name: string; channel: string; sums: { conversions: number; minor: bigint }[] }[];
}

export interface FunnelAsked {
  days: Days;
  /** names of events, the first step first */
  steps: readonly string[];
  by: ReportLevel;
  narrowed: Narrowed;
  /** ms: how old the click may be that brought who took the first step */
  reach: number;
}

export interface FunnelLine extends ReportLine {
  /** people at each step, and the median time from the step before, ms */
  steps: { visitors: number; medianMs: number | null }[];
}

export interface FunnelFigures {
  /** UTC ms of the newest record that is in it; 0 before the first credits */
  asOf: number;
  total: { visitors: number; medianMs: number | null }[];
  /** most visitors first; who came by no ad is the line without a channel */
  lines: FunnelLine[];
  more: number;
}

/** A report keeps to so many lines; the series, to so many of them. */
export const REPORT_LINES_MAX = 1000;
export const SERIES_LINES_MAX = 10;
/** As far back as touches are kept for each conversion. */
export const LAG_HOURS = 28 * 24;
export const CAMPAIGNS_MAX = 200;
/** Touches of one person: more would be no person. */
export const PATH_TOUCHES_MAX = 10_000;
export const PATH_TOUCHES_AFTER_MAX = 50;

/** The channel that Ads Manager reports about. */
export const PAID_CHANNEL = 'tiktok / paid';

/**
 * Questions to the warehouse. All they take and give are plain values, so that they can be asked across threads. Every
 * engine passes `warehouse-reports.conformance.ts`.
 */
export interface WarehouseReports {
  /** names of conversions and currencies that a statement has */
  kinds(statement: number): Promise<{ names: string[]; currencies: string[] }>;
  figures(asked: FiguresAsked, by: ReportLevel | 'day'): Promise<Figures>;
  /** Credits behind a figure: the newest conversions first, of one conversion the latest touch first. */
  credited(
    asked: FiguresAsked,
    which: CreditClass,
    after: { occurredAt: number; conversion: number; touch: number } | undefined,
    limit: number,
  ): Promise<CreditedRow[]>;
  path(conversion: number, statement: number): Promise<PersonPath | undefined>;
  windows(asked: WindowsAsked): Promise<WindowFigures>;
  funnel(asked: FunnelAsked): Promise<FunnelFigures>;
  /** Identifiers that tie nobody because too many visitors came with them: how many, and those of most visitors. */
  shared(limit: number): Promise<{ count: number; most: SharedIdentifier[] }>;
}

/** Rows as JSON has them: whole numbers beyond 2^53 and decimals are text, and what is nested is JSON in a text. */
export type SqlCell = string | number | boolean | null;

export interface SqlRows {
  columns: { name: string; type: string }[];
  rows: SqlCell[][];
  /** there are more */
  cut: boolean;
  ms: number;
}

/** What only an engine with SQL has. Throws `sql_refused` for what is no single question, and what the engine finds wrong. */
export interface WarehouseSql {
  sql(text: string, limits: { rowsMax: number; msMax: number }): Promise<SqlRows>;
  /** A page of a mart's rows on one day, in the order of their keys; as many rows less than `limit` say that it was the last. */
  mart(mart: string, day: { day: number; from: number; to: number }, after: number, limit: number): Promise<SqlRows>;
}
