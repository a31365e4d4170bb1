import { isDeepStrictEqual } from 'node:util';
import { readAmount } from '../../src/admission/amount.ts';
import { normalise } from '../../src/admission/normalise.ts';
import { readTime } from '../../src/admission/when.ts';
import { serverRecords } from '../../src/collection/server.ts';
import { sitesOf } from '../../src/collection/tell.ts';
import { hashContacts } from '../../src/contacts/contacts.ts';
import { looksLikeContact, scrubUrl } from '../../src/contacts/scrub.ts';
import type { Json, JsonObject } from '../../src/event/event.ts';
import { parseMoney } from '../../src/event/money.ts';
import { plainAmount } from '../../src/event/plain-amount.ts';
import { parseDuration } from '../../src/event/time.ts';
import type { ToldEvent } from '../../src/event/told.ts';
import { defaultSpec, ruleFor } from '../../src/spec/default.ts';
import { cleanProperties } from '../../src/tiktok/parameters.ts';
import { GOLDEN_NOW, goldenInputs } from '../golden-inputs.ts';
import { type Fuzzed, jsonParser, textParser } from './parser.ts';
import { CONTACTS, SOMEBODY } from './words.ts';

const spec = defaultSpec();
const rule = ruleFor(spec, 'Purchase');
const sites = sitesOf(spec);
const INPUTS = [...goldenInputs('web'), ...goldenInputs('crm').slice(0, 4), ...goldenInputs('app').slice(0, 4)];
const PROPERTIES = INPUTS.map((input) => (input as { properties: JsonObject }).properties);
function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What is read behind the doors: contacts, addresses, amounts and times. */
export const RULES: readonly Fuzzed[] = [
  jsonParser(
    'hashContacts',
    60,
    [
      {
        ...SOMEBODY,
        external_id: 'x',
        first_name: 'Max',
        city: 'Berlin',
        country: 'DE',
        ip: '::ffff:198.51.100.7',
        idfa: 'A',
        zip_code: '10115',
        email_list: [],
      },
      { email: [SOMEBODY.email, 'x'], phone: [SOMEBODY.phone, 491512] },
    ],
    (user) => {
      const hashed = hashContacts(user, { region: 'DE' });
      // Keys that go plain are looked at by the door.
      const { email, phone, external_id, first_name, last_name, zip_code, city, state } = hashed.user;
      return {
        accepted: Object.keys(hashed.user).length > 0,
        kept: [email, phone, external_id, first_name, last_name, zip_code, city, state, hashed.problems],
      };
    },
  ),
  textParser(
    'scrubUrl',
    60,
    CONTACTS.map(
      (text) =>
        `https://max:x@shop.example:8443/thanks/${text}/x?utm_source=${text}&q=1&ttclid=E.C.P.abc&email=${text}#${text}`,
    ),
    (url) => {
      const kept = scrubUrl(url, sites.urlParameters);
      return { accepted: kept !== undefined, kept };
    },
  ),
  textParser(
    'looksLikeContact',
    90,
    [
      ...CONTACTS,
      'a%40'.repeat(300),
      '@.'.repeat(300),
      '+1 '.repeat(300),
      '12-34 '.repeat(200),
      '2026-08-01T12:00:00Z order 10045',
    ],
    (text) => ({
      accepted: looksLikeContact(text),
    }),
  ),
  jsonParser('cleanProperties', 50, PROPERTIES, (told) => {
    if (!isObject(told)) return { accepted: false };
    const once = cleanProperties(told);
    const twice = cleanProperties(once.properties);
    if (!isDeepStrictEqual(twice.properties, once.properties)) throw new Error('cleaning twice changes something');
    return { accepted: once.problems.length === 0 };
  }),
  jsonParser('normalise', 60, INPUTS, (input) => {
    const told = serverRecords(input, { keyId: 'k', receivedAt: GOLDEN_NOW }, sites);
    if (!told.ok) return { accepted: false };
    // What the journal gives back is what JSON keeps.
    const drafts = told.value.map(({ body, personal }) =>
      normalise(JSON.parse(JSON.stringify(body)) as ToldEvent, personal, spec, GOLDEN_NOW),
    );
    return {
      accepted: drafts.every(({ problems }) => problems.length === 0),
      kept: drafts.map(({ key: _, ...rest }) => rest),
    };
  }),
  jsonParser(
    'readTime',
    40,
    ['2026-08-01T12:00:00Z', '2026-08-01', 1_785_585_600, '1785585600.5', '2026-08-01 12:00:00+02:00'],
    (time) => {
      if (typeof time !== 'string' && typeof time !== 'number') return { accepted: false };
      for (const sentAt of [undefined, GOLDEN_NOW / 1000, -1e15, 1e300, Number(time)]) {
        const { at, problems } = readTime(time, GOLDEN_NOW, spec.delivery, sentAt);
        if (!Number.isInteger(at) || at > GOLDEN_NOW || at < 0) throw new Error(`read as ${at}`);
        if (sentAt === undefined && problems.length > 0) return { accepted: false };
      }
      return { accepted: true };
    },
  ),
  jsonParser(
    'readAmount',
    50,
    [
      { value: '59.90', currency: 'EUR' },
      { value: 5990, currency: 'JPY' },
      { value: '1e2', currency: 'usd' },
      { value: '1.299,00 €', currency: '' },
      { value: 12.345, currency: 'UYU' },
    ],
    (told) => {
      if (!isObject(told)) return { accepted: false };
      const { value, problems } = readAmount(told, rule, spec);
      if (value !== undefined && !parseMoney(value)) throw new Error(`read as ${value}`);
      return { accepted: value !== undefined && problems.length === 0 };
    },
  ),
  textParser(
    'plain amounts, durations and money',
    20,
    ['1.299,00 €', '€ 5', 'EUR 59.90', '24h', '59.90 EUR', "1'299.00 CHF"],
    (text) => ({
      accepted: [plainAmount(text), parseDuration(text), parseMoney(text)].some((one) => one !== undefined),
    }),
  ),
];
