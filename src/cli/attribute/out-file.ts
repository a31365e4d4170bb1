import type { DuckDBConnection } from '@duckdb/node-api';
import { amountText, type EarnedRow } from './earned.ts';
import { literal } from './table-source.ts';

/** Formats of a file of credits, by the end of its name. */
const OUT_FORMATS: Readonly<Record<string, string>> = {
  csv: 'FORMAT csv, HEADER true',
  parquet: 'FORMAT parquet, COMPRESSION zstd',
  jsonl: 'FORMAT json',
  ndjson: 'FORMAT json',
};

export function outFormat(file: string): string | undefined {
  return OUT_FORMATS[/\.([a-z]+)(?:\.gz)?$/.exec(file)?.[1] ?? ''];
}

/** Takes credits one by one, and writes them all to a file at the end. */
export async function openOutFile(db: DuckDBConnection, how: { model: string; windows: string; decimals: number }) {
  await db.run(
    `CREATE TABLE credit (person VARCHAR, conversion VARCHAR, name VARCHAR, converted_at BIGINT, touch VARCHAR, touched_at BIGINT,
      channel VARCHAR, kind VARCHAR, share DOUBLE, value VARCHAR, currency VARCHAR, why VARCHAR)`,
  );
  const appender = await db.createAppender('credit');
  const text = (value: string | undefined): void =>
    value === undefined ? appender.appendNull() : appender.appendVarchar(value);
  let rows = 0;
  return {
    add(row: EarnedRow): void {
      text(row.person);
      text(row.conversion);
      text(row.name);
      appender.appendBigInt(BigInt(row.convertedAt));
      text(row.touch);
      if (row.touchedAt === undefined) appender.appendNull();
      else appender.appendBigInt(BigInt(row.touchedAt));
      text(row.why === undefined ? row.channel : undefined);
      text(row.kind);
      appender.appendDouble(row.why === undefined ? row.share : 0);
      text(amountText(row.minor, row.currency, how.decimals));
      text(row.currency === '' ? undefined : row.currency);
      text(row.why);
      appender.endRow();
      if (++rows % 10_000 === 0) appender.flushSync();
    },
    /** Times are written as UTC, and each row says how it was computed. */
    async write(file: string, format: string): Promise<void> {
      appender.closeSync();
      await db.run(
        `COPY (SELECT person, conversion, name, make_timestamp(converted_at * 1000) AS converted_at, touch,
          make_timestamp(touched_at * 1000) AS touched_at, channel, kind, share, value, currency, why,
          ${literal(how.model)} AS model, ${literal(how.windows)} AS windows FROM credit)
        TO ${literal(file)} (${format})`,
      );
    },
  };
}
