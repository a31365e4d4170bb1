import type { AttemptRow, DispatchRow, DispatchState } from '../event/dispatch.ts';
import { LAG_BOUNDS, lagClass } from '../event/lag.ts';
import { MINUTE } from '../event/time.ts';
import type { Backlog, DeliveryMinute } from './outbox.ts';

type Waiting = 'held' | 'queued' | 'inFlight';
interface Answer {
  outcome: string;
  why: string;
  code?: number | undefined;
  http?: number | undefined;
}

/**
 * What one destination's api legs come to in one minute, and how many of those that came to wait in it still do. All
 * figures are sums over rows, each row giving what it gives whatever it was before: in any order, and in one commit or
 * in many, they come out the same.
 */
export interface MinuteSums extends DeliveryMinute {
  waiting: { money: boolean; state: Waiting; count: number }[];
}

/** Sums of some rows, or their differences, by minute and destination. */
export class DeliverySums {
  readonly #minutes = new Map<string, Map<number, MinuteSums>>();

  /** Counts a dispatch `by` times: -1 takes back what it was. Drafts and pixel legs count for nothing. */
  dispatch(row: DispatchRow, by: 1 | -1): void {
    if (row.leg !== 'api' || row.draft || wasStopped(row)) return;
    const entered = this.#minute(row.destination, enteredAt(row));
    entered.entered += by;
    const state = waitingState(row.state);
    if (state) addWaiting(entered, row.money, state, by);
    else this.#minute(row.destination, row.changedAt).left += by;
  }

  /** The same for an attempt; only its answer counts. */
  attempt(row: AttemptRow, by: 1 | -1): void {
    const { answeredAt, outcome, code, http, why = '' } = row;
    if (row.leg !== 'api' || row.draft || answeredAt === undefined || outcome === undefined) return;
    const minute = this.#minute(row.destination, answeredAt);
    addAnswer(minute, { outcome, why, code, http }, by);
    if (outcome === 'accepted' && row.lagMs !== undefined) addLag(minute, lagClass(row.lagMs), by);
  }

  /** Those of other sums come to these. */
  plus(other: MinuteSums): void {
    const sums = this.#minute(other.destination, other.minute);
    sums.entered += other.entered;
    sums.left += other.left;
    for (const { count, ...answer } of other.answers) addAnswer(sums, answer, count);
    for (const [at, count] of other.lags.entries()) addLag(sums, at, count);
    for (const { money, state, count } of other.waiting) addWaiting(sums, money, state, count);
  }

  /** In no order; those that come to nothing are among them. */
  all(): MinuteSums[] {
    return [...this.#minutes.values()].flatMap((minutes) => [...minutes.values()]);
  }

  #minute(destination: string, at: number): MinuteSums {
    const minute = at - (at % MINUTE);
    const minutes = this.#minutes.get(destination) ?? new Map<number, MinuteSums>();
    const known = minutes.get(minute);
    if (known) return known;
    const lags = Array.from({ length: LAG_BOUNDS.length + 1 }, () => 0);
    const sums = { destination, minute, entered: 0, left: 0, answers: [], lags, waiting: [] };
    this.#minutes.set(destination, minutes.set(minute, sums));
    return sums;
  }
}

/** How many of a minute's legs wait still. */
export function waitingOf(sums: MinuteSums): number {
  return sums.waiting.reduce((all, { count }) => all + count, 0);
}

export function isNothing({ entered, left, answers, lags, waiting }: MinuteSums): boolean {
  return (
    entered === 0 && left === 0 && answers.length === 0 && waiting.length === 0 && lags.every((count) => count === 0)
  );
}

/** What readers get of a minute, its answers most frequent first; nothing where all of it was taken back. */
export function deliveryMinute({ waiting: _, ...sums }: MinuteSums): DeliveryMinute | undefined {
  if (isNothing({ ...sums, waiting: [] })) return undefined;
  const answers = sums.answers
    .map((answer) => ({ answer, key: keyOf(answer) }))
    .sort((a, b) => b.answer.count - a.answer.count || (a.key < b.key ? -1 : 1));
  return { ...sums, answers: answers.map(({ answer }) => answer) };
}

/** What waits, of the minutes that anything waits of, by destination, money first. */
export function backlogOf(minutes: readonly MinuteSums[]): Backlog[] {
  const found = new Map<string, Backlog>();
  for (const { destination, minute, waiting } of minutes)
    for (const { money, state, count } of waiting) {
      const key = `${destination} ${money ? 0 : 1}`;
      const lane = found.get(key) ?? { destination, money, held: 0, queued: 0, inFlight: 0, oldestReceivedAt: minute };
      lane[state] += count;
      lane.oldestReceivedAt = Math.min(lane.oldestReceivedAt ?? minute, minute);
      found.set(key, lane);
    }
  return [...found.keys()].sort().flatMap((key) => found.get(key) ?? []);
}

/** When a leg came to wait; an operator's replay begins its wait anew. */
function enteredAt(row: DispatchRow): number {
  return row.replayedAt ?? row.receivedAt ?? row.changedAt;
}

/** A leg that was stopped as it was opened never waited. */
function wasStopped(row: DispatchRow): boolean {
  return row.state === 'withheld' && enteredAt(row) === row.changedAt;
}

function waitingState(state: DispatchState): Waiting | undefined {
  switch (state) {
    case 'held':
    case 'queued':
    case 'inFlight':
      return state;
    case 'delivered':
    case 'unknown':
    case 'withheld':
    case 'dead':
      return undefined;
  }
}

function addWaiting(sums: MinuteSums, money: boolean, state: Waiting, by: number): void {
  const at = sums.waiting.findIndex((one) => one.money === money && one.state === state);
  addAt(sums.waiting, at, by, () => ({ money, state, count: by }));
}

function addAnswer(sums: MinuteSums, answer: Answer, by: number): void {
  const { outcome, code, http, why } = answer;
  const at = sums.answers.findIndex(
    (one) => one.why === why && one.code === code && one.outcome === outcome && one.http === http,
  );
  addAt(sums.answers, at, by, () => ({
    ...{ outcome, why, count: by },
    ...(code === undefined ? {} : { code }),
    ...(http === undefined ? {} : { http }),
  }));
}

function addAt<Row extends { count: number }>(rows: Row[], at: number, by: number, fresh: () => Row): void {
  const known = rows[at];
  if (!known) rows.push(fresh());
  else if (known.count + by === 0) rows.splice(at, 1);
  else known.count += by;
}

function addLag(sums: MinuteSums, at: number, by: number): void {
  sums.lags[at] = (sums.lags[at] ?? 0) + by;
}

function keyOf({ outcome, code, http, why }: Answer): string {
  return `${outcome} ${code} ${http} ${why}`;
}
