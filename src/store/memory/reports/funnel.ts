import type { TouchFact } from '../../../event/fact.ts';
import { creativeNumber } from '../../creative.ts';
import { type FunnelAsked, type FunnelFigures, type FunnelLine, REPORT_LINES_MAX } from '../../warehouse-reports.ts';
import type { WarehouseRows } from '../warehouse-rows.ts';
import { asOfRows, creativesOf, isWithin, lineOf, type NamedCreative, placeOf } from './lines.ts';

interface Climber {
  creative: NamedCreative | undefined;
  /** when each step was first taken */
  steps: (number | undefined)[];
}

/** The ladder, one person at a time. */
export function funnelFigures(rows: WarehouseRows, asked: FunnelAsked): FunnelFigures {
  const climbers = climbersOf(rows, asked);
  const groups = Map.groupBy(climbers, ({ creative }) => JSON.stringify(creative ? placeOf(creative, asked.by) : null));
  const lines = [...groups.values()].map((group): FunnelLine => {
    const known = group.flatMap(({ creative }) => creative ?? []);
    const line =
      known.length > 0
        ? lineOf(known, asked.by)
        : {
            ...{ key: '', channel: '', names: { campaign: null, adgroup: null, ad: null } },
            of: asked.by === 'channel' ? { channel: '' } : { channel: '', [asked.by]: '' },
          };
    return { ...line, steps: rungs(group, asked) };
  });
  const name = ({ channel, key, of }: FunnelLine): string =>
    [channel, key, of.campaign ?? '', of.adgroup ?? ''].join('\0');
  lines.sort((a, b) => (b.steps[0]?.visitors ?? 0) - (a.steps[0]?.visitors ?? 0) || (name(a) < name(b) ? -1 : 1));
  return {
    total: rungs(climbers, asked),
    lines: lines.slice(0, REPORT_LINES_MAX),
    more: Math.max(0, lines.length - REPORT_LINES_MAX),
    asOf: asOfRows(rows),
  };
}

function climbersOf(rows: WarehouseRows, { days, steps, narrowed, reach }: FunnelAsked): Climber[] {
  const from = days.starts[0] ?? days.end;
  const personOf = (visitor: string): string => rows.people.get({ visitor })?.person ?? visitor;
  const events = rows.events.all().filter((event) => {
    const person = personOf(event.visitor ?? `~${event.seq}`);
    const isTaken = event.occurredAt >= from && event.occurredAt < days.end && steps.includes(event.name);
    const conversion = rows.conversions.get({ conversion: event.seq });
    return isTaken && !event.bot && conversion?.confirmed !== false && !person.startsWith('~');
  });
  const touches = Map.groupBy(
    rows.touches.all().filter(({ kind }) => kind !== 'view'),
    ({ visitor }) => personOf(visitor),
  );
  const creatives = creativesOf(rows.touches.all());
  const climbers: Climber[] = [];
  for (const [person, taken] of Map.groupBy(events, ({ visitor, seq }) => personOf(visitor ?? `~${seq}`))) {
    const first = Math.min(...taken.map(({ occurredAt }) => occurredAt));
    const touch = (touches.get(person) ?? [])
      .filter(({ occurredAt }) => occurredAt <= first && occurredAt >= first - reach)
      .sort(inTime)
      .at(-1);
    const creative = touch && creatives.get(creativeNumber(touch));
    if (Object.keys(narrowed).length > 0 && !(creative && isWithin(creative, narrowed))) continue;
    const times = (name: string): number[] =>
      taken.filter((event) => event.name === name).map(({ occurredAt }) => occurredAt);
    climbers.push({
      creative,
      steps: steps.map((name) => (times(name).length === 0 ? undefined : Math.min(...times(name)))),
    });
  }
  return climbers;
}

function rungs(climbers: readonly Climber[], { steps }: FunnelAsked): FunnelLine['steps'] {
  return steps.map((_, n) => {
    const waits = climbers.flatMap(({ steps: times }) => {
      const [before, at] = [times[n - 1], times[n]];
      return before !== undefined && at !== undefined && at >= before ? [at - before] : [];
    });
    return {
      visitors: climbers.filter(({ steps: times }) => times.some((time, step) => step >= n && time !== undefined))
        .length,
      medianMs: n === 0 || waits.length === 0 ? null : median(waits),
    };
  });
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] as number) + (sorted[Math.ceil(middle)] as number)) / 2;
}

function inTime(a: TouchFact, b: TouchFact): number {
  return a.occurredAt - b.occurredAt || a.touch - b.touch;
}
