import type { Json, JsonObject, Source } from '../../event/event.ts';
import type { Channel } from './dedup.ts';
import { objectAt, textAt, textsAt } from './json.ts';
import { CURRENCIES, EVENT_CHARS_MAX, isPageview, isWellFormedName } from './names.ts';
import { contentsOf, isHash, isNothing } from './validate.ts';

/** An accepted event as it reached the twin. */
export interface Receipt {
  source: Source;
  sourceId: string;
  channel: Channel;
  at: number;
  requestId: string;
  test: string | undefined;
  /** in the words of the Events API */
  body: JsonObject;
  /** as it was sent */
  raw: JsonObject;
}

export interface Issue {
  rule: string;
  /** where in the event */
  field: string;
}

export const MATCH_KEYS = ['email', 'phone', 'external_id', 'ttclid', 'ttp', 'ip', 'user_agent'] as const;

const NEEDS_CONTENT = new Set(
  'Purchase CompletePayment InitiateCheckout AddToCart PlaceAnOrder ViewContent AddToWishlist'.split(' '),
);
const PURCHASES = new Set(['Purchase', 'CompletePayment']);
const KNOWN_FIELDS = new Set(
  'event event_time event_id user properties page app ad lead limited_data_use device'.split(' '),
);
const USER_FIELDS = new Set(
  `email phone external_id ttclid ttp ip user_agent locale idfa idfv gaid att_status first_name last_name zip_code city
  state country lead_id`.split(/\s+/),
);
const SHA256_OF_NOTHING = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const PRIVATE_IP = /^(10\.|127\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|0\.|::1$|f[cd]|fe80:)/i;

/** What Events Manager would point out on an accepted event. */
export function diagnose(receipt: Receipt): Issue[] {
  const event = textAt(receipt.body, 'event') ?? '';
  const issues = [...labelIssues(receipt.raw), ...shapeIssues(receipt)];
  if (isPageview(event)) return issues;
  return [
    ...issues,
    ...nameIssues(event),
    ...(textAt(receipt.body, 'event_id') === undefined ? [{ rule: 'MISSING_EVENT_ID', field: 'event_id' }] : []),
    ...moneyIssues(event, objectAt(receipt.body, 'properties')),
    ...contentIssues(event, receipt.body),
    ...contactIssues(event, receipt.source, objectAt(receipt.body, 'user')),
  ];
}

/** What the browser script noticed by itself. */
function labelIssues(raw: JsonObject): Issue[] {
  return Object.keys(objectAt(raw, 'signal_diagnostic_labels')).map((rule) => ({ rule, field: 'pixel' }));
}

/** Fields that the Events API does not know in that place and passes over in silence. */
function shapeIssues({ channel, body }: Receipt): Issue[] {
  if (channel === 'pixel') return [];
  const unknown = [
    ...Object.keys(body).filter((key) => !KNOWN_FIELDS.has(key)),
    ...Object.keys(objectAt(body, 'user')).flatMap((key) => (USER_FIELDS.has(key) ? [] : [`user.${key}`])),
  ];
  const properties = objectAt(body, 'properties');
  const both = properties['contents'] !== undefined && properties['content_ids'] !== undefined;
  return [
    ...unknown.map((field) => ({
      rule: field === 'test_event_code' ? 'MISPLACED_TEST_EVENT_CODE' : 'UNKNOWN_FIELD',
      field,
    })),
    ...(both ? [{ rule: 'CONTENTS_AND_CONTENT_IDS', field: 'properties.content_ids' }] : []),
  ];
}

function nameIssues(event: string): Issue[] {
  if (isNothing(event)) return [{ rule: 'EMPTY_EVENT_TYPE_NAME', field: 'event' }];
  if (event.length > EVENT_CHARS_MAX) return [{ rule: 'LONG_EVENT_TYPE_NAME', field: 'event' }];
  return isWellFormedName(event) ? [] : [{ rule: 'MISMATCHED_EVENT_TYPE_NAME_FOR_CUSTOM_EVENT', field: 'event' }];
}

function moneyIssues(event: string, { value, currency }: JsonObject): Issue[] {
  const issues: Issue[] = [];
  const isPurchase = PURCHASES.has(event);
  if (value === undefined && (isPurchase || currency !== undefined))
    issues.push({ rule: 'MISSING_VALUE_PARAMETER', field: 'properties.value' });
  if (currency === undefined && (isPurchase || value !== undefined))
    issues.push({ rule: 'MISSING_CURRENCY_PARAMETER', field: 'properties.currency' });
  if (value !== undefined && !isPlainAmount(value))
    issues.push({ rule: 'INVALID_EVENT_PARAMETER_VALUE', field: 'properties.value' });
  if (currency !== undefined && !(typeof currency === 'string' && CURRENCIES.has(currency)))
    issues.push({ rule: 'INVALID_CURRENCY_CODE', field: 'properties.currency' });
  return issues;
}

function isPlainAmount(value: Json): boolean {
  return typeof value === 'number' ? value >= 0 : typeof value === 'string' && /^\d+(\.\d+)?$/.test(value);
}

function contentIssues(event: string, body: JsonObject): Issue[] {
  const properties = objectAt(body, 'properties');
  const type = properties['content_type'];
  const issues: Issue[] = [];
  if (type !== undefined && type !== 'product' && type !== 'product_group')
    issues.push({ rule: 'INVALID_CONTENT_TYPE', field: 'properties.content_type' });
  const ids = [properties['content_id'], ...textsAt(properties, 'content_ids')].filter((id) => id !== undefined);
  const inContents = contentsOf(body).map((content) => content['content_id']);
  const isMissing = inContents.length > 0 ? inContents.includes(undefined) : ids.length === 0;
  if (NEEDS_CONTENT.has(event) && isMissing) issues.push({ rule: 'MISSING_CONTENT_ID', field: 'properties.contents' });
  if ([...ids, ...inContents].some((id) => id !== undefined && String(id).trim() === ''))
    issues.push({ rule: 'INVALID_CONTENT_ID', field: 'properties.contents' });
  return issues;
}

function contactIssues(event: string, source: Source, user: JsonObject): Issue[] {
  const issues: Issue[] = [];
  const has = (key: string) => textsAt(user, key).some((value) => !isNothing(value));
  if (PURCHASES.has(event) && !has('email') && !has('phone'))
    issues.push({ rule: 'MISSING_EMAIL_AND_PHONE', field: 'user' });
  // A CRM event is matched by its lead.
  if (source !== 'crm' && !MATCH_KEYS.some(has)) issues.push({ rule: 'MISSING_MATCH_KEYS', field: 'user' });
  for (const [key, format, nothing] of [
    ['email', 'INVALID_EMAIL_FORMAT', 'INVALID_EMAIL_INFORMATION'],
    ['phone', 'INVALID_PHONE_NUMBER_FORMAT', 'INVALID_PHONE_NUMBER_INFORMATION'],
    ['external_id', 'INVALID_EXTERNAL_ID_FORMAT', 'INVALID_EXTERNAL_ID_INFORMATION'],
  ] as const)
    for (const value of textsAt(user, key))
      if (isNothing(value) || value === SHA256_OF_NOTHING) issues.push({ rule: nothing, field: `user.${key}` });
      else if (!isHash(value)) issues.push({ rule: format, field: `user.${key}` });
  const ip = user['ip'];
  if (typeof ip === 'string' && (PRIVATE_IP.test(ip) || !/^[0-9a-f:.]+$/i.test(ip)))
    issues.push({ rule: 'INVALID_IP', field: 'user.ip' });
  for (const key of ['ttclid', 'ttp', 'ip', 'user_agent'])
    if (user[key] !== undefined && textsAt(user, key).some(isNothing))
      issues.push({ rule: 'EMPTY_MATCH_KEY', field: `user.${key}` });
  return issues;
}
