import type { LeadAnswer, LeadsAnswer } from '../../api/books.ts';

/** A span of days that leads have stood in their step, as the list is asked for it and in words. */
export interface Band {
  age: string;
  says: string;
}

/** How long the leads of one status have stood in it: how many in each of `bandsOf`. */
export type Ageing = LeadsAnswer['ageing'][number];

/** `[1, 7]` days give those of under a day, of 1 to 7 days, and of over 7 days. */
export function bandsOf(days: readonly number[]): Band[] {
  const edges = [undefined, ...days, undefined];
  return edges.slice(1).map((to, index) => {
    const from = edges[index];
    return { age: `${from ?? 0}-${to ?? ''}`, says: bandSays(from, to) };
  });
}

function bandSays(from: number | undefined, to: number | undefined): string {
  if (from === undefined) return `under ${to === 1 ? 'a day' : `${to} days`}`;
  return to === undefined ? `over ${from === 1 ? 'a day' : `${from} days`}` : `${from} to ${to} days`;
}

/** Ages by status in the order of `statuses`, then those of others; a status that no lead stands at is left out. */
export function inOrder(ageing: readonly Ageing[], statuses: readonly string[]): Ageing[] {
  const place = ({ status }: Ageing) => (statuses.includes(status) ? statuses.indexOf(status) : statuses.length);
  return ageing.filter(({ leads }) => leads.some((count) => count > 0)).sort((a, b) => place(a) - place(b));
}

/** How long a lead has stood in its step; one whose source's clock is ahead, not at all. */
export function ageOf({ changedAt }: Pick<LeadAnswer, 'changedAt'>, asOf: number): number {
  return Math.max(0, asOf - changedAt);
}
