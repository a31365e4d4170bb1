import type { Creative, TouchFact } from '../../../event/fact.ts';
import { creativeNumber } from '../../creative.ts';
import { type Narrowed, REPORT_LEVELS, type ReportLevel, type ReportLine } from '../../warehouse-reports.ts';
import type { WarehouseRows } from '../warehouse-rows.ts';

/** A creative with the names that its touches tell: those of the touch with most names, then of the newest. */
export interface NamedCreative extends Creative {
  namedAt: number;
}

export function creativesOf(touches: readonly TouchFact[]): Map<number, NamedCreative> {
  const namers = new Map<number, TouchFact>();
  const names = ({ campaign, adgroup, ad }: TouchFact): number =>
    [campaign, adgroup, ad].filter((name) => name !== null).length;
  for (const touch of touches) {
    const number = creativeNumber(touch);
    const before = namers.get(number);
    const order = before
      ? names(touch) - names(before) || touch.occurredAt - before.occurredAt || touch.touch - before.touch
      : 1;
    if (order > 0) namers.set(number, touch);
  }
  return new Map([...namers].map(([number, touch]) => [number, { ...touch, namedAt: touch.occurredAt }]));
}

/** What a line of each level is known by. */
function keysOf(creative: Creative): Record<ReportLevel, string> {
  return {
    channel: creative.channel,
    campaign: creative.campaignId ?? creative.campaign ?? '',
    adgroup: creative.adgroupId ?? creative.adgroup ?? '',
    ad: creative.adId ?? creative.ad ?? '',
  };
}

export function isWithin(creative: Creative, narrowed: Narrowed): boolean {
  const keys = keysOf(creative);
  return REPORT_LEVELS.every((level) => narrowed[level] === undefined || narrowed[level] === keys[level]);
}

/** The line of a creative at a level: a name without an id says something only within what is above it. */
export function placeOf(creative: Creative, level: ReportLevel): ReportLine['of'] {
  const keys = keysOf(creative);
  const id = { channel: '', campaign: creative.campaignId, adgroup: creative.adgroupId, ad: creative.adId }[level];
  const above = REPORT_LEVELS.slice(1, REPORT_LEVELS.indexOf(level));
  return {
    channel: keys.channel,
    ...(id === null ? Object.fromEntries(above.flatMap((one) => (keys[one] === '' ? [] : [[one, keys[one]]]))) : {}),
    ...(level === 'channel' ? {} : { [level]: keys[level] }),
  };
}

/** Lines of these creatives, by what makes two of them one. */
export function linesOf(
  creatives: Iterable<NamedCreative>,
  level: ReportLevel,
): Map<string, { line: ReportLine; creatives: NamedCreative[] }> {
  const groups = Map.groupBy(creatives, (creative) => JSON.stringify(placeOf(creative, level)));
  return new Map([...groups].map(([text, all]) => [text, { line: lineOf(all, level), creatives: all }]));
}

export function lineOf(creatives: readonly NamedCreative[], level: ReportLevel): ReportLine {
  const [first] = creatives as [NamedCreative];
  const newest = (field: 'campaign' | 'adgroup' | 'ad'): string | null =>
    REPORT_LEVELS.indexOf(field) > REPORT_LEVELS.indexOf(level)
      ? null
      : (creatives
          .flatMap((one) => (one[field] === null ? [] : { at: one.namedAt, name: one[field] }))
          .sort((a, b) => b.at - a.at || (a.name < b.name ? 1 : -1))
          .map(({ name }) => name)[0] ?? null);
  return {
    ...{ key: keysOf(first)[level], channel: first.channel, of: placeOf(first, level) },
    names: { campaign: newest('campaign'), adgroup: newest('adgroup'), ad: newest('ad') },
  };
}

/** What the rows know: UTC ms of the newest record in the standing statement, 0 before there is one. */
export function asOfRows({ statements }: WarehouseRows): number {
  const standing = [...statements.values()].filter(({ role }) => role === 'standing');
  return standing.sort((a, b) => b.statement - a.statement)[0]?.asOf ?? 0;
}
