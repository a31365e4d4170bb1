import { isIP } from 'node:net';
import type { MatchKeys } from '../event/event.ts';
import type { Problem } from '../event/problem.ts';
import { hashEmail, hashExternalId, hashName, hashPhone, hashZip, plainPlace, saysNothing } from './hash.ts';

const VALUES_MAX = 10;
const CHARS_MAX = 1024;
const TTCLID_CHARS_MAX = 4096;

export interface HashedContacts {
  user: MatchKeys;
  problems: Problem[];
}

/** Turns the wire's `user` into bounded match keys, hashed where TikTok wants hashes. Problems never repeat a value. */
export function hashContacts(input: unknown, options: { region?: string }): HashedContacts {
  const user: MatchKeys = {};
  const problems: Problem[] = [];
  if (input === undefined || input === null) return { user, problems };
  if (!isRecord(input)) {
    problems.push(problem('user', 'user_invalid', 'is not an object', 'send an object of match keys'));
    return { user, problems };
  }
  const region = regionOf(input['country']) ?? options.region;
  for (const key of LISTS) {
    const given = input[key] ?? input[PIXEL_NAMES[key]];
    if (given === undefined) continue;
    const values = readAll(key, given, region, problems);
    if (values.length > 0) user[key] = values.slice(0, VALUES_MAX);
    if (values.length > VALUES_MAX)
      problems.push(problem(`user.${key}`, `${key}_too_many`, 'holds too many values', `send at most ${VALUES_MAX}`));
  }
  for (const key of SINGLES) {
    const given = input[key];
    if (given === undefined) continue;
    const value = Array.isArray(given)
      ? readAll(key, given, region, problems)[0]
      : readOne(key, given, region, problems);
    if (value !== undefined) user[key] = value;
  }
  for (const key in input) {
    if (KNOWN.has(key)) continue;
    // A field name of the sender's own may itself be a contact, so it is not repeated.
    problems.push(
      problem('user', 'user_field_unknown', 'holds fields that are no match keys', `send only ${ALL.join(', ')}`),
    );
    break;
  }
  return { user, problems };
}

interface Field {
  read(text: string, region: string | undefined): string | undefined;
  fix: string;
  /** a JSON number is taken as its digits */
  numbers?: true;
  charsMax?: number;
}

const hashed = { fix: 'send text or its SHA-256' };
const plain: Field = { read: (text) => text, fix: 'send text' };
const ATT = ['AUTHORIZED', 'DENIED', 'NOT_DETERMINED', 'RESTRICTED', 'NOT_APPLICABLE'];

const FIELDS: Record<keyof MatchKeys, Field> = {
  email: { read: hashEmail, fix: 'send one bare address, or its SHA-256' },
  phone: {
    read: hashPhone,
    fix: 'send +, country code and number, or the country beside a national one',
    numbers: true,
  },
  external_id: { ...hashed, read: hashExternalId, numbers: true },
  ttclid: { ...plain, charsMax: TTCLID_CHARS_MAX },
  ttp: plain,
  ip: { read: address, fix: 'send one IPv4 or IPv6 address' },
  user_agent: plain,
  locale: plain,
  idfa: { read: (text) => deviceId(text, text.toUpperCase()), fix: 'send a device id or its SHA-256' },
  idfv: plain,
  gaid: { read: (text) => deviceId(text, text.toLowerCase()), fix: 'send a device id or its SHA-256' },
  att_status: { read: (text) => ATT.find((status) => status === text), fix: `send one of ${ATT.join(', ')}` },
  first_name: { ...hashed, read: hashName },
  last_name: { ...hashed, read: hashName },
  zip_code: { ...hashed, read: hashZip },
  city: { read: plainPlace, fix: 'write it in Latin letters' },
  state: { read: plainPlace, fix: 'send its short code' },
  country: { read: country, fix: 'send the two letters of ISO 3166' },
};
const ALL = Object.keys(FIELDS) as (keyof MatchKeys)[];
const LISTS = ['email', 'phone', 'external_id'] as const;
/** The same under the names of TikTok's pixel. */
const PIXEL_NAMES = { email: 'sha256_email', phone: 'sha256_phone_number', external_id: 'external_id' } as const;
const KNOWN: ReadonlySet<string> = new Set([...ALL, ...Object.values(PIXEL_NAMES)]);
const SINGLES = ALL.filter((key): key is Exclude<keyof MatchKeys, (typeof LISTS)[number]> => !isList(key));

function readAll(key: keyof MatchKeys, input: unknown, region: string | undefined, problems: Problem[]): string[] {
  const values: string[] = [];
  for (const one of Array.isArray(input) ? input : [input]) {
    const value = readOne(key, one, region, problems);
    if (value !== undefined && !values.includes(value)) values.push(value);
    if (values.length > VALUES_MAX) break;
  }
  return values;
}

function readOne(
  key: keyof MatchKeys,
  input: unknown,
  region: string | undefined,
  problems: Problem[],
): string | undefined {
  if (input === undefined || input === null) return undefined;
  const field = FIELDS[key];
  const text = textOf(input, field);
  if (text === undefined) return complain(key, 'invalid', 'cannot be used', field.fix, problems);
  if (saysNothing(text)) return undefined;
  const charsMax = field.charsMax ?? CHARS_MAX;
  if (text.length > charsMax)
    return complain(key, 'too_long', 'is too long', `send at most ${charsMax} characters`, problems);
  return field.read(text, region) ?? complain(key, 'invalid', 'cannot be used', field.fix, problems);
}

function complain(key: keyof MatchKeys, code: string, what: string, fix: string, problems: Problem[]): undefined {
  const whole = `${key}_${code}`;
  if (!problems.some((known) => known.code === whole)) problems.push(problem(`user.${key}`, whole, what, fix));
}

function textOf(input: unknown, field: Field): string | undefined {
  if (typeof input === 'string') return input.trim();
  // A larger number has lost digits on the way.
  return field.numbers && Number.isSafeInteger(input) ? String(input) : undefined;
}

function address(text: string): string | undefined {
  const ip = text.replace(/^::ffff:(?=\d+\.)/i, '');
  return isIP(ip) === 0 ? undefined : ip;
}

function country(text: string): string | undefined {
  return /^[a-z]{2}$/i.test(text) ? text.toLowerCase() : undefined;
}

/** A raw id as TikTok spells it, or its hash. All zeros stand for a visitor who forbade the device id. */
function deviceId(text: string, spelled: string): string | undefined {
  if (/^[0-]+$/.test(text)) return undefined;
  return /^[0-9a-f]{64}$/i.test(text) ? text.toLowerCase() : spelled;
}

function regionOf(input: unknown): string | undefined {
  const first: unknown = Array.isArray(input) ? input[0] : input;
  return typeof first === 'string' ? country(first.trim()) : undefined;
}

function isList(key: string): boolean {
  return LISTS.some((list) => list === key);
}

function isRecord(input: unknown): input is Record<string, unknown> {
  return typeof input === 'object' && input !== null && !Array.isArray(input);
}

function problem(where: string, code: string, what: string, fix: string): Problem {
  return { where, code, what, fix };
}
