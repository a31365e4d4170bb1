import type { Door, JsonObject, MatchKeys, Personal } from '../../event/event.ts';
import type { TouchKind } from '../../event/fact.ts';
import type { ToldEvent, ToldLead, ToldOrder, ToldPayment, ToldTouch } from '../../event/told.ts';

/** A record as the doors write it. */
export interface DoorRecord {
  kind: 'event' | 'order' | 'payment' | 'lead' | 'touch';
  door: Door;
  keyId: string;
  receivedAt: number;
  body: JsonObject;
  personal: Personal | null;
}

/** A record, and who was behind it: what no record says. */
export interface Act {
  record: DoorRecord;
  /** absent where the record is nobody’s, such as a payment */
  person?: string;
}

/** Who acts, as their device tells it. */
export interface Who {
  visitor: string;
  session: string;
  user: MatchKeys;
  /** what the script remembers of the landing */
  ad?: JsonObject;
}

/** Something that a page tells. */
export function pageRecord(
  event: string,
  id: string,
  at: number,
  who: Who,
  page: { url: string; referrer?: string },
  properties: JsonObject = {},
): DoorRecord {
  const body: ToldEvent = {
    ...{ event, event_id: id, time: at / 1000, source: 'web', consent: 'granted', properties },
    ...{ visitor: who.visitor, session: who.session, ...(who.ad ? { ad: who.ad } : {}) },
  };
  return written('event', 'browser', at, body, { user: who.user, page });
}

/** A click that goes through the collector, of a visitor whose cookie it may know. */
export function redirectRecord(id: string, at: number, ttclid: string, ad: JsonObject, visitor?: string): DoorRecord {
  const body: ToldTouch = { touch: id, type: 'click', ad, ...(visitor === undefined ? {} : { visitor }) };
  return written('touch', 'browser', at, body, { user: { ttclid } });
}

/** A view that loaded the picture in the ad: nothing of the person. */
export function pictureRecord(id: string, at: number, ad: JsonObject): DoorRecord {
  return written('touch', 'browser', at, { touch: id, type: 'view', ad } satisfies ToldTouch, null);
}

/** A contact that an import tells, at some later time. */
export function importRecord(
  touch: { id: string; type: TouchKind; at: number; ad: JsonObject; user: MatchKeys },
  toldAt: number,
): DoorRecord {
  const { id, type, at, ad, user } = touch;
  return written('touch', 'import', toldAt, { touch: id, type, time: at, ad } satisfies ToldTouch, { user });
}

export interface Sale {
  orderId: string;
  /** euros and cents, as text */
  value: string;
  at: number;
}

/** An order that a server tells, or a webhook: with its visitor where that is known. */
export function orderRecord(
  { orderId, value, at }: Sale,
  door: Door,
  who: Partial<Who>,
  more: Partial<ToldOrder> = {},
): DoorRecord {
  const body: ToldOrder = {
    ...{ event: 'Purchase', event_id: `demo-${orderId}`, time: at / 1000, source: 'web' as const },
    consent: who.visitor === undefined ? 'unknown' : 'granted',
    properties: saleProperties(orderId, value),
    ...(who.visitor === undefined ? {} : { visitor: who.visitor }),
    ...(who.session === undefined ? {} : { session: who.session }),
    ...(door === 'server' ? { capability: `c-${orderId}` } : {}),
    ...more,
  };
  return written('order', door, at, body, who.user ? { user: who.user } : null);
}

export function saleProperties(orderId: string, value: string): JsonObject {
  return { order_id: orderId, value, currency: 'EUR', contents: [{ content_id: 'a', quantity: 1 }] };
}

/** Money that moved, as the provider tells it. */
export function moneyRecord(
  orderId: string,
  fact: 'payment' | 'refund',
  amount: string,
  at: number,
  toldAt: number,
): DoorRecord {
  const body: ToldPayment = {
    ...{ provider: 'standard', order_id: orderId, reference: `${fact}-${orderId}`, fact, amount, currency: 'EUR' },
    time: at / 1000,
  };
  return written('payment', 'webhook:standard', toldAt, body, null);
}

/** A step of a lead; a CRM's has no visitor. */
export function leadRecord(leadId: string, status: string, at: number, who?: Who): DoorRecord {
  const body: ToldLead = {
    ...{ lead_id: leadId, status, time: at / 1000 },
    ...(who
      ? { source: 'web' as const, consent: 'granted' as const, visitor: who.visitor, session: who.session }
      : { consent: 'unknown' as const }),
  };
  return written('lead', who ? 'browser' : 'server', at, body, who ? { user: who.user } : null);
}

function written(
  kind: DoorRecord['kind'],
  door: Door,
  receivedAt: number,
  body: object,
  personal: Personal | null,
): DoorRecord {
  return { kind, door, keyId: '', receivedAt, body: body as JsonObject, personal };
}
