import type { AdBasis, AdLevel } from '../event/ad-report.ts';

/** POST /v1/imports/touches: contact with ads that was seen elsewhere, all of it or nothing. */
export interface TouchImport {
  /** at most 1,000 */
  touches: WireTouch[];
}

export interface WireTouch {
  type: 'click' | 'engaged_view' | 'view';
  /** ISO 8601 with its zone, such as `2026-08-01T12:00:00.250Z` */
  time: string;
  visitor?: string;
  session?: string;
  /** who it was, as far as known; plain contacts are hashed before anything is written */
  user?: { external_id?: string; email?: string; phone?: string; ttclid?: string };
  /** ids and names: `campaign_id` … `ad_name`, `placement`, `utm_*` */
  ad?: Record<string, string>;
}

/** POST /v1/imports/ads: rows of Ads Manager's reports, all of them or nothing. */
export interface AdImport {
  /** at most 1,000 */
  rows: WireAdRow[];
}

/** One day of a campaign, ad group or ad. Money is digits with a point, in `currency`. */
export interface WireAdRow {
  level: AdLevel;
  /** of what the level says */
  id: string;
  name?: string;
  campaign_id?: string;
  adgroup_id?: string;
  /** `YYYY-MM-DD` */
  day: string;
  /** the date that conversions are booked to: `impression` that of the ad’s contact, `conversion` their own */
  basis: AdBasis;
  currency: string;
  spend: string;
  impressions: number;
  clicks: number;
  conversions: number;
  value?: string;
  click_conversions?: number;
  engaged_view_conversions?: number;
  view_conversions?: number;
  click_value?: string;
  engaged_view_value?: string;
  view_value?: string;
  /** IANA name, of the ad account; the spec’s where it is absent */
  timezone?: string;
  /** when Ads Manager gave the figures, ISO 8601 with its zone: the last word counts */
  pulled_at: string;
}

/** What came of a batch; the counts add up to its rows. */
export interface ImportedAnswer {
  new: number;
  /** later figures of a day that was known */
  updated: number;
  /** known already */
  known: number;
  /** older than what is known */
  older: number;
  /** contacts that were left out: they are none that can be hashed */
  leftOut: number;
}
