import { type DuckDBConnection, listValue } from '@duckdb/node-api';
import { TOUCH_KINDS, type TouchFact } from '../../../event/fact.ts';
import { NO_CREDIT } from '../../warehouse.ts';
import { PATH_TOUCHES_AFTER_MAX, PATH_TOUCHES_MAX, type PersonPath } from '../../warehouse-reports.ts';
import { numbersSql } from '../numbers.ts';
import { readRows } from '../rows.ts';
import { conversionTable, linkTable, touchTable } from '../tables.ts';
import type { Ask } from './reading.ts';

/** More are looked for as a table of their own. */
const FEW_VISITORS = 50;

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
  const theirs = 'WHERE visitor IN (SELECT unnest($visitors))';
  const touches = await touchesAround(ask, db, visitors, conversion.occurredAt);
  const conversions = await ask<{ conversion: bigint; name: string; occurred_at: bigint }>(
    `SELECT conversion, name, occurred_at FROM conversion ${theirs} AND (confirmed OR conversion = $number)
     ORDER BY occurred_at DESC, conversion DESC LIMIT ${PATH_TOUCHES_MAX}`,
    { visitors, number },
  );
  const links = await readRows(
    db,
    linkTable,
    `${theirs} AND (kind, value) NOT IN (SELECT (kind, value) FROM shared)
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

/** The newest touches of these visitors before a moment, and the first after it, in time order. */
async function touchesAround(
  ask: Ask,
  db: DuckDBConnection,
  visitors: readonly string[],
  at: number,
): Promise<TouchFact[]> {
  // To look for a visitor's text takes long among millions of touches, so it is done once, and the fewer words of SQL
  // stand between the text and the column the sooner most of it is passed over.
  const few = visitors.length <= FEW_VISITORS;
  const among = few ? visitors.map((_, n) => `$visitor${n}`).join(', ') : 'SELECT unnest($visitors)';
  const found = await ask<{ touch: bigint }>(
    `SELECT touch FROM (SELECT touch, occurred_at FROM touch WHERE visitor IN (${among}))
     QUALIFY row_number() OVER (PARTITION BY occurred_at <= $at ORDER BY abs(occurred_at - $at),
       CASE WHEN occurred_at <= $at THEN -touch ELSE touch END)
       <= CASE WHEN occurred_at <= $at THEN ${PATH_TOUCHES_MAX} ELSE ${PATH_TOUCHES_AFTER_MAX} END`,
    { visitors, at, ...Object.fromEntries(visitors.slice(0, FEW_VISITORS).map((one, n) => [`visitor${n}`, one])) },
  );
  const numbers = found.map(({ touch }) => Number(touch));
  const rows = await readRows(
    db,
    touchTable,
    `WHERE rowid IN (SELECT rowid FROM touch WHERE touch IN (${numbersSql(numbers)}))`,
  );
  return rows.sort((a, b) => a.occurredAt - b.occurredAt || a.touch - b.touch);
}
