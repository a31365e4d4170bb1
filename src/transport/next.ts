import type { DispatchInput } from '../event/dispatch.ts';
import type { CopyAt } from '../event/event.ts';
import type { Reason } from '../event/reason.ts';
import type { Spec } from '../spec/spec.ts';
import type { Reading } from '../tiktok/answer.ts';

export interface Attempted {
  reading: Reading;
  /** number of this attempt, from 1 */
  n: number;
  answeredAt: number;
  /** the earliest copy that TikTok may hold by any leg, this attempt's included */
  firstCopy: CopyAt | undefined;
  /** when the destination takes events again, if it rests or is paused */
  restsUntil: number;
}

export interface Next {
  input: DispatchInput;
  why: string;
  dueAt?: number;
}

/** What follows from one reading. `chance` between 0 and 1 spreads the retries (full jitter). */
export function next(attempted: Attempted, chance: number, delivery: Spec['delivery']): Next {
  const { reading, n, answeredAt, firstCopy, restsUntil } = attempted;
  switch (reading.outcome) {
    case 'accepted':
      return { input: 'accept', why: 'accepted' };
    case 'refused':
      return { input: 'bury', why: reading.why };
    case 'unknown':
      return { input: 'park', why: reading.why };
    case 'retry':
    case 'throttled':
    case 'paused': {
      // The same bytes go again in smaller batches, until the one event that is at fault stands alone.
      if (reading.why === 'batch_refused')
        return { input: 'retry', why: reading.why, dueAt: Math.max(answeredAt, restsUntil) };
      const wait = chance * Math.min(delivery.ceiling, delivery.firstRetry * delivery.factor ** (n - 1));
      const dueAt = Math.max(answeredAt + Math.ceil(wait), restsUntil);
      if (firstCopy && dueAt - firstCopy[0] > delivery.giveUp) return { input: 'park', why: 'gave_up' };
      return { input: 'retry', why: reading.why, dueAt };
    }
  }
}

/** How long a destination that throttles rests: the next second, then 5 minutes, then until 00:00 UTC, as TikTok advises. */
export function restAfterThrottle(times: number, now: number): number {
  if (times <= 1) return now + 1000;
  if (times === 2) return now + 5 * 60_000;
  const day = 86_400_000;
  return (Math.floor(now / day) + 1) * day;
}

export const NEXT_REASONS: Reason[] = [
  { code: 'accepted', with: 'delivered', means: 'TikTok’s answer says that it took the event.', fix: '' },
  {
    code: 'not_connected',
    with: 'queued',
    means: 'TikTok could not be reached; it is tried again.',
    fix: 'Check the server’s way out: assay doctor.',
  },
  {
    code: 'no_answer',
    with: 'queued',
    means: 'No answer came. The copy may have arrived, so it is tried again with the same id inside TikTok’s clock.',
    fix: '',
  },
  {
    code: 'tiktok_failed',
    with: 'queued',
    means: 'TikTok answered with a failure of its own; it is tried again.',
    fix: '',
  },
  { code: 'throttled', with: 'queued', means: 'TikTok asked for a pause; the destination rests.', fix: '' },
  {
    code: 'destination_paused',
    with: 'queued',
    means: 'Token, permission or endpoint is wrong, so the destination is paused and everything is kept.',
    fix: 'Renew the token in its environment variable and restart; assay doctor tells more.',
  },
  {
    code: 'refused_by_tiktok',
    with: 'dead',
    means: 'TikTok refuses these bytes for good.',
    fix: 'Read TikTok’s message; mend the sender or the spec.',
  },
  {
    code: 'batch_refused',
    with: 'queued',
    means: 'TikTok refused the whole batch for one event in it; the others go again in smaller batches.',
    fix: '',
  },
  {
    code: 'may_have_arrived',
    with: 'unknown',
    means: 'TikTok’s answer does not tell whether it took the event. Sending again could be wrong.',
    fix: 'Compare with Events Manager.',
  },
  {
    code: 'unreadable_answer',
    with: 'unknown',
    means: 'The answer was not TikTok’s. The event may have arrived.',
    fix: 'A proxy on the way may answer instead of TikTok.',
  },
  {
    code: 'gave_up',
    with: 'unknown',
    means:
      'Retries ended because TikTok’s clock would soon count a copy a second time; an earlier one may have arrived.',
    fix: 'Compare with Events Manager.',
  },
  {
    code: 'confirmation_expired',
    with: 'withheld',
    means: 'The order was not confirmed within the spec’s confirmWithin.',
    fix: 'Check the payment provider’s webhook.',
  },
  {
    code: 'handout_expired',
    with: 'withheld',
    means: 'The page did not ask in time: after four minutes TikTok might not merge its copy.',
    fix: 'Nothing: the api leg counts.',
  },
  {
    code: 'no_pixel_leg',
    with: 'note',
    means: 'The event has no pixel leg, so its page has nothing to fire.',
    fix: '',
  },
  { code: 'handout_unreported', with: 'unknown', means: 'The page was told to fire and never reported back.', fix: '' },
];
