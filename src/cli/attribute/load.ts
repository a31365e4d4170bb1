import type { DuckDBConnection } from '@duckdb/node-api';
import type { Problem } from '../../event/problem.ts';
import { CONVERSION_FIELDS, TOUCH_FIELDS } from './fields.ts';
import { type Cells, loadTable, type Rule } from './table.ts';

export interface Files {
  touches: string;
  conversions: string;
  mapped: ReadonlyMap<string, string>;
  /** of times that name no zone */
  zone: string;
}

export interface Loaded {
  touches: number;
  conversions: number;
  problems: Problem[];
  /** digits after the point of the values: those that the file has at most */
  decimals: number;
  hasValue: boolean;
}

const KINDS =
  "CASE lower(replace(replace({cell}, '-', ''), '_', '')) WHEN 'click' THEN 0 WHEN 'engagedview' THEN 1 WHEN 'view' THEN 2 WHEN 'impression' THEN 2 END";

/** Loads both files into the tables `touch` and `conversion`; with a problem neither is of use. */
export async function loadFiles(db: DuckDBConnection, files: Files): Promise<Loaded> {
  const touches = await loadTable(
    db,
    'touch',
    { file: files.touches, mapped: files.mapped, fields: TOUCH_FIELDS, zone: files.zone },
    (cells) => [
      `${cells.text('user')} AS person`,
      `${cells.ms} AS ms`,
      `CAST(${cells.has('type') ? KINDS.replace('{cell}', cells.text('type')) : '0'} AS TINYINT) AS kind`,
      `coalesce(${cells.text('channel')}, 'unknown') AS channel`,
      `${cells.text('id')} AS id`,
    ],
    (cells) => [
      ...shared(cells),
      {
        field: 'type',
        holds: cells.has('type') ? `${KINDS.replace('{cell}', cells.text('type'))} IS NOT NULL` : 'true',
        what: 'is no kind of touch',
        fix: 'write click, engaged_view or view',
      },
    ],
  );
  const conversions = await loadTable(
    db,
    'conversion',
    { file: files.conversions, mapped: files.mapped, fields: CONVERSION_FIELDS, zone: files.zone },
    (cells) => [
      `${cells.text('user')} AS person`,
      `${cells.ms} AS ms`,
      `${cells.text('id')} AS id`,
      `coalesce(${cells.text('name')}, 'conversion') AS name`,
      `TRY_CAST(${cells.text('value')} AS DECIMAL(30,6)) AS value`,
      `coalesce(upper(${cells.text('currency')}), '') AS currency`,
      `length(regexp_extract(coalesce(${cells.text('value')}, ''), '\\.(\\d*?)0*$', 1)) AS decimals`,
    ],
    (cells) => [
      ...shared(cells),
      {
        field: 'value',
        holds: `${cells.text('value')} IS NULL OR regexp_full_match(${cells.text('value')}, '-?\\d{1,24}(\\.\\d{1,6})?')`,
        what: 'is no amount',
        fix: 'write digits with a point, such as 59.90',
      },
      {
        field: 'currency',
        holds: `${cells.text('currency')} IS NULL OR regexp_full_match(${cells.text('currency')}, '[A-Za-z]{3}')`,
        what: 'is no currency',
        fix: 'write three letters, such as EUR',
      },
    ],
  );
  const problems = [...touches.problems, ...conversions.problems];
  const found =
    problems.length > 0 ? [] : (await db.runAndReadAll('SELECT coalesce(max(decimals), 0) FROM conversion')).getRows();
  return {
    touches: touches.rows,
    conversions: conversions.rows,
    problems,
    decimals: Number(found[0]?.[0] ?? 0),
    hasValue: conversions.has('value'),
  };
}

function shared(cells: Cells): Rule[] {
  return [
    {
      field: 'user',
      holds: `${cells.text('user')} IS NOT NULL`,
      what: 'is empty',
      fix: 'say whose it is, or leave the row out',
    },
    {
      field: 'time',
      holds: `${cells.ms} IS NOT NULL`,
      what: 'is no time as row 1 writes it, {format}',
      fix: 'write all times of a file alike',
    },
  ];
}
