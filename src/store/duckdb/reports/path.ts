import { type DuckDBConnection, listValue } from '@duckdb/node-api';
import { TOUCH_KINDS, type TouchFact } from '../../../event/fact.ts';
import { NO_CREDIT } from '../../warehouse.ts';
import { PATH_TOUCHES_AFTER_MAX, PATH_TOUCHES_MAX, type PersonPath } from '../../warehouse-reports.ts';
import { numbersSql } from '../numbers.ts';
import { readRows } from '../rows.ts';
import { conversionTable, hashOf, linkTable, touchTable } from '../tables.ts';
import type { Ask } from './reading.ts';

/** All that is known of the person behind a conversion. */
export async function personPath(
  ask: Ask,
  db: DuckDBConnection,
  number: number,
  statement: number,
): Promise<PersonPath | undefined> {
  const [conversion] = await readRows(db, conversionTable, 'WHERE conversion = $number', { number: BigInt(number) });
  if (!conversion) return undefined;
  const [known] = await ask<{ person: string }>('SELECT person FROM person WHERE visitor = $visitor', {
    visitor: conversion.visitor,
  });
  const person = known?.person ?? conversion.visitor;
  const others = await ask<{ visitor: string }>('SELECT visitor FROM person WHERE person = $person', { person });
  const visitors = [person, ...others.map(({ visitor }) => visitor)].sort();
  const list = listValue(visitors);
  const theirs = 'visitor IN (SELECT unnest($visitors))';
  // Numbers say first which rows may be the visitors', and texts are looked through in those alone: a seventh of the time.
  const hashes = numbersSql(visitors.map(hashOf));
  const theirsIn = (table: string): string =>
    `rowid IN (SELECT rowid FROM ${table} WHERE visitor_hash IN (${hashes})) AND ${theirs}`;
  const touches = await touchesAround(ask, db, theirsIn('touch'), { visitors, at: conversion.occurredAt });
  const conversions = await ask<{ conversion: bigint; name: string; occurred_at: bigint }>(
    `SELECT conversion, name, occurred_at FROM conversion WHERE ${theirs} AND (confirmed OR conversion = $number)
     ORDER BY occurred_at DESC, conversion DESC LIMIT ${PATH_TOUCHES_MAX}`,
    { visitors, number },
  );
  const links = await readRows(
    db,
    linkTable,
    `WHERE ${theirsIn('link')} AND (kind, value) NOT IN (SELECT (kind, value) FROM shared)
     QUALIFY count(DISTINCT visitor) OVER (PARTITION BY kind, value) > 1 ORDER BY kind, value, link.first_at, visitor`,
    { visitors: list },
  );
  const credits = await ask<{
    touch: bigint;
    kind: number;
    why: number;
    share: number;
    minor: bigint;
    net: bigint;
  }>('SELECT touch, kind, why, share, minor, net FROM credit WHERE statement = $statement AND conversion = $number', {
    statement,
    number,
  });
  return {
    ...{ conversion, person, visitors, ties: links },
    touches,
    conversions: conversions.reverse().map((row) => ({
      ...{ conversion: Number(row.conversion), name: row.name, occurredAt: Number(row.occurred_at) },
    })),
    credits: credits.map((row) => ({
      touch: Number(row.touch),
      kind: TOUCH_KINDS[row.kind] ?? null,
      why: NO_CREDIT[row.why] ?? null,
      ...{ share: row.share, minor: row.minor, net: row.net },
    })),
  };
}

/** The newest touches of visitors before a moment, and the first after it, in time order; `theirs` is the condition that names these. */
async function touchesAround(
  ask: Ask,
  db: DuckDBConnection,
  theirs: string,
  { visitors, at }: { visitors: readonly string[]; at: number },
): Promise<TouchFact[]> {
  const found = await ask<{ touch: bigint }>(
    `SELECT touch FROM (SELECT touch, occurred_at FROM touch WHERE ${theirs})
     QUALIFY row_number() OVER (PARTITION BY occurred_at <= $at ORDER BY abs(occurred_at - $at),
       CASE WHEN occurred_at <= $at THEN -touch ELSE touch END)
       <= CASE WHEN occurred_at <= $at THEN ${PATH_TOUCHES_MAX} ELSE ${PATH_TOUCHES_AFTER_MAX} END`,
    { visitors, at },
  );
  const numbers = found.map(({ touch }) => Number(touch));
  const rows = await readRows(
    db,
    touchTable,
    `WHERE rowid IN (SELECT rowid FROM touch WHERE touch IN (${numbersSql(numbers)}))`,
  );
  return rows.sort((a, b) => a.occurredAt - b.occurredAt || a.touch - b.touch);
}
