import type { JsonObject } from '../event/event.ts';
import { stringEnd } from '../event/json-text.ts';
import type { OutgoingEvent } from '../event/outgoing.ts';
import { leadOf, majorOf, pageOf, propertiesOf, userOf } from './body.ts';
import { type Generation, nameFor } from './names.ts';

/**
 * The JSON of `trackItem`, to the byte, put together from the ledger’s own JSON: half of what it takes to write the item
 * anew. Parts that are seldom seen are written anew all the same.
 */
export function itemText(event: OutgoingEvent, generation: Generation, freeKeys: boolean): string {
  const { source, user, page, app, ad, lead, limitedDataUse } = event;
  let text = `{"event":${quoted(nameFor(event.name, source, generation))},"event_time":`;
  text += Math.floor(event.occurredAt / 1000);
  text += `,"event_id":${quoted(event.eventId)}`;
  if (user !== undefined) text += userText(user);
  if (page !== undefined && source === 'web') text += pageText(page);
  text += propertiesText(event, freeKeys);
  if (app !== undefined && source === 'app') text += `,"app":${app}`;
  if (ad !== undefined && source === 'app') text += `,"ad":${ad}`;
  if (lead !== undefined && source === 'crm') text += `,"lead":${JSON.stringify(leadOf(JSON.parse(lead)))}`;
  if (limitedDataUse !== undefined && (source === 'web' || source === 'app'))
    text += `,"limited_data_use":${limitedDataUse}`;
  return `${text}}`;
}

/** Text that JSON leaves as it is. */
const PLAIN = /^[ !#-[\]-~]*$/;

function quoted(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text);
}

const QUOTE = 34;
const CLOSE_LIST = 93;

/** A list of one identifier becomes that one. */
function userText(user: string): string {
  if (user === '{}') return '';
  // Without a backslash every quote begins or ends a string.
  if (user.includes('\\')) return userAnew(user);
  let text = ',"user":';
  let written = 0;
  // Only hashes stand in lists, and no name begins with a bracket, so what looks like a list of one is one.
  for (let at = user.indexOf(':['); at > 0; at = user.indexOf(':[', at + 2)) {
    const first = user.charCodeAt(at + 2);
    if (first === CLOSE_LIST) return userAnew(user);
    if (first !== QUOTE) continue;
    const end = user.indexOf('"', at + 3) + 1;
    if (user.charCodeAt(end) !== CLOSE_LIST) continue;
    text += user.slice(written, at + 1);
    text += user.slice(at + 2, end);
    written = end + 1;
  }
  return text + (written === 0 ? user : user.slice(written));
}

function userAnew(user: string): string {
  const told = userOf(JSON.parse(user));
  return told === undefined ? '' : `,"user":${JSON.stringify(told)}`;
}

const URL_FIRST = '{"url":"';
const REFERRER_NEXT = ',"referrer":"';

function pageText(page: string): string {
  return isPage(page) ? `,"page":${page}` : pageAnew(page);
}

/** Is it a URL that is not empty, and after that at most a referrer likewise? */
function isPage(page: string): boolean {
  if (!page.startsWith(URL_FIRST)) return false;
  const last = page.length - 1;
  const end = stringEnd(page, URL_FIRST.length - 1);
  if (end === URL_FIRST.length + 1) return false;
  if (end === last) return true;
  if (!page.startsWith(REFERRER_NEXT, end)) return false;
  const from = end + REFERRER_NEXT.length - 1;
  return stringEnd(page, from) === last && last - from > 2;
}

function pageAnew(page: string): string {
  const told = pageOf(JSON.parse(page));
  return told === undefined ? '' : `,"page":${JSON.stringify(told)}`;
}

/**
 * Names that would not stand where they do once value and free keys are put before them: theirs, whole numbers, which
 * come first in an object, and the name that sets a prototype. One further inside costs a moment.
 */
const ODD = /"(?:value|currency|source|origin|__proto__|\d+)":/;

function propertiesText({ properties, source, origin, sentValue }: OutgoingEvent, freeKeys: boolean): string {
  if (ODD.test(properties)) {
    const told = { source, origin, sendValue: sentValue ?? null, properties: JSON.parse(properties) as JsonObject };
    return propertiesAnew(propertiesOf(told, freeKeys));
  }
  let text = '';
  if (sentValue) {
    const { value, currency } = majorOf(sentValue);
    text += `,"value":${value},"currency":${quoted(currency)}`;
  }
  if (freeKeys) text += `,"source":"${source}","origin":"${origin}"`;
  if (text === '') return properties === '{}' ? '' : `,"properties":${properties}`;
  text = `,"properties":{${text.slice(1)}`;
  if (properties === '{}') return `${text}}`;
  return `${text},${properties.slice(1)}`;
}

function propertiesAnew(properties: JsonObject): string {
  return Object.keys(properties).length === 0 ? '' : `,"properties":${JSON.stringify(properties)}`;
}
