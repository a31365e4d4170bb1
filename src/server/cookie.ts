import { isUnder } from '../collection/target.ts';
import type { Consent } from '../event/event.ts';

/** 395 days, as the script's own. */
const LIFE_S = 34_128_000;
const ID = /^[\w-]{1,128}$/;

/**
 * The header that keeps a visitor's ids where the collector is a host of the site: set by a server, the cookie
 * outlives the week that some browsers give to one of a script. A no takes it back; without a yes there is none.
 */
export function visitorCookie(
  told: { visitor: string; session: string; choice: Consent },
  domain: string,
  rules: { consent: 'required' | 'none'; secure: boolean },
): string | undefined {
  const rest = `Domain=${domain}; Path=/; SameSite=Lax${rules.secure ? '; Secure' : ''}`;
  if (told.choice === 'denied') return `_assay=; ${rest}; Max-Age=0`;
  const allowed = told.choice === 'granted' || rules.consent === 'none';
  if (!allowed || !ID.test(told.visitor) || !ID.test(told.session)) return undefined;
  return `_assay=${told.visitor}.${told.session}; ${rest}; Max-Age=${LIFE_S}`;
}

/** The declared domain that has both the collector's host and the page's origin under it, if there is one. */
export function sharedDomain(collector: string, origin: string, domains: readonly string[]): string | undefined {
  const page = origin.replace(/^https?:\/\/|:\d+$/g, '');
  // The first of the list, which the script takes too: two cookies of one name would contradict each other.
  return domains.find((domain) => domain.includes('.') && isUnder(collector, domain) && isUnder(page, domain));
}

/** The ids in the cookie that a browser sends along. */
export function readVisitorCookie(header: string | undefined): { visitor?: string; session?: string } {
  const [, visitor, session] = /(?:^|; ?)_assay=([\w-]{1,128})\.([\w-]{1,128})(?:;|$)/.exec(header ?? '') ?? [];
  return visitor !== undefined && session !== undefined ? { visitor, session } : {};
}
