import { BIGINT, type DuckDBConnection, INTEGER, UTINYINT } from '@duckdb/node-api';
import { Days } from '../../event/days.ts';
import { TOUCH_KINDS, type TouchFact } from '../../event/fact.ts';
import { MINUTE } from '../../event/time.ts';
import { appendColumns, itemsOf } from './chunks.ts';
import { choose, rangeOf } from './numbers.ts';

/** Days begin at a whole quarter of an hour wherever people live. */
const QUARTER = 15 * MINUTE;

const SAME = 't.day = s.day AND t.creative = s.creative AND t.kind = s.kind';

/** The time zone whose days touches are counted by: that of the standing statement; undefined while none stands. */
async function zoneOf(db: DuckDBConnection): Promise<string | undefined> {
  const rows = await db.runAndReadAll("SELECT arg_max(timezone, statement) FROM statement WHERE role = 'standing'");
  return (rows.getRows()[0]?.[0] as string | null | undefined) ?? undefined;
}

/** Keeps the count of touches by day in step with what else a transaction writes. */
export interface DayCounter {
  /** What counts in the transaction that is under way; undefined while no statement says whose days. */
  counts(db: DuckDBConnection): Promise<TouchDays | undefined>;
  /** Does work after which another statement may stand; where days are others then, all touches are counted anew. */
  around(db: DuckDBConnection, work: () => Promise<void>): Promise<void>;
  /** After a transaction that failed: what was thought of the tables is looked at anew. */
  doubt(): void;
}

export function dayCounter(): DayCounter {
  let standing: { zone: string | undefined; days: Days | undefined } | undefined;

  async function current(db: DuckDBConnection): Promise<{ zone: string | undefined; days: Days | undefined }> {
    const zone = await zoneOf(db);
    return { zone, days: zone === undefined ? undefined : new Days(zone) };
  }

  return {
    async counts(db) {
      standing ??= await current(db);
      return standing.days && new TouchDays(db, standing.days);
    },
    async around(db, work) {
      const before = standing ?? (await current(db));
      await work();
      standing = await current(db);
      if (before.zone === standing.zone) return;
      await db.run('DELETE FROM touch_day');
      if (standing.days) await countAll(db, standing.days);
    },
    doubt() {
      standing = undefined;
    },
  };
}

/** How many touches there are of each day, creative and kind: what is written and what goes is added and taken away. */
class TouchDays {
  readonly #db: DuckDBConnection;
  readonly #days: Days;
  /** by day and kind, then by creative */
  readonly #counts = new Map<number, Map<number, number>>();

  constructor(db: DuckDBConnection, days: Days) {
    this.#db = db;
    this.#days = days;
  }

  added(touches: readonly TouchFact[], creatives: Float64Array): void {
    for (const [n, { occurredAt, kind }] of touches.entries())
      this.#count(occurredAt, TOUCH_KINDS.indexOf(kind), creatives[n] as number, 1);
  }

  /** Call it before these numbers go or are replaced; some of them may not be there. */
  async gone(touches: readonly number[]): Promise<void> {
    if (touches.length === 0) return;
    await choose(this.#db, touches);
    const [least, most] = rangeOf(touches);
    const result = await this.#db.run(
      `SELECT CAST(occurred_at AS DOUBLE), kind, CAST(creative AS DOUBLE) FROM touch
      WHERE touch BETWEEN ${least} AND ${most} AND touch IN (SELECT n FROM chosen)`,
    );
    for (const chunk of await result.fetchAllChunks()) {
      const [at, kind, creative] = [0, 1, 2].map((n) => itemsOf(chunk.getColumnVector(n)) as Float64Array);
      for (let n = 0; n < chunk.rowCount; n++) this.#count(at?.[n] ?? 0, kind?.[n] ?? 0, creative?.[n] ?? 0, -1);
    }
  }

  async write(): Promise<void> {
    const db = this.#db;
    const changed = [...this.#counts].flatMap(([key, creatives]) =>
      [...creatives].flatMap(([creative, touches]) =>
        touches === 0 ? [] : [{ day: Math.floor(key / 4), kind: key & 3, creative, touches }],
      ),
    );
    this.#counts.clear();
    if (changed.length === 0) return;
    await appendColumns(
      db,
      { name: 'stage_touch_day', catalog: 'temp' },
      [
        { type: INTEGER, values: Int32Array.from(changed, ({ day }) => day) },
        { type: BIGINT, values: Float64Array.from(changed, ({ creative }) => creative), whole: true },
        { type: UTINYINT, values: Uint8Array.from(changed, ({ kind }) => kind) },
        { type: INTEGER, values: Int32Array.from(changed, ({ touches }) => touches) },
      ],
      changed.length,
    );
    const days = changed.map(({ day }) => day);
    const within = `t.day BETWEEN ${Math.min(...days)} AND ${Math.max(...days)}`;
    await db.run(
      `UPDATE touch_day AS t SET touches = t.touches + s.touches FROM stage_touch_day AS s WHERE ${within} AND ${SAME}`,
    );
    await db.run('INSERT INTO touch_day FROM stage_touch_day ANTI JOIN touch_day USING (day, creative, kind)');
    if (changed.some(({ touches }) => touches < 0))
      await db.run(`DELETE FROM touch_day AS t WHERE ${within} AND touches = 0`);
    await db.run('DELETE FROM stage_touch_day');
  }

  #count(at: number, kind: number, creative: number, touches: number): void {
    const key = this.#days.of(Math.floor(at / QUARTER) * QUARTER) * 4 + kind;
    let creatives = this.#counts.get(key);
    if (!creatives) {
      creatives = new Map();
      this.#counts.set(key, creatives);
    }
    creatives.set(creative, (creatives.get(creative) ?? 0) + touches);
  }
}

async function countAll(db: DuckDBConnection, days: Days): Promise<void> {
  const result = await db.run(`SELECT DISTINCT CAST(occurred_at // ${QUARTER} AS DOUBLE) FROM touch`);
  const quarters = (await result.fetchAllChunks()).flatMap((chunk) => [
    ...(itemsOf(chunk.getColumnVector(0)) as Float64Array).subarray(0, chunk.rowCount),
  ]);
  await db.run('CREATE OR REPLACE TEMP TABLE quarter_day (quarter BIGINT NOT NULL, day INTEGER NOT NULL)');
  await appendColumns(
    db,
    { name: 'quarter_day', catalog: 'temp' },
    [
      { type: BIGINT, values: Float64Array.from(quarters), whole: true },
      { type: INTEGER, values: Int32Array.from(quarters, (quarter) => days.of(quarter * QUARTER)) },
    ],
    quarters.length,
  );
  await db.run(
    `INSERT INTO touch_day SELECT day, creative, kind, count(*) FROM touch
    JOIN quarter_day ON quarter = occurred_at // ${QUARTER} GROUP BY ALL ORDER BY ALL`,
  );
  await db.run('DROP TABLE quarter_day');
}
