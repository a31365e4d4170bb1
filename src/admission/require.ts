import type { JsonObject } from '../event/event.ts';
import type { Problem } from '../event/problem.ts';
import type { Reason } from '../event/reason.ts';
import { PAGEVIEW } from '../tiktok/names.ts';
import type { Draft } from './normalise.ts';

/** What the spec's rule and TikTok's contract want and the event does not have. */
export function requirements(draft: Draft, beforePayment: boolean): Problem[] {
  const problems = beforePayment ? [] : bySource(draft);
  for (const name of draft.rule.require)
    if (!has(draft, name))
      problems.push({
        code: 'parameter_missing',
        where: `properties.${name}`,
        what: `${draft.name} needs ${name}`,
        fix: `send ${name}, or take it from events.${draft.name}.require in the spec`,
      });
  return problems.filter((problem) => !draft.problems.some((known) => known.where.startsWith(problem.where)));
}

/** TikTok's own minimum per event source. */
function bySource(draft: Draft): Problem[] {
  const missing = (where: string, what: string, fix: string): Problem[] => [
    { code: 'source_field_missing', where, what, fix },
  ];
  switch (draft.source) {
    case 'web':
      return draft.personal?.page?.url || draft.name === PAGEVIEW
        ? []
        : missing('page.url', 'a web event needs the page it happened on', 'send page.url, the full address');
    case 'app':
      return draft.app?.['app_id']
        ? []
        : missing('app.app_id', 'an app event needs its app', 'send app.app_id, the store id or package name');
    case 'offline':
      return draft.personal?.user?.email || draft.personal?.user?.phone
        ? []
        : missing(
            'user.email',
            'an offline event needs an e-mail address or a phone number',
            'send user.email or user.phone',
          );
    case 'crm':
      return draft.lead?.['lead_id']
        ? []
        : missing('lead.lead_id', 'a CRM event needs its lead', 'send lead.lead_id, the id of the Instant Form lead');
  }
}

function has(draft: Draft, name: string): boolean {
  if (name === 'value' || name === 'currency') return draft.has[name];
  if (draft.properties[name] !== undefined) return true;
  const contents = Array.isArray(draft.properties['contents']) ? draft.properties['contents'] : [];
  if (name === 'contents') return draft.properties['content_ids'] !== undefined;
  if (name === 'content_id' && draft.properties['content_ids'] !== undefined) return true;
  if (name === 'content_id' || name === 'quantity' || name === 'price')
    return contents.length > 0 && contents.every((item) => (item as JsonObject)[name] !== undefined);
  return draft.personal?.user !== undefined && Object.hasOwn(draft.personal.user, name);
}

export const REQUIRE_REASONS: Reason[] = [
  {
    code: 'parameter_missing',
    with: 'quarantined',
    means: 'A parameter that the spec requires of this event is missing.',
    fix: 'Send it, or change the event’s require list in the spec and replay.',
  },
  {
    code: 'source_field_missing',
    with: 'quarantined',
    means: 'A field without which TikTok takes no event of this source is missing.',
    fix: 'web: page.url; app: app.app_id; offline: user.email or user.phone; crm: lead.lead_id.',
  },
];
