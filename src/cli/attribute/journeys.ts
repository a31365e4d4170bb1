import type { DuckDBConnection } from '@duckdb/node-api';
import type { Conversion, Journey, Touch } from '../../attribution/journey.ts';
import { TOUCH_KINDS } from '../../event/fact.ts';

/** What a conversion is worth: whole units of 10^-6, so that no amount of a file loses a digit. */
export interface Worth {
  micro: bigint;
  currency: string;
}

export interface PersonJourney extends Journey {
  person: string;
  conversions: (Conversion & { worth?: Worth })[];
}

/**
 * The journeys of all people, one after the other; a touch without an id is called by its row. `converting` leaves out
 * who never converted.
 */
export async function* journeys(db: DuckDBConnection, converting: boolean): AsyncGenerator<PersonJourney> {
  const rows = await db.stream(
    `SELECT person, converts, ms, kind, channel, id, n, CAST(value * 1000000 AS HUGEINT), currency FROM (
      SELECT person, false AS converts, ms, kind, channel, id, n, NULL AS value, '' AS currency FROM touch
      ${converting ? 'WHERE person IN (SELECT person FROM conversion)' : ''}
      UNION ALL
      SELECT person, true AS converts, ms, 0 AS kind, name AS channel, id, n, value, currency FROM conversion
    ) ORDER BY person, converts, ms, n`,
  );
  let now: { person: string; touches: Touch[]; conversions: PersonJourney['conversions'] } | undefined;
  for (;;) {
    const chunk = await rows.fetchChunk();
    if (!chunk || chunk.rowCount === 0) break;
    for (const row of chunk.getRows()) {
      const person = String(row[0]);
      if (now?.person !== person) {
        if (now) yield now;
        now = { person, touches: [], conversions: [] };
      }
      const at = Number(row[2]);
      const named = row[5] === null ? undefined : String(row[5]);
      if (row[1] === false)
        now.touches.push({
          id: named ?? `touch-${String(row[6])}`,
          at,
          kind: TOUCH_KINDS[Number(row[3])] ?? 'click',
          channel: String(row[4]),
        });
      else
        now.conversions.push({
          id: named ?? `conversion-${String(row[6])}`,
          at,
          name: String(row[4]),
          ...(typeof row[7] === 'bigint' ? { worth: { micro: row[7], currency: String(row[8]) } } : {}),
        });
    }
  }
  if (now) yield now;
}
