import type { ClientSpec } from '../event/client-spec.ts';
import { ruleFor } from './default.ts';
import { GUARDED_EVENTS, properName } from './names.ts';
import type { Spec } from './spec.ts';

type ClientRule = ClientSpec['events'][string];

/** Names from before 2025 that pages may still use: the rule of today's name is theirs. */
const OLD_NAMES = ['CompletePayment', 'SubmitForm'];
const DEFAULT_LEAD = 'SubmitApplication';

/** What a page needs of the spec, with the version that it will name in every event. */
export function clientSpec(spec: Spec, version: number): ClientSpec {
  // A guarded event must not fire at once because nobody listed it, or under its old name.
  const names = new Set([...Object.keys(spec.events), ...GUARDED_EVENTS, ...OLD_NAMES]);
  const lead = spec.leads.events['new'] ?? DEFAULT_LEAD;
  // What needs no rule takes no bytes of the script.
  return {
    version,
    shop: spec.business.id,
    pixels: [...new Set(spec.destinations.map(({ pixel }) => pixel))],
    consent: spec.consent.mode,
    domains: spec.sites.domains,
    events: Object.fromEntries(
      [...names].map((name) => [name, clientRule(spec, name)] as const).filter(([, rule]) => !isEmpty(rule)),
    ),
    ...(spec.pages.length > 0
      ? { pages: spec.pages.map(({ match, event }) => ({ match: pattern(match), event })) }
      : {}),
    ...(lead === DEFAULT_LEAD ? {} : { lead }),
    ...(spec.delivery.freeKeys ? { freeKeys: { source: 'web', origin: 'visitor' } } : {}),
  };
}

function clientRule(spec: Spec, name: string): ClientRule {
  const rule = ruleFor(spec, currentName(name));
  const fires = rule.legs !== 'api' && !rule.guarded;
  const names = fires ? otherNames(spec, name) : {};
  return {
    ...(rule.legs === 'api' ? { pixel: false } : {}),
    ...(rule.guarded ? { guarded: true } : {}),
    ...(rule.oncePer.length > 0 ? { oncePer: rule.oncePer, within: rule.within } : {}),
    ...(isEmpty(names) ? {} : { names }),
  };
}

/** Pixels whose destination has this event under another name than the page uses. */
function otherNames(spec: Spec, name: string): Record<string, string> {
  const current = currentName(name);
  const old = OLD_NAMES.find((old) => currentName(old) === current) ?? current;
  return Object.fromEntries(
    spec.destinations
      .map(({ pixel, eventNames }) => [pixel, eventNames === 'legacy' ? old : current] as const)
      .filter(([, own]) => own !== name),
  );
}

function currentName(name: string): string {
  return OLD_NAMES.includes(name) ? properName(name) : name;
}

/** The whole path, with * for any text. */
function pattern(match: string): string {
  return `^${match.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`;
}

function isEmpty(rule: object): boolean {
  return Object.keys(rule).length === 0;
}
