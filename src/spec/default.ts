import { AssayError } from '../event/error.ts';
import { DAY, MINUTE } from '../event/time.ts';
import { DEFAULT_TRACKING_YAML } from './default-text.ts';
import { GUARDED_EVENTS } from './names.ts';
import { parseSpec } from './parse.ts';
import type { EventRule, Spec } from './spec.ts';

/** The spec that runs when there is no file. */
export function defaultSpec(): Spec {
  parsed ??= parseSpec(DEFAULT_TRACKING_YAML);
  if (!parsed.ok) throw new AssayError('default_spec_broken', JSON.stringify(parsed.problems));
  return structuredClone(parsed.value);
}

let parsed: ReturnType<typeof parseSpec> | undefined;

/** The rule of a listed event; any other goes out by both legs and needs nothing. */
export function ruleFor(spec: Spec, eventName: string): EventRule {
  if (Object.hasOwn(spec.events, eventName)) return spec.events[eventName] as EventRule;
  return GUARDED_EVENTS.includes(eventName) ? UNLISTED_GUARDED : UNLISTED;
}

const UNLISTED: EventRule = {
  legs: 'hybrid',
  require: [],
  optional: [],
  guarded: false,
  oncePer: [],
  within: 30 * MINUTE,
  zeroValue: 'allow',
  confirm: 'none',
  confirmAt: 'paidInFull',
  confirmWithin: 14 * DAY,
  delay: 0,
  timeOf: 'act',
  precedence: ['webhook', 'server', 'browser'],
  orphans: 'book',
  renewals: 'send',
  refunds: 'book',
};

const UNLISTED_GUARDED: EventRule = { ...UNLISTED, guarded: true };
