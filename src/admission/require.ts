import type { JsonObject } from '../event/event.ts';
import type { Problem } from '../event/problem.ts';
import type { Reason } from '../event/reason.ts';
import { PAGEVIEW } from '../tiktok/names.ts';
import type { Draft } from './normalise.ts';

/** Lists what the spec's rule and TikTok's contract want and the event does not have. */
export function requirements(draft: Draft, beforePayment: boolean): void {
  const { problems, rule } = draft;
  const known = problems.length;
  const miss = (problem: Problem): void => {
    // A field that is there and wrong is not missing as well.
    for (let at = 0; at < known; at++) if (problems[at]?.where.startsWith(problem.where)) return;
    problems.push(problem);
  };
  const lacking = beforePayment ? undefined : bySource(draft);
  if (lacking) miss(lacking);
  for (const name of rule.require)
    if (!has(draft, name))
      miss({
        code: 'parameter_missing',
        where: `properties.${name}`,
        what: `${draft.name} needs ${name}`,
        fix: `send ${name}, or take it from events.${draft.name}.require in the spec`,
      });
  const absent = rule.optional.filter((name) => !has(draft, name));
  if (absent.length > 0) draft.notes.push('optional_absent');
  for (const name of absent)
    draft.hints.push({
      code: 'optional_absent',
      where: `properties.${name}`,
      what: `${draft.name} came without ${name}`,
      fix: `send ${name} where there is one`,
    });
}

/** TikTok's own minimum per event source. */
function bySource(draft: Draft): Problem | undefined {
  const missing = (where: string, what: string, fix: string): Problem => ({
    code: 'source_field_missing',
    where,
    what,
    fix,
  });
  switch (draft.source) {
    case 'web':
      return draft.personal?.page?.url || draft.name === PAGEVIEW
        ? undefined
        : missing('page.url', 'a web event needs the page it happened on', 'send page.url, the full address');
    case 'app':
      return draft.app?.['app_id']
        ? undefined
        : missing('app.app_id', 'an app event needs its app', 'send app.app_id, the store id or package name');
    case 'offline':
      return draft.personal?.user?.email || draft.personal?.user?.phone
        ? undefined
        : missing(
            'user.email',
            'an offline event needs an e-mail address or a phone number',
            'send user.email or user.phone',
          );
    case 'crm':
      return draft.lead?.['lead_id']
        ? undefined
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
  {
    code: 'optional_absent',
    with: 'note',
    means: 'A parameter that the spec calls optional is absent.',
    fix: 'Nothing, where there is none to send.',
  },
];
