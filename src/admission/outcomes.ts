import { type DispatchInput, type DispatchRow, transitions } from '../event/dispatch.ts';
import type { OrderRow } from '../event/order.ts';
import type { Reason } from '../event/reason.ts';
import {
  type DispatchKey,
  eventsTold,
  type ToldAnswer,
  type ToldExpired,
  type ToldFired,
  type ToldSent,
} from '../event/told.ts';
import type { JournalRecord } from '../store/journal.ts';
import { earliest } from '../tiktok/clocks.ts';
import { withholdUndone } from './confirm.ts';
import { type Context, moved } from './context.ts';
import { lostSince, withLost } from './lost-session.ts';

/** A batch is about to leave, or a page was told to fire: from here the event's key and body are frozen. */
export function tellSent(record: JournalRecord, told: ToldSent, context: Context): void {
  let overtaken = false;
  for (const one of told.sends)
    for (const event of eventsTold(one)) {
      const leg = find({ ...one, event }, context);
      const state = leg && step(leg, 'send', told.at, context);
      if (!state) continue;
      if (leg.state === 'withheld') overtaken = true;
      const { destination, n } = one;
      const pixel = one.leg === 'pixel';
      context.working.putAttempt({ event, destination, leg: one.leg, n, sentAt: told.at });
      context.working.putDispatch({
        ...moved(leg, { state, why: pixel ? 'handed_out' : 'sending', changedAt: told.at }),
        ...(pixel ? { expiresAt: leg.expiresAt ?? told.at + context.spec.delivery.merge } : {}),
        attempts: n,
      });
      const row = context.working.event(event);
      if (row && row.frozenAt === undefined) context.working.putEvent({ ...row, frozenAt: told.at });
    }
  context.working.verdict(record, 'admitted', overtaken ? ['noted', 'left_meanwhile'] : ['noted']);
}

/** How each dispatch of a batch came out. An accepted api leg opens the page's handout. */
export function tellAnswer(record: JournalRecord, told: ToldAnswer, context: Context): void {
  for (const { more, ...answer } of told.answers)
    for (const event of more === undefined ? [answer.event] : eventsTold({ ...answer, more }))
      tellOutcome(record, { ...answer, event }, context);
  noted(record, context);
}

type Outcome = Omit<ToldAnswer['answers'][number], 'more'>;

function tellOutcome(record: JournalRecord, answer: Outcome, context: Context): void {
  const leg = find(answer, context);
  const state = leg && step(leg, answer.input, record.receivedAt, context);
  if (!state) return;
  const { input: _input, copy, dueAt, why, ...attempt } = answer;
  const { draft, replayedAt, receivedAt: came = record.receivedAt } = leg;
  context.working.putAttempt({
    ...{ ...attempt, why },
    ...(answer.input === 'accept' ? { lagMs: (answer.answeredAt ?? record.receivedAt) - (replayedAt ?? came) } : {}),
    ...(draft ? { draft } : {}),
  });
  const copyAt = copy ? earliest(leg.copyAt, [answer.sentAt, answer.answeredAt ?? answer.sentAt]) : leg.copyAt;
  const next: DispatchRow = {
    ...moved(leg, { state, why, changedAt: record.receivedAt, ...(dueAt === undefined ? {} : { dueAt }) }),
    ...(copyAt ? { copyAt } : {}),
    ...(answer.code === undefined ? {} : { code: answer.code }),
    ...(answer.message === undefined ? {} : { message: answer.message }),
    ...(answer.requestId === undefined ? {} : { requestId: answer.requestId }),
  };
  context.working.putDispatch(next);
  settlePixel(next, record.receivedAt, context);
  const event = answer.input === 'retry' && !copy ? context.working.event(answer.event) : undefined;
  if (event) withholdUndone(event, record.receivedAt, context);
}

/** A hold or a handout ran out, or transport found that a leg may no longer leave. */
export function tellExpired(record: JournalRecord, told: ToldExpired, context: Context): void {
  for (const ended of told.legs) {
    const leg = find(ended, context);
    // Handed out at the last moment, while the end was being written: the page may fire all the same.
    const isOut = leg?.leg === 'pixel' && leg.state === 'inFlight';
    const end = isOut ? ({ ...ended, input: 'park', why: 'handout_unreported' } as const) : ended;
    const state = leg ? transitions[leg.state][end.input] : 'impossible';
    // Overtaken by an answer, a report or the order's confirmation: the end came too late to matter.
    const isConfirmed = end.why === 'confirmation_expired' && leg?.expiresAt === undefined;
    if (!leg || state === 'impossible' || isConfirmed) continue;
    const event = context.working.event(leg.event);
    const unconfirmed = end.why === 'confirmation_expired';
    const why = unconfirmed && event?.bot ? 'bot_suspected' : end.why;
    const next = moved(leg, { state, why, changedAt: record.receivedAt });
    if (unconfirmed && event?.orderId !== undefined)
      context.working.finding(
        'order_unconfirmed',
        `order ${event.orderId}`,
        'was not confirmed in time and will not be sent',
        record.receivedAt,
      );
    context.working.putDispatch(next);
    settlePixel(next, record.receivedAt, context);
  }
  noted(record, context);
}

/** The page says that it fired its handout. A try-out's page has none, whatever it says. */
export function tellFired(record: JournalRecord, told: ToldFired, context: Context): void {
  const orderId = told.event_id.slice(context.spec.business.id.length + 1);
  const order = context.working.order(context.spec.business.id, orderId);
  if (told.draft || order?.event === undefined || !order.capabilities.includes(told.capability)) {
    context.working.verdict(record, 'refused', ['capability_unknown']);
    return;
  }
  const pixels = context.working.legs(order.event).filter((leg) => leg.leg === 'pixel');
  const named = context.spec.destinations.find(({ pixel }) => pixel === told.pixel);
  const one = pixels.filter((leg) => leg.destination === named?.id);
  const given = pixels.filter((leg) => leg.attempts > 0);
  for (const leg of one.length > 0 ? one : given.length > 0 ? given : pixels) {
    if (leg.attempts === 0)
      context.working.finding(
        'fired_without_handout',
        `order ${orderId}`,
        'its page fired the pixel without our word',
        record.receivedAt,
      );
    const state = transitions[leg.state].report;
    if (state === 'impossible') continue;
    const copyAt = earliest(leg.copyAt, [Math.min(leg.changedAt, record.receivedAt), record.receivedAt]);
    context.working.putDispatch({
      ...moved(leg, { state, why: 'fired_by_page', changedAt: record.receivedAt }),
      copyAt,
    });
  }
  const lost = firedElsewhere(record, told, order, context);
  if (lost !== order) context.working.putOrder(lost);
  context.working.verdict(
    record,
    'admitted',
    ['handout_fired', ...(lost === order ? [] : ['session_lost'])],
    order.event,
  );
}

/** Only the customer's page has the capability: where another visitor fired with it, theirs was lost. */
function firedElsewhere(record: JournalRecord, told: ToldFired, order: OrderRow, context: Context): OrderRow {
  const known = context.working.event(order.event ?? 0);
  if (!known) return order;
  const seen = { ...told, page: record.personal?.page?.url, at: record.receivedAt };
  return withLost(order, lostSince(record, seen, order, known, context.spec), context);
}

/** The api leg decides over the pixel leg that waits for it. */
export function settlePixel(api: DispatchRow, at: number, context: Context): void {
  if (api.leg !== 'api') return;
  const pixel = context.working.dispatch(api.event, api.destination, 'pixel');
  if (pixel?.state !== 'held') return;
  if (api.state === 'delivered')
    context.working.putDispatch(
      moved(pixel, {
        state: 'queued',
        why: 'handout_open',
        changedAt: at,
        expiresAt: (api.copyAt?.[0] ?? at) + context.spec.delivery.merge,
      }),
    );
  else if (api.state === 'dead' || api.state === 'unknown' || api.state === 'withheld')
    context.working.putDispatch(moved(pixel, { state: 'withheld', why: 'api_not_delivered', changedAt: at }));
}

/** The state an input leads to; an impossible one is a finding, because one odd record must not stop all others. */
function step(leg: DispatchRow, input: DispatchInput, at: number, context: Context): DispatchRow['state'] | undefined {
  const next = transitions[leg.state][input];
  if (next !== 'impossible') return next;
  const subject = `dispatch ${leg.event}/${leg.destination}/${leg.leg}`;
  context.working.finding('dispatch_impossible', subject, `is ${leg.state}: it can’t ${input}`, at);
  return undefined;
}

function find(key: DispatchKey, context: Context): DispatchRow | undefined {
  return context.working.dispatch(key.event, key.destination, key.leg);
}

function noted(record: JournalRecord, context: Context): void {
  context.working.verdict(record, 'admitted', ['noted']);
}

export const OUTCOME_REASONS: Reason[] = [
  { code: 'noted', with: 'admitted', means: 'A record of our own: applied.', fix: '' },
  {
    code: 'left_meanwhile',
    with: 'note',
    means: 'A copy was already leaving while its leg was being withheld, such as by a withdrawn consent.',
    fix: '',
  },
  { code: 'sending', with: 'inFlight', means: 'On its way to TikTok.', fix: '' },
  {
    code: 'handed_out',
    with: 'inFlight',
    means: 'The page was told to fire the pixel and has not reported back.',
    fix: '',
  },
  {
    code: 'handout_open',
    with: 'queued',
    means: 'TikTok has the api leg; the page may fire the pixel when it asks in time.',
    fix: '',
  },
  {
    code: 'api_not_delivered',
    with: 'withheld',
    means: 'TikTok did not accept the api leg, so the page was never told to fire.',
    fix: 'See the api leg.',
  },
  { code: 'handout_fired', with: 'admitted', means: 'The page reported that it fired its handout.', fix: '' },
  { code: 'capability_unknown', with: 'refused', means: 'The report named a handout that does not exist.', fix: '' },
];
