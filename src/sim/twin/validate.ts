import type { Json, JsonObject, Source } from '../../event/event.ts';
import { isObject, objectAt, textAt, textsAt } from './json.ts';
import { CURRENCIES, isAllowedName, isWellFormedName } from './names.ts';
import type { Switches } from './switches.ts';

/** One thing wrong with an event: where in it, and what. */
export interface Refusal {
  path: string;
  what: string;
}

type Shape = 'text' | 'texts' | 'list' | 'number' | 'whole' | 'flag' | 'object' | 'objects';

const MISSING = 'Missing data for required field';
const WRONG: Readonly<Record<Shape, string>> = {
  text: 'Not a valid string',
  texts: 'Not a valid string or list of strings',
  list: 'Not a valid list of strings',
  number: 'Not a valid number',
  whole: 'Not a valid integer',
  flag: 'Not a valid boolean',
  object: 'Not a valid object',
  objects: 'Not a valid list of objects',
};

const TOP: Readonly<Record<string, Shape>> = {
  event_id: 'text',
  user: 'object',
  properties: 'object',
  page: 'object',
  app: 'object',
  ad: 'object',
  lead: 'object',
  limited_data_use: 'flag',
};
const USER: Readonly<Record<string, Shape>> = {
  email: 'texts',
  phone: 'texts',
  external_id: 'texts',
  ttclid: 'text',
  ttp: 'text',
  ip: 'text',
  user_agent: 'text',
  locale: 'text',
  idfa: 'text',
  idfv: 'text',
  gaid: 'text',
  att_status: 'text',
  first_name: 'text',
  last_name: 'text',
  zip_code: 'text',
  city: 'text',
  state: 'text',
  country: 'text',
};
const PROPERTIES: Readonly<Record<string, Shape>> = {
  contents: 'objects',
  content_ids: 'list',
  content_type: 'text',
  value: 'number',
  currency: 'text',
  num_items: 'whole',
  order_id: 'text',
  shop_id: 'text',
  search_string: 'text',
  query: 'text',
  description: 'text',
  status: 'text',
  delivery_category: 'text',
  predicted_ltv: 'number',
  event_channel: 'text',
};
const CONTENT: Readonly<Record<string, Shape>> = {
  content_id: 'text',
  price: 'number',
  quantity: 'number',
  content_name: 'text',
  content_category: 'text',
  brand: 'text',
};
const PAGE: Readonly<Record<string, Shape>> = { url: 'text', referrer: 'text' };
const APP: Readonly<Record<string, Shape>> = { app_id: 'text', app_name: 'text', app_version: 'text' };
const LEAD: Readonly<Record<string, Shape>> = { lead_id: 'text', lead_event_source: 'text' };

const REQUIRED: Readonly<Record<Source, readonly (readonly [string, string])[]>> = {
  web: [['page', 'url']],
  app: [['app', 'app_id']],
  offline: [],
  crm: [['lead', 'lead_id']],
};

const ENUMS: Readonly<Record<string, readonly string[]>> = {
  content_type: ['product', 'product_group'],
  delivery_category: ['in_store', 'curbside', 'home_delivery'],
};
const ATT_STATUS = ['AUTHORIZED', 'DENIED', 'NOT_DETERMINED', 'RESTRICTED', 'NOT_APPLICABLE'];

/** Everything for which the Events API refuses this event, in reading order. */
export function refusals(event: Json, source: Source, switches: Switches, now: number): Refusal[] {
  if (!isObject(event)) return [{ path: '', what: WRONG.object }];
  const found: Refusal[] = [];
  found.push(...nameRefusals(event['event'], source, switches));
  found.push(...timeRefusals(event['event_time'], switches, now));
  found.push(...shapeRefusals(event, TOP, ''));
  found.push(...shapeRefusals(objectAt(event, 'user'), USER, 'user.'));
  found.push(...shapeRefusals(objectAt(event, 'properties'), PROPERTIES, 'properties.'));
  contentsOf(event).forEach((content, place) => {
    found.push(...shapeRefusals(content, CONTENT, `properties.contents.${place}.`));
  });
  found.push(...shapeRefusals(objectAt(event, 'page'), PAGE, 'page.'));
  found.push(...shapeRefusals(objectAt(event, 'app'), APP, 'app.'));
  found.push(...shapeRefusals(objectAt(event, 'lead'), LEAD, 'lead.'));
  for (const [part, field] of REQUIRED[source])
    if (objectAt(event, part)[field] === undefined || objectAt(event, part)[field] === '')
      found.push({ path: `${part}.${field}`, what: MISSING });
  found.push(...identityRefusals(event, source, switches));
  found.push(...valueRefusals(event, switches));
  return found;
}

function nameRefusals(name: Json | undefined, source: Source, switches: Switches): Refusal[] {
  if (name === undefined || name === '') return [{ path: 'event', what: MISSING }];
  if (typeof name !== 'string') return [{ path: 'event', what: WRONG.text }];
  if (name.trim() === '') return [{ path: 'event', what: MISSING }];
  if (!isAllowedName(name, source))
    return [{ path: 'event', what: `${source} takes standard events only, not ${name}` }];
  // CRM names are the advertiser's own, in any language.
  if (source !== 'crm' && switches.customNames === 'refuse' && !isWellFormedName(name))
    return [{ path: 'event', what: 'Not a valid event name: at most 50 of A-Z a-z 0-9 _ -, beginning with a letter' }];
  return [];
}

function timeRefusals(time: Json | undefined, switches: Switches, now: number): Refusal[] {
  const path = 'event_time';
  if (time === undefined) return [{ path, what: MISSING }];
  if (typeof time !== 'number' || !Number.isInteger(time)) return [{ path, what: WRONG.whole }];
  if (!/^\d{10}$/.test(String(time))) return [{ path, what: 'Not a valid Unix time in seconds' }];
  const ageMs = now - time * 1000;
  if (switches.ageLimitDays !== null && ageMs > switches.ageLimitDays * 86_400_000)
    return [{ path, what: `Older than ${switches.ageLimitDays} days` }];
  if (switches.futureLimitMs !== null && -ageMs > switches.futureLimitMs) return [{ path, what: 'In the future' }];
  return [];
}

function shapeRefusals(value: JsonObject, shapes: Readonly<Record<string, Shape>>, prefix: string): Refusal[] {
  return Object.entries(shapes)
    .filter(([key, shape]) => value[key] !== undefined && !hasShape(value[key], shape))
    .map(([key, shape]) => ({ path: `${prefix}${key}`, what: WRONG[shape] }));
}

function hasShape(value: Json, shape: Shape): boolean {
  switch (shape) {
    case 'text':
      return typeof value === 'string';
    case 'texts':
      return typeof value === 'string' || hasShape(value, 'list');
    case 'list':
      return Array.isArray(value) && value.every((entry) => typeof entry === 'string');
    case 'number':
      return typeof value === 'number';
    case 'whole':
      return typeof value === 'number' && Number.isInteger(value);
    case 'flag':
      return typeof value === 'boolean';
    case 'object':
      return isObject(value);
    case 'objects':
      return Array.isArray(value) && value.every(isObject);
  }
}

function identityRefusals(event: JsonObject, source: Source, switches: Switches): Refusal[] {
  const user = objectAt(event, 'user');
  const found: Refusal[] = [];
  for (const [key, rule] of [
    ['email', switches.plainContacts],
    ['phone', switches.plainContacts],
    ['external_id', switches.plainExternalId],
    ['first_name', switches.plainNames],
    ['last_name', switches.plainNames],
    ['zip_code', switches.plainNames],
  ] as const)
    if (rule === 'refuse' && textsAt(user, key).some((value) => !isHash(value) && !isNothing(value)))
      found.push({ path: `user.${key}`, what: 'Not a valid lower-case SHA-256 hash' });
  const status = user['att_status'];
  if (typeof status === 'string' && !ATT_STATUS.includes(status))
    found.push({ path: 'user.att_status', what: `Must be one of: ${ATT_STATUS.join(', ')}` });
  if (source !== 'offline') return found;
  const keys = switches.offlineIdentity === 'alsoExternalId' ? ['email', 'phone', 'external_id'] : ['email', 'phone'];
  if (!keys.some((key) => textsAt(user, key).some((value) => !isNothing(value))))
    found.push({ path: 'user', what: `At least one of ${keys.join(', ')} is required` });
  return found;
}

function valueRefusals(event: JsonObject, switches: Switches): Refusal[] {
  const properties = objectAt(event, 'properties');
  const { value, currency } = properties;
  const found: Refusal[] = [];
  if (switches.negativeValue === 'refuse' && typeof value === 'number' && value < 0)
    found.push({ path: 'properties.value', what: 'Must not be negative' });
  if (switches.unsupportedCurrency === 'refuse' && typeof currency === 'string' && !CURRENCIES.has(currency))
    found.push({ path: 'properties.currency', what: `Not a supported currency: ${currency}` });
  for (const [key, allowed] of Object.entries(ENUMS)) {
    const chosen = properties[key];
    if (switches.enumValues === 'refuse' && typeof chosen === 'string' && !allowed.includes(chosen))
      found.push({ path: `properties.${key}`, what: `Must be one of: ${allowed.join(', ')}` });
  }
  if (switches.eventIdCharsMax !== null && (textAt(event, 'event_id') ?? '').length > switches.eventIdCharsMax)
    found.push({ path: 'event_id', what: `Longer than ${switches.eventIdCharsMax} characters` });
  return found;
}

export function isHash(value: string): boolean {
  return /^[0-9a-f]{64}$/.test(value);
}

/** A placeholder that senders leave behind: it is accepted and diagnosed, not refused. */
export function isNothing(value: string): boolean {
  return ['', 'undefined', 'null'].includes(value.trim().toLowerCase());
}

/** The content items that are objects. */
export function contentsOf(event: JsonObject): JsonObject[] {
  const contents = objectAt(event, 'properties')['contents'];
  return Array.isArray(contents) ? contents.filter(isObject) : [];
}
