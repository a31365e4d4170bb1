import type { Json } from '../../src/event/event.ts';
import { formsOf, type Person } from '../hostile/contacts.ts';

/** A person who must never come out of a door. */
export const SOMEBODY: Person = { email: 'fuzz.leak@contact.example', phone: '+49 1512 3456789' };
export const FORMS = formsOf(SOMEBODY);

const { email, phone } = SOMEBODY;

/** Whole texts with a contact in them. */
export const CONTACTS: readonly string[] = [
  ...[email, email.toUpperCase(), ` ${email}\n`, `<${email}>`, `mailto:${email}`, encodeURIComponent(email)],
  ...[`Write to ${email}, please.`, `https://shop.example/u/${email}`],
  ...[phone, phone.replaceAll(' ', '-'), phone.replaceAll(' ', '')],
];

/** Pieces of text that parsers stumble over. */
export const PIECES: readonly string[] = [
  ...[
    '',
    ' ',
    '\0',
    '\n',
    '\r\n',
    '\t',
    '\u2028',
    '\ufeff',
    '\u200b',
    '\u202e',
    '\ud800',
    '\udfff',
    '💥',
    'ß',
    'İ',
    '٣',
  ],
  ...[
    '＠',
    '．',
    '@',
    '%40',
    '%',
    '%zz',
    '%00',
    '%2e%2e',
    '..',
    '//',
    '\\',
    '/',
    '?',
    '#',
    '&',
    '=',
    ';',
    ',',
    '"',
    "'",
  ],
  ...['<', '>', '{', '}', '[', ']', '__proto__', 'constructor', 'toString', 'hasOwnProperty', 'null', 'undefined'],
  ...['NaN', 'Infinity', '-0', '1e999', '0x1F', 'true', 'EUR', '59,90', '1.299,00 €', '-1', '999999999999999999999'],
  ...['0.000000001', '1_000', '2026-08-01T12:00:00Z', '2026-13-45', 'a%40', '@.', '.@', '+1 ', '(0)', '12-34 '],
  ...['&a', '*a', '- ', ': ', '|\n', '!!js/function ', '<<: ', '---\n', '# '],
];

/** Values of every type that JSON has, and some more than they should be. */
export const VALUES: readonly Json[] = [
  ...[null, true, false, 0, -1, 0.1, 1e21, 1e308, -1e308, 5e-324, 2 ** 53, Number.MAX_SAFE_INTEGER, 1785585600000],
  ...['', ' ', '\0', 'x'.repeat(5000), '0', '-1', '1e999', 'NaN', '__proto__', '\ud800', 'a%40'.repeat(500)],
  ...['@.'.repeat(500), [], [[]], [null], {}, { toString: 1, valueOf: 1 }, { length: 1e9 }, [{}, [], '', 0, null]],
  { constructor: { prototype: {} } },
];
