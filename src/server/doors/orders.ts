import { orderEventId } from '../../admission/normalise.ts';
import type { OrderReceipt } from '../../api/wire.ts';
import { orderRecord } from '../../collection/orders.ts';
import { forPages, preflight } from '../cors.ts';
import { type Route, readBody } from '../http.ts';
import { ORDER_BYTES_MAX } from './bytes.ts';
import { told } from './either.ts';
import type { DoorFrame } from './frame.ts';

/** Orders, told before their payment by a page or a server. */
export function orderRoutes({ check, receipts, origins, sites, facts, specs }: DoorFrame): Route[] {
  return [
    preflight(origins, '/v1/orders'),
    forPages(origins, {
      method: 'POST',
      path: '/v1/orders',
      async answer(asked) {
        const raw = await readBody(asked.request, ORDER_BYTES_MAX);
        const { door, body, key } = await told(check, asked, raw);
        const read = orderRecord(body, door, facts(asked, key), sites());
        const { record, orderId, capability } = await check.shape(read, raw, door);
        const answer: OrderReceipt = {
          receipt: await receipts.write([record]),
          order_id: orderId,
          event_id: orderEventId(specs.newest.business.id, orderId),
          handout: capability,
        };
        return { status: 201, json: answer };
      },
    }),
  ];
}
