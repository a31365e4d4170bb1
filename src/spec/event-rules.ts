import { DAY, durationText } from '../event/time.ts';
import type { Path } from './document.ts';
import type { EventRule } from './spec.ts';
import type { Meaning } from './version.ts';

/** Two fields that do not go together. `at` is named; `with` are the others that took part. */
export interface Clash {
  at: Path;
  with?: Path[];
  code: string;
  what: string;
  fix: string;
}

/** What must fit together within the rules of one event, and between them and the rest of the spec. */
export function* eventRules(name: string, rule: EventRule, spec: Meaning): Generator<Clash> {
  const field = (key: keyof EventRule): Path => ['events', name, key];
  yield* legRules(rule, field);
  yield* waitRules(rule, field, spec);
  yield* parameterRules(rule, field, spec);
}

type Field = (key: keyof EventRule) => Path;

function* legRules({ legs, guarded, confirm, timeOf, require }: EventRule, field: Field): Generator<Clash> {
  if (guarded && legs === 'pixel')
    yield {
      at: field('legs'),
      with: [field('guarded')],
      code: 'guarded_pixel_alone',
      what: 'is pixel, but a guarded event waits for the copy of our server',
      fix: 'Write legs: hybrid, or guarded: false.',
    };
  if (confirm !== 'none' && !guarded && legs !== 'api')
    yield {
      at: field('confirm'),
      with: [field('guarded'), field('legs')],
      code: 'confirm_unguarded',
      what: `is ${confirm}, but the page does not wait: the event is not guarded`,
      fix:
        legs === 'pixel'
          ? 'Write confirm: none, or legs: hybrid with guarded: true.'
          : 'Write guarded: true, or confirm: none.',
    };
  if (confirm !== 'none' && !require.includes('order_id'))
    yield {
      at: field('confirm'),
      with: [field('require')],
      code: 'confirm_without_order',
      what: `is ${confirm}, but a confirmation is found by its order_id`,
      fix: 'Add order_id to require, or write confirm: none.',
    };
  if (timeOf === 'confirmed' && confirm === 'none')
    yield {
      at: field('timeOf'),
      with: [field('confirm')],
      code: 'time_unconfirmed',
      what: 'is confirmed, but nobody confirms this event',
      fix: 'Write timeOf: act, or confirm: server or webhook.',
    };
}

function* waitRules(
  { legs, guarded, confirm, confirmWithin, delay }: EventRule,
  field: Field,
  spec: Meaning,
): Generator<Clash> {
  const { delivery, retention } = spec;
  const parts = confirm === 'none' ? [field('delay')] : [field('confirmWithin'), field('delay'), field('confirm')];
  const waitMs = (confirm === 'none' ? 0 : confirmWithin) + delay;
  const waitText = (confirm === 'none' ? [delay] : [confirmWithin, delay]).map(durationText).join(' + ');
  // A day is left for sending before TikTok, which looks back 28 days, no longer credits the event.
  const waitMsMax = delivery.maxAge - DAY;
  const [at = field('delay'), ...others] = parts;
  if (waitMs > waitMsMax)
    yield {
      at,
      with: [...others, ['delivery', 'maxAge']],
      code: 'wait_too_long',
      what: `lets the event wait ${waitText}, but it must leave before it is ${durationText(delivery.maxAge)} old`,
      fix: `Make the wait ${durationText(waitMsMax)} or less.`,
    };
  else if (waitMs + delivery.giveUp > retention.personal)
    yield {
      at: ['retention', 'personal'],
      with: [...parts, ['delivery', 'giveUp']],
      code: 'retention_too_short',
      what: `is ${durationText(retention.personal)}, but ${String(field('delay')[1])} may be sent after that`,
      fix: `Write ${Math.ceil((waitMs + delivery.giveUp) / DAY)}d or more, or let the event wait less.`,
    };
  if (!guarded && legs === 'hybrid' && delay > delivery.merge)
    yield {
      at: field('delay'),
      with: [field('legs'), field('guarded'), ['delivery', 'merge']],
      code: 'delay_unmerged',
      what: `is ${durationText(delay)}, but TikTok merges the page's copy only for ${durationText(delivery.merge)}`,
      fix: `Write ${durationText(delivery.merge)} or less, or guarded: true.`,
    };
}

function* parameterRules(
  { require, optional, oncePer, within }: EventRule,
  field: Field,
  { delivery }: Meaning,
): Generator<Clash> {
  for (const [index, parameter] of optional.entries())
    if (require.includes(parameter))
      yield {
        at: [...field('optional'), index],
        with: [field('require')],
        code: 'required_and_optional',
        what: `is ${parameter}, which is required already`,
        fix: 'Remove it from one of the two lists.',
      };
  if (require.includes('value') !== require.includes('currency'))
    yield {
      at: field('require'),
      code: 'value_and_currency',
      what: require.includes('value') ? 'has value without currency' : 'has currency without value',
      fix: 'Require both, or neither.',
    };
  for (const [index, key] of oncePer.entries())
    if (key !== 'session' && key !== 'visitor' && !require.includes(key))
      yield {
        at: [...field('oncePer'), index],
        with: [field('require')],
        code: 'once_unrequired',
        what: `is ${key}, which may be absent`,
        fix: `Add ${key} to require.`,
      };
  // A repeat keeps its id, and TikTok counts an id again once it has forgotten it.
  if (oncePer.length > 0 && (within > delivery.drop || within === 0))
    yield {
      at: field('within'),
      with: [field('oncePer'), ['delivery', 'drop']],
      code: 'once_range',
      what: `is ${durationText(within)}, but a repeat is recognised between 1s and ${durationText(delivery.drop)}`,
      fix: `Write ${durationText(Math.min(within === 0 ? 1000 : within, delivery.drop))}${within === 0 ? ' or more' : ' or less'}.`,
    };
}
