import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { AssayError } from '../../event/error.ts';
import { readEngine } from '../duckdb/engine.ts';
import { WAREHOUSE_FILE, WAREHOUSE_FOLDER } from '../duckdb/files.ts';
import { FACT_TABLES, SCHEMA_VERSION } from '../duckdb/schema.ts';
import { ledgerFile } from '../sqlite/ledger-file.ts';
import { openReader } from '../sqlite/open.ts';
import type { Fault } from './fault.ts';
import type { Looking } from './verify.ts';

/** What became of looking: `none` without a warehouse of this version, `inUse` while a server has it open, which keeps all others out. */
export type WarehouseLook = 'sound' | 'faulty' | 'none' | 'inUse';

const WAREHOUSE_PATH = `${WAREHOUSE_FOLDER}/${WAREHOUSE_FILE}`;
/** What is at fault in one way is told of so many rows. */
const SHOWN_MAX = 5;

interface Check {
  name: string;
  sql: string;
  /** what is wrong with a row that the SQL gives */
  what(row: readonly unknown[]): string;
}

const CHECKS: readonly Check[] = [
  ...FACT_TABLES.map(
    ({ name, key }): Check => ({
      name: `keys of ${name}`,
      sql: `SELECT ${key.join(', ')} FROM ${name} GROUP BY ALL HAVING count(*) > 1 ORDER BY ALL`,
      what: (row) => `two rows of ${name} have the key ${row.map(String).join('/')}`,
    }),
  ),
  {
    name: 'shares of conversions',
    sql: `SELECT statement, conversion, sum(share) FROM credit GROUP BY ALL HAVING abs(sum(share) - 1) > 1e-6 ORDER BY ALL`,
    what: ([statement, conversion, sum]) =>
      `in statement ${String(statement)} the shares of conversion ${String(conversion)} add up to ${String(sum)}`,
  },
  {
    name: 'sums of credits',
    sql: `WITH kept AS (SELECT statement, converted_day, sum(minor) AS minor, sum(net) AS net, sum(conversions) AS conversions
        FROM credit_day GROUP BY ALL),
      made AS (SELECT statement, converted_day, sum(minor) AS minor, sum(net) AS net, sum(share) AS conversions
        FROM credit GROUP BY ALL)
      SELECT statement, converted_day FROM kept FULL JOIN made USING (statement, converted_day)
      WHERE (kept.minor, kept.net) IS DISTINCT FROM (made.minor, made.net)
        OR abs(kept.conversions - made.conversions) > 1e-6 ORDER BY ALL`,
    what: ([statement, day]) =>
      `in statement ${String(statement)} the sums of day ${String(day)} since 1970 are not those of its credits`,
  },
  {
    name: 'counts of touches',
    sql: `WITH kept AS (SELECT creative, kind, sum(touches) AS touches FROM touch_day GROUP BY ALL),
      made AS (SELECT creative, kind, count(*) AS touches FROM touch
        WHERE EXISTS (FROM statement WHERE role = 'standing') GROUP BY ALL)
      SELECT creative, kind FROM kept FULL JOIN made USING (creative, kind)
      WHERE kept.touches IS DISTINCT FROM made.touches ORDER BY ALL`,
    what: ([creative, kind]) =>
      `the touches of kind ${String(kind)} counted by day for creative ${String(creative)} are not those that are there`,
  },
];

/** Reads a store’s warehouse, where nobody has it open, and tells what is wrong. Nothing is changed. */
export async function verifyWarehouse(
  folder: string,
  note: (fault: Fault) => boolean,
  looking: Looking,
): Promise<WarehouseLook> {
  if (!existsSync(join(folder, WAREHOUSE_FOLDER, WAREHOUSE_FILE))) return 'none';
  let sound = true;
  const fault = (what: string): boolean => {
    sound = false;
    return note({ file: WAREHOUSE_PATH, what });
  };
  try {
    const engine = await readEngine(folder);
    try {
      if (engine.version < SCHEMA_VERSION) return 'none';
      await comparePlaces(folder, engine.db, fault);
      for (const { name, sql, what } of CHECKS) {
        looking(`${name} in the warehouse`);
        const rows = await engine.db.runAndReadAll(`${sql} LIMIT ${SHOWN_MAX}`);
        for (const row of rows.getRows()) if (!fault(what(row))) return 'faulty';
      }
    } finally {
      engine.close();
    }
  } catch (error) {
    if (error instanceof AssayError && error.code === 'store_locked') return 'inUse';
    if (error instanceof AssayError && error.code === 'store_newer') throw error;
    fault(`it cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  return sound ? 'sound' : 'faulty';
}

/** What it has read, the ledger has had before. */
async function comparePlaces(folder: string, db: DuckDBConnection, fault: (what: string) => boolean): Promise<void> {
  const place = await db.runAndReadAll('SELECT change, journal_offset FROM place');
  const [change = 0, offset = 0] = (place.getRows()[0] ?? []).map(Number);
  if (!existsSync(join(folder, ledgerFile.name))) {
    if (change > 0) fault('there is no ledger that it could have been made from');
    return;
  }
  const ledger = openReader(folder, ledgerFile);
  try {
    const last = ledger.db.prepare('SELECT max(n) AS n, (SELECT "offset" FROM progress) AS at FROM change').get();
    const [changes, at] = [Number(last?.['n'] ?? 0), Number(last?.['at'] ?? 0)];
    if (change > changes || offset > at)
      fault(`it has change ${change} at record ${offset}, and the ledger ends with change ${changes} at record ${at}`);
  } finally {
    ledger.close();
  }
}
