import type { DispatchRow } from '../event/dispatch.ts';
import type { EventRow } from '../event/event.ts';
import { isOpen } from '../event/key.ts';
import type { Reason } from '../event/reason.ts';
import type { ToldEvent } from '../event/told.ts';
import type { EventRule, Spec } from '../spec/spec.ts';
import type { JournalRecord } from '../store/journal.ts';
import { sourceIdOf } from '../tiktok/body.ts';
import { forecast, mayLeave } from '../tiktok/clocks.ts';
import { PAGEVIEW } from '../tiktok/names.ts';
import { type Context, moved } from './context.ts';
import { type Draft, isOrderEvent } from './normalise.ts';
import { hadDestination } from './stored-spec.ts';

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
  { door, receivedAt, body }: JournalRecord,
  destination: string,
  context: Context,
): void {
  if (event.source !== 'web' || draft.rule.legs === 'api') return;
  if (event.namespace === 'draft') {
    if (draft.pixel === 'fired') draftFired(event, receivedAt, context);
    return;
  }
  if (context.working.dispatch(event.seq, destination, 'pixel')) return;
  const leg = { ...base(event, destination, 'pixel', draft.rule), changedAt: receivedAt };
  // A page that was open when a destination was added has not its pixel, and gets no handout for it.
  const version = draft.rule.guarded ? event.specVersion : versionOf(body, context);
  if (!hadDestination(version, destination, context)) {
    if (draft.rule.guarded || door === 'browser')
      context.working.putDispatch({ ...leg, ...withheld('page_before_destination') });
    return;
  }
  if (draft.rule.guarded) {
    const state = isOrder(event)
      ? ({ state: 'held', why: 'awaiting_api' } as const)
      : withheld('guarded_without_order');
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

/** The spec that the page ran, or the newest. Names are part of TikTok's key, so a page's event keeps its page's. */
export function versionOf({ spec }: Partial<ToldEvent>, context: Context): number {
  const newest = context.spec.version;
  return spec !== undefined && spec >= 1 && spec < newest ? spec : newest;
}

/** Where the api leg of a new event starts. */
function firstState(event: EventRow, rule: EventRule, destination: string, context: Context): Start {
  const { spec, working, tests } = context;
  if (event.origin === 'system' && rule.renewals === 'book') return withheld('origin_system');
  if (isOrder(event) && confirmationOf(event, rule) !== 'none')
    return { state: 'held', why: 'awaiting_confirmation', expiresAt: event.receivedAt + rule.confirmWithin };
  if (event.bot) return withheld('bot_suspected');
  if (event.namespace === 'draft' && !isOpen(tests.get(destination), event.receivedAt)) return withheld('draft');
  const stop = stopped(event, spec, event.receivedAt);
  if (stop) return withheld(stop);
  const pixel = working.dispatch(event.seq, destination, 'pixel');
  const copy = pixel?.copyAt && ({ leg: 'pixel', at: pixel.copyAt } as const);
  if (!mayLeave(forecast(copy, 'api', event.receivedAt, spec.delivery))) return withheld('clock_passed');
  if (rule.delay > 0) return { state: 'held', why: 'delay', dueAt: event.receivedAt + rule.delay };
  return { state: 'queued', why: 'ready', dueAt: event.receivedAt + (rule.guarded ? 0 : spec.delivery.linger) };
}

/** What confirms an order. Anybody may call himself a bot's name, and no bot pays: of a marked one, only its payment. */
export function confirmationOf(event: EventRow, rule: EventRule): EventRule['confirm'] {
  return event.bot ? 'webhook' : rule.confirm;
}

function isOrder(event: EventRow): boolean {
  return isOrderEvent(event.name, event.source, event.orderId);
}

/** A copy by the pixel can't be called back, and TikTok counts it. */
function draftFired(event: EventRow, at: number, context: Context): void {
  context.working.finding('draft_fired', `event ${event.eventId}`, 'is a draft, and its page fired the pixel', at);
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

/**
 * Keeps back what has not left, one destination at a time: once its api leg may have arrived, TikTok has the event, and
 * nothing is called back.
 */
export function withholdLegs(event: EventRow, why: string, at: number, context: Context): void {
  for (const leg of context.working.legs(event.seq)) {
    if (!isKept(leg)) continue;
    const api = context.working.dispatch(event.seq, leg.destination, 'api');
    if (leg.leg === 'pixel' && api && !isKept(api) && api.state !== 'withheld') continue;
    context.working.putDispatch(moved(leg, { ...withheld(why), changedAt: at }));
  }
}

/** May TikTok have a copy, so that nothing can be called back? */
export function hasLeft({ state, copyAt }: DispatchRow): boolean {
  return copyAt !== undefined || state === 'inFlight' || state === 'delivered' || state === 'unknown';
}

/** Is the leg still here, and no copy of it at TikTok? */
function isKept({ state, copyAt }: DispatchRow): boolean {
  return (state === 'held' || state === 'queued') && copyAt === undefined;
}

/** Why an event may not go to TikTok at all; undefined when it may. */
function stopped(event: EventRow, spec: Spec, at: number): string | undefined {
  if (event.consent === 'denied') return 'consent_denied';
  if (event.source === 'web' && event.personal?.page?.url === undefined) return 'page_unknown';
  if (event.consent === 'unknown' && spec.consent.mode === 'required') return 'consent_unknown';
  if (at - event.occurredAt > spec.delivery.maxAge) return 'too_old';
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
  const { receivedAt } = event;
  const row = {
    event: event.seq,
    destination,
    leg,
    money: rule.guarded,
    attempts: 0,
    receivedAt,
    changedAt: receivedAt,
  };
  return event.namespace === 'draft' ? { ...row, draft: true } : row;
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
    code: 'page_before_destination',
    with: 'withheld',
    means: 'The page was loaded before this destination was added, so it has not its pixel; the api leg carries it.',
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
    code: 'bot_suspected',
    with: 'withheld',
    means: 'The user agent at the act was a known bot’s. Order or lead stay in the books.',
    fix: 'Nothing, if it was one. An order goes all the same once a payment provider says that it is paid.',
  },
  {
    code: 'draft',
    with: 'withheld',
    means: 'A draft, told while no test session was open for this destination.',
    fix: 'Open a test session with the code of Test Events, and tell it again under another id.',
  },
  {
    code: 'origin_system',
    with: 'withheld',
    means: 'No visitor did this, such as the renewal of a subscription, and the spec keeps it in the books alone.',
    fix: 'Write renewals: send in the event’s rule to send it.',
  },
  {
    code: 'page_unknown',
    with: 'withheld',
    means:
      'Neither the order nor its visitor’s events tell the page it was placed on, and TikTok takes no web event without one.',
    fix: 'Send page.url with the order; where a webhook tells it, send the visitor’s id along with the checkout.',
  },
];
