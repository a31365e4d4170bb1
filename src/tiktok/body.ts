import type { EventRow, Json, JsonObject, MatchKeys, Personal, Source } from '../event/event.ts';
import { type MoneyText, storedMoney } from '../event/money.ts';
import { type Generation, nameFor } from './names.ts';

/** What TikTok's Events API takes in one request (version 1.3, flat "2.0" body). */
export const BATCH_EVENTS_MAX = 1000;

/** The account an event goes to. */
export interface Target {
  pixel: string;
  eventNames: Generation;
  crmEventSet: string | null;
  offlineEventSet: string | null;
  appId: string | null;
  testCode: string | null;
}

export interface TrackRequest {
  event_source: Source;
  event_source_id: string;
  partner_name: string;
  test_event_code?: string;
  data: TrackItem[];
}

export interface TrackItem {
  event: string;
  event_time: number;
  event_id: string;
  user?: JsonObject;
  page?: JsonObject;
  properties?: JsonObject;
  app?: JsonObject;
  ad?: JsonObject;
  lead?: JsonObject;
  limited_data_use?: boolean;
}

/** TikTok's id of the place an event of this source goes to; null where the target has none. */
export function sourceIdOf(target: Target, source: Source): string | null {
  switch (source) {
    case 'web':
      return target.pixel;
    case 'app':
      return target.appId;
    case 'offline':
      return target.offlineEventSet;
    case 'crm':
      return target.crmEventSet;
  }
}

/** The request for events of one source to one target. The caller groups by source, target and test code. */
export function trackRequest(target: Target, source: Source, sourceId: string, items: TrackItem[]): TrackRequest {
  return {
    event_source: source,
    event_source_id: sourceId,
    partner_name: 'Assay',
    ...(target.testCode ? { test_event_code: target.testCode } : {}),
    data: items,
  };
}

/** One event as TikTok takes it. `event_time` is whole seconds; money is a number in major units. */
export function trackItem(event: EventRow, generation: Generation, freeKeys: boolean): TrackItem {
  const item: TrackItem = {
    event: nameFor(event.name, event.source, generation),
    event_time: Math.floor(event.occurredAt / 1000),
    event_id: event.eventId,
  };
  const user = userOf(event.personal?.user);
  if (user) item.user = user;
  const page = event.source === 'web' ? pageOf(event.personal?.page) : undefined;
  if (page) item.page = page;
  const properties = propertiesOf(event, freeKeys);
  if (Object.keys(properties).length > 0) item.properties = properties;
  if (event.app && event.source === 'app') item.app = event.app;
  if (event.ad && event.source === 'app') item.ad = event.ad;
  if (event.lead && event.source === 'crm') item.lead = leadOf(event.lead);
  if (event.limitedDataUse !== undefined && (event.source === 'web' || event.source === 'app'))
    item.limited_data_use = event.limitedDataUse;
  return item;
}

export function pageOf(page: Personal['page']): { url: string; referrer?: string } | undefined {
  if (!page?.url) return undefined;
  return { url: page.url, ...(page.referrer ? { referrer: page.referrer } : {}) };
}

/** TikTok knows two fields of a lead; our own, such as its status, stay here. */
export function leadOf(lead: JsonObject): JsonObject {
  const { lead_id, lead_event_source } = lead;
  return {
    ...(lead_id === undefined ? {} : { lead_id }),
    ...(lead_event_source === undefined ? {} : { lead_event_source }),
  };
}

/** Value, currency and properties that both legs carry alike; `source` and `origin` as free keys where wanted. */
export function propertiesOf(
  event: Pick<EventRow, 'value' | 'sendValue' | 'source' | 'origin' | 'properties'>,
  freeKeys: boolean,
): JsonObject {
  const properties: JsonObject = {};
  const money = event.sendValue === undefined ? event.value : event.sendValue;
  if (money) Object.assign(properties, majorOf(money));
  if (freeKeys) {
    properties['source'] = event.source;
    properties['origin'] = event.origin;
  }
  for (const name in event.properties) properties[name] = event.properties[name] as Json;
  return properties;
}

/** Money as TikTok takes it: a number in major units. */
export function majorOf(money: MoneyText): { value: number; currency: string } {
  const space = money.indexOf(' ');
  const value = Number(money.slice(0, space));
  // What we stored ourselves is a plain decimal; anything else must not reach TikTok.
  if (space < 1 || !Number.isFinite(value)) storedMoney(money);
  return { value, currency: money.slice(space + 1) };
}

const LISTS: ReadonlySet<string> = new Set(['email', 'phone', 'external_id']);

/** A single identifier goes as a string, several as an array. */
export function userOf(keys: MatchKeys | undefined): JsonObject | undefined {
  if (!keys) return undefined;
  const user: JsonObject = {};
  let some = false;
  for (const field in keys) {
    const value = keys[field as keyof MatchKeys];
    const list = LISTS.has(field);
    const sent = list && Array.isArray(value) ? (value.length === 1 ? value[0] : value) : value;
    if (list ? !sent || sent.length === 0 : typeof sent !== 'string') continue;
    user[field] = sent as Json;
    some = true;
  }
  return some ? user : undefined;
}
