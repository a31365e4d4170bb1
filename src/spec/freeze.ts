import { durationText } from '../event/time.ts';
import type { Spec } from './spec.ts';

/** A part that another spec says differently; both values as people write them. */
export interface FrozenChange {
  path: string;
  was: string;
  becomes: string;
}

/** Is a freeze of this spec in force at `at`, UTC ms? Its days begin in the business's time zone. */
export function isFrozen({ freeze, business }: Pick<Spec, 'freeze' | 'business'>, at: number): boolean {
  return freeze !== null && dateIn(business.timezone, at) < freeze.until;
}

/**
 * What `next` would change of that which `active` keeps as it is at `at`, UTC ms. To end or shorten a freeze, to take a
 * part out of it, or to move the time zone that its days begin in, is such a change too.
 */
export function frozenChanges(active: Spec, next: Spec, at: number): FrozenChange[] {
  const { freeze } = active;
  if (!freeze || !isFrozen(active, at)) return [];
  const changes = new Map<string, FrozenChange>();
  const note = (found: FrozenChange[]): void => {
    for (const change of found) changes.set(change.path, change);
  };
  for (const what of [...freeze.what, 'business.timezone'])
    note(differences(what.split('.'), valueAt(active, what), valueAt(next, what)));
  note(loosened(freeze, next.freeze));
  return [...changes.values()];
}

/** Everything that `next` says differently, in the order of the spec; what it keeps frozen is not among it. */
export function specChanges(was: Spec, next: Spec): FrozenChange[] {
  const said = ({ version: _, hash: __, freeze: ___, ...spec }: Spec): object => spec;
  return differences([], said(was), said(next));
}

/** `attribution.click: was 7d, becomes 1d` */
export function changeText({ path, was, becomes }: FrozenChange): string {
  return `${path}: was ${was}, becomes ${becomes}`;
}

type Freeze = NonNullable<Spec['freeze']>;

function loosened(was: Freeze, becomes: Spec['freeze']): FrozenChange[] {
  if (becomes === null) return [{ path: 'freeze', was: `until ${was.until}`, becomes: 'nothing' }];
  const lost = was.what.filter((what) => !becomes.what.some((wider) => what === wider || what.startsWith(`${wider}.`)));
  return [
    ...(becomes.until < was.until ? [{ path: 'freeze.until', was: was.until, becomes: becomes.until }] : []),
    ...(lost.length > 0 ? [{ path: 'freeze.what', was: was.what.join(', '), becomes: becomes.what.join(', ') }] : []),
  ];
}

function valueAt(spec: Spec, path: string): unknown {
  let value: unknown = spec;
  for (const name of path.split('.')) value = fieldOf(value, name);
  return value;
}

function fieldOf(value: unknown, name: string): unknown {
  return isMap(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** The innermost fields that differ. Lists are compared whole: their order says something. */
function differences(path: readonly string[], was: unknown, becomes: unknown): FrozenChange[] {
  if (isMap(was) && isMap(becomes))
    return [...new Set([...Object.keys(was), ...Object.keys(becomes)])].flatMap((name) =>
      differences([...path, name], fieldOf(was, name), fieldOf(becomes, name)),
    );
  if (JSON.stringify(was) === JSON.stringify(becomes)) return [];
  return [{ path: path.join('.'), was: valueText(path, was), becomes: valueText(path, becomes) }];
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Numbers in these fields are milliseconds. */
const DURATIONS = new Set(
  'click engagedView view pairWithin within confirmWithin delay linger firstRetry ceiling giveUp merge drop keep warnAge maxAge clockTolerance personal journal'.split(
    ' ',
  ),
);

function valueText(path: readonly string[], value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') return shortened(value);
  if (typeof value === 'number' && path[0] !== 'viewThrough' && DURATIONS.has(path.at(-1) ?? ''))
    return durationText(value);
  return shortened(JSON.stringify(value));
}

const VALUE_CHARS_MAX = 200;

function shortened(text: string): string {
  return text.length <= VALUE_CHARS_MAX ? text : `${text.slice(0, VALUE_CHARS_MAX - 1)}…`;
}

/** `2026-12-15`, as the day is called there at that moment. */
function dateIn(timezone: string, at: number): string {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    ...{ year: 'numeric', month: '2-digit', day: '2-digit' },
  }).formatToParts(at);
  const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? '';
  return `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}`;
}
