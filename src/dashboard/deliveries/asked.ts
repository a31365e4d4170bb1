import type { ReplayRequest } from '../../api/letters.ts';

/** What the page is narrowed to; an empty text lets everything through. */
export interface LettersFilter {
  kind: string;
  destination: string;
  why: string;
  /** TikTok's return code */
  code: string;
  /** name of the event */
  event: string;
  /** `true`: money events alone */
  money: string;
  /** days such as `2026-11-22` in the business's time zone, both included */
  from: string;
  to: string;
  /** where a page of the list begins; empty for the first */
  after: string;
}

export const NO_FILTER: LettersFilter = {
  ...{ kind: '', destination: '', why: '', code: '', event: '', money: '' },
  ...{ from: '', to: '', after: '' },
};

const FIELDS = ['kind', 'destination', 'why', 'code', 'event', 'money', 'from', 'to', 'after'] as const;
const HOURS = '24';
const PAGE_ROWS = 50;

/** Reads an address's query: the hours that the figures are of, and what the letters are narrowed to. */
export function askedOf(query: string): { hours: string; filter: LettersFilter } {
  const params = new URLSearchParams(query);
  const filter = { ...NO_FILTER, ...Object.fromEntries(FIELDS.map((field) => [field, params.get(field) ?? ''])) };
  return { hours: params.get('hours') ?? HOURS, filter };
}

/** The inverse of `askedOf`: `?hours=6&kind=dead`, or nothing. */
export function addressOf(hours: string, filter: LettersFilter): string {
  const params = paramsOf(filter);
  if (hours !== HOURS) params.set('hours', hours);
  return params.size === 0 ? '' : `?${params}`;
}

/** One page of the list, as the server is asked for it. */
export function pageQueryOf(filter: LettersFilter): string {
  const params = paramsOf(filter);
  params.set('limit', String(PAGE_ROWS));
  return `?${params}`;
}

/** All that the filter lets through, as a file. */
export function fileQueryOf(filter: LettersFilter): string {
  const params = paramsOf({ ...filter, after: '' });
  return params.size === 0 ? '' : `?${params}`;
}

/** All that the filter lets through, for a replay. */
export function whereOf(filter: LettersFilter): NonNullable<ReplayRequest['where']> {
  return Object.fromEntries(paramsOf({ ...filter, after: '' }));
}

/** Is anything kept out? A later page is no narrower than the first. */
export function narrows(filter: LettersFilter): boolean {
  return paramsOf({ ...filter, after: '' }).size > 0;
}

function paramsOf(filter: LettersFilter): URLSearchParams {
  const params = new URLSearchParams();
  for (const field of FIELDS) {
    const text = filter[field].trim();
    if (text !== '') params.set(field, text);
  }
  return params;
}
