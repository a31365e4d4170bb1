import type { LeadsAnswer, MoneyAnswer } from '../../api/books.ts';

/** One status of the ladder, or one that leads stand in although the ladder no longer has it. */
export interface Rung {
  /** `out`: a way out, no step towards anything; `off`: the ladder no longer has it */
  is: 'step' | 'out' | 'off';
  status: string;
  /** name of the event that tells TikTok; null where none does */
  event: string | null;
  worth: MoneyAnswer | null;
  /** leads that stand here now */
  here: number;
  /** leads that stand here or further on; null where it is no step */
  further: number | null;
  /** of the leads of the step before; null on the first step and where there were none */
  share: number | null;
  /** of the leads that stand here, by currency */
  values: MoneyAnswer[];
}

type Told = Pick<LeadsAnswer, 'ladder' | 'totals'>;

/**
 * The ladder with where leads stand. All leads count on the first step; who took a way out, such as `rejected`, counts
 * on no later one. The last statuses of the ladder that are neither worth anything nor told to TikTok are ways out.
 */
export function funnel({ ladder, totals }: Told): Rung[] {
  const steps = ladder.slice(0, stepCount(ladder));
  const outs = ladder.slice(steps.length);
  const known = new Set(ladder.map(({ status }) => status));
  const strangers = [...new Set(totals.map(({ status }) => status))].filter((status) => !known.has(status));
  const here = (status: string) => sum(totals.filter((total) => total.status === status));
  const furthers = steps.map((_, index) =>
    index === 0 ? sum(totals) : steps.slice(index).reduce((count, { status }) => count + here(status), 0),
  );
  const rung = (is: Rung['is'], status: string, part: Partial<Rung> = {}): Rung => ({
    ...{ is, status, event: null, worth: null, here: here(status), further: null, share: null },
    values: totals.flatMap((total) => (total.status === status && total.value ? [total.value] : [])),
    ...part,
  });
  return [
    ...steps.map(({ status, event, value: worth }, index) => {
      const [further = 0, before = 0] = [furthers[index], furthers[index - 1]];
      return rung('step', status, { event, worth, further, share: before > 0 ? further / before : null });
    }),
    ...outs.map(({ status }) => rung('out', status)),
    ...strangers.map((status) => rung('off', status)),
  ];
}

function stepCount(ladder: LeadsAnswer['ladder']): number {
  const outs = [...ladder].reverse().findIndex(({ value, event }) => value !== null || event !== null);
  return outs < 0 ? Math.min(1, ladder.length) : ladder.length - outs;
}

function sum(totals: readonly { count: number }[]): number {
  return totals.reduce((count, total) => count + total.count, 0);
}
