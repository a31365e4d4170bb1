import { DAY } from '../event/time.ts';
import type { JournalRecord } from '../store/journal.ts';
import type { Context } from './context.ts';
import type { Draft } from './normalise.ts';

/** A click leads to nothing after this; pages keep it as long. */
const CLICK_MS = 30 * DAY;

/** Is the draft of a live order's Purchase without the click that its visitor may have come by? */
export function lacksClick({ name, source, namespace, personal, consent }: Draft): boolean {
  if (name !== 'Purchase' || source !== 'web' || namespace !== 'live' || consent === 'denied') return false;
  return personal?.user?.ttclid === undefined;
}

/**
 * The order with the click that the visitor's own pages told of, and the ad: a checkout on another domain of the shop
 * knows the visitor and not the address that the ad led to.
 */
export function withClick<T extends Draft>(
  { receivedAt }: Pick<JournalRecord, 'receivedAt'>,
  draft: T,
  { working }: Pick<Context, 'working'>,
): T {
  const click = draft.visitor !== undefined && lacksClick(draft) ? working.clickOf(draft.visitor) : undefined;
  const ttclid = click?.personal?.user?.ttclid;
  if (!click || ttclid === undefined || receivedAt - click.receivedAt > CLICK_MS) return draft;
  return {
    ...draft,
    personal: { ...draft.personal, user: { ...draft.personal?.user, ttclid } },
    ...(draft.ad === undefined && click.ad !== undefined ? { ad: click.ad } : {}),
  };
}
