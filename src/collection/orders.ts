import { isContactId } from '../contacts/scrub.ts';
import type { Door, JsonObject } from '../event/event.ts';
import type { Parsed, Problem } from '../event/problem.ts';
import type { NewRecord } from '../store/journal.ts';
import { cleanId } from '../tiktok/text.ts';
import { isBot } from './bots.ts';
import { type Facts, visitorsUser } from './browser.ts';
import { capabilityOf, newCapability } from './capability.ts';
import { landingOf } from './landing.ts';
import { order, parser } from './schemas.ts';
import { namedOrder } from './script-batch.ts';
import { eventRecord, type sitesOf, type Wire } from './tell.ts';
import { mintedId } from './usable.ts';

const read = parser(order);

export interface OrderTold {
  record: NewRecord;
  orderId: string;
  capability: string;
}

/**
 * The record of an order told before its payment. A browser's address and user agent are its own;
 * a server tells the visitor's; a webhook knows nothing of the visitor but the ids that went along. An order of a shop
 * that numbers it only after the payment gets 128 random bits for its id.
 */
export function orderRecord(
  body: unknown,
  door: Door,
  facts: Facts,
  sites: ReturnType<typeof sitesOf>,
): Parsed<OrderTold> {
  const parsed = read(door === 'browser' ? namedOrder(body) : body);
  if (!parsed.ok) return parsed;
  const { order_id, value, currency, contents, properties, user, spec } = parsed.value;
  const { time, page, visitor, session, consent, limited_data_use } = parsed.value;
  const { ttclid, ad } = landingOf(parsed.value.ad);
  const told = { ...(ttclid === undefined ? {} : { ttclid }), ...user };
  const orderId = order_id === undefined ? mintedId() : cleanId(String(order_id));
  if (orderId === '' || isContactId(orderId)) return { ok: false, problems: [CONTACT_ID] };
  const wire: Wire = {
    event: 'Purchase',
    source: 'web',
    user: door === 'browser' ? visitorsUser(told, facts) : told,
    // Named one by one: the schema lets fields through that it does not know.
    ...(time === undefined ? {} : { time }),
    ...(page === undefined ? {} : { page }),
    ...(ad === undefined ? {} : { ad }),
    ...(visitor === undefined ? {} : { visitor }),
    ...(session === undefined ? {} : { session }),
    ...(consent === undefined ? {} : { consent }),
    ...(limited_data_use === undefined ? {} : { limited_data_use }),
    properties: { ...properties, order_id: orderId, value, currency, ...(contents ? { contents } : {}) },
  };
  const record = eventRecord(wire, { door, keyId: facts.keyId, receivedAt: facts.receivedAt }, sites);
  const capability = newCapability();
  const filed: JsonObject = {
    ...record.body,
    ...(spec === undefined ? {} : { spec }),
    // A webhook's sender has no page to give it to.
    ...(door.startsWith('webhook:') ? {} : { capability: capabilityOf(capability) }),
  };
  if (facts.draft) filed['draft'] = true;
  if (door === 'browser' && isBot(facts.userAgent)) filed['bot'] = true;
  return { ok: true, value: { record: { ...record, kind: 'order', body: filed }, orderId, capability } };
}

const CONTACT_ID: Problem = {
  where: 'order_id',
  what: 'is blank, or an e-mail address or phone number',
  fix: 'send the shop’s own number of the order, or none: it gets an id here',
  code: 'body_shape',
};
