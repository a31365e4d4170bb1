import type { OrderStatus } from '../../event/order.ts';
import type { Parsed, Problem } from '../../event/problem.ts';
import { DAY } from '../../event/time.ts';
import type { LeadsAsked, OrdersAsked } from '../../store/books.ts';
import { openQuery } from '../query.ts';
import { dayStart } from './days.ts';

/** One question to the books. */
export interface BookAsked<Asked> {
  asked: Asked;
  /** rows on a page */
  limit: number;
}

/** Who asks: pages come one after the other, a file is all that matches. */
export type Form = 'page' | 'file';

const LIMIT = 50;
const LIMIT_MAX = 200;
const TEXT_CHARS_MAX = 512;
/** A time, an id of that length and a shop's, packed: JSON takes six characters for the worst of theirs. */
const CURSOR_CHARS_MAX = 6144;

const ORDER_STATUSES: Readonly<Record<OrderStatus, true>> = {
  orphan: true,
  created: true,
  pending: true,
  partlyPaid: true,
  paid: true,
  partlyRefunded: true,
  refunded: true,
  cancelled: true,
  disputed: true,
  lost: true,
};

/** What orders, and no leads, are narrowed to. */
const MARKS = ['currency', 'provider', 'shop', 'session'];

/** Reads what a list of orders is narrowed to; days are those of the time zone, both included. */
export function readOrdersAsked(query: URLSearchParams, form: Form, zone: string): Parsed<BookAsked<OrdersAsked>> {
  const read = readQuery(query, 'order_id', form, zone, MARKS);
  const { status, id, after, problems } = read;
  if (status !== undefined && !isOrderStatus(status))
    problems.push({
      ...{ code: 'query_status', where: 'status', what: `no order has the status ${JSON.stringify(status)}` },
      fix: `use one of ${Object.keys(ORDER_STATUSES).join(', ')}`,
    });
  const { currency, provider, shop, session } = read.more;
  if (currency !== undefined && !/^[A-Z]{3}$/.test(currency))
    problems.push({
      ...{ code: 'query_currency', where: 'currency', what: `${JSON.stringify(currency.slice(0, 40))} is no currency` },
      fix: 'use its ISO 4217 code, such as EUR',
    });
  if (session !== undefined && session !== 'lost')
    problems.push({
      ...{ code: 'query_session', where: 'session', what: `${JSON.stringify(session.slice(0, 40))} says nothing here` },
      fix: 'use lost, or leave it out',
    });
  const last = after === undefined ? undefined : readCursor(after, 2);
  if (after !== undefined && !last) problems.push(CURSOR_PROBLEM);
  if (problems.length > 0) return { ok: false, problems };
  const [lastId = '', lastShop = ''] = last?.key ?? [];
  const asked: OrdersAsked = {
    ...read.times,
    ...(status !== undefined && isOrderStatus(status) ? { status } : {}),
    ...(id === undefined ? {} : { orderId: id }),
    ...(currency === undefined ? {} : { currency }),
    ...(provider === undefined ? {} : { provider }),
    ...(shop === undefined ? {} : { shop }),
    ...(session === 'lost' ? { session } : {}),
    ...(last ? { after: { createdAt: last.createdAt, orderId: lastId, shop: lastShop } } : {}),
  };
  return { ok: true, value: { asked, limit: read.limit } };
}

/**
 * Likewise for leads. A status is any text: the spec of another day may have known it. An age, how long a lead has stood
 * at its status, is counted from `now`, UTC ms.
 */
export function readLeadsAsked(
  query: URLSearchParams,
  form: Form,
  zone: string,
  now: number,
): Parsed<BookAsked<LeadsAsked>> {
  const read = readQuery(query, 'lead_id', form, zone, ['age']);
  const { status, id, after, problems } = read;
  const { age } = read.more;
  const changed = age === undefined ? undefined : readAge(age, now);
  if (age !== undefined && !changed) problems.push(AGE_PROBLEM);
  const last = after === undefined ? undefined : readCursor(after, 1);
  if (after !== undefined && !last) problems.push(CURSOR_PROBLEM);
  if (problems.length > 0) return { ok: false, problems };
  const [leadId = ''] = last?.key ?? [];
  const asked: LeadsAsked = {
    ...read.times,
    ...(status === undefined ? {} : { status }),
    ...(id === undefined ? {} : { leadId: id }),
    ...(changed ? { changed } : {}),
    ...(last ? { after: { createdAt: last.createdAt, leadId } } : {}),
  };
  return { ok: true, value: { asked, limit: read.limit } };
}

/** `1-3` is a day and more but not yet three, `30-` thirty and more; who stands since the next moment is as young as can be. */
function readAge(text: string, now: number): LeadsAsked['changed'] {
  const [, least, under] = /^(\d{1,5})-(\d{1,5})?$/.exec(text) ?? [];
  if (least === undefined || (under !== undefined && Number(under) <= Number(least))) return undefined;
  // A time is in the band when its age is: less old than `under`, and no less old than `least`.
  return {
    ...(under === undefined ? {} : { from: now - Number(under) * DAY + 1 }),
    ...(Number(least) === 0 ? {} : { to: now - Number(least) * DAY + 1 }),
  };
}

const AGE_PROBLEM: Problem = {
  ...{ code: 'query_age', where: 'age', what: 'it is no span of days' },
  fix: 'write days such as 1-3, or 30- for 30 and more',
};

/** The last row of a page, as the next page's question names it. */
export function cursor(createdAt: number, ...key: string[]): string {
  return Buffer.from(JSON.stringify([createdAt, ...key])).toString('base64url');
}

interface Query {
  status: string | undefined;
  id: string | undefined;
  /** the parameters of `more` that are there */
  more: Readonly<Record<string, string | undefined>>;
  times: { from?: number; to?: number };
  after: string | undefined;
  limit: number;
  problems: Problem[];
}

function readQuery(
  query: URLSearchParams,
  idName: 'order_id' | 'lead_id',
  form: Form,
  zone: string,
  more: readonly string[] = [],
): Query {
  const known = ['status', idName, ...more, 'from', 'to', ...(form === 'page' ? ['after', 'limit'] : [])];
  const { problems, text } = openQuery(query, known, TEXT_CHARS_MAX);
  const day = (name: 'from' | 'to', later: number): number | undefined => {
    const value = text(name);
    const start = value === undefined ? undefined : dayStart(value, zone, later);
    if (value !== undefined && start === undefined)
      problems.push({
        ...{ code: 'query_day', where: name, what: `${JSON.stringify(value.slice(0, 40))} is no day` },
        fix: `write a day in ${zone}, such as 2026-11-22`,
      });
    return start;
  };
  const [from, to] = [day('from', 0), day('to', 1)];
  if (from !== undefined && to !== undefined && from >= to)
    problems.push({
      code: 'query_days',
      where: 'to',
      what: 'it comes before from',
      fix: 'ask for days in their order',
    });
  const limit = form === 'page' ? readLimit(text('limit')) : LIMIT;
  if (limit === undefined)
    problems.push({
      ...{ code: 'query_limit', where: 'limit', what: 'it is no number of rows that a page can have' },
      fix: `use 1 to ${LIMIT_MAX}`,
    });
  return {
    status: text('status'),
    id: text(idName),
    more: Object.fromEntries(more.map((name) => [name, text(name)])),
    times: { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) },
    after: form === 'page' ? text('after', CURSOR_CHARS_MAX) : undefined,
    limit: limit ?? LIMIT,
    problems,
  };
}

function isOrderStatus(text: string): text is OrderStatus {
  return Object.hasOwn(ORDER_STATUSES, text);
}

function readLimit(text: string | undefined): number | undefined {
  if (text === undefined) return LIMIT;
  const limit = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  return limit >= 1 && limit <= LIMIT_MAX ? limit : undefined;
}

const CURSOR_PROBLEM: Problem = {
  ...{ code: 'query_after', where: 'after', what: 'it is not what an answer gave as next' },
  fix: 'use next as it is, or leave it out for the first page',
};

function readCursor(text: string, keys: number): { createdAt: number; key: string[] } | undefined {
  let cells: unknown;
  try {
    cells = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
  if (!Array.isArray(cells) || cells.length !== keys + 1) return undefined;
  const [createdAt, ...key] = cells as unknown[];
  if (!Number.isSafeInteger(createdAt) || !key.every((part) => typeof part === 'string')) return undefined;
  return { createdAt: createdAt as number, key };
}
