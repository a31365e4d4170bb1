import type { DispatchRow } from '../event/dispatch.ts';
import type { EventRow } from '../event/event.ts';
import type { Reason } from '../event/reason.ts';
import type { EventRule, Spec } from '../spec/spec.ts';
import type { JournalRecord } from '../store/journal.ts';
import { sourceIdOf } from '../tiktok/body.ts';
import { forecast, mayLeave } from '../tiktok/clocks.ts';
import { PAGEVIEW } from '../tiktok/names.ts';
import { type Context, moved } from './context.ts';
import { type Draft, isOrderEvent } from './normalise.ts';

/** Opens the legs of an event to every destination that has a place for its source. Returns how many there are. */
export function openLegs(event: EventRow, draft: Draft, record: JournalRecord, context: Context): number {
  const targets = context.spec.destinations.filter((target) => sourceIdOf(target, event.source) !== null);
  for (const { id } of targets) {
    openPixelLeg(event, draft, record, id, context);
    if (draft.rule.legs === 'pixel' || event.name === PAGEVIEW) continue;
    const api = base(event, id, 'api', draft.rule);
    const start = firstState(event, draft.rule, id, context);
    context.working.putDispatch({ ...api, ...start });
    const pixel = context.working.dispatch(event.seq, id, 'pixel');
    if (start.state === 'withheld' && pixel?.state === 'held')
      context.working.putDispatch(moved(pixel, { ...withheld(start.why), changedAt: record.receivedAt }));
  }
  return targets.length;
}

/** The pixel leg, as far as this observation tells of it. */
export function openPixelLeg(
  event: EventRow,
  draft: Draft,
  { door, receivedAt }: JournalRecord,
  destination: string,
  context: Context,
): void {
  if (event.source !== 'web' || draft.rule.legs === 'api') return;
  if (context.working.dispatch(event.seq, destination, 'pixel')) return;
  const leg = { ...base(event, destination, 'pixel', draft.rule), changedAt: receivedAt };
  if (draft.rule.guarded) {
    const waits = isOrderEvent(event.name, event.source, event.orderId);
    const state = waits ? ({ state: 'held', why: 'awaiting_api' } as const) : withheld('guarded_without_order');
    context.working.putDispatch({ ...leg, ...state });
    return;
  }
  if (door !== 'browser') return;
  if (draft.pixel === 'fired') {
    const copyAt = [draft.occurredAt, receivedAt] as const;
    context.working.putDispatch({ ...leg, state: 'unknown', why: 'fired_by_page', copyAt });
  } else {
    context.working.putDispatch({ ...leg, ...withheld(draft.pixel === 'failed' ? 'pixel_blocked' : 'not_fired') });
  }
}

/** Where the api leg of a new event starts. */
function firstState(event: EventRow, rule: EventRule, destination: string, context: Context): Start {
  const { spec, working } = context;
  const order = isOrderEvent(event.name, event.source, event.orderId);
  if (order && rule.confirm !== 'none')
    return { state: 'held', why: 'awaiting_confirmation', expiresAt: event.receivedAt + rule.confirmWithin };
  const stop = stopped(event, spec, event.receivedAt);
  if (stop) return withheld(stop);
  const pixel = working.dispatch(event.seq, destination, 'pixel');
  const copy = pixel?.copyAt && ({ leg: 'pixel', at: pixel.copyAt } as const);
  if (!mayLeave(forecast(copy, 'api', event.receivedAt, spec.delivery))) return withheld('clock_passed');
  if (rule.delay > 0) return { state: 'held', why: 'delay', dueAt: event.receivedAt + rule.delay };
  return { state: 'queued', why: 'ready', dueAt: event.receivedAt + (rule.guarded ? 0 : spec.delivery.linger) };
}

/** Confirmed: the held api leg leaves after the rule's delay, or is withheld with its reason. */
export function releaseLegs(event: EventRow, rule: EventRule, at: number, context: Context): void {
  const stop = stopped(event, context.spec, at);
  for (const leg of context.working.legs(event.seq)) {
    if (leg.state !== 'held') continue;
    if (stop) context.working.putDispatch(moved(leg, { ...withheld(stop), changedAt: at }));
    else if (leg.leg === 'api')
      context.working.putDispatch(
        moved(leg, {
          ...(rule.delay > 0 ? { state: 'held', why: 'delay' } : { state: 'queued', why: 'ready' }),
          dueAt: at + rule.delay,
          changedAt: at,
        }),
      );
  }
}

/** Why an event may not go to TikTok at all; undefined when it may. */
function stopped(event: EventRow, spec: Spec, at: number): string | undefined {
  if (event.consent === 'denied') return 'consent_denied';
  if (event.consent === 'unknown' && spec.consent.mode === 'required') return 'consent_unknown';
  if (at - event.occurredAt > spec.delivery.maxAge) return 'too_old';
  if (event.source === 'web' && event.personal?.page?.url === undefined) return 'page_unknown';
  return undefined;
}

interface Start {
  state: DispatchRow['state'];
  why: string;
  dueAt?: number;
  expiresAt?: number;
}

function withheld(why: string): { state: 'withheld'; why: string } {
  return { state: 'withheld', why };
}

function base(
  event: EventRow,
  destination: string,
  leg: DispatchRow['leg'],
  rule: EventRule,
): Omit<DispatchRow, 'state' | 'why'> {
  return { event: event.seq, destination, leg, money: rule.guarded, attempts: 0, changedAt: event.receivedAt };
}

export const LEG_REASONS: Reason[] = [
  {
    code: 'awaiting_confirmation',
    with: 'held',
    means: 'The order is not confirmed yet.',
    fix: 'Nothing, if the payment is under way. The hold ends after confirmWithin.',
  },
  { code: 'delay', with: 'held', means: 'Confirmed; it waits out the spec’s delay for a repeated webhook.', fix: '' },
  {
    code: 'awaiting_api',
    with: 'held',
    means: 'The page may fire the pixel only once TikTok has accepted the api leg.',
    fix: '',
  },
  { code: 'ready', with: 'queued', means: 'It leaves with the next batch.', fix: '' },
  {
    code: 'fired_by_page',
    with: 'unknown',
    means: 'The page says that it fired the pixel. TikTok answers nothing there, so more can’t be known.',
    fix: '',
  },
  {
    code: 'pixel_blocked',
    with: 'withheld',
    means: 'TikTok’s pixel could not be loaded in the page.',
    fix: 'Usual with ad blockers; a page’s content security policy may do it too.',
  },
  {
    code: 'not_fired',
    with: 'withheld',
    means: 'The page did not fire the pixel for this copy, such as on a refresh.',
    fix: '',
  },
  {
    code: 'guarded_without_order',
    with: 'withheld',
    means:
      'The spec guards this event and there is no order whose handout the page could ask for; the api leg carries it.',
    fix: '',
  },
  {
    code: 'clock_passed',
    with: 'withheld',
    means: 'TikTok could count a copy that leaves now a second time.',
    fix: 'Nothing: the earlier copy stands.',
  },
  {
    code: 'consent_denied',
    with: 'withheld',
    means: 'The visitor did not agree to ads. The order stays in the books.',
    fix: '',
  },
  {
    code: 'consent_unknown',
    with: 'withheld',
    means: 'The spec requires consent and none was told.',
    fix: 'Call consent() in the page, or send consent with the order.',
  },
  {
    code: 'too_old',
    with: 'withheld',
    means: 'The event is older than the spec’s delivery.maxAge: TikTok would neither match nor report it.',
    fix: '',
  },
  {
    code: 'page_unknown',
    with: 'withheld',
    means: 'The order was told without the page it was placed on, and TikTok takes no web event without one.',
    fix: 'Send page.url with the order.',
  },
];
