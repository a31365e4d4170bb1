import { MINUTE } from '../../../event/time.ts';
import type { KeptTable } from './kept.ts';

/** Days begin at a whole quarter of an hour wherever people live, so that the first of each is enough for any days. */
const QUARTER = 15 * MINUTE;
/** Beyond the number of any touch: a click at the same moment came before. */
const STEP = '9007199254740992';

/**
 * Steps that people took: who, what, when first in a quarter of an hour, and the click that had brought them last. A person
 * is a hash of 64 bits: among millions, two of the same are less likely than one in a million.
 *
 * Clicks and steps stand in one order of time: of a join on times the engine expects next to nothing here, and then compares
 * each step with each click.
 */
export const CLIMB: KeptTable = {
  name: 'climb',
  sql: `SELECT who, name, happened_at AS first_at, creative, brought_at
    FROM (
      SELECT who, name, happened_at, last_value(creative IGNORE NULLS) OVER before AS creative,
        last_value(clicked_at IGNORE NULLS) OVER before AS brought_at
      FROM (
        SELECT hash(coalesce(person, event.visitor)) AS who, name, min(occurred_at) AS happened_at,
          NULL::BIGINT AS creative, NULL::BIGINT AS clicked_at, ${STEP} AS touch
        FROM event LEFT JOIN person ON person.visitor = coalesce(event.visitor, '~' || event.seq)
        WHERE NOT bot AND coalesce(person, event.visitor, '~') NOT LIKE '~%'
          AND seq NOT IN (SELECT conversion FROM conversion WHERE NOT confirmed)
        GROUP BY who, name, occurred_at // ${QUARTER}
        UNION ALL
        SELECT hash(coalesce(person, touch.visitor)), NULL, occurred_at, creative, occurred_at, touch
        FROM touch LEFT JOIN person ON person.visitor = touch.visitor WHERE kind < 2
      )
      WINDOW before AS (PARTITION BY who ORDER BY happened_at, touch ROWS UNBOUNDED PRECEDING)
    ) WHERE name IS NOT NULL ORDER BY who`,
};
