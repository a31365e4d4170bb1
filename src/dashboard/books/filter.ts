/** What a list of the books is narrowed to; an empty text lets everything through. */
export interface Filter {
  status: string;
  /** the beginning of an id */
  id: string;
  /** of orders */
  currency: string;
  provider: string;
  shop: string;
  /** `lost`: of orders whose visitor's session was lost on the way */
  session: string;
  /** days that leads have stood in their step: `7-30`, `0-1` for under a day, `30-` for 30 or more */
  age: string;
  /** days such as `2026-11-22` in the business's time zone, both included */
  from: string;
  to: string;
  /** where a page of the list begins; empty for the first */
  after: string;
}

/** The name that an id has in addresses and in questions to the server. */
export type IdName = 'order_id' | 'lead_id';

export const NO_FILTER: Filter = {
  ...{ status: '', id: '', currency: '', provider: '', shop: '', session: '', age: '' },
  ...{ from: '', to: '', after: '' },
};

const PAGE_ROWS = 50;

type Field = keyof Filter;

/** In the order in which they stand in an address. */
const FIELDS: Readonly<Record<IdName, readonly Field[]>> = {
  order_id: ['status', 'id', 'currency', 'provider', 'shop', 'session', 'from', 'to', 'after'],
  lead_id: ['status', 'id', 'age', 'from', 'to', 'after'],
};

/** Reads a filter from an address's query, so that it can be linked to. */
export function filterOf(query: string, idName: IdName): Filter {
  const params = new URLSearchParams(query);
  const told = FIELDS[idName].map((field) => [field, params.get(nameIn(field, idName)) ?? '']);
  return { ...NO_FILTER, ...Object.fromEntries(told) };
}

/** The inverse of `filterOf`: `?status=paid`, or nothing. The server is asked in the same words. */
export function queryOf(filter: Filter, idName: IdName): string {
  return queryText(paramsOf(filter, idName));
}

/** One page of the list, as the server is asked for it. */
export function pageQueryOf(filter: Filter, idName: IdName): string {
  const params = paramsOf(filter, idName);
  params.set('limit', String(PAGE_ROWS));
  return queryText(params);
}

/** All that the filter lets through, from its first page on: what a file holds. */
export function fileQueryOf(filter: Filter, idName: IdName): string {
  return queryOf({ ...filter, after: '' }, idName);
}

/** Is anything kept out? A later page is no narrower than the first. */
export function narrows(filter: Filter): boolean {
  return Object.entries(filter).some(([field, text]) => field !== 'after' && text.trim() !== '');
}

function paramsOf(filter: Filter, idName: IdName): URLSearchParams {
  const params = new URLSearchParams();
  for (const field of FIELDS[idName]) {
    const text = filter[field].trim();
    if (text !== '') params.set(nameIn(field, idName), text);
  }
  return params;
}

function nameIn(field: Field, idName: IdName): string {
  return field === 'id' ? idName : field;
}

function queryText(params: URLSearchParams): string {
  return params.size === 0 ? '' : `?${params}`;
}
