import { setImmediate } from 'node:timers/promises';
import type { DeliveriesAnswer, DeliveryPoint, OutcomeReport } from '../api/deliveries.ts';
import { DAY } from '../event/time.ts';
import type { LedgerReader } from '../store/ledger.ts';
import type { DeliveryMinute } from '../store/outbox.ts';
import { type Cell, csvRow } from './books/csv.ts';
import {
  destinationReports,
  outcomesOf,
  SPANS,
  type Span,
  type Standing,
  seriesOf,
  spanOf,
} from './deliveries/answer.ts';
import { type Answered, type Asked, HttpProblem, problem, type Route } from './http.ts';
import type { Specs } from './specs.ts';

const REPORT = '/v1/reports/deliveries';

/** How TikTok takes what is sent: each destination's state, backlog, lag and answers. */
export function deliveryRoutes(parts: {
  reader: Pick<LedgerReader, 'deliveries' | 'backlog' | 'totals'>;
  specs: Specs;
  standing(id: string): Standing;
  now(): number;
}): Route[] {
  const { reader } = parts;

  async function report({ url }: Asked): Promise<DeliveriesAnswer> {
    const asOf = parts.now();
    const span = readSpan(url.searchParams.get('hours') ?? '24', asOf);
    const { destinations, version, business, delivery } = parts.specs.newest;
    const minutes = await minutesOf(reader, span);
    const [backlog, totals] = [await reader.backlog(), await reader.totals()];
    const told = [...minutes, ...backlog].map(({ destination }) => destination);
    const ids = [...new Set([...destinations.map(({ id }) => id), ...told])];
    return {
      ...{ asOf, specVersion: version, timezone: business.timezone },
      ...{ from: span.from, to: asOf, stretchMs: span.stretchMs },
      destinations: destinationReports({
        ...{ destinations, backlog, totals, now: asOf, warnAge: delivery.warnAge },
        standing: parts.standing,
      }),
      series: seriesOf(ids, minutes, backlog, span),
      outcomes: outcomesOf(minutes),
    };
  }

  return [
    { method: 'GET', path: REPORT, answer: async (asked) => ({ status: 200, json: await report(asked) }) },
    {
      method: 'GET',
      path: `${REPORT}.csv`,
      answer: async (asked) => file('deliveries', parts.now(), SERIES_COLUMNS, (await report(asked)).series),
    },
    {
      method: 'GET',
      path: `${REPORT}-outcomes.csv`,
      answer: async (asked) => file('outcomes', parts.now(), OUTCOME_COLUMNS, (await report(asked)).outcomes),
    },
  ];
}

function readSpan(hours: string, now: number): Span {
  const stretch = SPANS.get(Number(hours));
  if (stretch !== undefined) return spanOf(Number(hours), stretch, now);
  const what = `${JSON.stringify(hours.slice(0, 40))} is no span of this report`;
  const fix = `use one of ${[...SPANS.keys()].join(', ')}`;
  const says = 'The report was not asked for in a way it can be given.';
  throw new HttpProblem(problem(422, 'query_unreadable', says, [{ code: 'query_hours', where: 'hours', what, fix }]));
}

/** Read a day at a time: a week of minutes at once would hold up everybody else in this thread. */
async function minutesOf(reader: Pick<LedgerReader, 'deliveries'>, { from, to }: Span): Promise<DeliveryMinute[]> {
  const all: DeliveryMinute[] = [];
  for (let at = from; at < to; at += DAY) {
    if (at > from) await setImmediate();
    all.push(...(await reader.deliveries(at, Math.min(to, at + DAY))));
  }
  return all;
}

type Column<Row> = readonly [name: string, cell: (row: Row) => Cell];

const SERIES_COLUMNS: readonly Column<DeliveryPoint>[] = [
  ['destination', ({ destination }) => ({ text: destination })],
  ['at', ({ at }) => ({ number: new Date(at).toISOString() })],
  ['backlog', ({ backlog }) => ({ number: backlog })],
  ['delivered', ({ delivered }) => ({ number: delivered })],
  ['failed', ({ failed }) => ({ number: failed })],
  ['lag_p50_ms_max', ({ lagP50 }) => ({ number: lagP50 ?? null })],
  ['lag_p95_ms_max', ({ lagP95 }) => ({ number: lagP95 ?? null })],
];

const OUTCOME_COLUMNS: readonly Column<OutcomeReport>[] = [
  ['destination', ({ destination }) => ({ text: destination })],
  ['outcome', ({ outcome }) => ({ text: outcome })],
  ['reason', ({ why }) => ({ text: why })],
  ['code', ({ code }) => ({ number: code ?? null })],
  ['http', ({ http }) => ({ number: http ?? null })],
  ['count', ({ count }) => ({ number: count })],
  ['means', ({ means }) => ({ text: means })],
  ['next', ({ next }) => ({ text: next })],
];

function file<Row>(name: string, now: number, columns: readonly Column<Row>[], rows: readonly Row[]): Answered {
  const header = csvRow(columns.map(([title]) => ({ text: title })));
  const stamp = new Date(now).toISOString().replace(/[-:]|\.\d+/g, '');
  return {
    status: 200,
    type: 'text/csv; charset=utf-8; header=present',
    text: header + rows.map((row) => csvRow(columns.map(([, cell]) => cell(row)))).join(''),
    headers: {
      'content-disposition': `attachment; filename="${name}-${stamp}.csv"`,
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    },
  };
}
