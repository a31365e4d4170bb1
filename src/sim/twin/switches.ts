import type { Json } from '../../event/event.ts';
import { isObject } from './json.ts';

interface Switch<T extends Json> {
  initial: T;
  allowed: string;
  accepts(value: Json): boolean;
}

/** A setting for each point on which the contract is silent, uncertain or contradicts itself. */
const SWITCHES = {
  /** which copies merge within the merge window */
  mergeScope: oneOf('pixelAndApi', 'anyCopy'),
  mergeMs: count(5 * 60_000),
  dropMs: count(48 * 3_600_000),
  /** which copy's value stays where two merged copies differ */
  mergeConflict: oneOf('first', 'last'),
  /** compare browser and server copies by `_ttp` where an event id is missing */
  ttpFallback: oneOf(false, true),
  /** CompletePayment and Purchase are one event, and so are SubmitForm and Lead */
  nameAliasing: oneOf(false, true),
  /** the browser script sends the names of 2024: CompletePayment for Purchase */
  pixelRenames: oneOf(false, true),
  /** calls made while consent is held are sent once it is granted */
  holdKeepsCalls: oneOf(true, false),
  /** does one bad event refuse its whole batch? */
  batchFailures: oneOf('allOrNothing', 'partial20001'),
  /** what a partial success holds in `data`: a list of failures under some name, one of all events, or nothing of use */
  partialShape: oneOf(
    'failedEvents',
    'failedList',
    'failures',
    'errors',
    'errorList',
    'failed',
    'list',
    'results',
    'events',
    'items',
    'resultList',
    'unheardOf',
    'twoLists',
    'text',
    'empty',
  ),
  /** how an entry of such a list names its event; `beyond` names one that was not in the batch */
  partialNames: oneOf('order_in_batch', 'index', 'order', 'position', 'event_id', 'both', 'none', 'beyond'),
  orderInBatchFrom: oneOf(0, 1),
  /** how the message of 40002 begins: `data.0.…`, `events[0].…`, or without a path */
  messagePath: oneOf('data', 'Batch', 'events', 'data[]', 'events[]', '$.data[]', 'none'),
  ageLimitDays: limit(null),
  futureLimitMs: limit(null),
  eventIdCharsMax: limit(null),
  bodyBytesMax: limit(1_048_576),
  qpsLimit: limit(1000),
  jsonContentType: oneOf('refuse', 'accept'),
  /** e-mail and phone that are no lower-case SHA-256 */
  plainContacts: oneOf('refuse', 'diagnose'),
  plainExternalId: oneOf('refuse', 'diagnose'),
  /** names and postcode, whose hashing only peers describe */
  plainNames: oneOf('diagnose', 'refuse'),
  /** names that break the rules for custom events */
  customNames: oneOf('refuse', 'diagnose'),
  /** content_type and delivery_category outside their lists */
  enumValues: oneOf('refuse', 'diagnose'),
  negativeValue: oneOf('diagnose', 'refuse'),
  unsupportedCurrency: oneOf('refuse', 'accept', 'dropValue'),
  /** what an offline event is identified by */
  offlineIdentity: oneOf('emailOrPhone', 'alsoExternalId'),
};

export type Switches = {
  [Name in keyof typeof SWITCHES]: (typeof SWITCHES)[Name] extends Switch<infer T> ? T : never;
};

export function initialSwitches(): Switches {
  return Object.fromEntries(Object.entries(SWITCHES).map(([name, one]) => [name, one.initial])) as Switches;
}

/** The switches after a change, or everything that is wrong with it. */
export function changeSwitches(now: Switches, change: Json | undefined): Switches | string[] {
  if (!isObject(change)) return ['the body must be a JSON object of switches'];
  const problems: string[] = [];
  for (const [name, value] of Object.entries(change)) {
    const known = Object.hasOwn(SWITCHES, name) ? SWITCHES[name as keyof Switches] : undefined;
    if (!known) problems.push(`${name}: unknown; known are ${Object.keys(SWITCHES).join(', ')}`);
    else if (!known.accepts(value)) problems.push(`${name}: must be ${known.allowed}`);
  }
  return problems.length > 0 ? problems : { ...now, ...change };
}

/** One of a few values; the first is the default. */
function oneOf<const T extends readonly [Json, ...Json[]]>(...values: T): Switch<T[number]> {
  return {
    initial: values[0],
    allowed: values.map((value) => JSON.stringify(value)).join(' or '),
    accepts: (value) => values.includes(value),
  };
}

function count(initial: number): Switch<number> {
  return { initial, allowed: 'a whole number from 0', accepts: isCount };
}

function limit(initial: number | null): Switch<number | null> {
  return { initial, allowed: 'a whole number from 0, or null', accepts: (value) => value === null || isCount(value) };
}

function isCount(value: Json): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
