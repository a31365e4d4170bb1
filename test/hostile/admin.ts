import type { Row } from './outcome.ts';

const bearer = (token: string): Record<string, string> => ({
  authorization: `Bearer ${token}`,
  'content-type': 'application/json',
});
const GUESSED = 'A'.repeat(43);
const newKey = { role: 'server', name: 'of a stranger' };

const REPORT = {
  ...{ level: 'ad', id: '7', day: '2021-08-01', basis: 'impression', currency: 'EUR', spend: '1' },
  ...{ impressions: 1, clicks: 1, conversions: 1, pulled_at: '2021-08-05T00:00:00Z' },
};

/** The operator's listener, asked by those who are none, and with what it must not take. */
export const ADMIN: readonly Row[] = [
  ...['/v1/settings', '/v1/live', '/v1/reasons', '/v1/trace/1', '/v1/nothing', '/v1/..%2fv1/settings'].map(
    (path): Row => [`a stranger at ${path}`, `stranger GET ${path}`, undefined, '401 not_signed_in'],
  ),
  ['a stranger who makes a key', 'stranger POST /v1/keys', newKey, '401 not_signed_in'],
  ['a stranger who ends a key', 'stranger DELETE /v1/keys/key-1', undefined, '401 not_signed_in'],
  [
    'a stranger who opens a test session',
    'stranger POST /v1/tests',
    { destination: 'main', code: 'TEST1' },
    '401 not_signed_in',
  ],
  ['a guessed token', 'stranger GET /v1/settings', undefined, '401 not_signed_in', bearer(GUESSED)],
  ['an empty token', 'stranger GET /v1/settings', undefined, '401 not_signed_in', { authorization: 'Bearer ' }],
  [
    'a token as a password',
    'stranger GET /v1/settings',
    undefined,
    '401 not_signed_in',
    { authorization: `Basic ${GUESSED}` },
  ],
  ['a token of 8,000 letters', 'stranger GET /v1/settings', undefined, '401 not_signed_in', bearer('A'.repeat(8000))],
  [
    'a guessed cookie',
    'stranger GET /v1/settings',
    undefined,
    '401 not_signed_in',
    { cookie: `assay_admin=99999999999999.${GUESSED}` },
  ],
  [
    'a cookie without a signature',
    'stranger GET /v1/settings',
    undefined,
    '401 not_signed_in',
    { cookie: 'assay_admin=99999999999999.' },
  ],
  ['a cookie of no time', 'stranger GET /v1/settings', undefined, '401 not_signed_in', { cookie: 'assay_admin=NaN.x' }],
  ['a guessed sign-in link', `stranger GET /sign-in?token=${GUESSED.slice(0, 32)}`, undefined, '403 link_used'],
  ['a sign-in link without a token', 'stranger GET /sign-in', undefined, '403 link_used'],
  ['events told to the operator’s listener', 'stranger POST /v1/events', {}, '401 not_signed_in'],
  ['a stranger at the dead letters', 'stranger GET /v1/reports/letters', undefined, '401 not_signed_in'],
  ['a stranger who replays', 'stranger POST /v1/letters/replay', { where: {} }, '401 not_signed_in'],
  ['a stranger who imports', 'stranger POST /v1/imports/touches', { touches: [] }, '401 not_signed_in'],
  ['an import of nothing', 'operator POST /v1/imports/ads', {}, '422 body_shape rows'],
  [
    'a report by markup',
    'operator POST /v1/imports/ads',
    { rows: [{ ...REPORT, id: '<b>' }] },
    '422 body_shape rows.0.id',
  ],
  ['touches without end', 'operator POST /v1/imports/touches', () => 'x'.repeat(3_000_000), '413 body_too_large'],
  ['a replay of nothing', 'operator POST /v1/letters/replay', {}, '422 body_shape ids'],
  [
    'a replay of all, asked wrongly',
    'operator POST /v1/letters/replay',
    { where: { kind: '__proto__' } },
    '422 body_shape kind',
  ],
  [
    'a replay of what is no letter',
    'operator POST /v1/letters/replay',
    { ids: ["leg:1/' OR 1=1"], dry: 1 },
    '422 body_shape dry',
  ],
  [
    'a replay of an id without end',
    'operator POST /v1/letters/replay',
    { ids: ['9'.repeat(200)] },
    '422 body_shape ids.0',
  ],
  ['a replay by markup', 'operator POST /v1/letters/replay', { ids: [], by: '<b>' }, '422 body_shape by'],
  [
    'a replay of more than 256 KiB',
    'operator POST /v1/letters/replay',
    () => 'x'.repeat(300_000),
    '413 body_too_large',
  ],
  [
    'letters after what is no place',
    'operator GET /v1/reports/letters?after=%00',
    undefined,
    '422 query_unreadable after',
  ],
  ['a letter that nobody knows', 'operator GET /v1/letters/__proto__', undefined, '404 letter_unknown'],
  ['a key for a role that is none', 'operator POST /v1/keys', { role: '__proto__', name: 'x' }, '422 body_shape role'],
  ['a key without a name', 'operator POST /v1/keys', { role: 'server' }, '422 body_shape name'],
  [
    'a key named with markup',
    'operator POST /v1/keys',
    { role: 'server', name: '<img src=x onerror=alert(1)>' },
    '422 body_shape name',
  ],
  [
    'a key named with an e-mail address',
    'operator POST /v1/keys',
    { role: 'server', name: 'max@contact.example' },
    '422 body_shape name',
  ],
  [
    'a key named with a phone number',
    'operator POST /v1/keys',
    { role: 'server', name: 'Max 0151 23456789' },
    '422 body_shape name',
  ],
  ['a key named with a line end', 'operator POST /v1/keys', { role: 'server', name: 'a\nb' }, '422 body_shape name'],
  [
    'a key with a name of 61 letters',
    'operator POST /v1/keys',
    { role: 'server', name: 'n'.repeat(61) },
    '422 body_shape name',
  ],
  ['a key’s body of more than 4 KiB', 'operator POST /v1/keys', () => 'x'.repeat(5000), '413 body_too_large'],
  ['a key’s body that is not JSON', 'operator POST /v1/keys', '{', '400 body_not_json'],
  ['a list of keys to be made', 'operator POST /v1/keys', [newKey], '422 body_shape body'],
  ['a key that nobody knows', 'operator DELETE /v1/keys/__proto__', undefined, '404 key_not_found'],
  ['a key of the environment', 'operator DELETE /v1/keys/env-server', undefined, '409 key_of_environment'],
  ['a grace that is none', 'operator DELETE /v1/keys/env-server?grace=-1h', undefined, '422 grace_unreadable'],
  [
    'a grace of a thousand years',
    'operator DELETE /v1/keys/env-server?grace=365000d',
    undefined,
    '422 grace_unreadable',
  ],
  [
    'a test session of a day and an hour',
    'operator POST /v1/tests',
    { destination: 'main', code: 'T', hours: 25 },
    '422 body_shape hours',
  ],
  [
    'a test session with markup for a code',
    'operator POST /v1/tests',
    { destination: 'main', code: '<b>' },
    '422 body_shape code',
  ],
  [
    'a test session of a destination nobody knows',
    'operator POST /v1/tests',
    { destination: '__proto__', code: 'T' },
    '404 destination_unknown',
  ],
  ['a test session that is not open', 'operator DELETE /v1/tests/main', undefined, '404 test_not_open'],
  ...["' OR 1=1 --", '%', '*', '\u0000', '..', '__proto__', '💥'.repeat(200), '1e3', '-1', '9'.repeat(40)].map(
    (id): Row => [
      `a trace of ${JSON.stringify(id.slice(0, 20))}`,
      `operator GET /v1/trace/${encodeURIComponent(id).replaceAll('.', '%2E')}`,
      undefined,
      '404',
    ],
  ),
];
