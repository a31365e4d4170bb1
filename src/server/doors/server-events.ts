import { serverRecords } from '../../collection/server.ts';
import type { NewRecord } from '../../store/journal.ts';
import { type Answered, type Asked, type Route, readBody } from '../http.ts';
import { SERVER_BYTES_MAX } from './bytes.ts';
import type { DoorFrame } from './frame.ts';

/** What servers tell as it happens. */
export function serverRoutes({ check, receipts, sites, facts }: DoorFrame): Route[] {
  /** Holds on to how many they are, and to nothing else of them. */
  function accepted(records: NewRecord[], asked: Asked): Promise<Answered> {
    const { length: count } = records;
    return receipts.write(records).then((receipt) => receipts.answer(receipt, count, asked));
  }

  return [
    {
      method: 'POST',
      path: '/v1/server/events',
      async answer(asked) {
        const raw = await readBody(asked.request, SERVER_BYTES_MAX);
        const key = await check.secretKey(asked, raw);
        const body = await check.json(raw, 'server');
        const records = await check.shape(serverRecords(body, facts(asked, key), sites()), raw, 'server');
        return accepted(records, asked);
      },
    },
  ];
}
