import type { DuckDBConnection } from '@duckdb/node-api';
import type { Warehouse } from '../warehouse.ts';
import { creditWriter, dropStatement } from './credits.ts';
import { ENGINE_LIMITS, type EngineLimits, openEngine } from './engine.ts';
import { factWriter } from './facts.ts';
import { forgetPersonal, forgotBefore } from './forget.ts';
import { largestNumbers } from './largest.ts';
import { reads } from './reads.ts';
import { dayCounter } from './touch-days.ts';

/** A warehouse in a file of columns, with what SQL of others needs. */
export interface ColumnWarehouse extends Warehouse {
  /** A connection for short questions; ask anew for each. */
  reader(): Promise<DuckDBConnection>;
  /** A connection of one's own, to be closed by who asked for it. */
  connect(): Promise<DuckDBConnection>;
}

/** Opens the warehouse of a store's folder, for one process alone; it is made where there is none of this version. */
export async function openWarehouse(folder: string, limits: EngineLimits = ENGINE_LIMITS): Promise<ColumnWarehouse> {
  const engine = await openEngine(folder, limits);
  const days = dayCounter();
  const largest = largestNumbers();
  const facts = factWriter(days, largest);
  const credits = creditWriter();

  /** Writes in a transaction of its own. */
  async function write<T>(work: (db: DuckDBConnection) => Promise<T>): Promise<T> {
    try {
      return await engine.write(work);
    } catch (error) {
      for (const one of [days, largest, credits]) one.doubt();
      throw error;
    }
  }

  return {
    ...reads(engine.reader, engine.connect, largest),
    reader: engine.reader,
    connect: engine.connect,
    commit: (batch, place, earned) =>
      write(async (db) => {
        if (earned) await credits.before(db, earned);
        await facts.write(db, batch);
        if (earned) await days.around(db, () => credits.write(db, earned));
        await db.run(
          `UPDATE place SET change = ${place.change}, journal_offset = ${place.offset}, credited = ${place.credited}`,
        );
      }),
    forgetStatement: (statement) => write((db) => days.around(db, () => dropStatement(db, statement))),
    forget: (before) => engine.write((db) => forgetPersonal(db, before)),
    forgotBefore: async () => forgotBefore(await engine.reader()),
    close: engine.close,
  };
}
