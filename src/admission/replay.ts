import { type DispatchRow, type ReplayRow, transitions } from '../event/dispatch.ts';
import type { CopyAt, EventRow } from '../event/event.ts';
import type { Reason } from '../event/reason.ts';
import type { DispatchKey, ToldReplay } from '../event/told.ts';
import type { VerdictRow } from '../store/effects.ts';
import type { JournalRecord } from '../store/journal.ts';
import { sourceIdOf } from '../tiktok/body.ts';
import { type Copy, forecast, mayLeave } from '../tiktok/clocks.ts';
import { whyKept } from './confirm.ts';
import { shopOf } from './consents.ts';
import { type Context, moved } from './context.ts';
import { hasLeft } from './legs.ts';
import { madeAgain } from './replay-event.ts';

/** A record of the journal as it was told, with its current verdict. */
export interface Recalled {
  record: JournalRecord;
  verdict?: VerdictRow;
}

/** What a replay needs beside the ledger. */
export interface Recall {
  /** records by sequence; those that retention has removed are missing */
  records: ReadonlyMap<number, Recalled>;
  /** decides a record of them once more */
  judge(record: JournalRecord): void;
}

/** More replays of one leg than this say nothing new. */
const REPLAYS_MAX = 10;

/** What tells an event, an order or money can be judged again. Of what could not be read, no text was kept. */
const JUDGED: readonly string[] = ['event', 'order', 'lead', 'payment'];

/**
 * An operator wants dead letters tried again. A leg waits anew under its old key, where nothing speaks against it now; a
 * quarantined record is judged under the spec that is active now. What is no dead letter any more stays as it is.
 */
export function tellReplay(record: JournalRecord, told: ToldReplay, recall: Recall, context: Context): void {
  const refusals = new Set<string>();
  let done = 0;
  const count = (why: string | undefined): void => {
    if (why === undefined) done++;
    else refusals.add(why);
  };
  for (const key of told.legs) count(replayLeg(key, record, told.by, recall, context));
  for (const seq of told.records) count(replayRecord(seq, record, told.by, recall, context));
  const [verdict, reason] =
    done > 0 ? (['admitted', 'letters_replayed'] as const) : (['refused', 'no_letter_replayed'] as const);
  context.working.verdict(record, verdict, [reason, ...refusals]);
}

/** Why the leg stays as it is; undefined once it waits again. */
function replayLeg(
  key: DispatchKey,
  { seq, receivedAt: at }: JournalRecord,
  by: string | undefined,
  { records }: Recall,
  context: Context,
): string | undefined {
  const { working } = context;
  const leg = working.dispatch(key.event, key.destination, key.leg);
  const event = working.event(key.event);
  if (!leg || !event || leg.leg !== 'api' || leg.draft) return 'letter_unknown';
  const state = transitions[leg.state].replay;
  if (state === 'impossible') return 'not_given_up';
  const asked: ReplayRow = { seq, at, ...(by === undefined ? {} : { by }) };
  const refuse = (why: string, row: DispatchRow = leg): string => {
    // The same again would change nothing but its time.
    if (leg.replays?.at(-1)?.why !== why) working.putDispatch(withReplay(row, { ...asked, why }));
    return why;
  };

  const why = whyNot(leg, event, at, context);
  if (why !== undefined) return refuse(why);
  const isFresh = working.legs(event.seq).every((other) => other === leg || !hasLeft(other)) && !hasLeft(leg);
  const again = isFresh ? madeAgain(event, records, context) : undefined;
  const [problem] = again?.problems ?? [];
  if (problem) return refuse(problem.code, moved(leg, { state: leg.state, why: problem.code, changedAt: at }));
  if (again) working.putEvent(again.event);
  const next = moved(leg, { state, why: 'replayed', changedAt: at, dueAt: at });
  working.putDispatch(withReplay({ ...next, replayedAt: at }, asked));
  return undefined;
}

/** What speaks against another copy now. Pure. */
function whyNot(leg: DispatchRow, event: EventRow, at: number, context: Context): string | undefined {
  const { working, spec } = context;
  const target = spec.destinations.find(({ id }) => id === leg.destination);
  if (!target || sourceIdOf(target, event.source) === null) return 'destination_gone';
  // A choice reaches what waits: what had been given up by then asks for it here.
  if (event.consent === 'denied' || (event.visitor !== undefined && working.isRefuser(event.visitor)))
    return 'consent_denied';
  const order = event.orderId === undefined ? undefined : working.order(shopOf(event), event.orderId);
  const own = order?.event === event.seq ? order : undefined;
  const kept = own && whyKept(own, context);
  if (kept !== undefined) return kept;
  // Only its payment makes an order of a bot count.
  if (event.bot && own?.confirmedAt === undefined) return 'bot_suspected';
  if (at - event.occurredAt > spec.delivery.maxAge) return 'too_old';
  const first = possibleCopy(working.legs(event.seq), leg.destination, event);
  return mayLeave(forecast(first, 'api', at, spec.delivery)) ? undefined : 'clock_passed';
}

/** The earliest copy that any leg may have brought to this destination, whether or not anybody told of it. */
export function possibleCopy(legs: readonly DispatchRow[], destination: string, event: EventRow): Copy | undefined {
  let first: Copy | undefined;
  for (const leg of legs) {
    const at = leg.destination === destination ? (leg.copyAt ?? untold(leg, event)) : undefined;
    if (at && (!first || at[0] < first.at[0])) first = { leg: leg.leg, at };
  }
  return first;
}

/** A page that was told to fire may have fired, whatever it reports; nothing of an event left before its key froze. */
function untold({ leg, state, attempts, changedAt }: DispatchRow, { frozenAt }: EventRow): CopyAt | undefined {
  const mayHaveLeft = leg === 'pixel' ? attempts > 0 : state === 'unknown';
  return mayHaveLeft ? [Math.min(frozenAt ?? changedAt, changedAt), changedAt] : undefined;
}

function withReplay(leg: DispatchRow, replay: ReplayRow): DispatchRow {
  return { ...leg, replays: [...(leg.replays ?? []), replay].slice(-REPLAYS_MAX) };
}

/** Why the record stays where it is; undefined once another verdict takes it out of quarantine. */
function replayRecord(
  seq: number,
  { seq: by, receivedAt: at }: JournalRecord,
  account: string | undefined,
  { records, judge }: Recall,
  { working }: Context,
): string | undefined {
  const known = records.get(seq);
  if (!known?.verdict || known.verdict.draft) return 'letter_unknown';
  const before = working.judged(seq) ?? known.verdict;
  if (before.verdict !== 'quarantined') return 'not_quarantined';
  if (!JUDGED.includes(known.record.kind)) return 'text_not_kept';
  working.judgeAgain(before, { seq: by, ...(account === undefined ? {} : { by: account }) }, at);
  judge(known.record);
  const after = working.judged(seq) ?? before;
  return after.verdict === 'quarantined' ? (after.reasons[0] ?? 'not_quarantined') : undefined;
}

export const REPLAY_REASONS: Reason[] = [
  {
    code: 'letters_replayed',
    with: 'admitted',
    means: 'An operator wanted dead letters tried again, and some or all of them are.',
    fix: '',
  },
  {
    code: 'no_letter_replayed',
    with: 'refused',
    means: 'An operator wanted dead letters tried again, and nothing came of it: the other reasons say why.',
    fix: 'Mend what they name, then replay again.',
  },
  {
    code: 'replayed',
    with: 'queued',
    means: 'An operator wanted it tried again, under the same event id.',
    fix: '',
  },
  {
    code: 'letter_unknown',
    with: 'note',
    means: 'There is no such dead letter.',
    fix: 'List them for their ids: assay dead list.',
  },
  {
    code: 'not_given_up',
    with: 'note',
    means: 'The dispatch is no dead letter any more: it waits, is on its way, was delivered, or was kept back.',
    fix: 'Nothing: Trace shows where it is.',
  },
  {
    code: 'not_quarantined',
    with: 'note',
    means: 'The record is not in quarantine any more.',
    fix: 'Nothing: Trace shows what became of it.',
  },
  {
    code: 'text_not_kept',
    with: 'note',
    means: 'What could not be read was never kept, so there is nothing to be judged again.',
    fix: 'Have its sender send it again, mended.',
  },
];
