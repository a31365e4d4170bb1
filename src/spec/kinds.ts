import { parseDecimal } from '../event/decimal.ts';
import { exponentOf, parseMoney } from '../event/money.ts';
import { DAY, parseDuration } from '../event/time.ts';
import { isCountry } from './countries.ts';
import { properName } from './names.ts';

/** What is wrong with a value and how to mend it. */
export interface Fault {
  what: string;
  fix: string;
}

interface Kind {
  /** what an editor checks; `read` is the judge */
  pattern?: string;
  /** stands in for a faulty value, so that the rest of the file can still be checked */
  example: string;
  check(text: string): Fault | undefined;
}

export type KindName = keyof typeof KINDS;

/** Every kind of text in the tracking spec. */
export const KINDS = {
  text: kind('Demo', 'a short text', 'Write 1 to 120 characters on one line.', String.raw`^[^\p{Cc}]{1,120}$`),
  id: kind('main', 'an id', 'Use lower-case letters, digits and hyphens, such as main.', '^[a-z0-9][a-z0-9-]{0,31}$'),
  country: kind(
    'DE',
    'a country',
    'Write the ISO 3166 code of two capital letters, such as DE.',
    '^[A-Z]{2}$',
    isCountry,
  ),
  currency: kind(
    'EUR',
    'a currency',
    'Write the ISO 4217 code of three capital letters, such as EUR.',
    '^[A-Z]{3}$',
    (text) => exponentOf(text) !== undefined,
  ),
  timezone: kind('UTC', 'a time zone', 'Write a name of the IANA list, such as Europe/Berlin.', undefined, isTimeZone),
  origin: { example: 'https://shop.example', check: checkOrigin },
  host: kind(
    'shop.example',
    'a host name',
    'Write the name alone, in lower case, such as shop.example.',
    '^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$',
    (text) => !text.includes('..'),
  ),
  urlParameter: kind(
    'utm_*',
    'a URL parameter',
    'Write its name, with * at the end for a family, such as utm_*.',
    String.raw`^[A-Za-z0-9_.~-]{1,60}\*?$`,
  ),
  digits: kind(
    '7300000000000000001',
    'an id of digits',
    'Copy the digits from Events Manager and keep them in quotes.',
    '^[0-9]{5,25}$',
  ),
  pixel: kind(
    'CD9079RC77U0N3GBV16Y',
    'a pixel code',
    'Copy it from Events Manager: 20 capital letters and digits.',
    '^[A-Z0-9]{20}$',
  ),
  token: { pattern: '^env:[A-Za-z_][A-Za-z0-9_]{0,99}$', example: 'env:TIKTOK_TOKEN', check: checkToken },
  testCode: kind(
    'TEST12345',
    'a test code',
    'Copy it from Events Manager, Test Events, such as TEST12345.',
    '^[A-Za-z0-9_-]{1,64}$',
  ),
  eventName: { pattern: '^[A-Za-z][A-Za-z0-9_-]{0,49}$', example: 'Purchase', check: checkEventName },
  property: kind(
    'value',
    'a parameter',
    'Use letters, digits and _, such as content_id.',
    '^[A-Za-z][A-Za-z0-9_]{0,59}$',
  ),
  status: kind(
    'new',
    'a lead status',
    'Use letters, digits, _ and -, such as qualified.',
    '^[A-Za-z][A-Za-z0-9_-]{0,49}$',
  ),
  crmStatus: kind(
    'opportunity',
    'a status of a CRM',
    'Write 1 to 64 characters on one line, as the CRM’s webhook says it.',
    String.raw`^[^\p{Cc}]{1,64}$`,
  ),
  crmProperty: kind(
    'lifecyclestage',
    'a property of a CRM',
    'Write its internal name: letters, digits and _, such as lifecyclestage.',
    '^[A-Za-z][A-Za-z0-9_]{0,99}$',
  ),
  duration: kind(
    '1m',
    'a duration',
    'Write a whole number with ms, s, m, h or d, such as 10m or 14d.',
    '^[0-9]{1,9}(ms|s|m|h|d)$',
    (text) => (parseDuration(text) ?? Number.POSITIVE_INFINITY) <= DURATION_MAX,
  ),
  money: kind(
    '1.00 EUR',
    'money',
    'Write amount and currency in quotes, such as "40.00 EUR".',
    '^[0-9]+([.][0-9]+)? [A-Z]{3}$',
    (text) => parseMoney(text) !== undefined,
  ),
  share: { example: '1%', check: checkShare },
  date: kind(
    '2026-12-15',
    'a date',
    'Write year, month and day, such as 2026-12-15.',
    '^[0-9]{4}-[0-9]{2}-[0-9]{2}$',
    isDate,
  ),
  rateFile: kind(
    'rates.csv',
    'a file name',
    'Name a file beside this one, such as rates.csv.',
    '^[A-Za-z0-9_][A-Za-z0-9_. -]{0,99}$',
  ),
  rate: kind(
    '0.023 2026-11-01',
    'a rate with its day',
    'Write rate and date in quotes, such as "0.023 2026-11-01".',
    '^[0-9]+([.][0-9]+)? [0-9]{4}-[0-9]{2}-[0-9]{2}$',
    isRate,
  ),
  path: kind(
    '/product/*',
    'a path',
    'Start with / and use * for any text, such as /product/*.',
    String.raw`^/[^\s?#]{0,199}$`,
  ),
  section: kind(
    'attribution',
    'a part of this file',
    'Name a section or a field, such as attribution or leads.ladder.',
    '^[a-zA-Z]+([.][A-Za-z0-9_-]+){0,2}$',
  ),
} as const satisfies Record<string, Kind>;

const DURATION_MAX = 3650 * DAY;

function kind(example: string, name: string, fix: string, pattern?: string, also?: (text: string) => boolean): Kind {
  const form = pattern === undefined ? undefined : new RegExp(pattern, 'u');
  return {
    ...(pattern === undefined ? {} : { pattern }),
    example,
    check: (text) =>
      form?.test(text) === false || also?.(text) === false
        ? { what: `is ${quoted(text)}, which is not ${name}`, fix }
        : undefined,
  };
}

/** A value in quotes for a message, shortened, control characters escaped. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}…` : text);
}

/** The share behind `1%` or `0.01`; undefined outside 0 to 1. */
export function parseShare(text: string): number | undefined {
  const match = /^(\d{1,3}(?:\.\d{1,6})?)(%?)$/.exec(text);
  if (!match) return undefined;
  const share = match[2] === '%' ? Number(match[1]) / 100 : Number(match[1]);
  return share <= 1 ? share : undefined;
}

/** Rate and day of `0.023 2026-11-01`; undefined for anything else. */
export function parseRate(text: string): { rate: string; date: string } | undefined {
  const [rate, date, rest] = text.split(' ');
  if (rate === undefined || date === undefined || rest !== undefined) return undefined;
  const decimal = /^\d+(\.\d+)?$/.test(rate) ? parseDecimal(rate) : undefined;
  return decimal && decimal.units > 0n && isDate(date) ? { rate, date } : undefined;
}

function isRate(text: string): boolean {
  return parseRate(text) !== undefined;
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}

/** Is it a name of the IANA list that this machine knows? */
export function isTimeZone(text: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+){0,2}$/.test(text)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

function checkOrigin(text: string): Fault | undefined {
  const fix = 'Write scheme and host, without a path, such as https://shop.example.';
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:') || url.username !== '' || url.password !== '')
    return { what: `is ${quoted(text)}, which is not an origin`, fix };
  const proper = isLoopback(url.hostname) ? url.origin : url.origin.replace('http:', 'https:');
  if (url.origin !== text)
    return { what: `is ${quoted(text)}, which is more or less than an origin`, fix: `Write ${proper}.` };
  if (proper !== text)
    return { what: `is ${quoted(text)}, without encryption`, fix: `Write ${proper}; http is for localhost alone.` };
  return undefined;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127(\.\d+){3}$/.test(host);
}

// The value may be a live token, so the message never repeats it.
function checkToken(text: string): Fault | undefined {
  if (/^env:[A-Za-z_][A-Za-z0-9_]{0,99}$/.test(text)) return undefined;
  return {
    what: 'is not the name of an environment variable',
    fix: 'Keep the token out of this file: write env:TIKTOK_TOKEN and set that variable.',
  };
}

function checkEventName(text: string): Fault | undefined {
  const proper = properName(text);
  if (proper !== text) return { what: `is ${quoted(text)}, which TikTok calls ${proper}`, fix: `Write ${proper}.` };
  if (/^[A-Za-z]([A-Za-z0-9_-]{0,48}[A-Za-z0-9])?$/.test(text)) return undefined;
  return {
    what: `is ${quoted(text)}, which is not an event name`,
    fix: 'Start with a letter, end with a letter or digit, use letters, digits, _ and -, at most 50.',
  };
}

function checkShare(text: string): Fault | undefined {
  if (parseShare(text) !== undefined) return undefined;
  return { what: `is ${quoted(text)}, which is not a share`, fix: 'Write 0% to 100%, or 0 to 1.' };
}
