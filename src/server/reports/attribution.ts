import type { AttributionAnswer, AttributionRow } from '../../api/attribution.ts';
import type { Spec } from '../../spec/spec.ts';
import type { AdFigures, FigureLine, Figures, FiguresAsked } from '../../store/warehouse-reports.ts';
import type { ReadAsked } from './asked.ts';
import { daySpan, dayText } from './day-span.ts';
import { earnedAnswer, lineName, moneyAnswer, rounded } from './money.ts';
import type { AttributionSource } from './source.ts';
import { standOf, statementAnswer, statementFor } from './statement.ts';

/** Statements that a page may offer: older ones can still be asked for by number. */
const STATEMENTS_MAX = 50;

export async function attributionAnswer(
  source: AttributionSource,
  read: ReadAsked,
  { viewThrough }: Pick<Spec, 'viewThrough'>,
): Promise<Omit<AttributionAnswer, 'markers'>> {
  const statement = await statementFor(source, read);
  const { asked } = read;
  const question = figuresAsked(statement, read);
  const [figures, kinds, statements] = await Promise.all([
    source.reports.figures(question, asked.by),
    source.reports.kinds(statement.statement),
    source.statements(),
  ]);
  return {
    ...standOf(statement),
    statement: statementAnswer(statement),
    asked: { ...asked, model: statement.model, ...statementAnswer(statement).windows, count: statement.count },
    statements: statements
      .sort((a, b) => b.statement - a.statement)
      .slice(0, STATEMENTS_MAX)
      .map(statementAnswer),
    names: kinds.names,
    currencies: [...new Set([...kinds.currencies, asked.currency])].sort(),
    totals: {
      earned: earnedAnswer(figures.totals.earned, asked.currency),
      views: earnedAnswer(figures.totals.views, asked.currency),
      nobody: earnedAnswer(figures.totals.nobody, asked.currency),
      why: figures.totals.why.map(({ why, conversions }) => ({ why, conversions: rounded(conversions) })),
    },
    rows: figures.lines.map((line) => rowOf(line, asked.currency)),
    more: figures.more,
    series: seriesOf(figures, question, asked.currency),
    viewThrough,
  };
}

/** The question to the warehouse; its days are those of the statement's zone. */
export function figuresAsked(
  { statement, timezone }: { statement: number; timezone: string },
  { asked, first, last, narrowed }: ReadAsked,
): FiguresAsked {
  const days = daySpan(timezone, first, last);
  return { statement, days, basis: asked.basis, names: asked.name, currency: asked.currency, narrowed };
}

function rowOf(line: FigureLine, currency: string): AttributionRow {
  return {
    ...{ key: line.key, name: lineName(line), channel: line.channel, of: line.of, ...line.names },
    earned: earnedAnswer(line.earned, currency),
    views: earnedAnswer(line.views, currency),
    touches: line.touches,
    adsManager: line.ads && adsAnswer(line.ads),
  };
}

function adsAnswer({ currency, spend, minor, ...ads }: AdFigures): AttributionRow['adsManager'] {
  return {
    ...ads,
    spend: moneyAnswer(spend, currency),
    value: minor === null ? null : moneyAnswer(minor, currency),
  };
}

function seriesOf({ series, lines }: Figures, { days }: FiguresAsked, currency: string): AttributionAnswer['series'] {
  const points = Map.groupBy(series, ({ line }) => line);
  const last = Math.max(-1, ...points.keys());
  return lines.slice(0, last + 1).map(({ key, of }, place) => {
    const byDay = new Map((points.get(place) ?? []).map((point) => [point.day, point]));
    return {
      ...{ key, of },
      days: days.starts.map((_, n) => {
        const point = byDay.get(days.first + n);
        return {
          day: dayText(days.first + n),
          conversions: rounded(point?.conversions ?? 0),
          value: moneyAnswer(point?.minor ?? 0n, currency).amount,
        };
      }),
    };
  });
}
