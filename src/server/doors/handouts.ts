import { capabilityOf } from '../../collection/capability.ts';
import { forPages, preflight } from '../cors.ts';
import type { Route } from '../http.ts';
import { type DoorFrame, nothingHere } from './frame.ts';

const WAIT_S_MAX = 25;

/** May a page fire its pixel for an order? And what became of the records of a receipt? */
export function handoutRoutes({ receipts, origins, handouts }: DoorFrame): Route[] {
  return [
    preflight(origins, '/v1/handouts/:capability'),
    forPages(origins, {
      method: 'GET',
      path: '/v1/handouts/:capability',
      async answer({ parameters, url, gone }) {
        const wait = Math.min(WAIT_S_MAX, Math.max(0, Number(url.searchParams.get('wait')) || 0));
        const answer = await handouts.ask(capabilityOf(parameters['capability'] ?? ''), wait * 1000, gone);
        return answer ? { status: 200, json: answer } : nothingHere();
      },
    }),
    {
      method: 'GET',
      path: '/v1/receipts/:id',
      async answer({ parameters }) {
        const answer = await receipts.verdicts(parameters['id'] ?? '', 0);
        return answer ? { status: 200, json: answer } : nothingHere();
      },
    },
  ];
}
