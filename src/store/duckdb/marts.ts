import { CURRENCY_EXPONENTS } from '../../event/currencies.ts';
import { TOUCH_KINDS } from '../../event/fact.ts';
import { DAY, MINUTE } from '../../event/time.ts';
import { MARTS, type Mart, type MartType } from '../marts.ts';
import { NO_CREDIT } from '../warehouse.ts';

export const MART_TYPES: Readonly<Record<MartType, string>> = {
  whole: 'BIGINT',
  real: 'DOUBLE',
  money: 'DECIMAL(28,4)',
  text: 'VARCHAR',
  time: 'TIMESTAMP',
  date: 'DATE',
  flag: 'BOOLEAN',
};

/** What makes the views of the marts, whatever program made them before. */
export function martSql(): string[] {
  return MARTS.map((mart) => {
    const columns = mart.columns.map(({ name, type }) => `CAST(${name} AS ${MART_TYPES[type]}) AS ${name}`);
    return `CREATE OR REPLACE VIEW mart_${mart.name} AS SELECT ${columns.join(', ')}
      FROM (${SELECTS[mart.name]}) LEFT JOIN (${RULES}) ON true`;
  });
}

const STANDING = "(SELECT max(statement) FROM statement WHERE role = 'standing')";
const ZONE = "coalesce((SELECT arg_max(timezone, statement) FROM statement WHERE role = 'standing'), 'UTC')";

function time(column: string): string {
  return `make_timestamp(${column} * 1000)`;
}

/** Days begin at a whole quarter of an hour wherever people live. */
const QUARTER = 15 * MINUTE;

/** Which day each quarter of an hour with rows is: the calendar is asked once for thousands of rows, as it is slow to answer. */
function daysOf(table: string): string {
  return `SELECT quarter, CAST(timezone(${ZONE}, make_timestamptz(quarter * ${QUARTER * 1000})) AS DATE) AS day
      FROM (SELECT DISTINCT occurred_at // ${QUARTER} AS quarter FROM ${table})`;
}

/** Whole minor units in major units: a product of decimals is exact, where a quotient would be a float. */
function major(minor: string, currency: string): string {
  const odd = Map.groupBy(
    Object.entries(CURRENCY_EXPONENTS).filter(([, exponent]) => exponent !== 2),
    ([, exponent]) => exponent,
  );
  const cases = [...odd].map(
    ([exponent, codes]) =>
      `WHEN ${currency} IN (${codes.map(([code]) => `'${code}'`).join(', ')}) THEN CAST(1e-${exponent} AS DECIMAL(5,4))`,
  );
  return `CAST(${minor} AS DECIMAL(23,0)) * CASE ${cases.join(' ')} ELSE CAST(0.01 AS DECIMAL(5,4)) END`;
}

/** The word of a number that stands for its place in a list. */
function word(column: string, words: readonly string[]): string {
  return `CASE ${column} ${words.map((one, place) => `WHEN ${place} THEN '${one}'`).join(' ')} END`;
}

const KIND = (column: string): string => word(column, TOUCH_KINDS);
const CREATIVE = 'channel, campaign_id, campaign, adgroup_id, adgroup, ad_id, ad';

function windowText(column: string): string {
  return `CASE WHEN ${column} = 0 THEN 'off' ELSE ${column} // ${DAY} || 'd' END`;
}

/** What the standing statement is computed under, in one row, or in none before it stands. */
const RULES = `SELECT model, ${windowText('click')} AS click_window, ${windowText('engaged_view')} AS engaged_view_window,
    ${windowText('view')} AS view_window, count, spec_version, timezone, ${time('as_of')} AS as_of
  FROM statement WHERE statement = ${STANDING}`;

const SELECTS: Readonly<Record<Mart['name'], string>> = {
  conversions: `
    WITH first AS (
      SELECT conversion, arg_max(credit, (share, touch)) AS credit FROM credit
      WHERE statement = ${STANDING} GROUP BY conversion
    ), days AS (${daysOf('conversion')}), copies AS (
      SELECT event, string_agg(destination || ' ' || leg || ' ' || state, '; ' ORDER BY destination, leg) AS dispatches,
        bool_or(state = 'delivered') AS delivered
      FROM dispatch GROUP BY event
    )
    SELECT c.conversion, c.name, ${time('c.occurred_at')} AS occurred_at, day, c.shop, c.order_id,
      c.lead_id, c.visitor, coalesce(person, c.visitor) AS person, confirmed, nullif(c.currency, '') AS currency,
      ${major('c.minor', 'c.currency')} AS value, ${major('c.net', 'c.currency')} AS net, ${KIND('credit.kind')} AS kind,
      CASE WHEN credit.kind <> 255 THEN credit.share END AS share, ${word('credit.why', NO_CREDIT)} AS why,
      nullif(credit.touch, 0) AS touch, ${time('touch.occurred_at')} AS touched_at,
      ${CREATIVE.split(', ')
        .map((column) => `creative.${column}`)
        .join(', ')}, dispatches, coalesce(delivered, false) AS delivered
    FROM conversion AS c JOIN days ON quarter = c.occurred_at // ${QUARTER} LEFT JOIN person ON person.visitor = c.visitor LEFT JOIN first ON first.conversion = c.conversion
      LEFT JOIN touch ON touch.touch = credit.touch LEFT JOIN creative ON creative.creative = credit.creative
      LEFT JOIN copies ON copies.event = c.conversion`,
  touches: `
    WITH earned AS (
      SELECT touch, sum(share) AS conversions, sum(credit.minor) AS minor, sum(credit.net) AS net,
        string_agg(DISTINCT nullif(currency, ''), ', ' ORDER BY nullif(currency, '')) AS currencies
      FROM credit JOIN conversion USING (conversion) WHERE statement = ${STANDING} AND touch <> 0 GROUP BY touch
    ), days AS (${daysOf('touch')})
    SELECT t.touch, ${KIND('t.kind')} AS kind, ${time('t.occurred_at')} AS occurred_at, day, source,
      t.visitor, coalesce(person, t.visitor) AS person, ${CREATIVE}, placement, referrer,
      coalesce(conversions, 0) AS conversions, currencies,
      CASE WHEN currencies NOT LIKE '%,%' THEN ${major('minor', 'currencies')} END AS value,
      CASE WHEN currencies NOT LIKE '%,%' THEN ${major('net', 'currencies')} END AS net
    FROM touch AS t JOIN days ON quarter = t.occurred_at // ${QUARTER} LEFT JOIN earned USING (touch) LEFT JOIN person ON person.visitor = t.visitor`,
  marketing: `
    WITH days AS (${daysOf('touch')}), reports AS (
      SELECT * FROM ad_report
      QUALIFY CASE level WHEN 'ad' THEN 3 WHEN 'adgroup' THEN 2 ELSE 1 END
          = max(CASE level WHEN 'ad' THEN 3 WHEN 'adgroup' THEN 2 ELSE 1 END) OVER (PARTITION BY day)
        AND row_number() OVER (PARTITION BY day, level, id ORDER BY basis DESC) = 1
    ), parts AS (
      SELECT DATE '1970-01-01' + touched_day AS day, ${CREATIVE}, currency, 0 AS clicks, 0 AS engaged_views, 0 AS views,
        CASE WHEN kind < 2 THEN conversions ELSE 0 END AS conversions, CASE WHEN kind < 2 THEN minor ELSE 0 END AS minor,
        CASE WHEN kind < 2 THEN net ELSE 0 END AS net, CASE WHEN kind = 2 THEN conversions ELSE 0 END AS view_conversions,
        CASE WHEN kind = 2 THEN minor ELSE 0 END AS view_minor, NULL AS basis, NULL AS spend, NULL AS impressions,
        NULL AS ads_clicks, NULL AS ads_conversions, NULL AS ads_minor, NULL AS click_conversions,
        NULL AS engaged_view_conversions, NULL AS view_through, NULL AS pulled_at
      FROM credit_day JOIN creative USING (creative) WHERE statement = ${STANDING} AND kind <> 255
      UNION ALL
      SELECT day, ${CREATIVE}, '', clicks, engaged, seen, 0, 0, 0, 0, 0,
        NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
      FROM (
        SELECT day, creative, count(*) FILTER (kind = 0) AS clicks, count(*) FILTER (kind = 1) AS engaged,
          count(*) FILTER (kind = 2) AS seen
        FROM touch JOIN days ON quarter = occurred_at // ${QUARTER} GROUP BY day, creative
      ) JOIN creative USING (creative)
      UNION ALL
      SELECT CAST(day AS DATE), 'tiktok / paid', CASE level WHEN 'campaign' THEN id ELSE campaign_id END,
        CASE level WHEN 'campaign' THEN name END, CASE level WHEN 'adgroup' THEN id WHEN 'ad' THEN adgroup_id END,
        CASE level WHEN 'adgroup' THEN name END, CASE level WHEN 'ad' THEN id END, CASE level WHEN 'ad' THEN name END,
        currency, 0, 0, 0, 0, 0, 0, 0, 0, basis, spend, impressions, clicks, conversions, minor, click_conversions,
        engaged_view_conversions, view_conversions, pulled_at
      FROM reports
    )
    SELECT day, channel, max(campaign_id) AS campaign_id, max(campaign) AS campaign, max(adgroup_id) AS adgroup_id,
      max(adgroup) AS adgroup, max(ad_id) AS ad_id, max(ad) AS ad, nullif(currency, '') AS currency,
      sum(clicks) AS clicks, sum(engaged_views) AS engaged_views, sum(views) AS views, sum(conversions) AS conversions,
      ${major('sum(minor)', 'currency')} AS value, ${major('sum(net)', 'currency')} AS net,
      sum(view_conversions) AS view_conversions, ${major('sum(view_minor)', 'currency')} AS view_value, max(basis) AS ads_basis,
      ${major('sum(spend)', 'currency')} AS ads_spend, sum(impressions) AS ads_impressions, sum(ads_clicks) AS ads_clicks,
      sum(ads_conversions) AS ads_conversions, ${major('sum(ads_minor)', 'currency')} AS ads_value,
      sum(click_conversions) AS ads_click_conversions, sum(engaged_view_conversions) AS ads_engaged_view_conversions,
      sum(view_through) AS ads_view_conversions, ${time('max(pulled_at)')} AS ads_pulled_at
    FROM parts GROUP BY day, channel, currency,
      coalesce(ad_id, adgroup_id || chr(31) || coalesce(ad, ''), campaign_id || chr(31) || coalesce(adgroup, '') || chr(31) || coalesce(ad, ''),
        concat_ws(chr(31), coalesce(campaign, ''), coalesce(adgroup, ''), coalesce(ad, '')))`,
};

/** What narrows the marketing mart to a day and puts it in an order that pages can follow. */
export const MARKETING_PAGE = `SELECT * EXCLUDE (page_key) FROM (
    SELECT row_number() OVER (ORDER BY ${CREATIVE}, currency) AS page_key, * FROM mart_marketing
    WHERE day = DATE '1970-01-01' + CAST($day AS INTEGER)
  ) WHERE page_key > $after ORDER BY page_key LIMIT $limit`;

/** The first and last key of a page of the others, by a narrow look at the table that their rows are of. */
export function boundsSql(name: 'conversions' | 'touches'): string {
  const key = KEYS[name];
  return `SELECT min(${key}) AS least, max(${key}) AS most FROM (
    SELECT ${key} FROM ${key} WHERE occurred_at >= $from AND occurred_at < $to AND ${key} > $after ORDER BY ${key} LIMIT $limit)`;
}

/** Numbers that stand in the statement narrow every table behind the view, which what is bound to it later can’t. */
export function pageSql(name: 'conversions' | 'touches', least: bigint, most: bigint): string {
  return `SELECT * FROM mart_${name} WHERE ${KEYS[name]} BETWEEN ${least} AND ${most}
    AND occurred_at >= make_timestamp($from * 1000) AND occurred_at < make_timestamp($to * 1000) ORDER BY ${KEYS[name]}`;
}

const KEYS = { conversions: 'conversion', touches: 'touch' } as const;
