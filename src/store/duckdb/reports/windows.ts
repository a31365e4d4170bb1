import { TOUCH_KINDS, type TouchKind } from '../../../event/fact.ts';
import { HOUR } from '../../../event/time.ts';
import { CAMPAIGNS_MAX, LAG_HOURS, type Sum, type WindowFigures, type WindowsAsked } from '../../warehouse-reports.ts';
import type { KeptRows, KeptTable } from './kept.ts';
import { LINE, LINE_NAMES, saidSql } from './lines.ts';
import type { Ask, Values } from './reading.ts';

const COLUMNS: Readonly<Record<TouchKind, string>> = { click: 'click', engagedView: 'engaged_view', view: 'view' };
/** An age beyond all windows, or no touch at all. */
const NONE = 255;

/** Confirmed conversions with the age of the latest touch of each kind before them, null where there is none. */
export const REACHED: KeptTable = {
  name: 'reached',
  sql: `WITH earning AS (
      SELECT touch, creative FROM touch WHERE touch IN (SELECT unnest([click, engaged_view, view]) FROM reach)
    )
    SELECT occurred_at, name, currency, minor, net, ${TOUCH_KINDS.map((kind) => {
      const column = COLUMNS[kind];
      return `CASE WHEN ${column} > 0 THEN ${column}_age END AS ${column}_age, ${kind}_touch.creative AS ${column}_creative`;
    }).join(', ')}
    FROM conversion LEFT JOIN reach USING (conversion)
      ${TOUCH_KINDS.map((kind) => `LEFT JOIN earning AS ${kind}_touch ON ${kind}_touch.touch = ${COLUMNS[kind]}`).join(' ')}
    WHERE confirmed ORDER BY occurred_at`,
};

/**
 * What each window credits. Conversions are first counted by the touches that could earn them and by how many windows those
 * are too old for, so that the windows themselves weigh a small table and not every conversion.
 */
export async function windowFigures(ask: Ask, asked: WindowsAsked, { from, asOf }: KeptRows): Promise<WindowFigures> {
  const { days, currency, names } = asked;
  const values: Values = { names, currency, from: days.starts[0] ?? days.end, end: days.end };
  const able = ableSql(asked, from);
  const rows = await ask<PerRow>(perWindowSql(asked, able), values);
  const [counted] = await ask<{ n: bigint }>(`SELECT count(*) AS n FROM (${able})`, values);
  const lag: WindowFigures['lag'] = [];
  for (const kind of TOUCH_KINDS) {
    const column = COLUMNS[kind];
    const ages = await ask<{ hours: bigint; n: bigint }>(
      `SELECT CAST(ceil(${column}_age / ${HOUR}) AS BIGINT) AS hours, count(*) AS n
       FROM (${able}) WHERE ${column}_age IS NOT NULL GROUP BY hours`,
      values,
    );
    lag.push({ kind, ...curve(ages) });
  }
  return { asOf, conversions: Number(counted?.n ?? 0), ...folded(rows, asked.windows.length), lag };
}

interface PerRow {
  w: bigint;
  viewed: boolean;
  /** null: of all campaigns */
  line: bigint | null;
  own: string | null;
  channel: string | null;
  campaign: string | null;
  conversions: bigint;
  minor: bigint;
  net: bigint;
}

function ableSql({ names }: WindowsAsked, from: string): string {
  return `FROM ${from} WHERE occurred_at >= $from AND occurred_at < $end AND currency IN ($currency, '')
    ${names.length > 0 ? 'AND name IN (SELECT unnest($names))' : ''}`;
}

function perWindowSql(asked: WindowsAsked, able: string): string {
  const limits = Object.fromEntries(
    TOUCH_KINDS.map((kind) => [kind, [...new Set(asked.windows.map((one) => one[kind]))].sort((a, b) => a - b)]),
  ) as Record<TouchKind, number[]>;
  const place = (kind: TouchKind, window: number): number => (window === 0 ? -1 : limits[kind].indexOf(window));
  const step = (kind: TouchKind): string => {
    const column = COLUMNS[kind];
    const cases = limits[kind].map((limit, n) => `WHEN ${column}_age <= ${limit} THEN ${n}`);
    return `CASE WHEN ${column}_age IS NULL THEN ${NONE} ${cases.join(' ')} ELSE ${NONE} END AS ${column}_step`;
  };
  const windows = asked.windows.map(
    (window, n) => `(${[n, ...TOUCH_KINDS.map((kind) => place(kind, window[kind]))].join(', ')})`,
  );
  const earner = (column: (kind: TouchKind) => string): string =>
    `CASE ${asked.precedence.map((kind) => `WHEN ${COLUMNS[kind]}_step <= ${COLUMNS[kind]}_most THEN ${column(kind)}`).join(' ')} END`;
  return `WITH said AS (${saidSql('campaign', {})}),
    line AS MATERIALIZED (SELECT row_number() OVER () AS line, ${LINE}, ${LINE_NAMES} FROM said GROUP BY ${LINE}),
    own AS MATERIALIZED (SELECT creative, line FROM said JOIN line USING (${LINE})),
    counted AS MATERIALIZED (
      SELECT ${TOUCH_KINDS.map((kind) => step(kind)).join(', ')},
        ${TOUCH_KINDS.map((kind) => `${kind}_line.line AS ${COLUMNS[kind]}_line`).join(', ')},
        count(*) AS conversions, sum(minor) AS minor, sum(net) AS net
      FROM (${able}) ${TOUCH_KINDS.map((kind) => `LEFT JOIN own AS ${kind}_line ON ${kind}_line.creative = ${COLUMNS[kind]}_creative`).join(' ')}
      GROUP BY ALL
    ),
    windows (w, ${TOUCH_KINDS.map((kind) => `${COLUMNS[kind]}_most`).join(', ')}) AS (VALUES ${windows.join(', ')}),
    earned AS (
      SELECT w, ${earner((kind) => `${COLUMNS[kind]}_line`)} AS line, ${earner((kind) => String(kind === 'view'))} AS viewed,
        conversions, minor, net
      FROM counted CROSS JOIN windows
    ),
    per AS MATERIALIZED (
      SELECT w, viewed, line, sum(conversions) AS conversions, sum(minor) AS minor, sum(net) AS net
      FROM earned WHERE viewed IS NOT NULL GROUP BY ALL
    ),
    largest AS (SELECT line FROM per WHERE line IS NOT NULL GROUP BY line ORDER BY sum(minor) DESC, sum(conversions) DESC, line LIMIT ${CAMPAIGNS_MAX})
    SELECT w, viewed, NULL AS line, NULL AS own, NULL AS channel, NULL AS campaign, sum(conversions) AS conversions,
      sum(minor) AS minor, sum(net) AS net FROM per GROUP BY w, viewed
    UNION ALL
    SELECT w, viewed, line, own, channel, campaign, conversions, minor, net
    FROM per JOIN largest USING (line) JOIN line USING (line)`;
}

function folded(rows: readonly PerRow[], windows: number): Pick<WindowFigures, 'windows' | 'campaigns'> {
  const nothing = (): Sum => ({ conversions: 0, minor: 0n, net: 0n });
  const all = Array.from({ length: windows }, () => ({ earned: nothing(), views: nothing() }));
  const campaigns = new Map<bigint, WindowFigures['campaigns'][number]>();
  for (const { w, viewed, line, conversions, minor, net, ...row } of rows) {
    const sum: Sum = { conversions: Number(conversions), minor, net };
    const window = all[Number(w)];
    if (line === null) {
      if (window) window[viewed ? 'views' : 'earned'] = sum;
      continue;
    }
    const key = row.own ?? '';
    const campaign = campaigns.get(line) ?? {
      ...{ key, name: row.campaign ?? key, channel: row.channel ?? '' },
      sums: all.map(() => ({ conversions: 0, minor: 0n })),
    };
    campaigns.set(line, campaign);
    const at = campaign.sums[Number(w)];
    // What was only viewed is shown apart, and ranks nobody.
    if (!at || viewed) continue;
    at.conversions += sum.conversions;
    at.minor += minor;
  }
  return { windows: all, campaigns: [...campaigns.values()] };
}

function curve(ages: readonly { hours: bigint; n: bigint }[]): { conversions: number; byHour: number[] } {
  const byHour = new Array<number>(LAG_HOURS + 1).fill(0);
  let conversions = 0;
  for (const { hours, n } of ages) {
    conversions += Number(n);
    const at = Number(hours);
    if (at <= LAG_HOURS) byHour[at] = (byHour[at] ?? 0) + Number(n);
  }
  for (let hour = 1; hour <= LAG_HOURS; hour++) byHour[hour] = (byHour[hour] ?? 0) + (byHour[hour - 1] ?? 0);
  return { conversions, byHour };
}
