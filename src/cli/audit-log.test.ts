import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { testIo } from '../../test/io.ts';
import { temporaryFolder } from '../store/test-folder.ts';
import { piecesOf } from './audit-log/pieces.ts';
import type { AuditAnswer } from './audit-log/report.ts';
import { auditLog } from './audit-log.ts';
import { textOf } from './text-of.ts';

const URL_2 = 'https://business-api.tiktok.com/open_api/v1.3/event/track/';
const OK = { code: 0, message: 'OK', request_id: 'r', data: {} };
const NO_RIGHT = { code: 40001, message: 'No permission to operate pixel code', request_id: 'r', data: {} };

function event(id: unknown, more: object = {}): Record<string, unknown> {
  return { event: 'Purchase', event_time: 1_785_585_600, event_id: id, ...more };
}

function body(...data: unknown[]): Record<string, unknown> {
  return { event_source: 'web', event_source_id: 'CD9079RC77U0N3GBV16Y', data };
}

function line(sent: unknown, answer: unknown, status = 200, headers: object = {}): string {
  const request = { url: URL_2, headers, body: sent };
  return JSON.stringify({ time: '2026-08-01T12:00:00Z', request, response: { status, body: answer } });
}

async function audit(t: TestContext, files: Record<string, string | Uint8Array>) {
  const folder = await temporaryFolder(t);
  const paths = Object.entries(files).map(([name, content]) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  });
  const io = testIo();
  const code = await auditLog(paths, { json: true }, io);
  const words = testIo();
  assert.equal(await auditLog(paths, {}, words), code);
  return { code, answer: JSON.parse(io.out()) as AuditAnswer, said: words.out(), err: io.err(), folder };
}

test('what HTTP called a success and TikTok refused is named by code, event, time and id', async (t) => {
  const lines = [
    line(body(event('a-1')), OK),
    line(body(event('b-1'), event('b-2', { event: 'AddToCart' })), NO_RIGHT),
    line(body(event('c-1')), JSON.stringify({ code: 40002, message: 'data.0.event_time: Missing', request_id: 'r' })),
    line(body(event('d-1')), { code: 50000, message: 'system error' }),
    line(body(event('e-1')), '<html>Bad gateway</html>', 502),
    line(body(event('f-1')), 'ok'),
  ];
  const { code, answer, said } = await audit(t, { 'sent.jsonl': `${lines.join('\n')}\n` });
  assert.equal(code, 1);
  assert.deepEqual(
    [answer.requests, answer.events, answer.calledDelivered, answer.taken, answer.refused, answer.mayHave],
    [6, 7, 6, 1, 3, 2],
  );
  assert.equal(answer.failedVisibly, 1);
  assert.deepEqual(
    answer.codes.map((one) => [one.code, one.fate, one.count]),
    [
      [40001, 'refused', 2],
      [40002, 'refused', 1],
      [50000, 'mayHave', 1],
      [null, 'mayHave', 1],
    ],
  );
  const [first] = answer.codes;
  assert.deepEqual(first?.byEvent, [
    { event: 'Purchase', count: 1 },
    { event: 'AddToCart', count: 1 },
  ]);
  assert.equal(first?.firstAt, Date.UTC(2026, 7, 1, 12));
  assert.deepEqual(
    first?.examples.map(({ id, place }) => [id, place.replace(/.*\//, '')]),
    [
      ['b-1', 'sent.jsonl:2'],
      ['b-2', 'sent.jsonl:2'],
    ],
  );
  assert.match(
    said,
    /^Of 6 events that were answered with HTTP 2xx, TikTok refused 3 \(50\.0 %\) and may have refused 2 \(33\.3 %\): 40001 for 2, /,
  );
  assert.match(said, /40001: 2 events refused\. Caller lacks permission/);
  assert.match(said, /To do: Mend token, permission or pixel code/);
});

test('one bad event refuses its whole batch, for a sender that does not send the others again', async (t) => {
  const answer = { code: 40002, message: 'data.1.properties.value: Not a valid number', request_id: 'r', data: {} };
  const { answer: found } = await audit(t, { 'x.jsonl': line(body(event('1'), event('2'), event('3')), answer) });
  assert.deepEqual([found.refused, found.taken, found.codes[0]?.count], [3, 0, 3]);
});

const har = (entries: unknown[], indent?: number): string =>
  JSON.stringify(
    { log: { version: '1.2', creator: { name: 'a "browser" [x]' }, pages: [{ id: '1' }], entries } },
    null,
    indent,
  );

const entry = (sent: object, answer: object, more: object = {}): object => ({
  startedDateTime: '2026-08-01T12:00:00.000Z',
  request: {
    method: 'POST',
    url: URL_2,
    headers: [{ name: 'Access-Token', value: 'Bearer secret-token' }],
    postData: { mimeType: 'application/json', text: JSON.stringify(sent) },
  },
  response: { status: 200, content: { mimeType: 'application/json', text: JSON.stringify(answer) } },
  ...more,
});

const track = body(event('h-1'));
const shapes: [string, string | Uint8Array][] = [
  ['a HAR', har([entry(track, NO_RIGHT), entry({}, {}, { request: { url: 'https://shop.example/' } })])],
  ['a HAR with line breaks', har([entry(track, NO_RIGHT)], 2)],
  [
    'a HAR whose answers are base64',
    har([
      entry(track, NO_RIGHT, {
        response: {
          status: 200,
          content: { encoding: 'base64', text: Buffer.from(JSON.stringify(NO_RIGHT)).toString('base64') },
        },
      }),
    ]),
  ],
  [
    'a flat line',
    JSON.stringify({ url: URL_2, requestBody: JSON.stringify(track), responseBody: NO_RIGHT, status: 200 }),
  ],
  [
    'a flat line of other spelling',
    JSON.stringify({ request_url: URL_2, request_body: track, response_body: NO_RIGHT, response_status_code: '200' }),
  ],
  [
    'a JSON array',
    JSON.stringify([{ request: { url: URL_2, body: track }, response: { statusCode: 200, body: NO_RIGHT } }]),
  ],
  [
    'a line without an address',
    JSON.stringify({ request: { body: track }, response: { status: 200, body: NO_RIGHT } }),
  ],
  [
    'two lines of a server container',
    [
      { Name: 'TikTok', Type: 'Request', TraceId: 't', EventName: 'Purchase', RequestUrl: URL_2, RequestBody: track },
      {
        Name: 'Other',
        Type: 'Response',
        TraceId: 't',
        EventName: 'Purchase',
        ResponseStatusCode: 200,
        ResponseBody: OK,
      },
      {
        Name: 'TikTok',
        Type: 'Response',
        TraceId: 't',
        EventName: 'Purchase',
        ResponseStatusCode: 200,
        ResponseBody: JSON.stringify(NO_RIGHT),
      },
    ]
      .map((one) => JSON.stringify(one))
      .join('\n'),
  ],
  [
    'a line of a log service',
    JSON.stringify({
      timestamp: '2026-08-01T12:00:00Z',
      jsonPayload: {
        message: JSON.stringify({ request: { url: URL_2, body: track }, response: { status: 200, body: NO_RIGHT } }),
      },
    }),
  ],
  ['gzip', gzipSync(line(track, NO_RIGHT))],
  ['a byte order mark', `\uFEFF${line(track, NO_RIGHT)}`],
  [
    'Events API 1.0',
    line(
      { pixel_code: 'C', event: 'CompletePayment', event_id: 'h-1', timestamp: '2026-08-01T12:00:00Z' },
      NO_RIGHT,
    ).replace('event/track', 'pixel/track'),
  ],
];
for (const [name, content] of shapes)
  test(`${name} is read`, async (t) => {
    const { code, answer } = await audit(t, { 'sent.log': content });
    assert.deepEqual([code, answer.unreadable, answer.calledDelivered, answer.refused], [1, 0, 1, 1]);
    assert.equal(answer.codes[0]?.examples[0]?.id, 'h-1');
  });

test('what is wrong with requests is told with its place, and never with its value', async (t) => {
  const user = {
    email: 'ann@mail.example',
    phone: ['+49 1512 3456789'],
    external_id: 77,
    first_name: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  };
  const bad = {
    ...body(
      event(undefined, { user, page: { url: 'https://shop.example/?mail=ann%40mail.example' } }),
      event(17, { event_time: 1_785_585_600_000, properties: { contents: [{ content_id: 5 }] } }),
      event('ann@mail.example', { event: 'Mail\u001b[31m' }),
    ),
    test_event_code: 'TEST1',
  };
  const refusal = { code: 40002, message: `email ann@mail.example, token ${'a1'.repeat(20)}`, request_id: 'r' };
  const { answer, said, err } = await audit(t, {
    'a.jsonl': line(bad, refusal, 200, { 'access-token': 'Bearer very-secret' }),
    'b.har': har([
      entry(body(...Array.from({ length: 1001 }, (_, n) => event(`x-${n}`))), { code: 40002, message: 'too many' }),
    ]),
  });
  const at = new Map(answer.slips.map(({ code, count }) => [code, count]));
  assert.deepEqual([...at].sort(), [
    ['batch_too_large', 1],
    ['bearer', 2],
    ['contact_not_hashed', 3],
    ['empty_hashed', 1],
    ['event_id_missing', 1],
    ['id_is_number', 3],
    ['test_code_on', 1],
    ['time_in_milliseconds', 1],
  ]);
  assert.match(
    answer.slips.find(({ code }) => code === 'contact_not_hashed')?.places[0] ?? '',
    /a\.jsonl:1: data\[0\]\.user\.email$/,
  );
  for (const text of [JSON.stringify(answer), said, err])
    assert.ok(!/ann|1512|3456789|secret|a1a1a1/.test(text) && !text.includes('\u001b'), text);
});

test('a log in which TikTok took all is fine', async (t) => {
  const { code, said } = await audit(t, { 'x.jsonl': line(track, OK) });
  assert.equal(code, 0);
  assert.match(said, /^Of 1 event that was answered with HTTP 2xx, TikTok took all\.$/m);
});

test('what can’t be read is counted and named; the rest is read', async (t) => {
  const long = `{"x":"${'y'.repeat(9 * 1024 * 1024)}"}`;
  const { code, answer } = await audit(t, { 'x.jsonl': ['{"request":', '7', long, '', line(track, OK)].join('\n') });
  assert.deepEqual([code, answer.taken, answer.unreadable], [1, 1, 3]);
  assert.deepEqual(
    answer.unreadableAt.map(({ place, why }) => `${place.replace(/.*:/, '')} ${why}`),
    ['1 is not JSON', '2 is no object', '3 is longer than 8,388,608 characters'],
  );
});

test('a gzip or a HAR that ends too early is read as far as it goes, and that is said', async (t) => {
  const lines = Array.from({ length: 3000 }, (_, n) => line(body(event(`g-${n}`)), NO_RIGHT)).join('\n');
  const zipped = gzipSync(lines, { level: 0 });
  const whole = har([entry(track, NO_RIGHT), entry(track, NO_RIGHT)]);
  const found = await audit(t, { 'a.gz': zipped.subarray(0, zipped.length / 2), 'b.har': whole.slice(0, -200) });
  assert.equal(found.code, 1);
  assert.ok(found.answer.refused > 1000);
  assert.match(
    found.answer.unreadableAt.map(({ why }) => why).join('\n'),
    /gzip is broken or ends too early.*\n.*ends in the middle/,
  );
});

test('a file that is not there, or has no request to TikTok, is input that can’t be read', async (t) => {
  const io = testIo();
  assert.equal(await auditLog(['none.har'], {}, io), 2);
  assert.deepEqual([io.out(), io.err()], ['', 'none.har can’t be read. Check the name and the folder.\n']);
  const { code, said } = await audit(t, { 'x.jsonl': '{"hello":"world"}\n' });
  assert.equal(code, 2);
  assert.match(said, /No request to TikTok’s Events API was found/);
});

test('however a log is cut into parts, its pieces are the same', async () => {
  const log = har([entry(track, NO_RIGHT), { a: ['[', '{"\\"', { b: [1, [2]] }] }, 7, entry(track, OK)], 1);
  const all = async (parts: string[]): Promise<unknown[]> => gathered(piecesOf(Readable.from(parts)));
  const whole = await all([log]);
  assert.equal(whole.length, 4);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: log.length - 1 }), { maxLength: 8 }), async (cuts) => {
      const at = [0, ...cuts.sort((a, b) => a - b), log.length];
      const parts = at.slice(1).map((to, n) => log.slice(at[n], to));
      assert.deepEqual(await all(parts), whole);
    }),
  );
  const bytes = Buffer.from(`${log}ü€😀`);
  const single = Readable.from(Array.from(bytes, (byte) => Buffer.from([byte])));
  assert.equal((await gathered(textOf(single))).join(''), bytes.toString());
});

async function gathered<One>(source: AsyncIterable<One>): Promise<One[]> {
  const all: One[] = [];
  for await (const one of source) all.push(one);
  return all;
}
