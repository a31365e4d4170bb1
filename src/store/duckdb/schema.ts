import { type FactTable, keyColumns, snake, tableSql } from './table.ts';
import {
  adReportTable,
  conversionTable,
  dispatchTable,
  entryTable,
  eventTable,
  leadTable,
  linkTable,
  orderTable,
  personTable,
  sharedTable,
  touchTable,
} from './tables.ts';

/** A warehouse of another number is made anew. */
export const SCHEMA_VERSION = 1;

/** A table of facts as those see it who know no row of it. */
export interface TableShape {
  name: string;
  /** names of the key's columns */
  key: readonly string[];
  sql: string;
}

export const FACT_TABLES: readonly TableShape[] = [
  shapeOf(eventTable),
  shapeOf(conversionTable),
  shapeOf(touchTable),
  shapeOf(linkTable),
  shapeOf(orderTable),
  shapeOf(entryTable),
  shapeOf(leadTable),
  shapeOf(dispatchTable),
  shapeOf(adReportTable),
  shapeOf(personTable),
  shapeOf(sharedTable),
];

function shapeOf<Row>(table: FactTable<Row>): TableShape {
  return { name: table.name, key: keyColumns(table).map(({ name }) => name), sql: tableSql(table) };
}

/** Where the keys of rows that go or are replaced wait, in the connection's own memory. */
export function stageOf({ name }: { name: string }): string {
  return `stage_${name}`;
}

/** What makes an empty warehouse. */
export function schemaSql(): string[] {
  return [
    'CREATE TABLE meta (version INTEGER NOT NULL)',
    `INSERT INTO meta VALUES (${SCHEMA_VERSION})`,
    'CREATE TABLE place (change BIGINT NOT NULL, journal_offset BIGINT NOT NULL, credited BIGINT NOT NULL)',
    'INSERT INTO place VALUES (0, 0, 0)',
    // Up to when retention has taken away what identifies a person, UTC ms.
    'CREATE TABLE forgotten (before BIGINT NOT NULL)',
    'INSERT INTO forgotten VALUES (0)',
    ...FACT_TABLES.map(({ sql }) => sql),
    // The names of the touch that knows most of them, and of these the newest.
    `CREATE TABLE creative (creative BIGINT NOT NULL, channel VARCHAR NOT NULL, campaign_id VARCHAR, campaign VARCHAR,
      adgroup_id VARCHAR, adgroup VARCHAR, ad_id VARCHAR, ad VARCHAR, placement VARCHAR,
      names INTEGER NOT NULL, named_at BIGINT NOT NULL, named_by BIGINT NOT NULL)`,
    `CREATE TABLE statement (statement INTEGER NOT NULL, role VARCHAR NOT NULL, spec_version INTEGER NOT NULL,
      model VARCHAR NOT NULL, click BIGINT NOT NULL, engaged_view BIGINT NOT NULL, view BIGINT NOT NULL,
      precedence VARCHAR NOT NULL, count VARCHAR NOT NULL, half_life BIGINT NOT NULL, timezone VARCHAR NOT NULL,
      as_of BIGINT NOT NULL, change BIGINT NOT NULL)`,
    `CREATE TABLE credit (statement INTEGER NOT NULL, conversion BIGINT NOT NULL, touch BIGINT NOT NULL,
      creative BIGINT NOT NULL, kind UTINYINT NOT NULL, why UTINYINT NOT NULL, share DOUBLE NOT NULL,
      minor BIGINT NOT NULL, net BIGINT NOT NULL, touched_day INTEGER NOT NULL, converted_day INTEGER NOT NULL)`,
    // What dashboards read: sums of credits.
    `CREATE TABLE credit_day (statement INTEGER NOT NULL, converted_day INTEGER NOT NULL, touched_day INTEGER NOT NULL,
      name VARCHAR NOT NULL, currency VARCHAR NOT NULL, creative BIGINT NOT NULL, kind UTINYINT NOT NULL,
      why UTINYINT NOT NULL, conversions DOUBLE NOT NULL, minor HUGEINT NOT NULL, net HUGEINT NOT NULL)`,
    // How many touches there were, by day of the standing statement's time zone.
    `CREATE TABLE touch_day (day INTEGER NOT NULL, creative BIGINT NOT NULL, kind UTINYINT NOT NULL,
      touches INTEGER NOT NULL)`,
    `CREATE TABLE reach (${REACH_FIELDS.map((field) => `${snake(field)} BIGINT NOT NULL`).join(', ')})`,
  ];
}

export const REACH_FIELDS = [
  'conversion',
  'click',
  'clickAge',
  'engagedView',
  'engagedViewAge',
  'view',
  'viewAge',
] as const;

/** What a writing connection keeps for itself. */
export function stageSql(): string[] {
  return [
    ...FACT_TABLES.map(
      ({ name, key }) => `CREATE TEMP TABLE ${stageOf({ name })} AS SELECT ${key.join(', ')} FROM ${name} LIMIT 0`,
    ),
    'CREATE TEMP TABLE stage_creative AS FROM creative LIMIT 0',
    'CREATE TEMP TABLE stage_credit AS FROM credit LIMIT 0',
    'CREATE TEMP TABLE stage_credit_day AS FROM credit_day LIMIT 0',
    'CREATE TEMP TABLE stage_touch_day AS FROM touch_day LIMIT 0',
    'CREATE TEMP TABLE chosen (n BIGINT NOT NULL)',
  ];
}
