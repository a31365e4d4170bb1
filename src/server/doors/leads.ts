import type { LeadReceipt } from '../../api/wire.ts';
import { type LeadTold, leadRecord, leadStepRecord } from '../../collection/leads.ts';
import { forPages, preflight } from '../cors.ts';
import { type Answered, type Route, readBody } from '../http.ts';
import { ORDER_BYTES_MAX } from './bytes.ts';
import { told } from './either.ts';
import type { DoorFrame } from './frame.ts';

/** Leads: the first word from a page or a server, each later step from a server. */
export function leadRoutes({ check, receipts, origins, sites, facts }: DoorFrame): Route[] {
  async function noted({ record, leadId }: LeadTold): Promise<Answered> {
    const answer: LeadReceipt = { receipt: await receipts.write([record]), lead_id: leadId };
    return { status: 201, json: answer };
  }

  return [
    preflight(origins, '/v1/leads'),
    forPages(origins, {
      method: 'POST',
      path: '/v1/leads',
      async answer(asked) {
        const raw = await readBody(asked.request, ORDER_BYTES_MAX);
        const { door, body, key } = await told(check, asked, raw);
        return noted(await check.shape(leadRecord(body, door, facts(asked, key), sites()), raw, door));
      },
    }),
    {
      method: 'POST',
      path: '/v1/leads/:id/status',
      async answer(asked) {
        const raw = await readBody(asked.request, ORDER_BYTES_MAX);
        const key = await check.secretKey(asked, raw);
        const body = await check.json(raw, 'server');
        const read = leadStepRecord(asked.parameters['id'] ?? '', body, facts(asked, key), sites());
        return noted(await check.shape(read, raw, 'server'));
      },
    },
  ];
}
