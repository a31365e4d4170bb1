import { gzipSync } from 'node:zlib';
import { batch } from '../door.ts';
import { SHOP } from '../server.ts';
import type { Row } from './outcome.ts';

/** An event that would be admitted, but for what is changed. */
export function told(more: object = {}): object {
  return {
    ...{ event: 'Probe', consent: 'granted', visitor: 'v-hostile', session: 's-hostile' },
    page: { url: `${SHOP}/` },
    user: { ip: '198.51.100.7', user_agent: 'Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0' },
    ...more,
  };
}

const PAGES = 'page POST /v1/events';
const SERVER = 'server POST /v1/server/events';
const ORDERS = 'server POST /v1/orders';
const LEADS = 'server POST /v1/leads';

const text = (value: unknown): string => JSON.stringify(value);
const nested = (open: string, shut: string, deep: number): string => open.repeat(deep) + shut.repeat(deep);
/** The told event with this piece of JSON as its properties. */
const withProperties = (json: string): string => text(told({ properties: 'HERE' })).replace('"HERE"', () => json);
const MEGABYTE = 1024 * 1024;

/** Bodies that are broken, too large, too deep or packed with ill intent. */
export const BODIES: readonly Row[] = [
  ['nothing at all', PAGES, '', '400 body_not_json'],
  ['half of a document', SERVER, '{"event":"Probe","properties":{', '400 body_not_json'],
  ['two documents', SERVER, '{"event":"A"}{"event":"B"}', '400 body_not_json'],
  ['single quotes', SERVER, "{'event':'Probe'}", '400 body_not_json'],
  ['NaN for a number', SERVER, withProperties('{"value":NaN}'), '400 body_not_json'],
  ['Infinity for a number', SERVER, withProperties('{"value":-Infinity}'), '400 body_not_json'],
  ['a comment', SERVER, '{"event":"Probe" /* now */}', '400 body_not_json'],
  ['a form', SERVER, 'event=Probe&value=1', '400 body_not_json'],
  ['markup', SERVER, '<?xml version="1.0"?><event>Probe</event>', '400 body_not_json'],
  ['UTF-16', SERVER, Buffer.from(`\ufeff${text(told())}`, 'utf16le'), '400 body_not_json'],
  ['bytes that are no UTF-8', SERVER, Buffer.from('{"event":"Pr\xf6be"}', 'latin1'), '400 body_not_json'],
  ['an overlong encoding', SERVER, Buffer.from('{"event":"\xc0\xaf"}', 'latin1'), '400 body_not_json'],
  ['a surrogate encoded by itself', SERVER, Buffer.from('{"event":"\xed\xa0\x80"}', 'latin1'), '400 body_not_json'],
  ['a raw line end in a text', SERVER, '{"event":"Pro\nbe"}', '400 body_not_json'],
  ['a byte-order mark', SERVER, `\ufeff${text(told({ event_id: 'bom' }))}`, '202 admitted'],
  ['null', PAGES, 'null', '401 key_unknown'],
  ['null to a server', SERVER, 'null', '422 body_shape body'],
  ['a number', SERVER, '7', '422 body_shape body'],
  ['a text', SERVER, '"Probe"', '422 body_shape body'],
  ['an empty list', SERVER, '[]', '422 body_shape events'],
  ['a list of lists', SERVER, '[[],[]]', '422 body_shape events.0 events.1'],
  ['100,000 nested lists', SERVER, nested('[', ']', 100_000), '422 body_shape events.0'],
  ['10,000 nested lists in a property', SERVER, withProperties(`{"a":${nested('[', ']', 10_000)}}`), '202 admitted'],
  ['10,000 nested objects', SERVER, withProperties(`${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`), '202 admitted'],
  [
    '10,000 nested objects as the user',
    SERVER,
    text(told({ user: 'HERE' })).replace('"HERE"', `{"email":${nested('[', ']', 10_000)}}`),
    '202 admitted',
  ],
  ['501 events', SERVER, () => ({ events: Array.from({ length: 501 }, () => told()) }), '422 body_shape events'],
  [
    '501 events of a page',
    PAGES,
    () => batch({ events: Array.from({ length: 501 }, () => ({ event: 'X' })) }),
    '422 body_shape events',
  ],
  [
    '33 reports of a page',
    PAGES,
    () => batch({ events: Array.from({ length: 33 }, () => ['pixel', 'loaded']) }),
    '422 body_shape events',
  ],
  [
    '201 products',
    ORDERS,
    () => ({ order_id: 'H-many', value: 1, currency: 'EUR', contents: Array.from({ length: 201 }, () => ({})) }),
    '422 body_shape contents',
  ],
  [
    '499 good events and one bad',
    SERVER,
    () => ({ events: [...Array.from({ length: 499 }, () => told()), { event: 7 }] }),
    '422 body_shape events.499.event',
  ],
  [
    'a page’s good event beside a bad one',
    PAGES,
    batch({ events: [{ event: 'Good', event_id: 'half' }, { event: '' }] }),
    '422 body_shape events.1.event',
  ],
  [
    'a good event beside a bad report',
    PAGES,
    batch({ events: [['fired'], { event: 'Good', event_id: 'half' }] }),
    '202',
  ],
  [
    '500 events, each wrong in four fields',
    SERVER,
    () => ({ events: Array.from({ length: 500 }, () => ({ event: 1, user: 2, page: 3, properties: 4 })) }),
    '422 body_shape events.0.event',
  ],
  ['a list of 900,000 numbers in a property', SERVER, () => withProperties(`{"a":[${'1,'.repeat(900_000)}1]}`), '202'],
  [
    '100,000 properties',
    SERVER,
    () => withProperties(`{${Array.from({ length: 100_000 }, (_, n) => `"k${n}":1`).join()}}`),
    '202',
  ],
  [
    '300,000 empty e-mail addresses',
    SERVER,
    () => text(told({ user: 'HERE' })).replace('"HERE"', () => `{"email":[${'null,'.repeat(300_000)}1]}`),
    '202',
  ],
  [
    'a text of 250 KB in a property',
    PAGES,
    () => batch({ events: [{ event: 'Long', properties: { note: 'x'.repeat(250_000) } }] }),
    '202',
  ],
  ['an event’s name of 201 letters', SERVER, told({ event: 'x'.repeat(201) }), '422 body_shape event'],
  ['an event id of 513 letters', SERVER, told({ event_id: 'x'.repeat(513) }), '422 body_shape event_id'],
  ['an event id of 500 letters', SERVER, told({ event_id: 'y'.repeat(500) }), '202 quarantined event_id_too_long'],
  [
    'an address of 9,000 letters',
    SERVER,
    told({ page: { url: `${SHOP}/${'x'.repeat(9000)}` } }),
    '422 body_shape page.url',
  ],
  ['a visitor of 600 letters', PAGES, batch({ visitor: 'v'.repeat(600) }), '422 body_shape visitor'],
  ['a page’s body of more than 256 KiB', PAGES, () => 'x'.repeat(257 * 1024), '413 body_too_large'],
  ['a server’s body of more than 2 MiB', SERVER, () => 'x'.repeat(2 * MEGABYTE + 1), '413 body_too_large'],
  ['an order of more than 128 KiB', ORDERS, () => 'x'.repeat(129 * 1024), '413 body_too_large'],
  [
    'entries of more than 2 MiB',
    'server POST /v1/orders/H-1/entries',
    () => 'x'.repeat(2 * MEGABYTE + 1),
    '413 body_too_large',
  ],
  [
    '501 entries',
    'server POST /v1/orders/H-many/entries',
    () => ({ entries: Array.from({ length: 501 }, (_, n) => ({ reference: n, fact: 'pending' })) }),
    '422 body_shape entries',
  ],
  [
    '499 good entries and a bad one',
    'server POST /v1/orders/H-many/entries',
    () => ({
      entries: [...Array.from({ length: 499 }, (_, n) => ({ reference: n, fact: 'pending' })), { reference: '' }],
    }),
    '422 body_shape entries.499.reference',
  ],
  ['a lead of more than 128 KiB', LEADS, () => 'x'.repeat(129 * 1024), '413 body_too_large'],
  [
    'a webhook of more than 512 KiB',
    'nobody POST /v1/hooks/standard',
    () => 'x'.repeat(513 * 1024),
    '413 body_too_large',
  ],
  ['a carry of more than 4 KiB', 'page POST /v1/carry', () => 'x'.repeat(5 * 1024), '413 body_too_large'],
  [
    '64 MB of zeros in 64 KB of gzip',
    SERVER,
    () => gzipSync(Buffer.alloc(64 * MEGABYTE)),
    '413 body_too_large',
    { 'content-encoding': 'gzip' },
  ],
  ['gzip in gzip', SERVER, () => gzipSync(gzipSync(text(told()))), '400 body_not_json', { 'content-encoding': 'gzip' }],
  [
    'gzip that is cut',
    SERVER,
    () => gzipSync(text(told())).subarray(0, -9),
    '400 body_not_gzip',
    { 'content-encoding': 'gzip' },
  ],
  [
    'gzip with a wrong checksum',
    SERVER,
    () => Buffer.concat([gzipSync(text(told())).subarray(0, -8), Buffer.alloc(8)]),
    '400 body_not_gzip',
    { 'content-encoding': 'gzip' },
  ],
  ['plain text that says gzip', SERVER, told(), '400 body_not_gzip', { 'content-encoding': 'gzip' }],
  ['gzip that says nothing', SERVER, () => gzipSync(text(told())), '400 body_not_json'],
  ['an encoding nobody knows', SERVER, told(), '415 encoding_unknown', { 'content-encoding': 'snappy' }],
  [
    'two encodings',
    SERVER,
    () => gzipSync(gzipSync(text(told()))),
    '415 encoding_unknown',
    { 'content-encoding': 'gzip, gzip' },
  ],
  [
    'two names twice: the last one is read',
    SERVER,
    '{"event":7,"event":"Twice","event_id":"twice","page":{"url":"https://shop.example/"}}',
    '202 admitted',
  ],
  [
    'a prototype for an event',
    SERVER,
    `{"__proto__":{"event":"Probe"},"constructor":{"event":"Probe"}}`,
    '422 body_shape event',
  ],
  [
    'prototypes in every bag',
    SERVER,
    withProperties(
      '{"__proto__":{"value":"9","currency":"EUR"},"constructor":{"prototype":{"polluted":1}},"a":{"__proto__":{"polluted":1}}}',
    ),
    '202 admitted contact_removed',
  ],
  [
    'prototypes among the match keys',
    SERVER,
    text(told({ user: 'HERE', event_id: 'proto-user' })).replace(
      '"HERE"',
      '{"__proto__":{"email":"x"},"constructor":"y","ip":"198.51.100.7","user_agent":"Mozilla/5.0 Firefox/140.0"}',
    ),
    '202 admitted match_key_left_out',
  ],
  ['prototypes as a page’s batch', PAGES, `{"__proto__":${text(batch())}}`, '401 key_unknown'],
  ...['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf'].map(
    (name): Row => [`an event named ${name}`, SERVER, text(told({ event: name, event_id: `proto-${name}` })), '202'],
  ),
  ...['constructor', '__proto__', 'toString'].map(
    (status): Row => [
      `a lead’s status ${status}`,
      'server POST /v1/leads/L-proto/status',
      text({ status }),
      '201 quarantined lead_status_unknown',
    ],
  ),
];
