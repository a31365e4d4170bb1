import { isBot } from '../../collection/bots.ts';
import { readTarget } from '../../collection/target.ts';
import { clickRecord, viewRecord, withAdParameters } from '../../collection/touches.ts';
import { AssayError } from '../../event/error.ts';
import type { NewRecord } from '../../store/journal.ts';
import { readVisitorCookie } from '../cookie.ts';
import { type Answered, type Asked, HttpProblem, problem, type Route } from '../http.ts';
import { type DoorFrame, NO_BODY, nothingHere, userAgentOf } from './frame.ts';

/** One transparent pixel. */
const PICTURE = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

/** Contact with ads: clicks are sent on to the shop, views get a picture. */
export function touchRoutes({ check, specs, config, journal, now }: DoorFrame): Route[] {
  /** Notes the touch, and answers the same whether it could: nobody is kept from the shop because we are busy. */
  async function note(asked: Asked, record: NewRecord, answer: Answered): Promise<Answered> {
    // A preview asks for the head alone, and is no visit.
    if (asked.request.method === 'HEAD') return answer;
    if (isBot(userAgentOf(asked))) return check.refuse(NO_BODY, 'bot', 'browser', answer);
    try {
      await check.flood(asked);
      await journal.append([record]);
    } catch (error) {
      if (!(error instanceof HttpProblem || error instanceof AssayError)) throw error;
    }
    return answer;
  }

  return [
    {
      method: 'GET',
      path: '/v1/click',
      async answer(asked) {
        const query = asked.url.searchParams;
        const target = readTarget(query, specs.newest.sites);
        if (!target.ok) {
          const says = 'This address does not lead anywhere.';
          const answer = problem(400, 'target_foreign', says, target.problems);
          return check.refuse(NO_BODY, 'target_foreign', 'browser', answer);
        }
        const who = readVisitorCookie(asked.request.headers.cookie);
        const location = withAdParameters(target.value, query);
        return note(asked, clickRecord(query, target.value, who, now()), {
          status: 302,
          text: '',
          type: 'text/plain',
          headers: { location, 'referrer-policy': 'strict-origin-when-cross-origin' },
        });
      },
    },
    {
      method: 'GET',
      path: '/v1/view',
      async answer(asked) {
        if (!config.views) return nothingHere();
        return note(asked, viewRecord(asked.url.searchParams, now()), {
          status: 200,
          text: PICTURE,
          type: 'image/gif',
          headers: { 'content-type': 'image/gif', 'cross-origin-resource-policy': 'cross-origin' },
        });
      },
    },
  ];
}
