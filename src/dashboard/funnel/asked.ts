import type { FunnelAnswer, FunnelRow } from '../../api/attribution.ts';
import { addressOf as attributionAddress, askedOf as attributionAsked, behind } from '../attribution/asked.ts';

/** What the cells of the table say of each step. */
export const MEASURES = [
  ['visitors', 'Visitors'],
  ['rate', 'Rate'],
  ['dropped', 'Drop-off'],
  ['median', 'Median time'],
] as const;
export type Measure = (typeof MEASURES)[number][0];

/** What the ladder is asked for by, as the address has it; an empty text leaves it to the server. */
export interface FunnelAsked {
  by: string;
  from: string;
  to: string;
  /** what the table shows; not the server's business, nor is its order */
  measure: Measure;
  sort: string;
}

/** Reads an address's query. */
export function funnelOf(query: string): FunnelAsked {
  const params = new URLSearchParams(query);
  const text = (name: string) => params.get(name)?.trim() ?? '';
  const measure = MEASURES.find(([name]) => name === text('measure'))?.[0] ?? 'visitors';
  return { by: text('by'), from: text('from'), to: text('to'), measure, sort: text('sort') };
}

/** The inverse of `funnelOf`: `?by=ad&measure=rate`, or nothing. */
export function funnelAddress(asked: FunnelAsked): string {
  const { measure, sort } = asked;
  return text({ ...served(asked), ...(measure !== 'visitors' && { measure }), ...(sort && { sort }) });
}

/** As the server is asked. */
export function funnelQuestion(asked: FunnelAsked): string {
  return text(served(asked));
}

/** Attribution of the same creative in the same time; what is not known has none. */
export function creditsOf(
  row: Pick<FunnelRow, 'key' | 'of'>,
  answer: Pick<FunnelAnswer, 'by' | 'from' | 'to'>,
): string | undefined {
  const { by, from, to } = answer;
  if (row.key === '') return undefined;
  const here = { ...attributionAsked(''), from, to };
  return `/attribution${attributionAddress(behind(here, by, row) ?? { ...here, by, line: row.of })}`;
}

function served({ by, from, to }: FunnelAsked): Record<string, string> {
  return Object.fromEntries(Object.entries({ by, from, to }).filter(([, value]) => value !== ''));
}

function text(params: Record<string, string>): string {
  const query = new URLSearchParams(params);
  return query.size === 0 ? '' : `?${query}`;
}
