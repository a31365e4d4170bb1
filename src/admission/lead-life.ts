import type { LeadStep } from '../event/lead.ts';
import { add, type Money, type MoneyText, moneyText, storedMoney } from '../event/money.ts';
import type { Spec } from '../spec/spec.ts';

/** Where a lead stands, by its steps. */
export interface LeadLife {
  /** each once, in the order in which they happened */
  steps: LeadStep[];
  status: string;
  /** of the first of the steps that say the present status without another one between */
  changedAt: number;
  /** of the first step */
  createdAt: number;
  value?: MoneyText;
  /** currencies of the ladder that could not be added to `value` */
  otherCurrencies: string[];
}

type Scale = Pick<Spec['leads'], 'events' | 'ladder' | 'values'>;

/**
 * The fold of a lead's steps, one at least: by the source's time, then by their place in the ladder, then by door and
 * status. However they arrive, and however often, it comes out the same.
 */
export function leadLife(told: readonly LeadStep[], scale: Scale): LeadLife {
  const steps = withReversals(inOrder(distinct(told), scale), scale);
  const deciding = decidingOf(steps);
  const last = deciding.at(-1) as LeadStep;
  const turn = deciding.findLastIndex(({ status }) => status !== last.status);
  return {
    steps,
    status: last.status,
    changedAt: (deciding[turn + 1] as LeadStep).at,
    createdAt: (steps[0] as LeadStep).at,
    ...worthOf(steps, last.status, scale),
  };
}

/** Is another step known that came after this one, so that its signal would tell TikTok of yesterday? */
export function isOvertaken(step: LeadStep, told: readonly LeadStep[], scale: Scale): boolean {
  return told.some(
    (other) =>
      other.status !== step.status && other.by !== PAGE && (step.by === PAGE || compare(other, step, scale) > 0),
  );
}

/** Was this step told before? A page tells one step, whenever it does. */
export function isSameStep(a: LeadStep, b: LeadStep): boolean {
  return identity(a) === identity(b);
}

/**
 * Marks each step at which the lead falls below what TikTok was told of it: to a status worth less than one that was
 * signalled, or listed before it. What is said of a lead that is down already is no second fall, and a page, which knows
 * how a lead began, tells none.
 */
function withReversals(steps: readonly LeadStep[], scale: Scale): LeadStep[] {
  const signalled: string[] = [];
  let isDown = false;
  return steps.map(({ reversal: _, ...step }) => {
    if (step.by === PAGE) {
      if (step.event !== undefined) signalled.push(step.status);
      return step;
    }
    const wasDown = isDown;
    isDown = signalled.some((status) => isLess(step.status, status, scale));
    if (step.event !== undefined) signalled.push(step.status);
    return isDown && !wasDown ? { ...step, reversal: true } : step;
  });
}

/** Two currencies tell nothing of each other. */
function isLess(status: string, than: string, scale: Scale): boolean {
  const [worth, before] = [moneyOf(status, scale), moneyOf(than, scale)];
  if (worth && before && worth.currency !== before.currency) return false;
  const [now, then] = [worth?.minor ?? 0n, before?.minor ?? 0n];
  return now === then ? rankOf(status, scale) < rankOf(than, scale) : now < then;
}

function moneyOf(status: string, { ladder }: Scale): Money | undefined {
  const text = stepWorth(status, ladder);
  return text === undefined ? undefined : storedMoney(text);
}

/** The steps of a lead by their place: of those that the ladder does not list, the order of their events. */
function rankOf(status: string, { ladder, events }: Omit<Scale, 'values'>): number {
  const listed = Object.keys(ladder);
  return [...listed, ...Object.keys(events).filter((name) => !listed.includes(name))].indexOf(status);
}

const PAGE = 'browser';

/** Everybody can speak as a page, so a page tells how a lead began and never takes one back. */
function decidingOf(steps: LeadStep[]): LeadStep[] {
  const first = steps.findIndex(({ by }) => by !== PAGE);
  return first < 0 ? steps : steps.filter(({ by }, index) => by !== PAGE || index < first);
}

function distinct(steps: readonly LeadStep[]): LeadStep[] {
  const kept = new Map<string, LeadStep>();
  for (const step of steps) {
    const key = identity(step);
    const known = kept.get(key);
    if (!known) kept.set(key, step);
    // Of a page's tellings the earliest time counts, under the record that came first.
    else if (step.at < known.at) kept.set(key, { ...known, at: step.at });
  }
  return [...kept.values()];
}

function identity({ status, by, at }: LeadStep): string {
  return by === PAGE ? `${by}\n${status}` : `${by}\n${status}\n${at}`;
}

function inOrder(steps: LeadStep[], scale: Scale): LeadStep[] {
  return steps.sort((a, b) => compare(a, b, scale));
}

function compare(a: LeadStep, b: LeadStep, scale: Scale): number {
  return (
    a.at - b.at ||
    rankOf(a.status, scale) - rankOf(b.status, scale) ||
    compareText(a.by, b.by) ||
    compareText(a.status, b.status)
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** What the ladder gives for the present status or, where values add up, for all that were reached. */
function worthOf(
  steps: readonly LeadStep[],
  status: string,
  { ladder, values }: Scale,
): Pick<LeadLife, 'value' | 'otherCurrencies'> {
  const reached = values === 'replace' ? [status] : [...new Set(steps.map((step) => step.status))];
  const amounts = reached.flatMap((name) => stepWorth(name, ladder) ?? []);
  const [first, ...rest] = amounts.map(storedMoney);
  if (!first) return { otherCurrencies: [] };
  const same = rest.filter(({ currency }) => currency === first.currency);
  const others = rest.filter(({ currency }) => currency !== first.currency);
  return {
    value: moneyText(same.reduce(add, first)),
    otherCurrencies: [...new Set(others.map(({ currency }) => currency))],
  };
}

/** What the ladder gives for a status. */
export function stepWorth(status: string, ladder: Spec['leads']['ladder']): MoneyText | undefined {
  return (Object.hasOwn(ladder, status) ? ladder[status] : undefined) ?? undefined;
}
