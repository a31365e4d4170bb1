import { DAY } from '../../../event/time.ts';
import { type AdFigures, type FiguresAsked, PAID_CHANNEL, type ReportLevel } from '../../warehouse-reports.ts';
import { narrowedLevels } from './lines.ts';
import type { Values } from './reading.ts';

export interface AdsRow {
  ads_key: string | null;
  ads_name: string | null;
  ads_basis: string;
  ads_currency: string;
  ads_spend: bigint;
  ads_impressions: bigint;
  ads_clicks: bigint;
  ads_conversions: bigint;
  ads_minor: bigint | null;
  ads_click_conversions: bigint | null;
  ads_engaged_view_conversions: bigint | null;
  ads_view_conversions: bigint | null;
  ads_pulled_at: bigint;
}

/**
 * Sums of Ads Manager's rows, one row for each line or day: of its bases the one asked for, if there is one, and of its
 * currencies likewise, since two are never added.
 */
export function adsSql({ narrowed }: FiguresAsked, by: ReportLevel | 'day'): string {
  const own = by === 'day' ? 'day' : by === 'channel' ? '$paid' : 'id';
  const where = [
    'day BETWEEN $first_day AND $last_day',
    narrowed.channel === undefined ? 'true' : '$in_channel = $paid',
    ...levelWhere(narrowedLevels(narrowed), by),
  ];
  return `SELECT ${own} AS ads_key, ${own === 'id' ? 'arg_max(name, pulled_at)' : 'NULL::VARCHAR'} AS ads_name,
      basis AS ads_basis, currency AS ads_currency, sum(spend) AS ads_spend, sum(impressions) AS ads_impressions,
      sum(clicks) AS ads_clicks, sum(conversions) AS ads_conversions, sum(minor) AS ads_minor,
      sum(click_conversions) AS ads_click_conversions, sum(engaged_view_conversions) AS ads_engaged_view_conversions,
      sum(view_conversions) AS ads_view_conversions, max(pulled_at) AS ads_pulled_at
    FROM ad_report WHERE ${where.join(' AND ')} GROUP BY ads_key, basis, currency
    QUALIFY row_number() OVER (PARTITION BY ads_key
      ORDER BY (basis = $ads_basis) DESC, (currency = $currency) DESC, ads_spend DESC, currency) = 1`;
}

/** The levels of a report repeat each other's spend: rows of one level alone are added. */
function levelWhere(narrowed: readonly ReportLevel[], by: ReportLevel | 'day'): string[] {
  const below = narrowed.filter((level) => level !== 'channel');
  if (by !== 'day' && by !== 'channel')
    return [
      `level = '${by}'`,
      ...below.map((level) =>
        level === by ? `id = $in_${level}` : level === 'ad' ? 'false' : `${level}_id = $in_${level}`,
      ),
    ];
  const deepest = below.at(-1);
  if (deepest !== undefined) return [`level = '${deepest}'`, `id = $in_${deepest}`];
  return [
    `level = (SELECT arg_min(level, CASE level WHEN 'campaign' THEN 0 WHEN 'adgroup' THEN 1 ELSE 2 END)
      FROM ad_report WHERE day BETWEEN $first_day AND $last_day)`,
  ];
}

export function adValues({ days }: FiguresAsked): Values {
  return {
    paid: PAID_CHANNEL,
    first_day: dayText(days.first),
    last_day: dayText(days.first + days.starts.length - 1),
  };
}

export function adsOf(row: AdsRow): AdFigures | null {
  if (row.ads_key === null) return null;
  const some = (value: bigint | null): number | null => (value === null ? null : Number(value));
  return {
    basis: row.ads_basis === 'impression' ? 'touch' : 'conversion',
    currency: row.ads_currency,
    spend: row.ads_spend,
    impressions: Number(row.ads_impressions),
    clicks: Number(row.ads_clicks),
    conversions: Number(row.ads_conversions),
    minor: row.ads_minor,
    clickConversions: some(row.ads_click_conversions),
    engagedViewConversions: some(row.ads_engaged_view_conversions),
    viewConversions: some(row.ads_view_conversions),
    pulledAt: Number(row.ads_pulled_at),
  };
}

/** `2026-11-22` for a day counted from 1970-01-01. */
export function dayText(day: number): string {
  return new Date(day * DAY).toISOString().slice(0, 10);
}
