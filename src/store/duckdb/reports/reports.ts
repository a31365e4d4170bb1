import { AssayError } from '../../../event/error.ts';
import { MARTS } from '../../marts.ts';
import type { SharedIdentifier } from '../../warehouse.ts';
import type { FunnelFigures, WarehouseReports, WarehouseSql } from '../../warehouse-reports.ts';
import { boundsSql, MARKETING_PAGE, pageSql } from '../marts.ts';
import { figuresByDay } from './by-day.ts';
import { CLIMB } from './climb.ts';
import { credited } from './credited.ts';
import { figuresBy } from './figures.ts';
import { funnelFigures } from './funnel.ts';
import { openKeeper } from './kept.ts';
import { personPath } from './path.ts';
import { type Connect, reading } from './reading.ts';
import { remembering } from './remembered.ts';
import { askSql } from './sql.ts';
import { REACHED, windowFigures } from './windows.ts';

/** A day of a mart is a page of it at most: a day's touches of a large shop take seconds. */
const MART_MS_MAX = 120_000;

/** Ladders that are remembered: among tens of millions of steps one takes a second or two. */
const LADDERS_MAX = 32;

/** Questions to an open warehouse; each sees one state of it. Tables are kept for them from so many rows of facts on. */
export function openReports(connect: Connect, keptFromRows?: number): WarehouseReports & WarehouseSql {
  const keeper = openKeeper(connect, keptFromRows);
  const ladders = remembering<FunnelFigures>(LADDERS_MAX);
  return {
    kinds: (statement) =>
      reading(connect, async (ask) => {
        const rows = await ask<{ name: string; currency: string }>(
          'SELECT DISTINCT name, currency FROM credit_day WHERE statement = $statement',
          { statement },
        );
        const sorted = (texts: string[]): string[] => [...new Set(texts)].sort();
        return {
          names: sorted(rows.map(({ name }) => name)),
          currencies: sorted(rows.flatMap(({ currency }) => (currency === '' ? [] : currency))),
        };
      }),
    figures: (asked, by) =>
      reading(connect, (ask) => (by === 'day' ? figuresByDay(ask, asked) : figuresBy(ask, asked, by))),
    credited: (asked, which, after, limit) => reading(connect, (ask) => credited(ask, asked, which, after, limit)),
    path: (conversion, statement) => reading(connect, (ask, db) => personPath(ask, db, conversion, statement)),
    windows: (asked) => keeper.ask(REACHED, (ask, rows) => windowFigures(ask, asked, rows)),
    funnel: (asked) =>
      keeper.ask(CLIMB, (ask, rows) =>
        ladders(rows.version, JSON.stringify(asked), () => funnelFigures(ask, asked, rows)),
      ),
    shared: (limit) =>
      reading(connect, async (ask) => {
        const rows = await ask<{ kind: SharedIdentifier['kind']; value: string; visitors: bigint; count: bigint }>(
          `SELECT kind, value, visitors, count(*) OVER () AS count FROM shared
           ORDER BY visitors DESC, kind || ' ' || value LIMIT $limit`,
          { limit },
        );
        return {
          count: Number(rows[0]?.count ?? 0),
          most: rows.map(({ kind, value, visitors }) => ({ kind, value, visitors: Number(visitors) })),
        };
      }),
    sql: async (text, limits) => askSql(await connect(), text, limits),
    async mart(name, day, after, limit) {
      const mart = MARTS.find((one) => one.name === name);
      if (!mart) throw new AssayError('mart_unknown', `there is no mart ${JSON.stringify(name.slice(0, 40))}`);
      const limits = { rowsMax: limit, msMax: MART_MS_MAX };
      const values = { ...day, after, limit };
      if (mart.name === 'marketing') return askSql(await connect(), MARKETING_PAGE, limits, values);
      const of = mart.name;
      const [bounds] = await reading(connect, (ask) =>
        ask<{ least: bigint | null; most: bigint | null }>(boundsSql(of), values),
      );
      // A page of nothing still says its columns.
      return askSql(await connect(), pageSql(of, bounds?.least ?? 0n, bounds?.most ?? -1n), limits, values);
    },
  };
}
