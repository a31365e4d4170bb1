import { MINUTE } from '../../../event/time.ts';
import {
  type FiguresAsked,
  type Narrowed,
  REPORT_LEVELS,
  type ReportLevel,
  type ReportLine,
  type Sum,
} from '../../warehouse-reports.ts';
import type { Ask, Values } from './reading.ts';

/** What a line of a level is known by: its id, else its name; a name alone only says something within what is above it. */
const KEYS: Readonly<Record<ReportLevel, { id: string; key: string }>> = {
  channel: { id: 'channel', key: 'channel' },
  campaign: { id: 'campaign_id', key: "coalesce(campaign_id, campaign, '')" },
  adgroup: { id: 'adgroup_id', key: "coalesce(adgroup_id, adgroup, '')" },
  ad: { id: 'ad_id', key: "coalesce(ad_id, ad, '')" },
};

/**
 * A table of the creatives that a question is about, each with its line: `own` is the key at the level asked for, and
 * `campaign_key` and `adgroup_key` are those above it, empty where the line's own id says enough.
 */
export function saidSql(level: ReportLevel, narrowed: Narrowed): string {
  const above = (name: 'campaign' | 'adgroup'): string =>
    REPORT_LEVELS.indexOf(name) < REPORT_LEVELS.indexOf(level)
      ? `CASE WHEN ${KEYS[level].id} IS NULL THEN ${KEYS[name].key} ELSE '' END`
      : "''";
  const where = narrowedLevels(narrowed).map((one) => `${KEYS[one].key} = $in_${one}`);
  return `SELECT creative, channel, ${KEYS[level].key} AS own, ${above('campaign')} AS campaign_key,
      ${above('adgroup')} AS adgroup_key, campaign, adgroup, ad, named_at
    FROM creative WHERE ${['true', ...where].join(' AND ')}`;
}

/** What makes two creatives one line. */
export const LINE = 'channel, own, campaign_key, adgroup_key';
export const LINE_NAMES = ['campaign', 'adgroup', 'ad']
  .map((name) => `arg_max(${name}, (named_at, ${name})) FILTER (${name} IS NOT NULL) AS ${name}`)
  .join(', ');

export interface LineRow {
  channel: string;
  own: string;
  campaign_key: string;
  adgroup_key: string;
  campaign: string | null;
  adgroup: string | null;
  ad: string | null;
}

/** A line says the names of its own level and of those above. */
export function lineOf(row: LineRow, level: ReportLevel): ReportLine {
  const depth = REPORT_LEVELS.indexOf(level);
  const name = (one: Exclude<ReportLevel, 'channel'>): string | null =>
    REPORT_LEVELS.indexOf(one) <= depth ? row[one] : null;
  return {
    key: row.own,
    channel: row.channel,
    of: {
      channel: row.channel,
      ...(row.campaign_key === '' ? {} : { campaign: row.campaign_key }),
      ...(row.adgroup_key === '' ? {} : { adgroup: row.adgroup_key }),
      ...(level === 'channel' ? {} : { [level]: row.own }),
    },
    names: { campaign: name('campaign'), adgroup: name('adgroup'), ad: name('ad') },
  };
}

export function narrowedLevels(narrowed: Narrowed): ReportLevel[] {
  return REPORT_LEVELS.filter((level) => narrowed[level] !== undefined);
}

export function narrowedValues(narrowed: Narrowed): Values {
  return Object.fromEntries(narrowedLevels(narrowed).map((level) => [`in_${level}`, narrowed[level] as string]));
}

/** The credits by day that a question is about. */
export function creditsWhere(asked: FiguresAsked): string {
  const names = asked.names.length > 0 ? ' AND name IN (SELECT unnest($names))' : '';
  return `statement = $statement AND ${dayColumn(asked.basis)} BETWEEN $first AND $last AND currency IN ($currency, '')${names}`;
}

export function dayColumn(basis: FiguresAsked['basis']): 'touched_day' | 'converted_day' {
  return basis === 'touch' ? 'touched_day' : 'converted_day';
}

export function figureValues({ statement, days, names, currency, narrowed, basis }: FiguresAsked): Values {
  return {
    ...{ statement, names, currency, first: days.first, last: days.first + days.starts.length - 1 },
    ...{ from: days.starts[0] ?? days.end, end: days.end },
    ...{ starts: days.starts, numbers: days.starts.map((_, n) => days.first + n) },
    ...{ ads_basis: basis === 'touch' ? 'impression' : 'conversion' },
    ...narrowedValues(narrowed),
  };
}

/** Numbers of touches: a column for each kind. Kinds are places in TOUCH_KINDS. */
export const TOUCHES = `coalesce(sum(touches) FILTER (kind = 0), 0) AS clicks, coalesce(sum(touches) FILTER (kind = 1), 0) AS engaged,
  coalesce(sum(touches) FILTER (kind = 2), 0) AS seen`;

/** Are the days of a statement those that touches are counted by? A past one may have had another time zone. */
export async function hasCountedDays(ask: Ask, statement: number): Promise<boolean> {
  const [row] = await ask<{ same: boolean | null }>(
    `SELECT (SELECT timezone FROM statement WHERE statement = $statement)
       = (SELECT arg_max(timezone, statement) FROM statement WHERE role = 'standing') AS same`,
    { statement },
  );
  return row?.same === true;
}

/** Days begin at a whole quarter of an hour wherever people live; so touches are counted by it where they were not by day. */
const QUARTER = 15 * MINUTE;

/** Touches of the days asked for, by day, creative and kind. */
export function touchesSql(counted: boolean): string {
  if (counted) return 'SELECT day, creative, kind, touches FROM touch_day WHERE day BETWEEN $first AND $last';
  return `SELECT day, creative, kind, touches FROM (
      SELECT occurred_at // ${QUARTER} * ${QUARTER} AS quarter, creative, kind, count(*) AS touches
      FROM touch WHERE occurred_at >= $from AND occurred_at < $end GROUP BY quarter, creative, kind
    ) AS quarters ASOF JOIN (SELECT unnest($starts) AS starts, unnest($numbers) AS day) AS days ON quarter >= starts`;
}

/** Sums of credits: of what was clicked or watched with attention, and of what was only viewed. Kinds are places in TOUCH_KINDS. */
export const SUMS = `coalesce(sum(conversions) FILTER (kind < 2), 0) AS conversions, coalesce(sum(minor) FILTER (kind < 2), 0) AS minor,
  coalesce(sum(net) FILTER (kind < 2), 0) AS net, coalesce(sum(conversions) FILTER (kind = 2), 0) AS viewed,
  coalesce(sum(minor) FILTER (kind = 2), 0) AS viewed_minor, coalesce(sum(net) FILTER (kind = 2), 0) AS viewed_net`;

export interface SumsRow {
  conversions: number;
  minor: bigint;
  net: bigint;
  viewed: number;
  viewed_minor: bigint;
  viewed_net: bigint;
}

export function sumsOf(row: SumsRow): { earned: Sum; views: Sum } {
  return {
    earned: { conversions: row.conversions, minor: row.minor, net: row.net },
    views: { conversions: row.viewed, minor: row.viewed_minor, net: row.viewed_net },
  };
}
