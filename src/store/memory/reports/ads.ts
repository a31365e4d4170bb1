import type { AdReportFact } from '../../../event/fact.ts';
import { DAY } from '../../../event/time.ts';
import { type AdFigures, type FiguresAsked, PAID_CHANNEL, type ReportLevel } from '../../warehouse-reports.ts';

export interface AdGroup {
  name: string | null;
  figures: AdFigures;
}

/** Sums of Ads Manager's rows by line or day, each of one basis and one currency. */
export function adGroups(
  reports: readonly AdReportFact[],
  asked: FiguresAsked,
  by: ReportLevel | 'day',
): Map<string, AdGroup> {
  const { narrowed, days } = asked;
  if (narrowed.channel !== undefined && narrowed.channel !== PAID_CHANNEL) return new Map();
  const [first, last] = [dayText(days.first), dayText(days.first + days.starts.length - 1)];
  const inTime = reports.filter(({ day }) => day >= first && day <= last);
  const deepest = (['ad', 'adgroup', 'campaign'] as const).find((level) => narrowed[level] !== undefined);
  const coarsest = (['campaign', 'adgroup', 'ad'] as const).find((level) => inTime.some((row) => row.level === level));
  const level = by === 'day' || by === 'channel' ? (deepest ?? coarsest) : by;
  const rows = inTime.filter((row) => {
    if (row.level !== level) return false;
    if (by === 'day' || by === 'channel') return deepest === undefined || row.id === narrowed[deepest];
    const idAt = { campaign: row.campaignId, adgroup: row.adgroupId, ad: null, [by]: row.id };
    return (['campaign', 'adgroup', 'ad'] as const).every(
      (one) => narrowed[one] === undefined || idAt[one] === narrowed[one],
    );
  });
  const keyOf = ({ id, day }: AdReportFact): string => (by === 'day' ? day : by === 'channel' ? PAID_CHANNEL : id);
  const groups = new Map<string, AdGroup>();
  for (const [key, all] of Map.groupBy(rows, keyOf)) {
    const sums = [...Map.groupBy(all, ({ basis, currency }) => `${basis} ${currency}`).values()].map(added);
    const wanted = asked.basis;
    const [best] = sums.sort(
      (a, b) =>
        Number(b.basis === wanted) - Number(a.basis === wanted) ||
        Number(b.currency === asked.currency) - Number(a.currency === asked.currency) ||
        Number(b.spend - a.spend) ||
        (a.currency < b.currency ? -1 : 1),
    );
    if (!best) continue;
    const same = all.filter(
      (row) => row.currency === best.currency && (row.basis === 'impression') === (best.basis === 'touch'),
    );
    const named = same.filter(({ name }) => name !== null).sort((a, b) => b.pulledAt - a.pulledAt)[0];
    groups.set(key, { name: by === 'day' || by === 'channel' ? null : (named?.name ?? null), figures: best });
  }
  return groups;
}

function added(rows: AdReportFact[]): AdFigures {
  const [first] = rows as [AdReportFact];
  const total = (of: (row: AdReportFact) => number | null): number | null => {
    const told = rows.map(of).filter((value) => value !== null);
    return told.length === 0 ? null : told.reduce((sum, value) => sum + value, 0);
  };
  const values = rows.map(({ minor }) => minor).filter((minor) => minor !== null);
  return {
    ...{ basis: first.basis === 'impression' ? 'touch' : 'conversion', currency: first.currency },
    spend: rows.reduce((sum, { spend }) => sum + spend, 0n),
    impressions: total(({ impressions }) => impressions) ?? 0,
    clicks: total(({ clicks }) => clicks) ?? 0,
    conversions: total(({ conversions }) => conversions) ?? 0,
    minor: values.length === 0 ? null : values.reduce((sum, minor) => sum + minor, 0n),
    clickConversions: total((row) => row.clickConversions),
    engagedViewConversions: total((row) => row.engagedViewConversions),
    viewConversions: total((row) => row.viewConversions),
    pulledAt: Math.max(...rows.map(({ pulledAt }) => pulledAt)),
  };
}

function dayText(day: number): string {
  return new Date(day * DAY).toISOString().slice(0, 10);
}
