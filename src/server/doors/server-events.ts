import { serverRecords } from '../../collection/server.ts';
import { type Route, readBody } from '../http.ts';
import { SERVER_BYTES_MAX } from './bytes.ts';
import type { DoorFrame } from './frame.ts';

/** What servers tell as it happens. */
export function serverRoutes({ check, receipts, sites, facts }: DoorFrame): Route[] {
  return [
    {
      method: 'POST',
      path: '/v1/server/events',
      async answer(asked) {
        const raw = await readBody(asked.request, SERVER_BYTES_MAX);
        const key = await check.secretKey(asked, raw);
        const body = await check.json(raw, 'server');
        const records = await check.shape(serverRecords(body, facts(asked, key), sites()), raw, 'server');
        return receipts.accept(records, asked);
      },
    },
  ];
}
