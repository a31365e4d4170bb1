import type { DuckDBConnection } from '@duckdb/node-api';
import type { LinkFact } from '../../event/fact.ts';
import { readRows } from './rows.ts';
import { linkTable } from './tables.ts';

/** Identifiers of persons; an order's and a lead's are the business's own, and it keeps them. */
const PERSONAL = "kind NOT IN ('order', 'lead')";

/** Pages tell a click id again for so long: a touch whose key was forgotten earlier would become a second one. */
const KEYS_KEPT_MS = 31 * 86_400_000;

/**
 * Retention, inside the transaction that is under way: what identifies a person in facts older than `before` goes. Keys that
 * are made of a click id become numbers a month later; all others say no more than the columns that stay.
 */
export async function forgetPersonal(db: DuckDBConnection, before: number): Promise<LinkFact[]> {
  const old = `WHERE ${PERSONAL} AND last_at < ${before}`;
  const links = await readRows(db, linkTable, `${old} ORDER BY kind, value, visitor`);
  if (links.length > 0) await db.run(`DELETE FROM link ${old}`);
  await db.run(
    `UPDATE touch SET ttclid = NULL, referrer = NULL
    WHERE occurred_at < ${before} AND (ttclid IS NOT NULL OR referrer IS NOT NULL)`,
  );
  await db.run(
    `UPDATE touch SET key = 'touch ' || touch, key_hash = 0
    WHERE occurred_at < ${before - KEYS_KEPT_MS} AND key LIKE 'click:%'`,
  );
  await db.run(
    `UPDATE event SET page = NULL, shows = NULL
    WHERE received_at < ${before} AND (page IS NOT NULL OR shows IS NOT NULL)`,
  );
  await db.run(`UPDATE forgotten SET before = ${before} WHERE before < ${before}`);
  return links;
}

/** Up to when retention has come, UTC ms. */
export async function forgotBefore(db: DuckDBConnection): Promise<number> {
  return Number((await db.runAndReadAll('SELECT before FROM forgotten')).getRows()[0]?.[0] ?? 0);
}
