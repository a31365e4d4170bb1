// DuckDB's own way from stored touches to stored credits, in one statement over a file that knows already who is one person:
// by window functions, or by a join within the longest window and the latest touch of each kind. Committed like ours.
import { DuckDBInstance } from '@duckdb/node-api';
import { CLICK, CLICK_MS, FIRST, VIEW, VIEW_MS } from '../attribution-data.ts';

const [file = '', form = 'window', memory = '8GiB'] = process.argv.slice(2);
/** The latest touch of a kind, whatever comes between: its time above its number, in one integer. */
const last = (kind: number): string =>
  `max(CASE WHEN kind = ${kind} THEN ((ms - ${FIRST}) << 28) + touch END) OVER past`;
const within = (column: string, most: number): string => `ms - ${FIRST} - (${column} >> 28) <= ${most}`;
const FORMS: Record<string, string> = {
  window: `SELECT conversion, CASE WHEN ${within('click', CLICK_MS)} THEN click & 268435455
      WHEN ${within('seen', VIEW_MS)} THEN seen & 268435455 END AS touch
    FROM (SELECT *, ${last(CLICK)} AS click, ${last(VIEW)} AS seen
      FROM (SELECT person, ms, kind, touch, NULL AS conversion FROM touch
        UNION ALL SELECT person, ms, NULL, NULL, conversion FROM conversion)
      WINDOW past AS (PARTITION BY person ORDER BY ms RANGE UNBOUNDED PRECEDING))
    WHERE conversion IS NOT NULL`,
  argmax: `SELECT conversion, coalesce(arg_max(touch, t.ms) FILTER (kind = ${CLICK}),
      arg_max(touch, t.ms) FILTER (kind = ${VIEW} AND c.ms - t.ms <= ${VIEW_MS})) AS touch
    FROM conversion c LEFT JOIN touch t ON t.person = c.person AND t.ms <= c.ms AND t.ms >= c.ms - ${CLICK_MS}
    GROUP BY conversion`,
};

const instance = await DuckDBInstance.create(file, { threads: '2', memory_limit: memory });
const db = await instance.connect();
const from = performance.now();
await db.run(`CREATE OR REPLACE TABLE credit AS ${FORMS[form]}`);
const seconds = (performance.now() - from) / 1000;
const [check] = (
  await db.runAndReadAll(`SELECT count(touch)::DOUBLE AS credited, sum(touch)::DOUBLE AS touches,
    sum(touch * ((conversion - 1) % 7))::DOUBLE AS pairs FROM credit`)
).getRowObjects();
console.log(JSON.stringify({ seconds, check, peakBytes: process.resourceUsage().maxRSS * 1024 }));
instance.closeSync();
