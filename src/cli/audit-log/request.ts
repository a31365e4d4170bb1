import { looksLikeContact } from '../../contacts/scrub.ts';
import { BATCH_EVENTS_MAX } from '../../tiktok/body.ts';
import type { Exchange } from './exchange.ts';

/** One event of a request; `name` and `id` may be printed: no contact is in them. */
export interface AuditedEvent {
  name: string;
  id: string;
  /** as it was sent, for reading the answer */
  sentId: string;
  /** UTC ms */
  at: number | undefined;
}

/** Something wrong with a request itself, whatever TikTok answered: a code of `SLIPS` and the field, never its value. */
export interface Slip {
  code: SlipCode;
  where: string;
}

export type SlipCode = keyof typeof SLIPS;

/** What a request can have wrong that its sender does not see. */
export const SLIPS = {
  bearer: {
    what: 'the token has the word Bearer before it, which TikTok reads as a part of the token',
    fix: 'Send the bare token in the header Access-Token.',
  },
  token_in_address: {
    what: 'a token stands in the address, where every log on the way keeps it',
    fix: 'Send it in the header Access-Token, and make a new one.',
  },
  body_unreadable: {
    what: 'the body is not in the log, or is not JSON',
    fix: 'Let the sender log the body it sends.',
  },
  no_events: { what: 'the body has no events', fix: 'Put one to 1,000 events into data.' },
  batch_too_large: {
    what: 'more than 1,000 events in a request, which TikTok refuses as a whole',
    fix: 'Send 1,000 at most.',
  },
  test_code_on: {
    what: 'test_event_code is set, so these events are tests and count for nothing',
    fix: 'Leave it out in production.',
  },
  event_id_missing: {
    what: 'no event_id, so TikTok can’t tell a repeat from a new event',
    fix: 'Give each event one id, made once, and send it by pixel and server alike.',
  },
  id_is_number: { what: 'an id is a number where TikTok wants text', fix: 'Write it in quotes.' },
  time_in_milliseconds: {
    what: 'event_time is in milliseconds; TikTok wants whole seconds',
    fix: 'Divide it by 1,000 and round down.',
  },
  time_unreadable: { what: 'event_time is missing or is no time', fix: 'Send whole seconds since 1970, in UTC.' },
  contact_not_hashed: {
    what: 'a contact is sent as plain text',
    fix: 'Send the SHA-256 of the normalised contact, in hex; keep contacts out of addresses.',
  },
  empty_hashed: { what: 'the hash of an empty text is sent as a contact', fix: 'Leave the field out.' },
} as const;

const HASHED = ['email', 'phone', 'phone_number', 'external_id', 'first_name', 'last_name', 'zip_code'];
const HEX_64 = /^[\da-f]{64}$/i;
const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
/** As milliseconds this is 1973; as seconds, the year 5138. */
const SECONDS_MAX = 1e11;
const VALUES_MAX = 20;
/** A hundred times what TikTok takes: nobody means what lies beyond. */
const EVENTS_READ_MAX = 100_000;

/** The events of a request to either version of the Events API, and what is wrong with it. */
export function auditRequest({ body, headers, url }: Exchange): { events: AuditedEvent[]; slips: Slip[] } {
  const slips: Slip[] = [];
  const slip = (code: SlipCode, where: string): void => void slips.push({ code, where });
  for (const name of ['access-token', 'authorization'])
    if (/^\s*bearer\b/i.test(headers.get(name) ?? '')) slip('bearer', `header ${name}`);
  if (/[?&]access[-_]?token=/i.test(url)) slip('token_in_address', 'address');
  if (!isObject(body)) {
    slip('body_unreadable', 'body');
    return { events: [], slips };
  }
  const list = ['data', 'batch'].find((name) => Array.isArray(body[name]));
  const items = list === undefined ? ('event' in body ? [body] : []) : (body[list] as unknown[]);
  if (items.length === 0) slip('no_events', list ?? 'body');
  if (items.length > BATCH_EVENTS_MAX) slip('batch_too_large', list ?? 'body');
  const testCode = body['test_event_code'];
  if (testCode !== undefined && testCode !== null && testCode !== '') slip('test_code_on', 'test_event_code');
  const events = items
    .slice(0, EVENTS_READ_MAX)
    .map((item, n) => auditEvent(item, list === undefined ? '' : `${list}[${n}].`, slip));
  return { events, slips };
}

function auditEvent(item: unknown, at: string, slip: (code: SlipCode, where: string) => void): AuditedEvent {
  const event = isObject(item) ? item : {};
  const id = event['event_id'];
  if (id === undefined || id === null || id === '') slip('event_id_missing', `${at}event_id`);
  else if (typeof id !== 'string') slip('id_is_number', `${at}event_id`);
  const time = event['event_time'] ?? event['timestamp'];
  auditTime(time, `${at}${'event_time' in event ? 'event_time' : 'timestamp'}`, slip);
  const context = isObject(event['context']) ? event['context'] : {};
  auditUser(event['user'] ?? context['user'], `${at}user`, slip);
  const page = event['page'] ?? context['page'];
  if (isObject(page))
    for (const name of ['url', 'referrer']) {
      const text = page[name];
      if (typeof text === 'string' && holdsContact(text)) slip('contact_not_hashed', `${at}page.${name}`);
    }
  auditIds(event['properties'], `${at}properties`, slip);
  return {
    name: printable(event['event'], 60) || '(no name)',
    id: printable(id, 80),
    sentId: typeof id === 'string' ? id : '',
    at: timeMs(time),
  };
}

function auditTime(time: unknown, where: string, slip: (code: SlipCode, where: string) => void): void {
  const seconds = typeof time === 'string' && /^\d+$/.test(time) ? Number(time) : time;
  if (typeof seconds === 'number' && seconds >= SECONDS_MAX) slip('time_in_milliseconds', where);
  else if (timeMs(time) === undefined) slip('time_unreadable', where);
}

function auditUser(user: unknown, at: string, slip: (code: SlipCode, where: string) => void): void {
  if (!isObject(user)) return;
  for (const name of HASHED) {
    const value = user[name];
    const all = Array.isArray(value) ? (value as unknown[]).slice(0, VALUES_MAX) : [value];
    for (const one of all) {
      if (one === undefined || one === null || one === '') continue;
      const text = String(typeof one === 'object' ? '' : one).trim();
      if (name === 'external_id' && typeof one === 'number') slip('id_is_number', `${at}.${name}`);
      if (text.toLowerCase() === EMPTY) slip('empty_hashed', `${at}.${name}`);
      // An id of the sender's own may go plain; an address or a number may not.
      else if (!HEX_64.test(text) && (name !== 'external_id' || holdsContact(text)))
        slip('contact_not_hashed', `${at}.${name}`);
    }
  }
}

function auditIds(properties: unknown, at: string, slip: (code: SlipCode, where: string) => void): void {
  if (!isObject(properties)) return;
  for (const name of ['order_id', 'content_id'])
    if (typeof properties[name] === 'number') slip('id_is_number', `${at}.${name}`);
  const ids = properties['content_ids'];
  if (Array.isArray(ids) && ids.some((id) => typeof id === 'number')) slip('id_is_number', `${at}.content_ids`);
  const contents = properties['contents'];
  if (Array.isArray(contents) && contents.some((one) => isObject(one) && typeof one['content_id'] === 'number'))
    slip('id_is_number', `${at}.contents.content_id`);
}

function timeMs(time: unknown): number | undefined {
  if (typeof time !== 'number' && typeof time !== 'string') return undefined;
  const number = typeof time === 'number' ? time : /^\d+$/.test(time) ? Number(time) : Number.NaN;
  const ms = Number.isNaN(number) ? Date.parse(String(time)) : number < SECONDS_MAX ? number * 1000 : number;
  return Number.isFinite(ms) && ms > 0 && ms < 8.64e15 ? Math.round(ms) : undefined;
}

/** A text of somebody's log as it may stand on a terminal: short, in one line, without contacts. */
export function printable(value: unknown, charsMax: number): string {
  if (typeof value !== 'string' && typeof value !== 'number') return '';
  const text = String(value)
    .slice(0, charsMax)
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim();
  return holdsContact(text) ? '(removed)' : text;
}

/** Enough of a text to see a contact in it; what is longer is no address of a page. */
const LOOKED_AT_CHARS = 4096;

function holdsContact(text: string): boolean {
  const head = text.slice(0, LOOKED_AT_CHARS);
  if (looksLikeContact(head)) return true;
  if (!head.includes('%')) return false;
  try {
    return looksLikeContact(decodeURIComponent(head));
  } catch {
    return false;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
