import type { LeadAnswer } from '../../api/books.ts';

const DAY = 86_400_000;

/** How long a lead may stand in its step, in bands that follow each other; `untilMs` is the first that is too long. */
export const BANDS = [
  { says: 'under a day', untilMs: DAY },
  { says: '1 to 7 days', untilMs: 7 * DAY },
  { says: '7 to 30 days', untilMs: 30 * DAY },
  { says: 'over 30 days', untilMs: Number.POSITIVE_INFINITY },
] as const;

/** How long the leads of one status have stood in it. */
export interface Ageing {
  status: string;
  leads: number;
  medianMs: number;
  /** leads in each of `BANDS` */
  bands: number[];
}

/** Ages by status, in the order of `statuses`; those that no lead stands in are left out. */
export function ageing(leads: readonly LeadAnswer[], asOf: number, statuses: readonly string[]): Ageing[] {
  return statuses.flatMap((status) => {
    const own = leads.filter((lead) => lead.status === status);
    if (own.length === 0) return [];
    const ages = own.map((lead) => ageOf(lead, asOf)).sort((a, b) => a - b);
    const bands = BANDS.map((_, band) => own.filter((lead) => bandOf(lead, asOf) === band).length);
    return [{ status, leads: own.length, medianMs: median(ages), bands }];
  });
}

/** How long a lead has stood in its step; one whose source's clock is ahead, not at all. */
export function ageOf({ changedAt }: Pick<LeadAnswer, 'changedAt'>, asOf: number): number {
  return Math.max(0, asOf - changedAt);
}

/** The band of `BANDS` that a lead stands in. */
export function bandOf(lead: Pick<LeadAnswer, 'changedAt'>, asOf: number): number {
  return BANDS.findIndex(({ untilMs }) => ageOf(lead, asOf) < untilMs);
}

function median(sorted: readonly number[]): number {
  const middle = Math.floor(sorted.length / 2);
  const [above = 0, below = 0] = [sorted[middle], sorted[middle - 1]];
  return sorted.length % 2 === 1 ? above : Math.round((above + below) / 2);
}
