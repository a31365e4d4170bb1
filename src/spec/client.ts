import type { ClientSpec } from '../event/client-spec.ts';
import { ruleFor } from './default.ts';
import { GUARDED_EVENTS } from './names.ts';
import type { Spec } from './spec.ts';

/** What a page needs of the spec, with the version that it will name in every event. */
export function clientSpec(spec: Spec, version: number): ClientSpec {
  // A guarded event must not fire at once because nobody listed it.
  const names = new Set([...Object.keys(spec.events), ...GUARDED_EVENTS]);
  return {
    version,
    shop: spec.business.id,
    pixels: spec.destinations.map(({ pixel }) => pixel),
    consent: spec.consent.mode,
    domains: spec.sites.domains,
    events: Object.fromEntries(
      [...names]
        .map((name) => [name, clientRule(ruleFor(spec, name))] as const)
        // What needs no rule takes no bytes of the script.
        .filter(([, rule]) => Object.keys(rule).length > 0),
    ),
  };
}

function clientRule(rule: ReturnType<typeof ruleFor>): ClientSpec['events'][string] {
  return {
    ...(rule.legs === 'api' ? { pixel: false } : {}),
    ...(rule.guarded ? { guarded: true } : {}),
    ...(rule.oncePer.length > 0 ? { oncePer: rule.oncePer, within: rule.within } : {}),
  };
}
