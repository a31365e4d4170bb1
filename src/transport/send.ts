import type { DispatchRow } from '../event/dispatch.ts';
import type { CopyAt } from '../event/event.ts';
import type { DispatchesTold, ToldAnswer, ToldSent } from '../event/told.ts';
import type { Destination, Spec } from '../spec/spec.ts';
import type { Journal } from '../store/journal.ts';
import { type Reading, type Reply, read } from '../tiktok/answer.ts';
import { type Copy, earliest } from '../tiktok/clocks.ts';
import { refusesAll, toldOf } from './destination.ts';
import { type Next, next } from './next.ts';
import type { Outlet } from './outlet.ts';
import type { Request } from './pick.ts';
import { bare, record } from './record.ts';
import { isRefusedWhole } from './searches.ts';

export interface SendSurroundings {
  journal: Pick<Journal, 'append'>;
  /** the spec of a version, or the newest for one that is not known */
  specOf(version: number): Spec;
  /** sends one request's JSON, as UTF-8; never throws */
  post(target: Destination, body: Buffer): Promise<Reply>;
  now(): number;
  random(): number;
  /** tells a person, once per change */
  alarm(destination: string, what: string): void;
}

/** How one request came out. */
export interface Attempt {
  readings: Reading[];
  /** sequence of the record that tells it; undefined where it could not be written down */
  seq: number | undefined;
  answeredAt: number;
}

/**
 * Writes down that these dispatches leave, in one record for all of them: the answer is its sequence. No request leaves
 * before that.
 */
export function tellLeaving(
  batches: readonly Request[],
  sentAt: number,
  { journal }: Pick<SendSurroundings, 'journal'>,
): Promise<number> {
  const sends: ToldSent['sends'] = [];
  for (const batch of batches) {
    let last: ToldSent['sends'][number] | undefined;
    for (const { dispatch } of batch.sends) {
      const n = dispatch.attempts + 1;
      if (last?.n === n) addTo(last, dispatch.event);
      else {
        last = { ...bare(dispatch), n };
        sends.push(last);
      }
    }
  }
  return journal.append([record('sent', 'answer', { sends, at: sentAt }, sentAt)]);
}

/**
 * Posts a batch that has been written down, and writes down what became of it. What comes back is not due before
 * `holdUntil`, a time that follows from the readings.
 */
export async function attempt(
  batch: Request,
  outlet: Outlet,
  sentAt: number,
  holdUntil: (readings: readonly Reading[], answeredAt: number) => number,
  around: SendSurroundings,
): Promise<Attempt> {
  const reply = await around.post(batch.target, batch.body);
  const answeredAt = around.now();
  // One chance for all: a batch that comes back stays one.
  const chance = around.random();
  const old = outlet.state;
  const answered = read(
    reply,
    batch.sends.map(({ event }) => event.eventId),
  );
  outlet.settle(answered, sentAt, answeredAt, chance);
  const told = toldOf(old, outlet.state);
  if (told !== undefined) around.alarm(outlet.id, told);
  const readings = refusesAll(outlet.state) ? answered.map(kept) : answered;
  const restsUntil = Math.max(outlet.state.until, holdUntil(readings, answeredAt));
  const { delivery } = around.specOf(0);
  const answers = toldAlike(
    batch,
    readings,
    (reading, n, copyAt) => next({ reading, n, answeredAt, firstCopy: copyAt, restsUntil }, chance, delivery),
    [sentAt, answeredAt],
  );
  let seq: number | undefined;
  try {
    seq = await around.journal.append([record('answer', 'answer', { answers }, answeredAt)]);
  } catch (error) {
    // Nobody waits any more for the disk: the open attempt counts as unanswered at the next start.
    around.alarm(outlet.id, `an answer could not be written down: ${String(error)}`);
  }
  return { readings, seq, answeredAt };
}

/** The answers of a batch; events that follow each other and came out alike share one. */
function toldAlike(
  { sends }: Request,
  readings: readonly Reading[],
  nextOf: (reading: Reading, n: number, firstCopy: CopyAt | undefined) => Next,
  [sentAt, answeredAt]: CopyAt,
): ToldAnswer['answers'] {
  const answers: ToldAnswer['answers'] = [];
  let last: { reading: Reading; n: number; firstCopy: Copy | undefined; answer: DispatchesTold } | undefined;
  for (let at = 0; at < sends.length; at++) {
    const { dispatch, firstCopy } = sends[at] as Request['sends'][number];
    const reading = readings[at] as Reading;
    const n = dispatch.attempts + 1;
    // What follows depends on nothing else.
    if (last?.reading === reading && last.n === n && last.firstCopy?.at[0] === firstCopy?.at[0]) {
      addTo(last.answer, dispatch.event);
      continue;
    }
    const copyAt = reading.copy ? earliest(firstCopy?.at, [sentAt, answeredAt]) : firstCopy?.at;
    const answer = { ...bare(dispatch), n, sentAt, answeredAt, ...reading, ...nextOf(reading, n, copyAt) };
    answers.push(answer);
    last = { reading, n, firstCopy, answer };
  }
  return answers;
}

function addTo(told: DispatchesTold, event: number): void {
  told.more ??= [];
  told.more.push(event);
}

/** Where a destination refuses everything, no event is given up for it. */
function kept(reading: Reading): Reading {
  const isRefused = reading.outcome === 'refused' || isRefusedWhole([reading]);
  return isRefused ? { ...reading, outcome: 'retry', why: 'refuses_everything' } : reading;
}

export function dispatchesOf(batches: readonly Request[]): DispatchRow[] {
  return batches.flatMap(({ sends }) => sends.map(({ dispatch }) => dispatch));
}
