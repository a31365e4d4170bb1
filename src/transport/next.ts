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
      // The same bytes go again at once, in the search for the event that is at fault.
      if (reading.why === 'batch_refused')
        return { input: 'retry', why: reading.why, dueAt: Math.max(answeredAt, restsUntil) };
      const wait = chance * Math.min(delivery.ceiling, delivery.firstRetry * delivery.factor ** (n - 1));
      // A pause ends with whatever caused it, and until then the destination takes nothing, due or not.
      const dueAt = Math.max(answeredAt + Math.ceil(wait), reading.outcome === 'paused' ? 0 : restsUntil);
      if (firstCopy && dueAt - firstCopy[0] > delivery.giveUp) return { input: 'park', why: 'gave_up' };
      return { input: 'retry', why: reading.why, dueAt };
    }
  }
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
    fix: 'Renew the token: in a file it is noticed within seconds, in an environment variable after a restart. assay doctor tells more.',
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
    means: 'TikTok refused the whole batch for one event in it; that one is searched for, and all others go again.',
    fix: '',
  },
  {
    code: 'refuses_everything',
    with: 'queued',
    means:
      'TikTok refused so many events in a row that the destination is at fault and not they: all are kept, and one is tried every five minutes.',
    fix: 'Read TikTok’s message: the pixel, its event set or its token may have changed. It goes on by itself.',
  },
  {
    code: 'may_have_arrived',
    with: 'unknown',
    means: 'TikTok’s answer does not tell whether it took the event. Sending again could be wrong.',
    fix: 'It may have arrived: leave it, or replay it and risk a second count. Events Manager may show which.',
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
      'No answer ever told whether it arrived, and soon TikTok’s clock would count a copy a second time, so retries ended.',
    fix: 'It may have arrived: leave it, or replay it and risk a second count. Events Manager may show which.',
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
