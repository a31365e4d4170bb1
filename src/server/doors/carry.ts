import type { CarryAnswer, CarryReceipt } from '../../api/wire.ts';
import { carry, parser } from '../../collection/schemas.ts';
import { CARRY_S, openCarries } from '../carry.ts';
import { forPages, preflight } from '../cors.ts';
import { type Route, readBody } from '../http.ts';
import { CARRY_BYTES_MAX } from './bytes.ts';
import { type DoorFrame, NO_BODY, nothingHere } from './frame.ts';

const read = parser(carry);

/** A visitor's ids, from one host of the site to another that no cookie reaches. */
export function carryRoutes({ check, origins, now }: DoorFrame): Route[] {
  const carries = openCarries(now);
  return [
    preflight(origins, '/v1/carry'),
    preflight(origins, '/v1/carry/:token'),
    forPages(origins, {
      method: 'POST',
      path: '/v1/carry',
      async answer(asked) {
        const raw = await readBody(asked.request, CARRY_BYTES_MAX);
        await check.origin(asked, raw);
        const body = await check.json(raw, 'browser');
        await check.writeKey(body, raw);
        const answer: CarryReceipt = {
          token: carries.give(await check.shape(read(body), raw, 'browser')),
          expires_in: CARRY_S,
        };
        return { status: 201, json: answer };
      },
    }),
    forPages(origins, {
      method: 'GET',
      path: '/v1/carry/:token',
      async answer(asked) {
        await check.origin(asked, NO_BODY);
        // It works once, and a head would spend it unseen.
        const head = asked.request.method === 'HEAD';
        const answer: CarryAnswer | undefined = head ? undefined : carries.take(asked.parameters['token'] ?? '');
        return answer ? { status: 200, json: answer } : nothingHere();
      },
    }),
  ];
}
