import type { Consent } from '../event/event.ts';
import { attempt } from './client.ts';
import { choices } from './config.ts';
import { isOpen, setOpen } from './drawer.ts';
import { resumeOrders } from './handout.ts';
import { head, setCookie } from './head.ts';
import { pixelState, startPixel, usePixel } from './pixel.ts';
import { enqueue, flush, type report, watchQueue } from './queue.ts';
import { resume } from './turn.ts';
import { consent, setConsent } from './visit.ts';

// The choice outlives a closed drawer, so that nobody is asked twice.
export const CONSENT_KEY = 'assay.consent';

/** Acts on the choice of an earlier page, if there was one. */
export function recall(): void {
  watchQueue();
  choose(attempt(() => localStorage[CONSENT_KEY] as string));
}

/** Takes the visitor's choice, and tells of it when it is another. */
export function decide(choice: 'granted' | 'denied'): void {
  attempt(() => (localStorage[CONSENT_KEY] = choice));
  choose(choice, consent !== choice && ['consent', choice]);
}

/** Opens or closes everything, as the visitor chose here or in another tab. A no is the last that the collector hears. */
export function choose(choice?: string | null, record?: Parameters<typeof report>[0] | false): void {
  setConsent((choice ?? 'unknown') as Consent);
  const open = choices.includes(consent);
  const before = isOpen && head();
  setOpen(open);
  if (record) enqueue(record, before || undefined);
  flush();
  if (!open) setCookie('');
  else if (!pixelState) {
    startPixel();
    resumeOrders();
  }
  usePixel(() => {
    if (consent !== 'unknown') ttq[open ? 'grantConsent' : 'revokeConsent']();
    // A pixel of the page's own waits as well until the visitor has chosen, where the spec requires a choice.
    else if (!open) ttq.holdConsent();
  });
  resume();
}
