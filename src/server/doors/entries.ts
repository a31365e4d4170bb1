import { entryRecords } from '../../collection/facts.ts';
import { type Route, readBody } from '../http.ts';
import { SERVER_BYTES_MAX } from './bytes.ts';
import type { DoorFrame } from './frame.ts';

/** What became of an order, told by the shop's own server: for a bank, a till or a provider without a webhook here. */
export function entryRoutes({ check, receipts, sites, facts }: DoorFrame): Route[] {
  return [
    {
      method: 'POST',
      path: '/v1/orders/:id/entries',
      async answer(asked) {
        const raw = await readBody(asked.request, SERVER_BYTES_MAX);
        const key = await check.secretKey(asked, raw);
        const body = await check.json(raw, 'server');
        const read = entryRecords(asked.parameters['id'] ?? '', body, facts(asked, key), sites());
        const records = await check.shape(read, raw, 'server');
        return receipts.accept(records, asked);
      },
    },
  ];
}
