import type { DispatchRow } from '../event/dispatch.ts';
import type { EventRow } from '../event/event.ts';
import type { DifferenceRow } from '../event/finding.ts';

/**
 * Where the page's copy and ours say different things, in words. The api leg repeats what the pixel was told; they part
 * only where ours had left before the page spoke. The legs of a guarded event are equal by construction.
 */
export function legsDiffer(
  event: EventRow,
  legs: readonly DispatchRow[],
  differences: readonly DifferenceRow[],
  guarded: boolean,
): string[] {
  const page = event.observations.find((one) => one.door === 'browser');
  const fired = legs.some((leg) => leg.leg === 'pixel' && leg.copyAt !== undefined);
  if (guarded || !page || !fired) return [];
  const says = differences.flatMap((row) => {
    // A page fires once, so what its later words say was in no copy.
    const pixel = row.seq === page.seq ? row.told : row.decidedBy === 'browser' ? row.kept : undefined;
    const api = apiWord(event, row);
    if (pixel === undefined || api === undefined || pixel === api) return [];
    return [`The pixel carried ${row.field} ${pixel}, the api leg carries ${api}.`];
  });
  return [...new Set(says)];
}

/** What the api leg says of the field; undefined where that can't be compared as text. */
function apiWord(event: EventRow, { field, kept }: DifferenceRow): string | undefined {
  if (field === 'value' || field === 'currency') {
    // A converted value differs in its figures, not in what it says.
    const sent = event.rate ? undefined : event.sendValue === undefined ? event.value : event.sendValue;
    return field === 'value' ? (sent ?? undefined) : sent?.split(' ')[1];
  }
  const own = event.properties[field];
  if (typeof own === 'string' || typeof own === 'number') return String(own);
  // Lists are told in the words of the difference; once a copy is out, the kept one is what it carries.
  return kept;
}
