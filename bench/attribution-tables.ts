import { BIGINT, DuckDBInstance, INTEGER, UTINYINT } from '@duckdb/node-api';
import { appendColumns } from '../src/store/duckdb/chunks.ts';
import type { Data } from './attribution-data.ts';

/** Touches and conversions as tables of numbers in a file, in time order. */
export async function writeTables(file: string, data: Data): Promise<void> {
  const instance = await DuckDBInstance.create(file, { threads: '2' });
  const db = await instance.connect();
  await db.run(
    'CREATE TABLE touch (touch INTEGER, ms BIGINT, visitor INTEGER, person INTEGER, kind UTINYINT, creative INTEGER)',
  );
  await db.run('CREATE TABLE conversion (conversion INTEGER, ms BIGINT, visitor INTEGER, person INTEGER)');
  const { touchAt, touchVisitor, touchKind, conversionAt, conversionVisitor, person } = data;
  const personOf = (visitors: Uint32Array): Int32Array =>
    new Int32Array(visitors).map((visitor) => person[visitor] as number);
  await appendColumns(
    db,
    { name: 'touch' },
    [
      { type: INTEGER, values: new Int32Array(data.touch) },
      { type: BIGINT, values: touchAt, whole: true },
      { type: INTEGER, values: new Int32Array(touchVisitor) },
      { type: INTEGER, values: personOf(touchVisitor) },
      { type: UTINYINT, values: touchKind },
      { type: INTEGER, values: new Int32Array(data.creative) },
    ],
    touchAt.length,
  );
  await appendColumns(
    db,
    { name: 'conversion' },
    [
      { type: INTEGER, values: Int32Array.from(conversionAt, (_, n) => n + 1) },
      { type: BIGINT, values: conversionAt, whole: true },
      { type: INTEGER, values: new Int32Array(conversionVisitor) },
      { type: INTEGER, values: personOf(conversionVisitor) },
    ],
    conversionAt.length,
  );
  await db.run('CHECKPOINT');
  db.closeSync();
  instance.closeSync();
}
