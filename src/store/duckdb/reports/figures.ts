import { NO_CREDIT } from '../../warehouse.ts';
import {
  type AdFigures,
  type FigureLine,
  type Figures,
  type FiguresAsked,
  PAID_CHANNEL,
  REPORT_LINES_MAX,
  type ReportLevel,
  SERIES_LINES_MAX,
  type Sum,
} from '../../warehouse-reports.ts';
import { type AdsRow, adsOf, adsSql, adValues } from './ads.ts';
import {
  creditsWhere,
  dayColumn,
  figureValues,
  hasCountedDays,
  LINE,
  LINE_NAMES,
  type LineRow,
  lineOf,
  narrowedLevels,
  SUMS,
  type SumsRow,
  saidSql,
  sumsOf,
  TOUCHES,
  touchesSql,
} from './lines.ts';
import type { Ask } from './reading.ts';

/** Who earned what, a line for each ad, ad group, campaign or channel. */
export async function figuresBy(ask: Ask, asked: FiguresAsked, level: ReportLevel): Promise<Figures> {
  const counted = await hasCountedDays(ask, asked.statement);
  const rows = await ask<FigureRow>(linesSql(asked, level, counted), { ...figureValues(asked), ...adValues(asked) });
  const lines = rows.map((row) => figureLine(row, level));
  return {
    totals: await totals(ask, asked),
    lines,
    more: Number(rows[0]?.of_all ?? 0) - rows.length,
    series: await series(ask, asked, level, lines.slice(0, SERIES_LINES_MAX)),
  };
}

interface FigureRow extends LineRow, SumsRow, AdsRow {
  clicks: bigint;
  engaged: bigint;
  seen: bigint;
  of_all: bigint;
}

/** A line that only Ads Manager knows, because nothing came of it here, is a line too. */
function linesSql(asked: FiguresAsked, level: ReportLevel, counted: boolean): string {
  return `WITH said AS MATERIALIZED (${saidSql(level, asked.narrowed)}),
    parts AS (
      SELECT creative, ${SUMS}, 0 AS clicks, 0 AS engaged, 0 AS seen FROM credit_day
        WHERE ${creditsWhere(asked)} AND kind <> 255 GROUP BY creative
      UNION ALL
      SELECT creative, 0, 0, 0, 0, 0, 0, ${TOUCHES} FROM (${touchesSql(counted)}) GROUP BY creative
    ),
    lines AS (
      SELECT ${LINE}, ${LINE_NAMES}, ${SUM_NAMES.map((name) => `sum(${name}) AS ${name}`).join(', ')}
      FROM parts JOIN said USING (creative) GROUP BY ${LINE}
    ),
    ads AS (${adsSql(asked, level)})
    SELECT coalesce(lines.channel, $paid) AS channel, coalesce(own, ads_key) AS own,
      coalesce(campaign_key, '') AS campaign_key, coalesce(adgroup_key, '') AS adgroup_key,
      ${(['campaign', 'adgroup', 'ad'] as const).map((name) => (name === level ? `coalesce(${name}, ads_name) AS ${name}` : name)).join(', ')},
      ${SUM_NAMES.map((name) => `coalesce(lines.${name}, 0) AS ${name}`).join(', ')},
      ads.*, count(*) OVER () AS of_all
    FROM lines FULL JOIN ads ON channel = $paid AND own = ads_key AND campaign_key = '' AND adgroup_key = ''
    ORDER BY minor DESC, conversions DESC, viewed_minor DESC, viewed DESC, clicks + engaged + seen DESC, ads_spend DESC NULLS LAST, ${LINE}
    LIMIT ${REPORT_LINES_MAX}`;
}

const SUM_NAMES = [
  ...['conversions', 'minor', 'net', 'viewed', 'viewed_minor', 'viewed_net'],
  ...['clicks', 'engaged', 'seen'],
] as const;

function figureLine(row: FigureRow, level: ReportLevel): FigureLine {
  const ads: AdFigures | null = adsOf(row);
  return {
    ...lineOf(row, level),
    day: null,
    ...sumsOf(row),
    touches: { click: Number(row.clicks), engagedView: Number(row.engaged), view: Number(row.seen) },
    ads: row.channel === PAID_CHANNEL ? ads : null,
  };
}

interface TotalRow {
  kind: number;
  why: number;
  conversions: number;
  minor: bigint;
  net: bigint;
}

/** Of all lines; to nobody goes what is narrowed to none. */
export async function totals(ask: Ask, asked: FiguresAsked): Promise<Figures['totals']> {
  const isNarrowed = narrowedLevels(asked.narrowed).length > 0;
  const within = isNarrowed ? ` AND creative IN (SELECT creative FROM (${saidSql('channel', asked.narrowed)}))` : '';
  const rows = await ask<TotalRow>(
    `SELECT kind, why, sum(conversions) AS conversions, sum(minor) AS minor, sum(net) AS net
     FROM credit_day WHERE ${creditsWhere(asked)}${within} GROUP BY kind, why`,
    figureValues(asked),
  );
  const nobody = rows.filter(({ kind }) => kind === 255);
  return {
    earned: added(rows.filter(({ kind }) => kind < 2)),
    views: added(rows.filter(({ kind }) => kind === 2)),
    nobody: added(nobody),
    why: NO_CREDIT.flatMap((why, place) => {
      const { conversions } = added(nobody.filter((row) => row.why === place));
      return conversions === 0 ? [] : [{ why, conversions }];
    }),
  };
}

function added(rows: readonly Sum[]): Sum {
  return {
    conversions: rows.reduce((sum, { conversions }) => sum + conversions, 0),
    minor: rows.reduce((sum, { minor }) => sum + minor, 0n),
    net: rows.reduce((sum, { net }) => sum + net, 0n),
  };
}

/** What the first lines earned by day. */
async function series(
  ask: Ask,
  asked: FiguresAsked,
  level: ReportLevel,
  lines: readonly FigureLine[],
): Promise<Figures['series']> {
  if (lines.length === 0) return [];
  const rows = await ask<{ line: bigint; day: number; conversions: number; minor: bigint }>(
    `WITH said AS MATERIALIZED (${saidSql(level, asked.narrowed)}),
      first AS (SELECT unnest($channels) AS channel, unnest($owns) AS own, unnest($campaigns) AS campaign_key,
        unnest($adgroups) AS adgroup_key, unnest($places) AS line)
     SELECT line, ${dayColumn(asked.basis)} AS day, sum(conversions) AS conversions, sum(minor) AS minor
     FROM credit_day JOIN said USING (creative) JOIN first USING (${LINE})
     WHERE ${creditsWhere(asked)} AND kind < 2 GROUP BY ALL ORDER BY ALL`,
    {
      ...figureValues(asked),
      channels: lines.map(({ channel }) => channel),
      owns: lines.map(({ key }) => key),
      campaigns: lines.map(({ of }) => (level === 'campaign' ? '' : (of.campaign ?? ''))),
      adgroups: lines.map(({ of }) => (level === 'adgroup' ? '' : (of.adgroup ?? ''))),
      places: lines.map((_, place) => place),
    },
  );
  return rows.map(({ line, day, conversions, minor }) => ({ line: Number(line), day, conversions, minor }));
}
