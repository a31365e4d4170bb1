import type {
  AttributionAnswer,
  FunnelAnswer,
  MartPageAnswer,
  MartsAnswer,
  WindowsAnswer,
} from '../api/attribution.ts';
import type { Stand } from '../api/books.ts';
import { AssayError } from '../event/error.ts';
import type { Parsed } from '../event/problem.ts';
import type { LedgerReader } from '../store/ledger.ts';
import { MARTS } from '../store/marts.ts';
import type { CreditClass } from '../store/warehouse-reports.ts';
import { fileSender } from './books.ts';
import { type Asked, HttpProblem, problem, type Route, readBody } from './http.ts';
import { type ReadAsked, readAttributionAsked } from './reports/asked.ts';
import { attributionAnswer } from './reports/attribution.ts';
import { attributionFile } from './reports/attribution-file.ts';
import { creditedAnswer, type Place, readPlace } from './reports/credited.ts';
import { daySpan, readDay } from './reports/day-span.ts';
import { funnelAnswer, readFunnelAsked } from './reports/funnel.ts';
import { markersOf } from './reports/markers.ts';
import { pathAnswer } from './reports/path.ts';
import { sharedAnswer } from './reports/shared.ts';
import type { AttributionSource } from './reports/source.ts';
import { readSqlAsked } from './reports/sql.ts';
import { notReady, standing, statementFor } from './reports/statement.ts';
import { readWindowsAsked, windowsAnswer } from './reports/windows.ts';
import type { Specs } from './specs.ts';

const REPORT = '/v1/reports/attribution';
const SQL_BYTES_MAX = 64 * 1024;
const MART_ROWS = 20_000;

/** Who earned what, and the tables behind it. Nothing is answered from facts of which only some are there. */
export function reportRoutes(parts: {
  attribution: AttributionSource;
  specs: Pick<Specs, 'newest' | 'of'>;
  /** knows when each version of the spec became active */
  reader: Pick<LedgerReader, 'specs'>;
  now(): number;
}): Route[] {
  const { attribution: source } = parts;
  /** An answer with what became of the rules in its days. */
  const marked = async <T extends Stand>(answer: T, span: { first: number; last: number }) => {
    const versions = (await parts.reader.specs()).map(({ version, activatedAt, override }) => ({
      ...{ spec: parts.specs.of(version), activatedAt },
      ...(override ? { because: override.because } : {}),
    }));
    return { ...answer, markers: markersOf(versions, { ...span, timezone: answer.timezone }) };
  };
  const files = fileSender(parts.now);
  const readAsked = ({ url }: Asked): ReadAsked =>
    readable(readAttributionAsked(url.searchParams, parts.specs.newest, parts.now()));
  const report = (asked: Asked) => attributionAnswer(source, readAsked(asked), parts.specs.newest);

  const routes: Route[] = [
    {
      method: 'GET',
      path: REPORT,
      async answer(asked) {
        const json: AttributionAnswer = await marked(await report(asked), readAsked(asked));
        return { status: 200, json };
      },
    },
    {
      method: 'GET',
      path: `${REPORT}/shared`,
      answer: async () => ({ status: 200, json: await sharedAnswer(source, parts.specs.newest) }),
    },
    {
      method: 'GET',
      path: `${REPORT}.csv`,
      answer: async (asked) => files(asked, 'attribution', attributionFile(await report(asked))),
    },
    {
      method: 'GET',
      path: `${REPORT}/conversions`,
      async answer({ url }) {
        const { read, which, after } = readCreditedAsked(url.searchParams, parts.specs.newest, parts.now());
        return { status: 200, json: await creditedAnswer(source, read, which, after) };
      },
    },
    {
      method: 'GET',
      path: `${REPORT}/conversions/:conversion`,
      async answer(asked) {
        const number = Number(asked.parameters['conversion']);
        const statement = await statementFor(source, readAsked(asked));
        const path = Number.isSafeInteger(number) ? await source.reports.path(number, statement.statement) : undefined;
        if (!path)
          return problem(404, 'conversion_unknown', 'There is no conversion of this number. The list names them.');
        return { status: 200, json: pathAnswer(path, statement, parts.specs.newest.business.currency) };
      },
    },
    {
      method: 'GET',
      path: '/v1/reports/windows',
      async answer({ url }) {
        const asked = readable(readWindowsAsked(url.searchParams, parts.specs.newest, parts.now()));
        const json: WindowsAnswer = await marked(await windowsAnswer(source, asked), asked);
        return { status: 200, json };
      },
    },
    {
      method: 'GET',
      path: '/v1/reports/funnel',
      async answer({ url }) {
        const asked = readable(readFunnelAsked(url.searchParams, parts.specs.newest, parts.now()));
        const json: FunnelAnswer = await marked(await funnelAnswer(source, asked), asked);
        return { status: 200, json };
      },
    },
    {
      method: 'POST',
      path: '/v1/sql',
      async answer({ request }) {
        const { sql, ...limits } = readable(readSqlAsked(await readBody(request, SQL_BYTES_MAX)));
        await standing(source);
        return { status: 200, json: await sqlAnswer(() => source.reports.sql(sql, limits)) };
      },
    },
    { method: 'GET', path: '/v1/marts', answer: async () => ({ status: 200, json: await martsAnswer(source) }) },
    {
      method: 'GET',
      path: '/v1/marts/:mart',
      async answer({ parameters, url }) {
        await standing(source);
        const json = await martPage(source, parameters['mart'] ?? '', url.searchParams);
        return json
          ? { status: 200, json }
          : problem(404, 'mart_unknown', `The marts are ${MARTS.map(({ name }) => name).join(', ')}.`);
      },
    },
  ];
  return routes.map((route) => ({ ...route, answer: (asked) => whenThere(() => route.answer(asked)) }));
}

/** What the thread of the warehouse says when it can't answer yet. */
const NOT_YET = ['warehouse_behind', 'warehouse_closed', 'warehouse_unwritable'];

/** The warehouse may be away for a while, and nothing else with it. */
async function whenThere<T>(answer: () => T | Promise<T>): Promise<T> {
  try {
    return await answer();
  } catch (error) {
    if (!(error instanceof AssayError) || !NOT_YET.includes(error.code)) throw error;
    throw new HttpProblem(notReady());
  }
}

/** What the engine refuses is the asker's to mend. */
async function sqlAnswer<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof AssayError) || error.code !== 'sql_refused') throw error;
    throw new HttpProblem(problem(422, 'sql_refused', error.message));
  }
}

export async function martsAnswer(source: AttributionSource): Promise<MartsAnswer> {
  const { timezone, asOf } = await standing(source);
  return {
    ...{ timezone, asOf },
    marts: MARTS.map(({ name, says, columns }) => ({
      ...{ mart: name, says },
      columns: columns.map((column) => ({ name: column.name, type: column.type, says: column.says })),
    })),
  };
}

/** A page of a mart's day; none where there is no such mart. */
export async function martPage(
  source: AttributionSource,
  name: string,
  query: URLSearchParams,
): Promise<MartPageAnswer | undefined> {
  const mart = MARTS.find((one) => one.name === name);
  if (!mart) return undefined;
  const [day, after] = [readDay(query.get('day') ?? ''), Number(query.get('after') ?? '0')];
  if (day === undefined || !Number.isSafeInteger(after) || after < 0)
    throw new HttpProblem(
      problem(422, 'query_unreadable', 'Ask for a day such as day=2026-11-22, and after as next said.'),
    );
  const { timezone } = await standing(source);
  const { starts, end } = daySpan(timezone, day, day);
  const { columns, rows } = await source.reports.mart(name, { day, from: starts[0] ?? end, to: end }, after, MART_ROWS);
  const key = columns.findIndex((column) => column.name === mart.columns[0]?.name);
  const last = name === 'marketing' ? after + rows.length : Number(rows.at(-1)?.[key]);
  return { columns, rows, ...(rows.length < MART_ROWS ? {} : { next: last }) };
}

function readCreditedAsked(
  query: URLSearchParams,
  spec: Specs['newest'],
  now: number,
): { read: ReadAsked; which: CreditClass; after: Place | undefined } {
  const { more, ...read } = readable(readAttributionAsked(query, spec, now, ['of', 'after']));
  const which = (['earned', 'views', 'nobody'] as const).find((one) => one === (more.text('of') ?? 'earned'));
  const text = more.text('after');
  const after = text === undefined ? undefined : readPlace(text);
  const problems = [
    ...(which
      ? []
      : [{ code: 'query_word', where: 'of', what: 'it is no part of a figure', fix: 'use earned, views or nobody' }]),
    ...(text === undefined || after
      ? []
      : [
          {
            code: 'query_after',
            where: 'after',
            what: 'it is not what an answer gave as next',
            fix: 'use next as it is',
          },
        ]),
  ];
  if (!which || problems.length > 0) return readable({ ok: false, problems });
  return { read, which, after };
}

function readable<T>(parsed: Parsed<T>): T {
  if (parsed.ok) return parsed.value;
  const says = 'The report was not asked for in a way it can be given.';
  throw new HttpProblem(problem(422, 'query_unreadable', says, parsed.problems));
}
