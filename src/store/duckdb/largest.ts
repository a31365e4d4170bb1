import type { DuckDBConnection } from '@duckdb/node-api';

/** By table, a number that no row is above: what lies above it replaces nothing, and is not looked for. */
export interface Largest {
  /** `db` sees what is committed, or more. */
  of(db: DuckDBConnection, table: string, column: string): Promise<number>;
  /** Rows up to this number are about to be written. */
  raise(table: string, number: number): void;
  /** After a transaction that failed. */
  doubt(): void;
}

export function largestNumbers(): Largest {
  const known = new Map<string, number>();
  return {
    async of(db, table, column) {
      const before = known.get(table);
      if (before !== undefined) return before;
      const result = await db.runAndReadAll(`SELECT max(${column}) FROM ${table}`);
      // What was raised meanwhile counts too.
      const found = Math.max(Number(result.getRows()[0]?.[0] ?? 0), known.get(table) ?? 0);
      known.set(table, found);
      return found;
    },
    raise(table, number) {
      known.set(table, Math.max(known.get(table) ?? 0, number));
    },
    doubt() {
      known.clear();
    },
  };
}
