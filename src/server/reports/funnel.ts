import type { FunnelAnswer, FunnelRow } from '../../api/attribution.ts';
import { rulesOf } from '../../attribution/statement.ts';
import type { Parsed } from '../../event/problem.ts';
import { DAY } from '../../event/time.ts';
import type { Spec } from '../../spec/spec.ts';
import { type FunnelLine, type Narrowed, REPORT_LEVELS, type ReportLevel } from '../../store/warehouse-reports.ts';
import { openQuery } from '../query.ts';
import { LINE_PARAMETERS, oneOf, readNames, readNarrowed, readSpan, SPAN_PARAMETERS } from './asked.ts';
import { daySpan, dayText } from './day-span.ts';
import { wilson } from './evidence.ts';
import { lineName } from './money.ts';
import type { AttributionSource } from './source.ts';
import { standing, standOf } from './statement.ts';

const STEPS_MAX = 8;
/** How old the click may be that brought a visitor to the first step: TikTok’s longest window. */
const REACH = 28 * DAY;

export interface FunnelRead {
  first: number;
  last: number;
  by: ReportLevel;
  steps: string[];
  narrowed: Narrowed;
}

export function readFunnelAsked(query: URLSearchParams, spec: Spec, now: number): Parsed<FunnelRead> {
  const read = openQuery(query, [...SPAN_PARAMETERS, 'by', 'steps', ...LINE_PARAMETERS], 512);
  const span = readSpan(read, rulesOf(spec).timezone, now);
  const by = oneOf(read, 'by', REPORT_LEVELS, 'campaign');
  const told = readNames(read, 'steps');
  const narrowed = readNarrowed(read, query);
  if (told.length === 1 || told.length > STEPS_MAX)
    read.problems.push({
      ...{ code: 'query_steps', where: 'steps', what: `these are ${told.length} steps` },
      fix: `name 2 to ${STEPS_MAX} events with commas between them, the first step first`,
    });
  if (read.problems.length > 0 || !span) return { ok: false, problems: read.problems };
  return { ok: true, value: { ...span, by, narrowed, steps: told.length > 0 ? told : ladderOf(spec) } };
}

/** The events of the spec from top to bottom; where it has too few, those of its leads. */
function ladderOf({ events, leads }: Spec): string[] {
  const names = Object.keys(events);
  return (names.length > 1 ? names : [...new Set([...names, ...Object.values(leads.events)])]).slice(0, STEPS_MAX);
}

/** How many people climb the ladder, by what brought them. */
export async function funnelAnswer(
  source: AttributionSource,
  read: FunnelRead,
): Promise<Omit<FunnelAnswer, 'markers'>> {
  const statement = await standing(source);
  const { by, narrowed, steps } = read;
  const figures = await source.reports.funnel({
    days: daySpan(statement.timezone, read.first, read.last),
    ...{ by, narrowed, steps, reach: REACH },
  });
  return {
    ...standOf({ ...statement, asOf: figures.asOf }),
    ...{ from: dayText(read.first), to: dayText(read.last), by, steps },
    total: { key: '', name: '', channel: '', of: narrowed, steps: rungs(figures.total) },
    rows: figures.lines.map(
      (line): FunnelRow => ({
        ...{ key: line.key, name: lineName(line), channel: line.channel, of: line.of },
        steps: rungs(line.steps),
      }),
    ),
    more: figures.more,
  };
}

function rungs(steps: FunnelLine['steps']): FunnelRow['steps'] {
  return steps.map(({ visitors, medianMs }, n) => {
    const before = steps[n - 1]?.visitors;
    if (before === undefined) return { visitors, rate: null, low: null, high: null, dropped: null, medianMs: null };
    return {
      ...{ visitors, medianMs, dropped: before - visitors },
      ...(before === 0
        ? { rate: null, low: null, high: null }
        : { rate: visitors / before, ...wilson(visitors, before) }),
    };
  });
}
