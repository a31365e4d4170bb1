import { type FunnelAsked, type FunnelFigures, REPORT_LINES_MAX } from '../../warehouse-reports.ts';
import type { KeptRows } from './kept.ts';
import { LINE, LINE_NAMES, type LineRow, lineOf, narrowedLevels, narrowedValues, saidSql } from './lines.ts';
import type { Ask } from './reading.ts';

/**
 * The ladder: people are counted at a step when they took it or a later one, so that who buys without a cart does not
 * stand as lost. Each belongs to the click that brought them last before their first step.
 */
export async function funnelFigures(ask: Ask, asked: FunnelAsked, { from, asOf }: KeptRows): Promise<FunnelFigures> {
  const { days, by, narrowed, steps, reach } = asked;
  const rows = await ask<FunnelRow>(funnelSql(asked, from), {
    ...{ from: days.starts[0] ?? days.end, end: days.end, reach, ...narrowedValues(narrowed) },
    ...Object.fromEntries(steps.map((name, n) => [`step${n}`, name])),
  });
  const stepsOf = (row: FunnelRow | undefined): FunnelFigures['total'] =>
    steps.map((_, n) => {
      const median = row?.[`median${n}`];
      return {
        visitors: Number(row?.[`at${n}`] ?? 0),
        medianMs: median === null || median === undefined ? null : Number(median),
      };
    });
  const lines = rows.filter((row) => row.of_total === 0n);
  const of = Number(lines[0]?.of_all ?? 0);
  return {
    total: stepsOf(rows.find((row) => row.of_total !== 0n)),
    lines: lines.map((row) => ({ ...lineOf(row, by), steps: stepsOf(row) })),
    more: of === 0 ? 0 : of - lines.length,
    asOf,
  };
}

type FunnelRow = LineRow & { of_total: bigint; of_all: bigint } & Record<string, bigint | number | null>;

function funnelSql({ by, narrowed, steps }: FunnelAsked, from: string): string {
  const list = (each: (n: number) => string): string => steps.map((_, n) => each(n)).join(', ');
  const isNarrowed = narrowedLevels(narrowed).length > 0;
  const depth = `CASE ${steps
    .map((_, n) => `WHEN t${n} IS NOT NULL THEN ${n}`)
    .reverse()
    .join(' ')} END`;
  // Steps of one person at one moment were brought by the same click.
  return `WITH said AS MATERIALIZED (${saidSql(by, narrowed)}),
    people AS (
      SELECT arg_min(CASE WHEN brought_at >= first_at - $reach THEN creative ELSE 0 END, first_at) AS creative,
        ${list((n) => `min(first_at) FILTER (name = $step${n}) AS t${n}`)}
      FROM ${from} WHERE first_at >= $from AND first_at < $end AND name IN (${list((n) => `$step${n}`)})
      GROUP BY who
    ),
    ladder AS (
      SELECT ${depth} AS depth, ${list((n) => `t${n}`)}, coalesce(said.channel, '') AS channel, coalesce(own, '') AS own,
        coalesce(campaign_key, '') AS campaign_key, coalesce(adgroup_key, '') AS adgroup_key, campaign, adgroup, ad, named_at
      FROM people ${isNarrowed ? '' : 'LEFT '}JOIN said USING (creative)
    )
    SELECT ${LINE}, ${LINE_NAMES}, grouping(channel) AS of_total,
      ${list((n) => `count(*) FILTER (depth >= ${n}) AS at${n}`)},
      ${list((n) => (n === 0 ? 'NULL AS median0' : `median(t${n} - t${n - 1}) FILTER (t${n} >= t${n - 1}) AS median${n}`))},
      count(*) OVER () - count(*) FILTER (grouping(channel) = 1) OVER () AS of_all
    FROM ladder GROUP BY GROUPING SETS ((), (${LINE}))
    ORDER BY of_total DESC, at0 DESC, ${LINE} LIMIT ${REPORT_LINES_MAX + 1}`;
}
