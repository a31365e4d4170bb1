import type { DuckDBConnection } from '@duckdb/node-api';
import { AssayError } from '../../event/error.ts';
import type { LinkFact, TouchFact } from '../../event/fact.ts';
import { creditsWhere, reachWhere, statementsOf } from '../duckdb/credit-reads.ts';
import { readEngine } from '../duckdb/engine.ts';
import { forgotBefore } from '../duckdb/forget.ts';
import { numbersSql } from '../duckdb/numbers.ts';
import { readRows } from '../duckdb/rows.ts';
import { linkTable, touchTable } from '../duckdb/tables.ts';
import type { LedgerReader } from '../ledger.ts';
import type { CreditColumns, ReachColumns, Statement } from '../warehouse.ts';

/** What an earlier warehouse of the same ledger knows, and a new one can't be told by the ledger once retention was there. */
export interface Carried {
  /** up to this record the two have seen the same */
  upTo: number;
  /** up to when it has forgotten what identifies a person, UTC ms */
  forgotBefore: number;
  standing: Statement | undefined;
  past: Statement[];
  /** What these records told of touches and links when they still had personal fields. */
  toldBy(seqs: readonly number[]): Promise<CarriedFacts>;
  /** All credits of a statement. */
  credits(statement: number): Promise<CreditColumns>;
  /** Credits and reach under the standing statement, of conversions before a time, UTC ms. */
  closed(before: number): Promise<{ credits: CreditColumns; reach: ReachColumns }>;
  close(): void;
}

export interface CarriedFacts {
  touches: TouchFact[];
  links: LinkFact[];
  /** `EventFact.shows` by sequence */
  shows: ReadonlyMap<number, string>;
}

export const NOTHING_CARRIED: CarriedFacts = { touches: [], links: [], shows: new Map() };

/**
 * Opens the warehouse in a folder to carry over what only it knows; nobody else may have it open. Throws `warehouse_unreadable`,
 * and `warehouse_foreign` where it was made from another ledger.
 */
export async function openCarried(folder: string, reader: Pick<LedgerReader, 'load'>): Promise<Carried> {
  const engine = await readEngine(folder);
  const { db } = engine;
  try {
    const statements = await read(() => statementsOf(db));
    const upTo = await read(() => commonUpTo(db, reader));
    if (upTo === 0)
      throw new AssayError('warehouse_foreign', 'the warehouse of before was made from the ledger of another store');
    return {
      upTo,
      forgotBefore: (await has(db, 'forgotten')) ? await forgotBefore(db) : 0,
      standing: statements.findLast(({ role }) => role === 'standing'),
      past: statements.filter(({ role }) => role === 'past'),
      toldBy: (seqs) =>
        read(() =>
          toldBy(
            db,
            seqs.filter((seq) => seq <= upTo),
          ),
        ),
      credits: (statement) => read(() => creditsWhere(db, `statement = ${statement} AND conversion <= ${upTo}`)),
      closed: (before) =>
        read(async () => {
          const old = `conversion IN (SELECT conversion FROM conversion WHERE conversion <= ${upTo} AND occurred_at < ${before})`;
          const standing = "statement = (SELECT max(statement) FROM statement WHERE role = 'standing')";
          return { credits: await creditsWhere(db, `${standing} AND ${old}`), reach: await reachWhere(db, old) };
        }),
      close: engine.close,
    };
  } catch (error) {
    engine.close();
    throw error;
  }
}

/** What can't be read at one place is of no use at another. */
async function read<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof AssayError) throw cause;
    const [why] = String(cause instanceof Error ? cause.message : cause).split('\n');
    throw new AssayError('warehouse_unreadable', `the warehouse of before cannot be read: ${why}`, { cause });
  }
}

async function toldBy(db: DuckDBConnection, seqs: readonly number[]): Promise<CarriedFacts> {
  if (seqs.length === 0) return NOTHING_CARRIED;
  const numbers = numbersSql(seqs);
  // A touch without its key is told by its first record alone: nothing else finds it any more.
  const touches = await readRows(
    db,
    touchTable,
    `WHERE touch IN (${numbers})
      OR (key <> 'touch ' || touch AND (decided_by IN (${numbers}) OR visitor_by IN (${numbers}))) ORDER BY touch`,
  );
  const links = await readRows(db, linkTable, `WHERE seq IN (${numbers}) ORDER BY seq, kind, value, visitor`);
  const shows = await db.runAndReadAll(
    `SELECT CAST(seq AS DOUBLE), shows FROM event WHERE shows IS NOT NULL AND seq IN (${numbers})`,
  );
  return {
    touches,
    links,
    shows: new Map(shows.getRows().map(([seq, text]) => [Number(seq), String(text)])),
  };
}

/**
 * Up to which record the two have seen the same: all of it, or what came before a restored backup was made. Events are
 * compared by when they were received; those of orders may have been received anew.
 */
async function commonUpTo(db: DuckDBConnection, reader: Pick<LedgerReader, 'load'>): Promise<number> {
  const place = (await db.runAndReadAll('SELECT journal_offset FROM place')).getRows()[0];
  const offset = Number(place?.[0] ?? 0);
  const event = async (where: string): Promise<[seq: number, receivedAt: number] | undefined> => {
    const sql = `SELECT CAST(seq AS DOUBLE), CAST(received_at AS DOUBLE) FROM event WHERE order_id IS NULL AND ${where} LIMIT 1`;
    return (await db.runAndReadAll(sql)).getRows()[0] as [number, number] | undefined;
  };
  const isSame = async ([seq, receivedAt]: [number, number]): Promise<boolean> => {
    const { events } = await reader.load({ events: [seq], orders: [] });
    return events[0]?.receivedAt === receivedAt;
  };
  const last = await event('true ORDER BY seq DESC');
  if (!last || (await isSame(last))) return offset;
  let [same, other] = [0, last[0]];
  while (other - same > 1) {
    const middle = same + Math.ceil((other - same) / 2);
    const found = await event(`seq >= ${middle} AND seq < ${other} ORDER BY seq`);
    if (found && (await isSame(found))) same = found[0];
    else other = middle;
  }
  return same;
}

/** Has the ledger the newest event that the warehouse has? Two ledgers may count the same commits and records. */
export async function hasNewest(db: DuckDBConnection, reader: Pick<LedgerReader, 'load'>): Promise<boolean> {
  const place = await db.runAndReadAll('SELECT journal_offset FROM place');
  return (await commonUpTo(db, reader)) === Number(place.getRows()[0]?.[0] ?? 0);
}

async function has(db: DuckDBConnection, table: string): Promise<boolean> {
  const found = await db.runAndReadAll(`SELECT 1 FROM duckdb_tables() WHERE table_name = '${table}'`);
  return found.getRows().length > 0;
}
