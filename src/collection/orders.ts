import type { JsonObject } from '../event/event.ts';
import type { Parsed } from '../event/problem.ts';
import type { NewRecord } from '../store/journal.ts';
import type { Facts } from './browser.ts';
import { capabilityOf, newCapability } from './capability.ts';
import { order, parser } from './schemas.ts';
import { eventRecord, type sitesOf, type Wire } from './tell.ts';

const read = parser(order);

export interface OrderTold {
  record: NewRecord;
  orderId: string;
  capability: string;
}

/**
 * The record of an order told before its payment. A browser's address and user agent are its own;
 * a server tells the visitor's.
 */
export function orderRecord(
  body: unknown,
  door: 'browser' | 'server',
  facts: Facts,
  sites: ReturnType<typeof sitesOf>,
): Parsed<OrderTold> {
  const parsed = read(body);
  if (!parsed.ok) return parsed;
  const { order_id, value, currency, contents, properties, user, spec } = parsed.value;
  const { time, page, ad, visitor, session, consent } = parsed.value;
  const orderId = String(order_id).trim();
  const own = door === 'browser' ? { ip: facts.ip, user_agent: facts.userAgent } : {};
  const wire: Wire = {
    event: 'Purchase',
    source: 'web',
    user: { ...user, ...own },
    // Named one by one: the schema lets fields through that it does not know.
    ...(time === undefined ? {} : { time }),
    ...(page === undefined ? {} : { page }),
    ...(ad === undefined ? {} : { ad }),
    ...(visitor === undefined ? {} : { visitor }),
    ...(session === undefined ? {} : { session }),
    ...(consent === undefined ? {} : { consent }),
    properties: { ...properties, order_id: orderId, value, currency, ...(contents ? { contents } : {}) },
  };
  const record = eventRecord(wire, { door, keyId: facts.keyId, receivedAt: facts.receivedAt }, sites);
  const capability = newCapability();
  const filed: JsonObject = {
    ...record.body,
    ...(spec === undefined ? {} : { spec }),
    capability: capabilityOf(capability),
  };
  return { ok: true, value: { record: { ...record, kind: 'order', body: filed }, orderId, capability } };
}
