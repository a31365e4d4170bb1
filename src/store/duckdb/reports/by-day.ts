import type { FigureLine, Figures, FiguresAsked } from '../../warehouse-reports.ts';
import { type AdsRow, adsOf, adsSql, adValues, dayText } from './ads.ts';
import { totals } from './figures.ts';
import {
  creditsWhere,
  dayColumn,
  figureValues,
  hasCountedDays,
  narrowedLevels,
  SUMS,
  type SumsRow,
  saidSql,
  sumsOf,
  TOUCHES,
  touchesSql,
} from './lines.ts';
import type { Ask } from './reading.ts';

/** Who earned what, a line for each day: those of nothing too. */
export async function figuresByDay(ask: Ask, asked: FiguresAsked): Promise<Figures> {
  const { days } = asked;
  const within =
    narrowedLevels(asked.narrowed).length === 0
      ? ''
      : `creative IN (SELECT creative FROM (${saidSql('channel', asked.narrowed)})) AND`;
  const values = figureValues(asked);
  const credits = await ask<SumsRow & { day: number }>(
    `SELECT ${dayColumn(asked.basis)} AS day, ${SUMS} FROM credit_day
     WHERE ${within} ${creditsWhere(asked)} AND kind <> 255 GROUP BY day`,
    values,
  );
  const counted = await hasCountedDays(ask, asked.statement);
  const touches = await ask<{ day: number | bigint; clicks: bigint; engaged: bigint; seen: bigint }>(
    `SELECT day, ${TOUCHES} FROM (${touchesSql(counted)}) WHERE ${within} true GROUP BY day`,
    values,
  );
  const ads = await ask<AdsRow>(adsSql(asked, 'day'), { ...values, ...adValues(asked) });
  const creditsOf = new Map(credits.map((row) => [row.day, row]));
  const touchesOf = new Map(touches.map((row) => [Number(row.day), row]));
  const adsByDay = new Map(ads.map((row) => [row.ads_key, row]));
  return {
    totals: await totals(ask, asked),
    lines: days.starts.map((_, n): FigureLine => {
      const day = days.first + n;
      const seen = touchesOf.get(day);
      const said = adsByDay.get(dayText(day));
      return {
        ...{
          key: dayText(day),
          channel: '',
          of: asked.narrowed,
          names: { campaign: null, adgroup: null, ad: null },
          day,
        },
        ...sumsOf(creditsOf.get(day) ?? NOTHING),
        touches: {
          click: Number(seen?.clicks ?? 0),
          engagedView: Number(seen?.engaged ?? 0),
          view: Number(seen?.seen ?? 0),
        },
        ads: said ? adsOf(said) : null,
      };
    }),
    ...{ more: 0, series: [] },
  };
}

const NOTHING: SumsRow = { conversions: 0, minor: 0n, net: 0n, viewed: 0, viewed_minor: 0n, viewed_net: 0n };
