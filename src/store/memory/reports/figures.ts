import { DAY } from '../../../event/time.ts';
import { creativeNumber } from '../../creative.ts';
import type { CreditRow } from '../../warehouse.ts';
import { NO_CREDIT } from '../../warehouse.ts';
import {
  type AdFigures,
  type FigureLine,
  type Figures,
  type FiguresAsked,
  PAID_CHANNEL,
  REPORT_LINES_MAX,
  type ReportLevel,
  type ReportLine,
  SERIES_LINES_MAX,
  type Sum,
} from '../../warehouse-reports.ts';
import type { WarehouseRows } from '../warehouse-rows.ts';
import { type AdGroup, adGroups } from './ads.ts';
import { creativesOf, isWithin, linesOf, type NamedCreative } from './lines.ts';

/** The credits that a question is about, those of nobody among them. */
export function creditsAsked(rows: WarehouseRows, asked: FiguresAsked): (CreditRow & { name: string })[] {
  const last = asked.days.first + asked.days.starts.length - 1;
  return [...(rows.credits.get(asked.statement)?.values() ?? [])].flat().flatMap((credit) => {
    const conversion = rows.conversions.get({ conversion: credit.conversion });
    const day = dayOf(credit, asked);
    if (!conversion || day < asked.days.first || day > last) return [];
    if (asked.names.length > 0 && !asked.names.includes(conversion.name)) return [];
    return conversion.currency === '' || conversion.currency === asked.currency
      ? [{ ...credit, name: conversion.name }]
      : [];
  });
}

/** Who earned what, by plain loops. */
export function figures(rows: WarehouseRows, asked: FiguresAsked, by: ReportLevel | 'day'): Figures {
  const known = creativesOf(rows.touches.all());
  const within = [...known].filter(([, creative]) => isWithin(creative, asked.narrowed));
  const credits = creditsAsked(rows, asked);
  const numbers = new Set(within.map(([number]) => number));
  const isNarrowed = Object.keys(asked.narrowed).length > 0;
  const earned = credits.filter(({ kind, creative }) => kind !== 255 && (!isNarrowed || numbers.has(creative)));
  const nobody = isNarrowed ? [] : credits.filter(({ kind }) => kind === 255);
  const from = asked.days.starts[0] ?? asked.days.end;
  const touches = rows.touches
    .all()
    .filter((one) => one.occurredAt >= from && one.occurredAt < asked.days.end && numbers.has(creativeNumber(one)));
  const ads = adGroups(rows.adReports.all(), asked, by);
  const lines = by === 'day' ? dayLines() : levelLines(by);
  const kept = lines.slice(0, REPORT_LINES_MAX);
  return {
    totals: {
      ...classes(earned),
      nobody: sum(nobody),
      why: NO_CREDIT.flatMap((why, place) => {
        const { conversions } = sum(nobody.filter((row) => row.why === place));
        return conversions === 0 ? [] : [{ why, conversions }];
      }),
    },
    lines: kept.map(({ line }) => line),
    more: lines.length - kept.length,
    series: by === 'day' ? [] : kept.slice(0, SERIES_LINES_MAX).flatMap(({ own }, line) => series(own, line)),
  };

  function lineFigures(
    line: ReportLine & { day: number | null },
    own: readonly CreditRow[],
    seen: typeof touches,
    said: AdGroup | undefined,
  ): FigureLine {
    const count = (kind: string): number => seen.filter((touch) => touch.kind === kind).length;
    return {
      ...line,
      ...classes(own),
      touches: { click: count('click'), engagedView: count('engagedView'), view: count('view') },
      ads: said?.figures ?? null,
    };
  }

  function dayLines(): { line: FigureLine; own: CreditRow[] }[] {
    return asked.days.starts.map((start, n) => {
      const day = asked.days.first + n;
      const key = new Date(day * DAY).toISOString().slice(0, 10);
      const own = earned.filter((credit) => dayOf(credit, asked) === day);
      const end = asked.days.starts[n + 1] ?? asked.days.end;
      const seen = touches.filter(({ occurredAt }) => occurredAt >= start && occurredAt < end);
      const names = { campaign: null, adgroup: null, ad: null };
      const line = { key, channel: '', of: asked.narrowed, names, day };
      return { line: lineFigures(line, own, seen, ads.get(key)), own };
    });
  }

  function levelLines(level: ReportLevel): { line: FigureLine; own: CreditRow[] }[] {
    const named: (NamedCreative & { number: number })[] = within.map(([number, one]) => ({ ...one, number }));
    const met = new Set([...earned.map(({ creative }) => creative), ...touches.map(creativeNumber)]);
    const found: { line: FigureLine; own: CreditRow[] }[] = [];
    const left = new Map(ads);
    for (const { line, creatives } of linesOf(
      named.filter(({ number }) => met.has(number)),
      level,
    ).values()) {
      const mine = new Set(creatives.map((one) => (one as (typeof named)[number]).number));
      const own = earned.filter(({ creative }) => mine.has(creative));
      const seen = touches.filter((touch) => mine.has(creativeNumber(touch)));
      const levels = Object.keys(line.of).length;
      const said = line.channel === PAID_CHANNEL && levels <= 2 ? left.get(line.key) : undefined;
      if (said) left.delete(line.key);
      const at = line.names[level as 'ad'] ?? null;
      const names = level === 'channel' || !said ? line.names : { ...line.names, [level]: at ?? said.name };
      found.push({ line: lineFigures({ ...line, names, day: null }, own, seen, said), own });
    }
    for (const [key, said] of left) {
      const names = { campaign: null, adgroup: null, ad: null, ...(level === 'channel' ? {} : { [level]: said.name }) };
      const of = { channel: PAID_CHANNEL, ...(level === 'channel' ? {} : { [level]: key }) };
      found.push({ line: lineFigures({ key, channel: PAID_CHANNEL, of, names, day: null }, [], [], said), own: [] });
    }
    return found.sort(({ line: a }, { line: b }) => inOrder(a, b));
  }

  function series(own: readonly CreditRow[], line: number): Figures['series'] {
    const days = Map.groupBy(
      own.filter(({ kind }) => kind < 2),
      (credit) => dayOf(credit, asked),
    );
    return [...days]
      .map(([day, all]) => ({ line, day, conversions: sum(all).conversions, minor: sum(all).minor }))
      .sort((a, b) => a.day - b.day);
  }
}

function inOrder(a: FigureLine, b: FigureLine): number {
  const touches = (line: FigureLine): number => line.touches.click + line.touches.engagedView + line.touches.view;
  const spend = (line: FigureLine): bigint => (line.ads as AdFigures | null)?.spend ?? -1n;
  const name = ({ channel, key, of }: FigureLine): string =>
    [channel, key, of.campaign ?? '', of.adgroup ?? ''].join('\0');
  return (
    Number(b.earned.minor - a.earned.minor) ||
    b.earned.conversions - a.earned.conversions ||
    Number(b.views.minor - a.views.minor) ||
    b.views.conversions - a.views.conversions ||
    touches(b) - touches(a) ||
    Number(spend(b) - spend(a)) ||
    (name(a) < name(b) ? -1 : 1)
  );
}

function classes(credits: readonly CreditRow[]): { earned: Sum; views: Sum } {
  return {
    earned: sum(credits.filter(({ kind }) => kind < 2)),
    views: sum(credits.filter(({ kind }) => kind === 2)),
  };
}

function sum(credits: readonly CreditRow[]): Sum {
  return {
    conversions: credits.reduce((all, { share }) => all + share, 0),
    minor: credits.reduce((all, { minor }) => all + minor, 0n),
    net: credits.reduce((all, { net }) => all + net, 0n),
  };
}

function dayOf({ touchedDay, convertedDay }: CreditRow, { basis }: FiguresAsked): number {
  return basis === 'touch' ? touchedDay : convertedDay;
}
