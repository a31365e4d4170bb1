import type { DispatchRow } from '../event/dispatch.ts';
import type { Consent, EventRow } from '../event/event.ts';
import type { LeadRow } from '../event/lead.ts';
import type { OrderRow } from '../event/order.ts';
import type { Reason } from '../event/reason.ts';
import type { ToldConsent } from '../event/told.ts';
import type { Spec } from '../spec/spec.ts';
import { isWaiting } from '../store/event-ids.ts';
import type { JournalRecord } from '../store/journal.ts';
import { type Context, moved } from './context.ts';
import type { Draft } from './normalise.ts';

/**
 * The visitor's choice. A no reaches all that has not left, later confirmations, and the steps to come of the visitor's
 * leads; a yes those steps again, and of orders only those that wait and of which nobody had asked. What was withheld
 * stays so. A choice in a try-out concerns try-outs alone.
 */
export function tellConsent(record: JournalRecord, told: ToldConsent, context: Context): void {
  const { visitor, choice } = told;
  const denied = choice === 'denied';
  if (!told.draft) {
    context.working.putChoice({ visitor, choice, at: record.receivedAt });
    for (const lead of context.working.leadsOf(visitor)) chooseForLead(lead, choice, context);
  }
  let left = false;
  for (const event of context.working.eventsOf(visitor)) {
    const open = context.working.legs(event.seq).filter(isWaiting);
    if (open.length === 0 || (told.draft && event.namespace !== 'draft')) continue;
    if (denied) {
      withdraw(event, open, record.receivedAt, context);
      left ||= event.frozenAt !== undefined;
    } else if (event.consent === 'unknown' && open.some(awaitsConfirmation)) choose(event, 'granted', context);
  }
  if (!denied) context.working.verdict(record, 'admitted', ['consent_given']);
  else context.working.verdict(record, 'admitted', left ? ['consent_withdrawn', 'left_before'] : ['consent_withdrawn']);
}

/**
 * The visitor whose last choice stands for an event that tells of none, as a server's may. Where consent is required
 * such an event stays here anyway.
 */
export function chooserOf({ consent, visitor, namespace }: Draft, { consent: { mode } }: Spec): string | undefined {
  return mode === 'none' && consent === 'unknown' && namespace === 'live' ? visitor : undefined;
}

/** An attempt under way can't be called back; should it come to nothing, it is not tried again. */
function withdraw(event: EventRow, open: readonly DispatchRow[], at: number, context: Context): void {
  choose(event, 'denied', context);
  for (const leg of open)
    if (leg.state !== 'inFlight')
      context.working.putDispatch(moved(leg, { state: 'withheld', why: 'consent_denied', changedAt: at }));
}

function choose(event: EventRow, consent: Consent, context: Context): void {
  if (event.consent !== consent) context.working.putEvent({ ...event, consent });
  const order = orderOf(event, context);
  if (order && order.consent !== consent) context.working.putOrder({ ...order, consent });
}

/** A yes takes back the visitor's own no, and no other: a lead that was told with one keeps it. */
function chooseForLead(lead: LeadRow, choice: ToldConsent['choice'], { working }: Context): void {
  const { withdrawn, ...rest } = lead;
  if (choice === 'denied') {
    if (lead.consent !== 'denied') working.putLead({ ...rest, consent: 'denied', withdrawn: true });
  } else if (lead.consent === 'unknown' || withdrawn) working.putLead({ ...rest, consent: 'granted' });
}

/** The order whose Purchase this is. */
function orderOf(event: EventRow, context: Context): OrderRow | undefined {
  if (event.orderId === undefined) return undefined;
  const order = context.working.order(shopOf(event), event.orderId);
  return order?.event === event.seq ? order : undefined;
}

/** The business of an event, which is the shop of its order. */
export function shopOf({ sourceId }: EventRow): string {
  return sourceId.slice(0, sourceId.indexOf('/'));
}

function awaitsConfirmation({ state, why }: DispatchRow): boolean {
  return state === 'held' && why === 'awaiting_confirmation';
}

export const CONSENT_REASONS: Reason[] = [
  { code: 'consent_given', with: 'admitted', means: 'The visitor agreed to ads.', fix: '' },
  {
    code: 'consent_withdrawn',
    with: 'admitted',
    means: 'The visitor said no to ads: what had not left is withheld.',
    fix: '',
  },
  {
    code: 'left_before',
    with: 'note',
    means: 'A copy of one of these events had left for TikTok, or was leaving, before the visitor said no.',
    fix: '',
  },
];
