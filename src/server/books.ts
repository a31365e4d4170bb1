import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { LeadsAnswer, OrdersAnswer, Stand } from '../api/books.ts';
import type { Parsed } from '../event/problem.ts';
import type { LedgerReader } from '../store/ledger.ts';
import { leadsAnswer, ordersAnswer } from './books/answers.ts';
import { type BookAsked, type Form, readLeadsAsked, readOrdersAsked } from './books/asked.ts';
import { entriesFile, leadsFile, ordersFile, stepsFile } from './books/files.ts';
import { freezeAnswer } from './books/freeze.ts';
import { type Answered, type Asked, HttpProblem, problem, type Route } from './http.ts';
import type { Specs } from './specs.ts';

/** Files written at once: each takes its share of the thread that also answers the doors. */
const FILES_MAX = 2;

/** Orders and leads as the books have them: pages of lists, and files. */
export function bookRoutes(parts: {
  reader: Pick<
    LedgerReader,
    'orders' | 'orderTotals' | 'orderMarks' | 'leads' | 'leadTotals' | 'leadAges' | 'load' | 'specs'
  >;
  specs: Specs;
  now(): number;
}): Route[] {
  const stand = (): Stand => {
    const { version, business } = parts.specs.newest;
    return { asOf: parts.now(), specVersion: version, timezone: business.timezone };
  };
  const orders = ({ url }: Asked, form: Form) =>
    readable(readOrdersAsked(url.searchParams, form, parts.specs.newest.business.timezone));
  const leads = ({ url }: Asked, form: Form) =>
    readable(readLeadsAsked(url.searchParams, form, parts.specs.newest.business.timezone, parts.now()));
  const files = fileSender(parts.now);

  return [
    {
      method: 'GET',
      path: '/v1/reports/orders',
      async answer(asked) {
        const json: OrdersAnswer = { ...stand(), ...(await ordersAnswer(parts.reader, orders(asked, 'page'))) };
        return { status: 200, json };
      },
    },
    {
      method: 'GET',
      path: '/v1/reports/orders.csv',
      answer: (asked) => files(asked, 'orders', ordersFile(parts.reader, orders(asked, 'file').asked)),
    },
    {
      method: 'GET',
      path: '/v1/reports/orders-entries.csv',
      answer: (asked) => files(asked, 'orders-entries', entriesFile(parts.reader, orders(asked, 'file').asked)),
    },
    {
      method: 'GET',
      path: '/v1/reports/leads',
      async answer(asked) {
        const head = stand();
        const of = await leadsAnswer(parts.reader, leads(asked, 'page'), parts.specs.newest, head.asOf);
        const freeze = await freezeAnswer(parts.reader, parts.specs.newest, head.asOf);
        const json: LeadsAnswer = { ...head, ...of, ...freeze };
        return { status: 200, json };
      },
    },
    {
      method: 'GET',
      path: '/v1/reports/leads.csv',
      answer: (asked) => files(asked, 'leads', leadsFile(parts.reader, leads(asked, 'file').asked)),
    },
    {
      method: 'GET',
      path: '/v1/reports/leads-steps.csv',
      answer: (asked) => files(asked, 'leads-steps', stepsFile(parts.reader, leads(asked, 'file').asked)),
    },
  ];
}

function readable<T>(parsed: Parsed<BookAsked<T>>): BookAsked<T> {
  if (parsed.ok) return parsed.value;
  const says = 'The list was not asked for in a way it can be given.';
  throw new HttpProblem(problem(422, 'query_unreadable', says, parsed.problems));
}

/** Sends files part by part, as fast as they are taken. A failure on the way breaks the connection off. */
export function fileSender(
  now: () => number,
): (asked: Asked, name: string, parts: AsyncGenerator<string>, form?: keyof typeof TYPES) => Promise<Answered> {
  let open = 0;
  return async ({ request, response, gone }, name, parts, form = 'csv') => {
    if (open >= FILES_MAX)
      return problem(503, 'too_many_files', `${FILES_MAX} files are being written. Wait for one of them.`, [], {
        'retry-after': '10',
      });
    const at = new Date(now()).toISOString().replace(/[-:]|\.\d+/g, '');
    writeHead(response, `${name}-${at}.${form}`, TYPES[form]);
    if (request.method === 'HEAD') {
      response.end();
      return 'answered';
    }
    open++;
    try {
      for await (const part of parts) {
        if (gone.aborted) break;
        if (!response.write(part)) await once(response, 'drain', { signal: gone });
      }
      response.end();
    } catch (error) {
      // Who went away has nobody to be answered, and is no failure of ours.
      if (!gone.aborted) throw broken(response, error);
    } finally {
      open--;
    }
    return 'answered';
  };
}

/** What has begun can't be answered otherwise any more: only a cut connection tells that it is not whole. */
function broken(response: ServerResponse, error: unknown): unknown {
  response.destroy();
  return error;
}

const TYPES = { csv: 'text/csv; charset=utf-8; header=present', ndjson: 'application/x-ndjson' } as const;

function writeHead(response: ServerResponse, file: string, type: string): void {
  response.writeHead(200, {
    'content-type': type,
    'content-disposition': `attachment; filename="${file}"`,
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  });
}
