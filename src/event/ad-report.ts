import type { MoneyText } from './money.ts';

/** What a row of a report is about. */
export type AdLevel = 'campaign' | 'adgroup' | 'ad';
export const AD_LEVELS: readonly AdLevel[] = ['campaign', 'adgroup', 'ad'];

/** The date that conversions are booked to: that of the ad's contact, or that of the conversion. */
export type AdBasis = 'impression' | 'conversion';
export const AD_BASES: readonly AdBasis[] = ['impression', 'conversion'];

/** One day of a campaign, ad group or ad, as Ads Manager reports it: an aggregate, never a person. */
export interface AdReport {
  level: AdLevel;
  /** of what the level says */
  id: string;
  name?: string;
  campaignId?: string;
  adgroupId?: string;
  /** `YYYY-MM-DD` in `timezone` */
  day: string;
  basis: AdBasis;
  /** IANA name, of the ad account */
  timezone: string;
  spend: MoneyText;
  impressions: number;
  clicks: number;
  conversions: number;
  /** what the conversions are worth; all money of a row has one currency */
  value?: MoneyText;
  clickConversions?: number;
  engagedViewConversions?: number;
  viewConversions?: number;
  clickValue?: MoneyText;
  engagedViewValue?: MoneyText;
  viewValue?: MoneyText;
  /** when Ads Manager gave the figures, UTC ms: days of the past go on growing, and the last word counts */
  pulledAt: number;
}

/** A report's row in the ledger. The key is (level, id, day, basis). */
export interface AdReportRow extends AdReport {
  /** journal sequence of the record whose word counts */
  seq: number;
}

/** The key as one text: `ad|1700000000000001|2026-08-01|impression`. */
export function adReportKey({ level, id, day, basis }: Pick<AdReport, 'level' | 'id' | 'day' | 'basis'>): string {
  return `${level}|${id}|${day}|${basis}`;
}
