import type { MarkerAnswer } from '../../api/attribution.ts';
import { changeText, specChanges } from '../../spec/freeze.ts';
import type { Spec } from '../../spec/spec.ts';
import { dayNumber, dayText, readDay } from './day-span.ts';

/** A change names at most so many parts. */
const PARTS_MAX = 20;

/** A version of the spec, and when it became active, UTC ms. */
export interface ActiveSpec {
  spec: Spec;
  activatedAt: number;
  /** why it changed what was frozen */
  because?: string;
}

/** What became of the rules between two days, both included; `versions` are all there are, oldest first. */
export function markersOf(
  versions: readonly ActiveSpec[],
  { first, last, timezone }: { first: number; last: number; timezone: string },
): MarkerAnswer[] {
  const markers = versions.flatMap((active, place) => {
    const { version } = active.spec;
    const day = dayNumber(timezone, active.activatedAt);
    const activated = { day, what: 'activated' as const, version, says: changesSay(active, versions[place - 1]?.spec) };
    const next = versions[place + 1];
    const end = freezeEnd(active.spec);
    // A freeze that the next version tells again, or has shortened, ends with that one.
    const ends = end !== undefined && end >= day && !(next && dayNumber(timezone, next.activatedAt) < end);
    const says = [`What it kept may change again: ${active.spec.freeze?.what.join(', ')}`];
    return [activated, ...(ends ? [{ day: end, what: 'freezeEnds' as const, version, says }] : [])];
  });
  return markers
    .filter(({ day }) => first <= day && day <= last)
    .sort((a, b) => a.day - b.day || a.version - b.version)
    .map((marker) => ({ ...marker, day: dayText(marker.day) }));
}

function freezeEnd({ freeze }: Spec): number | undefined {
  return freeze ? readDay(freeze.until) : undefined;
}

function changesSay({ spec, because }: ActiveSpec, before: Spec | undefined): string[] {
  const changes = before ? specChanges(before, spec).map(changeText) : ['The first spec'];
  const more = changes.length - PARTS_MAX;
  return [
    ...(because === undefined ? [] : [`Frozen parts were changed, because: ${because}`]),
    ...freezeSays(before?.freeze ?? null, spec.freeze),
    ...changes.slice(0, PARTS_MAX),
    ...(more > 0 ? [`${more} more parts`] : []),
  ];
}

function freezeSays(was: Spec['freeze'], is: Spec['freeze']): string[] {
  if (JSON.stringify(was) === JSON.stringify(is)) return [];
  return is ? [`Frozen until ${is.until}: ${is.what.join(', ')} (${is.because})`] : ['Nothing is frozen any more'];
}
