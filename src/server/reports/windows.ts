import type { WindowsAnswer } from '../../api/attribution.ts';
import { rulesOf } from '../../attribution/statement.ts';
import { TOUCH_KINDS, type TouchKind } from '../../event/fact.ts';
import type { Parsed } from '../../event/problem.ts';
import { DAY, HOUR } from '../../event/time.ts';
import type { Spec } from '../../spec/spec.ts';
import type { Statement } from '../../store/warehouse.ts';
import { LAG_HOURS, type WindowFigures } from '../../store/warehouse-reports.ts';
import { openQuery } from '../query.ts';
import { readCurrency, readNames, readSpan, SPAN_PARAMETERS, windowText } from './asked.ts';
import { daySpan, dayText } from './day-span.ts';
import { bandReach, wilson } from './evidence.ts';
import { earnedAnswer } from './money.ts';
import type { AttributionSource } from './source.ts';
import { standing, standOf, statementAnswer } from './statement.ts';
import { windowsSay } from './windows-say.ts';

type Window = Record<TouchKind, number>;

/** Windows that TikTok lets one choose; the spec's are looked at too. */
const CHOICES: Readonly<Record<TouchKind, readonly number[]>> = {
  click: [DAY, 7 * DAY, 14 * DAY, 28 * DAY],
  engagedView: [DAY, 7 * DAY],
  view: [0, DAY, 7 * DAY],
};

/** Ages that the curve is told at: every hour of two days, then every six hours. */
const CURVE_HOURS = Array.from({ length: LAG_HOURS + 1 }, (_, hour) => hour).filter(
  (hour) => hour <= 48 || hour % 6 === 0,
);
const RANKS_MAX = 20;

export interface WindowsRead {
  first: number;
  last: number;
  name: string[];
  currency: string;
}

export function readWindowsAsked(query: URLSearchParams, spec: Spec, now: number): Parsed<WindowsRead> {
  const read = openQuery(query, [...SPAN_PARAMETERS, 'name', 'currency'], 512);
  const span = readSpan(read, rulesOf(spec).timezone, now);
  const name = readNames(read, 'name');
  const currency = readCurrency(read, spec.business.currency);
  if (read.problems.length > 0 || !span) return { ok: false, problems: read.problems };
  return { ok: true, value: { ...span, name, currency } };
}

/** What each window credits, side by side, and what that is evidence for. */
export async function windowsAnswer(
  source: AttributionSource,
  asked: WindowsRead,
): Promise<Omit<WindowsAnswer, 'markers'>> {
  const statement = await standing(source);
  const { precedence, windows: spec } = statement;
  const all = combinations(spec);
  const figures = await source.reports.windows({
    days: daySpan(statement.timezone, asked.first, asked.last),
    ...{ names: asked.name, currency: asked.currency, precedence, windows: all },
  });
  const shown = shownOf(all, figures, statement);
  const windows = windowAnswers(all, shown, figures, spec, asked.currency);
  const lag = lagAnswer(figures);
  const ranks = ranksOf(figures, shown);
  return {
    ...standOf({ ...statement, asOf: figures.asOf }),
    statement: statementAnswer(statement),
    ...{ from: dayText(asked.first), to: dayText(asked.last), name: asked.name, currency: asked.currency },
    ...{ conversions: figures.conversions, windows, lag, ranks },
    says: windowsSay({
      windows,
      lag,
      ranks,
      count: statement.count,
      model: statement.model,
      conversions: figures.conversions,
    }),
  };
}

/** All windows that can be chosen, the shortest first; the spec's among them. */
function combinations(spec: Window): Window[] {
  const choices = (kind: TouchKind): number[] => [...new Set([...CHOICES[kind], spec[kind]])].sort((a, b) => a - b);
  return choices('click').flatMap((click) =>
    choices('engagedView').flatMap((engagedView) => choices('view').map((view) => ({ click, engagedView, view }))),
  );
}

/** Windows of a kind that no conversion had a touch of, or that never earns, would only repeat each other. */
function shownOf(all: readonly Window[], { lag }: WindowFigures, { windows: spec, precedence }: Statement): number[] {
  const still = TOUCH_KINDS.filter(
    (kind) => !precedence.includes(kind) || !lag.some((one) => one.kind === kind && one.conversions > 0),
  );
  const fixed = still.length === TOUCH_KINDS.length ? still.filter((kind) => kind !== 'click') : still;
  return all.flatMap((window, place) => (fixed.every((kind) => window[kind] === spec[kind]) ? [place] : []));
}

function windowAnswers(
  all: readonly Window[],
  shown: readonly number[],
  figures: WindowFigures,
  spec: Window,
  currency: string,
): WindowsAnswer['windows'] {
  const credited = (place: number): number => {
    const sums = figures.windows[place];
    return sums ? sums.earned.conversions + sums.views.conversions : 0;
  };
  const widest = shown.at(-1) as number;
  const most = credited(widest);
  return shown.flatMap((place) => {
    const [window, sums] = [all[place], figures.windows[place]];
    if (!window || !sums) return [];
    const lost = most - credited(place);
    return {
      click: windowText(window.click),
      engagedView: windowText(window.engagedView),
      view: windowText(window.view),
      standing: TOUCH_KINDS.every((kind) => window[kind] === spec[kind]),
      widest: place === widest,
      earned: earnedAnswer(sums.earned, currency),
      views: earnedAnswer(sums.views, currency),
      lost: { conversions: lost, share: most === 0 ? 0 : lost / most, ...wilson(lost, most) },
    };
  });
}

function lagAnswer({ lag }: WindowFigures): WindowsAnswer['lag'] {
  return lag.flatMap(({ kind, conversions, byHour }) => {
    if (conversions === 0) return [];
    const reach = bandReach(conversions);
    const points = CURVE_HOURS.map((hour) => {
      const share = (byHour[hour] ?? 0) / conversions;
      return { ageMs: hour * HOUR, share, low: Math.max(0, share - reach), high: Math.min(1, share + reach) };
    });
    return { kind, conversions, points };
  });
}

/** Campaigns that stand at another place somewhere, the largest first. */
function ranksOf({ campaigns }: WindowFigures, shown: readonly number[]): WindowsAnswer['ranks'] {
  const places = campaigns.map(() => new Array<number | null>(shown.length).fill(null));
  for (const [column, window] of shown.entries()) {
    const earning = campaigns
      .map(({ key, sums }, place) => ({ place, key, ...(sums[window] ?? { conversions: 0, minor: 0n }) }))
      .filter(({ conversions }) => conversions > 0)
      .sort((a, b) => compare(b.minor, a.minor) || b.conversions - a.conversions || (a.key < b.key ? -1 : 1));
    for (const [rank, { place }] of earning.entries()) (places[place] as (number | null)[])[column] = rank + 1;
  }
  return campaigns
    .map((campaign, place) => ({ campaign, places: places[place] as (number | null)[] }))
    .filter(({ places: own }) => new Set(own).size > 1)
    .sort((a, b) => best(a.places) - best(b.places))
    .slice(0, RANKS_MAX)
    .map(({ campaign, places: own }) => ({
      ...{ key: campaign.key, name: campaign.name, channel: campaign.channel, places: own },
      isClear: campaigns.some((other) => changesClearly(campaign, other, shown)),
    }));
}

/** Is one more often credited than the other in some window and less often in another, and neither by chance? */
function changesClearly(one: Campaign, other: Campaign, shown: readonly number[]): boolean {
  let [above, below] = [false, false];
  for (const window of shown) {
    const [mine, theirs] = [one.sums[window]?.conversions ?? 0, other.sums[window]?.conversions ?? 0];
    const { low, high } = wilson(mine, mine + theirs);
    above ||= low > 0.5;
    below ||= high < 0.5;
  }
  return above && below;
}

type Campaign = WindowFigures['campaigns'][number];

function best(places: readonly (number | null)[]): number {
  return Math.min(...places.map((place) => place ?? Number.POSITIVE_INFINITY));
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
