import type { ReasonAnswer } from '../../src/api/answers.ts';

export const reasons: ReasonAnswer[] = [
  reason('first_seen', 'admitted', 'The first record of this event.', 'Nothing to do.'),
  reason('other_door', 'paired', 'The same event came through another door.', 'Nothing to do.'),
  reason('resent', 'duplicate', 'The sender sent the same record again, as retries do.', 'Nothing to do.'),
  reason(
    'required_missing',
    'quarantined',
    'A parameter that the tracking spec requires is missing.',
    'Add it at the source, then replay the record.',
  ),
  reason(
    'origin_foreign',
    'refused',
    'The page is not on a site of this business.',
    'Add its origin to sites.origins in tracking.yaml if it is yours.',
  ),
  reason(
    'awaits_confirmation',
    'held',
    'The order has not been confirmed by a payment yet.',
    'Nothing to do; the hold ends by itself.',
  ),
  reason(
    'refused_by_tiktok',
    'dead',
    'TikTok refuses these bytes for good.',
    'Read TikTok’s message; mend the sender or the spec.',
  ),
  reason('clock_passed', 'withheld', 'TikTok could count a copy that leaves now a second time.', 'Nothing to do.'),
  reason('ad_click', 'admitted', 'A click on an ad went through the redirect.', ''),
  reason('accepted', 'delivered', 'TikTok accepted the event in the body of its answer.', 'Nothing to do.'),
];

function reason(code: string, verdict: string, means: string, fix: string): ReasonAnswer {
  return { code, verdict, means, fix };
}
