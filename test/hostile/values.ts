import { told } from './bodies.ts';
import type { Row } from './outcome.ts';

const SERVER = 'server POST /v1/server/events';
const now = (): number => Math.floor(Date.now() / 1000);

/** Values and currencies as JSON, and the reason that they are kept out for, or noted with. */
const AMOUNTS = String.raw`
  # value                    currency    ends
  -1                         "EUR"       quarantined value_negative
  "-0.01"                    "EUR"       quarantined value_negative
  "NaN"                      "EUR"       quarantined value_not_finite
  "Infinity"                 "EUR"       quarantined value_not_finite
  "-inf"                     "EUR"       quarantined value_not_finite
  "1e2"                      "EUR"       admitted value_exponent
  "1e400"                    "EUR"       quarantined value_digits
  1e308                      "EUR"       quarantined value_too_large
  1e400                      "EUR"       quarantined value_not_finite
  1e-400                     "EUR"       admitted
  "59,90"                    "EUR"       quarantined value_unreadable
  "1.299,00\u00a0€"          "EUR"       quarantined value_unreadable
  "$59.90"                   "USD"       quarantined value_unreadable
  "0x1F"                     "EUR"       quarantined value_unreadable
  "1_000"                    "EUR"       quarantined value_unreadable
  "٥٩"                       "EUR"       quarantined value_unreadable
  "5\u00009"                 "EUR"       quarantined value_unreadable
  "59.90; DROP TABLE event"  "EUR"       quarantined value_unreadable
  9007199254740993           "EUR"       quarantined value_too_large
  true                       "EUR"       quarantined value_unreadable
  [59.9]                     "EUR"       quarantined value_unreadable
  {"valueOf":1}              "EUR"       quarantined value_unreadable
  59.9                       "EURO"      quarantined currency_unknown
  59.9                       "€"         quarantined currency_unknown
  59.9                       "XXX"       quarantined currency_unknown
  59.9                       "toString"  quarantined currency_unknown
  59.9                       ["EUR"]     quarantined currency_unknown
  59.9                       7           quarantined currency_unknown
  59.9                       null        quarantined currency_missing
`;

const TIMES = String.raw`
  # time                      ends
  -1                          quarantined time_unreadable
  0                           quarantined time_unreadable
  946684799                   quarantined time_unreadable
  "1999-12-31T23:59:59Z"      quarantined time_unreadable
  1785585600000               quarantined time_in_milliseconds
  "1785585600000"             quarantined time_in_milliseconds
  1e300                       quarantined time_in_milliseconds
  99999999999                 admitted time_in_future
  "9999-12-31T23:59:59Z"      admitted time_in_future
  "+58000-01-01T00:00:00Z"    quarantined time_unreadable
  "2026-02-31T25:61:61Z"      quarantined time_unreadable
  "yesterday"                 quarantined time_unreadable
  "01/08/2026"                quarantined time_unreadable
  "2026-08-01T12:00:00[x]"    quarantined time_unreadable
  "\u0000"                    quarantined time_unreadable
  "1e9"                       quarantined time_unreadable
`;

/** Fields of an entry that replace those of a payment of one euro, and how it ends. */
const ENTRIES = String.raw`
  # entry with                      fields                                              ends
  a negative amount                 "amount":"-1.00"                                    422 body_shape amount
  an amount that is a number        "amount":9.9                                        202 admitted
  an amount beyond all numbers      "amount":1e400                                      422 body_shape amount
  an amount in the millions of EUR  "amount":"99999999999999999999"                     202 quarantined value_too_large
  an amount of 31 digits            "amount":"1000000000000000000000000000000"          422 body_shape amount
  an amount with an exponent        "amount":"1e2"                                      422 body_shape amount
  an amount with a comma            "amount":"59,90"                                    422 body_shape amount
  an amount in other digits         "amount":"٥٩"                                       422 body_shape amount
  an amount that is an object       "amount":{"valueOf":1}                              422 body_shape amount
  an amount that is null            "amount":null                                       422 body_shape amount
  a currency with a prototype       "currency":"__proto__"                              422 body_shape currency
  a currency of 17 letters          "currency":"EEEEEEEEEEEEEEEEE"                      422 body_shape currency
  a currency without minor units    "currency":"XAU"                                    422 body_shape currency
  a fact of a prototype             "fact":"constructor"                                422 body_shape fact
  a fact that is a list             "fact":["refund"]                                   422 body_shape fact
  money that a cancellation moves   "fact":"cancellation"                               422 body_shape amount currency
  a reference that lost its digits  "reference":7300000000000000001                     422 body_shape reference
  a reference that is an object     "reference":{"id":1}                                422 body_shape reference
  a reference nobody sees           "reference":"\u200b"                                422 body_shape reference
  a reference that is a prototype   "reference":"__proto__"                             202 admitted
  a time in milliseconds            "time":1785585600000                                202 quarantined time_in_milliseconds
  a time that is none               "time":"yesterday"                                  202 quarantined time_unreadable
  a user that is a text             "user":"someone"                                    422 body_shape user
  a user with a prototype           "user":{"__proto__":{"email":"x"}}                  202 admitted
  an origin that is none            "origin":"robot"                                    422 body_shape origin
  a draft that is a text            "draft":"no"                                        422 body_shape draft
  what nobody knows beside it       "__proto__":{"amount":"9"},"constructor":{"x":1}    202 admitted
`;

const paid = { reference: 'e-paid', amount: '1.00', currency: 'EUR' };

/** Lines of a text table; a column ends where two spaces stand. */
function lines(table: string): string[][] {
  return table
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/ {2,}/));
}

function withProperties(json: string): string {
  return JSON.stringify(told({ properties: 'HERE' })).replace('"HERE"', () => json);
}

/** Amounts and times that no shop has. */
export const VALUES: readonly Row[] = [
  ...lines(AMOUNTS).map(([value, currency, ends]): Row => {
    const body = withProperties(`{"value":${value},"currency":${currency},"n":${Math.random()}}`);
    return [`the value ${value} ${currency}`, SERVER, body, `202 ${ends}`];
  }),
  ...lines(TIMES).map(([time, ends]): Row => {
    const body = JSON.stringify(told({ time: 'HERE' })).replace('"HERE"', () => time ?? '');
    return [`the time ${time}`, SERVER, body, `202 ${ends}`];
  }),
  [
    'a time that is too large for a number',
    SERVER,
    JSON.stringify(told({ time: 0 })).replace('"time":0', '"time":1e400'),
    '422 body_shape time',
  ],
  ['a time that is an object', SERVER, told({ time: { $gt: 0 } }), '422 body_shape time'],
  [
    'a sender’s clock of the year 58,000',
    SERVER,
    () => told({ time: now(), sent_at: 1.8e12, event_id: 'clock' }),
    '202 admitted',
  ],
  [
    'an order whose value is an object',
    'server POST /v1/orders',
    { order_id: 'H-1', value: {}, currency: 'EUR' },
    '422 body_shape value',
  ],
  [
    'an order whose value is too large for a number',
    'server POST /v1/orders',
    '{"order_id":"H-2","value":1e400,"currency":"EUR"}',
    '422 body_shape value',
  ],
  [
    'an order with a currency of 17 letters',
    'server POST /v1/orders',
    { order_id: 'H-3', value: 1, currency: 'E'.repeat(17) },
    '422 body_shape currency',
  ],
  [
    'an order id that is blank',
    'server POST /v1/orders',
    { order_id: ' \t', value: 1, currency: 'EUR' },
    '422 body_shape order_id',
  ],
  [
    'an order id that lost its digits',
    'server POST /v1/orders',
    '{"order_id":7300000000000000001,"value":1,"currency":"EUR"}',
    '422 body_shape order_id',
  ],
  [
    'an order id that is a list',
    'server POST /v1/orders',
    { order_id: ['H-4'], value: 1, currency: 'EUR' },
    '422 body_shape order_id',
  ],
  ...lines(ENTRIES).map(
    ([name, fields, ends]): Row => [
      `an entry with ${name}`,
      'server POST /v1/orders/H-entries/entries',
      // Of two fields of one name the last is read.
      `{"reference":"e-${name}","amount":"1.00","currency":"EUR",${fields}}`,
      ends ?? '',
    ],
  ),
  ['an entry that is a list', 'server POST /v1/orders/H-entries/entries', '[]', '422 body_shape body'],
  ['an entry of no order', 'server POST /v1/orders/%20/entries', paid, '422 body_shape order_id'],
  ['an entry of an order that is a path', 'server POST /v1/orders/..%2F..%2Fx/entries', paid, '202 admitted'],
  ['an import of events and facts', 'server POST /v1/server/import', { events: [], facts: [] }, '422 body_shape facts'],
  ['an import of facts that are none', 'server POST /v1/server/import', { facts: [7] }, '422 body_shape facts.0'],
  [
    'an import of 501 facts',
    'server POST /v1/server/import',
    () => ({ facts: Array.from({ length: 501 }, () => ({ order_id: 'H', ...paid })) }),
    '422 body_shape facts',
  ],
  ['a lead without a status', 'server POST /v1/leads/L-hostile/status', {}, '422 body_shape status'],
  ['a lead’s status that is blank', 'server POST /v1/leads/L-hostile/status', { status: ' ' }, '422 body_shape status'],
  ['properties that are a list', SERVER, told({ properties: [1] }), '422 body_shape properties'],
  ['a user that is a text', SERVER, told({ user: 'someone' }), '422 body_shape user'],
  ['a consent nobody can give', SERVER, told({ consent: 'maybe' }), '422 body_shape consent'],
  ['a source that is none', SERVER, told({ source: 'dream' }), '422 body_shape source'],
  ['an event id that is an object', SERVER, told({ event_id: { toString: 'x' } }), '422 body_shape event_id'],
  ['contents that are a text', SERVER, withProperties('{"contents":"SKU-1"}'), '202 quarantined parameter_malformed'],
  [
    '201 contents',
    SERVER,
    withProperties(`{"contents":[${'{"content_id":"A"},'.repeat(200)}{"content_id":"A"}]}`),
    '202 quarantined parameter_malformed',
  ],
  [
    'a quantity of half',
    SERVER,
    withProperties('{"contents":[{"content_id":"A","quantity":0.5}]}'),
    '202 quarantined parameter_malformed',
  ],
  [
    'a lone surrogate in every id',
    SERVER,
    '{"event":"Probe","event_id":"a\\ud800","visitor":"\\udfff","session":"\\ud800x","page":{"url":"https://shop.example/"},"properties":{"order_id":"\\ud800","n\\ud800":"\\udc00"}}',
    '202',
  ],
  [
    'NUL and control characters in every id',
    SERVER,
    '{"event":"Probe","event_id":"a\\u0000b","visitor":"\\u0001","session":"\\u001b[31m","page":{"url":"https://shop.example/"},"properties":{"order_id":"\\u0000","n\\u0000":"\\u0007"}}',
    '202',
  ],
  [
    'writing that turns round',
    SERVER,
    told({ event_id: '\u202Eevil\u2066', visitor: '\u200Fv', properties: { '\u202En': '\u2066' } }),
    '202',
  ],
];
