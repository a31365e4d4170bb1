import { TOUCH_KINDS, type TouchKind } from '../../../event/fact.ts';
import { HOUR } from '../../../event/time.ts';
import { creativeNumber } from '../../creative.ts';
import { CAMPAIGNS_MAX, LAG_HOURS, type Sum, type WindowFigures, type WindowsAsked } from '../../warehouse-reports.ts';
import type { ReachRow, WarehouseRows } from '../warehouse-rows.ts';
import { asOfRows, creativesOf, lineOf, linesOf, placeOf } from './lines.ts';

/** What each window credits, one conversion and one window at a time. */
export function windowFigures(rows: WarehouseRows, asked: WindowsAsked): WindowFigures {
  const { days, names, currency, precedence } = asked;
  const from = days.starts[0] ?? days.end;
  const conversions = rows.conversions
    .all()
    .filter(
      (one) =>
        one.confirmed &&
        one.occurredAt >= from &&
        one.occurredAt < days.end &&
        (names.length === 0 || names.includes(one.name)) &&
        (one.currency === '' || one.currency === currency),
    );
  const creatives = creativesOf(rows.touches.all());
  const lines = linesOf(creatives.values(), 'campaign');
  const reached = (conversion: number, kind: TouchKind): { touch: number; age: number } => {
    const row = rows.reach.get(conversion);
    return { touch: row?.[kind] ?? 0, age: row?.[`${kind}Age` as keyof ReachRow] ?? 0 };
  };
  const lineText = (touch: number): string | undefined => {
    const fact = rows.touches.get({ touch });
    const creative = fact && creatives.get(creativeNumber(fact));
    return creative && JSON.stringify(placeOf(creative, 'campaign'));
  };
  const byLine = new Map<string, { sums: { conversions: number; minor: bigint }[]; all: Sum }>();
  const windows = asked.windows.map((window, place) => {
    const sums = { earned: nothing(), views: nothing() };
    for (const { conversion, minor, net } of conversions) {
      const kind = precedence.find((one) => {
        const { touch, age } = reached(conversion, one);
        return window[one] > 0 && touch > 0 && age <= window[one];
      });
      if (!kind) continue;
      add(sums[kind === 'view' ? 'views' : 'earned'], minor, net);
      const text = lineText(reached(conversion, kind).touch);
      if (text === undefined) continue;
      const line = byLine.get(text) ?? {
        sums: asked.windows.map(() => ({ conversions: 0, minor: 0n })),
        all: nothing(),
      };
      byLine.set(text, line);
      add(line.all, minor, net);
      const at = line.sums[place];
      if (kind === 'view' || !at) continue;
      at.conversions++;
      at.minor += minor;
    }
    return sums;
  });
  const largest = [...byLine]
    .sort(([, a], [, b]) => Number(b.all.minor - a.all.minor) || b.all.conversions - a.all.conversions)
    .slice(0, CAMPAIGNS_MAX);
  return {
    asOf: asOfRows(rows),
    conversions: conversions.length,
    windows,
    lag: TOUCH_KINDS.map((kind) => {
      const ages = conversions.flatMap(({ conversion }) => {
        const { touch, age } = reached(conversion, kind);
        return touch > 0 ? [age] : [];
      });
      const byHour = Array.from(
        { length: LAG_HOURS + 1 },
        (_, hour) => ages.filter((age) => age <= hour * HOUR).length,
      );
      return { kind, conversions: ages.length, byHour };
    }),
    campaigns: largest.map(([text, { sums }]) => {
      const line = lineOf(lines.get(text)?.creatives ?? [], 'campaign');
      return { key: line.key, name: line.names.campaign ?? line.key, channel: line.channel, sums };
    }),
  };
}

function nothing(): Sum {
  return { conversions: 0, minor: 0n, net: 0n };
}

function add(sum: Sum, minor: bigint, net: bigint): void {
  sum.conversions++;
  sum.minor += minor;
  sum.net += net;
}
