import { AssayError } from '../../../event/error.ts';
import { type Ask, type Connect, reading } from './reading.ts';

/** Of fewer rows a table is made in the question itself: that takes a moment, and knows everything. */
const KEPT_FROM_ROWS = 100_000;
/** What took so long to make is good for this many times as long, whatever has come in. */
const FRESH_TIMES = 20;

/** A narrow table that follows from all facts, and that questions of many days are answered from. */
export interface KeptTable {
  name: string;
  /** makes all of its rows */
  sql: string;
}

/** What a question reads from. */
export interface KeptRows {
  /** stands after FROM */
  from: string;
  /** UTC ms of the newest record that is in it; 0 before the first credits */
  asOf: number;
  /** the same for the same rows */
  version: string;
}

export interface Keeper {
  /**
   * Asks about a table. A large one is kept in the file: where facts have changed since, the answer is of before, and
   * the table is made anew meanwhile. Only the very first question waits for that.
   */
  ask<T>(table: KeptTable, work: (ask: Ask, rows: KeptRows) => Promise<T>): Promise<T>;
}

export function openKeeper(connect: Connect, fromRows: number = KEPT_FROM_ROWS): Keeper {
  /** by table, when it was made here and how long that took, ms of the process's clock */
  const made = new Map<string, { at: number; tookMs: number }>();
  const making = new Map<string, Promise<void>>();
  let last: Promise<unknown> = Promise.resolve();

  /** One after the other: each takes all the processor that there is. */
  function make(table: KeptTable): Promise<void> {
    const under = making.get(table.name);
    if (under !== undefined) return under;
    const done = last
      .then(async () => {
        const from = performance.now();
        await makeTable(connect, table);
        made.set(table.name, { at: performance.now(), tookMs: performance.now() - from });
      })
      .finally(() => making.delete(table.name));
    making.set(table.name, done);
    last = done.catch(() => undefined);
    return done;
  }

  function isFresh(table: string): boolean {
    const one = made.get(table);
    return one !== undefined && performance.now() - one.at < one.tookMs * FRESH_TIMES;
  }

  const look = <T>(
    table: KeptTable,
    work: (ask: Ask, rows: KeptRows) => Promise<T>,
  ): Promise<{ answer: T } | undefined> =>
    reading(connect, async (ask) => {
      const stand = await standOf(ask);
      const { asOf, version } = stand;
      if (stand.rows < fromRows) return { answer: await work(ask, { from: `(${table.sql})`, asOf, version }) };
      const kept = await keptOf(ask, table.name);
      if (!kept) return undefined;
      // A refresh that fails is tried again by the next question; until then the answer says how old it is.
      if (kept.version !== version && !isFresh(table.name)) make(table).catch(() => undefined);
      return { answer: await work(ask, { from: `kept.${table.name}`, ...kept }) };
    });

  return {
    async ask(table, work) {
      const found = await look(table, work);
      if (found) return found.answer;
      await make(table);
      const now = await look(table, work);
      if (!now) throw new AssayError('warehouse_behind', `the table ${table.name} was taken away while it was read`);
      return now.answer;
    },
  };
}

async function standOf(ask: Ask): Promise<{ rows: number; asOf: number; version: string }> {
  const [row] = await ask<{ events: bigint; touches: bigint; change: bigint; statement: number; as_of: bigint }>(
    `SELECT (SELECT count(*) FROM event) AS events, (SELECT count(*) FROM touch) AS touches, place.change,
       coalesce(standing.statement, 0) AS statement, coalesce(standing.as_of, 0) AS as_of
     FROM place LEFT JOIN (FROM statement WHERE role = 'standing' ORDER BY statement DESC LIMIT 1) AS standing ON true`,
  );
  if (!row) throw new AssayError('warehouse_behind', 'the warehouse has no place');
  // Facts that are derived anew keep the change's number, and bring a new statement.
  const version = `${row.change} ${row.statement}`;
  return { rows: Number(row.events + row.touches), asOf: Number(row.as_of), version };
}

async function keptOf(ask: Ask, name: string): Promise<Pick<KeptRows, 'asOf' | 'version'> | undefined> {
  const tables = await ask("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'kept' AND table_name = 'made'");
  if (tables.length === 0) return undefined;
  const [row] = await ask<{ version: string; as_of: bigint }>(
    'SELECT version, as_of FROM kept.made WHERE name = $name',
    { name },
  );
  return row && { version: row.version, asOf: Number(row.as_of) };
}

async function makeTable(connect: Connect, { name, sql }: KeptTable): Promise<void> {
  const db = await connect();
  try {
    await db.run('BEGIN TRANSACTION');
    const ask: Ask = async <Row>(text: string) => (await (await db.run(text)).getRowObjectsJS()) as Row[];
    const { asOf, version } = await standOf(ask);
    await db.run('CREATE SCHEMA IF NOT EXISTS kept');
    await db.run(
      'CREATE TABLE IF NOT EXISTS kept.made (name VARCHAR NOT NULL, version VARCHAR NOT NULL, as_of BIGINT NOT NULL)',
    );
    await db.run(`CREATE OR REPLACE TABLE kept.${name} AS ${sql}`);
    await db.run(`DELETE FROM kept.made WHERE name = '${name}'`);
    await db.run(`INSERT INTO kept.made VALUES ('${name}', '${version}', ${asOf})`);
    await db.run('COMMIT');
  } finally {
    // What was not committed ends with its connection.
    db.closeSync();
  }
}
