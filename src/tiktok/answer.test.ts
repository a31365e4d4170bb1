import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Reading, type Reply, read } from './answer.ts';
import { classOf, RETURN_CODES } from './codes.ts';

const coded = (code: unknown, more: object = {}): Reply => ({
  kind: 'http',
  status: 200,
  body: JSON.stringify({ code, message: 'told', request_id: 'r-1', data: {}, ...more }),
});
const http = (status: number, body: string): Reply => ({ kind: 'http', status, body });
const outcomes = (reply: Reply, items = 1): string[] =>
  read(reply, items).map(({ outcome, why, copy }) => `${outcome} ${why} ${copy}`);

test('each published code is read by its class', () => {
  const wanted = {
    accept: 'accepted accepted true',
    partial: 'unknown may_have_arrived true',
    retry: 'retry tiktok_failed true',
    throttle: 'throttled throttled false',
    fixRequest: 'refused refused_by_tiktok false',
    fixToken: 'paused destination_paused false',
    unknown: 'unknown may_have_arrived true',
  };
  for (const code of RETURN_CODES.keys())
    assert.deepEqual(outcomes(coded(code)), [wanted[classOf(code)]], String(code));
});

test('what is no answer of TikTok’s is judged by how much may have arrived', () => {
  for (const [reply, wanted] of [
    [http(502, '<html>Bad Gateway</html>'), 'retry tiktok_failed true'],
    [http(500, ''), 'retry tiktok_failed true'],
    [http(408, ''), 'retry tiktok_failed true'],
    [http(404, 'not found'), 'paused destination_paused false'],
    [http(401, ''), 'paused destination_paused false'],
    [http(301, ''), 'paused destination_paused false'],
    [http(429, ''), 'throttled throttled false'],
    [http(400, ''), 'refused refused_by_tiktok false'],
    [http(413, ''), 'refused refused_by_tiktok false'],
    [http(200, '<html>'), 'unknown unreadable_answer true'],
    [http(200, ''), 'unknown unreadable_answer true'],
    [http(200, 'null'), 'unknown unreadable_answer true'],
    [http(200, '[]'), 'unknown unreadable_answer true'],
    [http(200, '{"message":"OK"}'), 'unknown unreadable_answer true'],
    [coded('0'), 'unknown unreadable_answer true'],
    [coded(null), 'unknown unreadable_answer true'],
    [http(204, ''), 'unknown unreadable_answer true'],
    [{ kind: 'unsent', why: 'ECONNREFUSED' }, 'retry not_connected false'],
    [{ kind: 'unanswered', why: 'time-out' }, 'retry no_answer true'],
  ] as const)
    assert.deepEqual(outcomes(reply), [wanted], JSON.stringify(reply));
});

test('TikTok’s envelope counts under any HTTP status, but a success that HTTP denies is none', () => {
  const body = (code: number): string => JSON.stringify({ code, message: 'm' });
  assert.deepEqual(outcomes(http(400, body(40105))), ['paused destination_paused false']);
  assert.deepEqual(outcomes(http(502, body(40002))), ['refused refused_by_tiktok false']);
  assert.deepEqual(outcomes(http(500, body(0))), ['retry tiktok_failed true']);
  assert.deepEqual(outcomes(http(404, body(20001))), ['paused destination_paused false']);
});

test('code, message, request id and HTTP status are kept, the message bounded', () => {
  const [reading] = read(coded(50000), 1);
  assert.deepEqual(reading, {
    http: 200,
    code: 50000,
    message: 'told',
    requestId: 'r-1',
    outcome: 'retry',
    why: 'tiktok_failed',
    copy: true,
  });
  assert.equal(read(coded(50000, { message: 'x'.repeat(9999) }), 1)[0]?.message?.length, 500);
  assert.match(read(coded(50000, { message: '' }), 1)[0]?.message ?? '', /System error/);
  assert.equal(read(coded(50000, { message: 7, request_id: 8 }), 1)[0]?.requestId, undefined);
});

test('there is one reading for each item', () => {
  for (const reply of [coded(0), coded(40100), coded(20001), http(502, ''), { kind: 'unanswered', why: '' } as const])
    assert.equal(read(reply, 3).length, 3);
});

test('a partial success is read item by item where its shape is known', () => {
  const failed = (failed_events: unknown): Reply => coded(20001, { data: { failed_events } });
  const [ok, bad, open] = [
    'accepted accepted true',
    'refused refused_by_tiktok false',
    'unknown may_have_arrived true',
  ];
  assert.deepEqual(outcomes(failed([{ order_in_batch: 1, error_message: 'no' }]), 3), [ok, bad, ok]);
  assert.equal(read(failed([{ order_in_batch: 1, error_message: 'no value' }]), 2)[1]?.message, 'no value');
  assert.equal(read(failed([{ order_in_batch: 0 }]), 1)[0]?.message, 'refused without a message');
  for (const shape of [
    undefined,
    null,
    [],
    {},
    'x',
    [7],
    [null],
    [{}],
    [{ order_in_batch: '0' }],
    [{ order_in_batch: 3 }],
    [{ order_in_batch: -1 }],
    [{ order_in_batch: 0.5 }],
  ])
    assert.deepEqual(outcomes(failed(shape), 3), [open, open, open], JSON.stringify(shape));
  assert.deepEqual(outcomes(coded(20001, { data: undefined }), 1), [open]);
});

test('a refused batch says nothing against its other events: they go again in smaller ones', () => {
  const other = 'retry batch_refused false';
  const bad = 'refused refused_by_tiktok false';
  for (const [message, wanted] of [
    ['data.1.event: Not a valid string', [other, bad, other]],
    ['Batch.2.properties.contents.0.content_id: Not a valid string', [other, other, bad]],
    ['data.3.event: out of range', [other, other, other]],
    ['data: Length must be between 1 and 1000', [other, other, other]],
    ['event: Not a valid string', [other, other, other]],
  ] as const)
    assert.deepEqual(outcomes(coded(40002, { message }), 3), wanted, message);
  assert.deepEqual(outcomes(http(413, ''), 2), [other, other]);
});

test('nothing but code 0 under HTTP 2xx is ever a success', () => {
  const accepted = (readings: Reading[]): boolean => readings.some(({ outcome }) => outcome === 'accepted');
  for (const status of [100, 199, 300, 302, 400, 404, 429, 500, 503])
    assert.equal(accepted(read(http(status, '{"code":0,"message":"OK"}'), 1)), false, String(status));
  for (const code of RETURN_CODES.keys()) assert.equal(accepted(read(coded(code), 1)), code === 0, String(code));
});
