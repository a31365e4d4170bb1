import type { Problem } from '../event/problem.ts';
import { isStandard } from './names.ts';
import type { Spec } from './spec.ts';

/** What is allowed in a spec and still worth a thought. */
export function specHints({ leads }: Pick<Spec, 'leads'>): Problem[] {
  return Object.entries(leads.events)
    .filter(([, name]) => !isStandard(name))
    .map(([status, name]) => ({
      code: 'lead_event_custom',
      where: `leads.events.${status}`,
      what: `is ${name}, a name of your own`,
      fix: 'TikTok optimises on it only once you have made a Custom Conversion of it in Events Manager; or write a standard event.',
    }));
}
