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
const ids = (events: number): string[] => Array.from({ length: events }, (_, place) => `e-${place}`);
const outcomes = (reply: Reply, events = 1): string[] =>
  read(reply, ids(events)).map(({ outcome, why, copy }) => `${outcome} ${why} ${copy}`);

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
  const [reading] = read(coded(50000), ids(1));
  assert.deepEqual(reading, {
    http: 200,
    code: 50000,
    message: 'told',
    requestId: 'r-1',
    outcome: 'retry',
    why: 'tiktok_failed',
    copy: true,
  });
  assert.equal(read(coded(50000, { message: 'x'.repeat(9999) }), ids(1))[0]?.message?.length, 500);
  assert.match(read(coded(50000, { message: '' }), ids(1))[0]?.message ?? '', /System error/);
  assert.equal(read(coded(50000, { message: 7, request_id: 8 }), ids(1))[0]?.requestId, undefined);
});

test('there is one reading for each item', () => {
  for (const reply of [coded(0), coded(40100), coded(20001), http(502, ''), { kind: 'unanswered', why: '' } as const])
    assert.equal(read(reply, ids(3)).length, 3);
});

// Of a batch of four: what becomes of each, and the `data` that says so. `e-2` and `e-3` differ in their names alone.
const BATCH = ['e-0', 'e-1', 'e-2', 'e-2'];
const PARTIAL = `
  # a list of those that failed, under each name and by each way to name them
  + x + +   {"failed_events":[{"order_in_batch":1,"error_message":"no"}]}
  + x + +   {"failed_list":[{"index":1,"message":"no"}]}
  + x + +   {"failures":[{"order":1,"reason":"no"}]}
  + x + +   {"errors":[{"position":1,"msg":"no"}]}
  + x + +   {"error_list":[{"event_id":"e-1","error":"no"}]}
  + x + +   {"failed":[{"event_id":"e-1","order_in_batch":1}]}
  + + + x   {"failed_events":[{"event_id":"e-2","order_in_batch":3}]}
  x + + x   {"failed_events":[{"order_in_batch":3},{"order_in_batch":0}],"log_id":"1"}
  + x + +   {"failed_events":[{"order_in_batch":1,"error_message":"data.1.user.email: no"}]}
  + x + +   {"failed_events":[{"order_in_batch":1},{"order_in_batch":1,"error_message":"again"}]}
  + x + +   {"failed_events":[{"order_in_batch":1}],"failed_count":1,"success_count":3}
  x x x x   {"failed_events":[{"order":0},{"order":1},{"order":2},{"order":3}]}
  + x + +   [{"order_in_batch":1,"code":40002}]
  # codes of their own
  + r t ?   {"failures":[{"index":1,"code":50002},{"index":2,"code":40100},{"index":3,"code":40050}]}
  + p x ?   {"failures":[{"index":1,"code":40105},{"index":2,"error_code":49999},{"index":3,"code":20001}]}
  # one entry for each event
  + x + +   {"results":[{"code":0},{"code":40002,"message":"no"},{"code":0},{"code":0}]}
  r + + x   {"events":[{"code":50000},{"code":0},{"code":0,"message":"OK"},{"code":40000}]}
  + x r +   {"items":[{"index":2,"code":50000},{"index":3,"code":0},{"index":0,"code":0},{"index":1,"code":40002}]}
  + x + t   [{"code":0},{"code":40002},{"code":0},{"code":40133}]
  # of no shape that is known
  ? ? ? ?   -
  ? ? ? ?   null
  ? ? ? ?   "failed_events"
  ? ? ? ?   {}
  ? ? ? ?   []
  ? ? ? ?   {"failed_events":[]}
  ? ? ? ?   {"failed_events":{"1":"no"}}
  ? ? ? ?   {"failed_events":"1"}
  ? ? ? ?   {"failed_events":[1]}
  ? ? ? ?   {"failed_events":[null]}
  ? ? ? ?   {"failed_events":[[1]]}
  ? ? ? ?   {"failed_events":[{}]}
  ? ? ? ?   {"rejected":[{"order_in_batch":1}]}
  ? ? ? ?   {"data":{"failed_events":[{"order_in_batch":1}]}}
  # out of range
  ? ? ? ?   {"failed_events":[{"order_in_batch":4}]}
  ? ? ? ?   {"failed_events":[{"order_in_batch":-1}]}
  ? ? ? ?   {"failed_events":[{"order_in_batch":0.5}]}
  ? ? ? ?   {"failed_events":[{"order_in_batch":"1"}]}
  ? ? ? ?   {"failed_events":[{"order_in_batch":1e300}]}
  ? ? ? ?   {"failed_events":[{"event_id":"e-9"}]}
  ? ? ? ?   {"failed_events":[{"event_id":1}]}
  ? ? ? ?   {"failed_events":[{"order_in_batch":1},{"order_in_batch":9}]}
  # ambiguous
  ? ? ? ?   {"failed_events":[{"event_id":"e-2"}]}
  ? ? ? ?   {"failed_events":[{"order_in_batch":1}],"errors":[{"order_in_batch":2}]}
  ? ? ? ?   {"failed_events":[{"order_in_batch":1}],"warnings":[]}
  ? ? ? ?   {"results":[{"code":0},{"code":40002},{"code":0}]}
  ? ? ? ?   {"results":[{"code":0},{"code":40002},{"code":0},{"message":"no"}]}
  ? ? ? ?   {"results":[{"code":0},{"index":1,"code":40002},{"code":0},{"code":0}]}
  ? ? ? ?   [{"code":0},{"code":40002}]
  # contradictory
  ? ? ? ?   {"failed_events":[{"order_in_batch":1,"index":2}]}
  ? ? ? ?   {"failed_events":[{"order_in_batch":1,"event_id":"e-0"}]}
  ? ? ? ?   {"failed_events":[{"order_in_batch":1,"error_message":"data.0.event: counted from 1"}]}
  ? ? ? ?   {"failed_events":[{"event_id":"e-1","error_message":"data.0.event"}]}
  ? ? ? ?   {"failed_events":[{"order_in_batch":1,"code":0}]}
  ? ? ? ?   {"failed_events":[{"order_in_batch":1,"code":"40002"}]}
  ? ? ? ?   {"failed_events":[{"order_in_batch":1,"code":40002,"error_code":50000}]}
  ? ? ? ?   {"failed_events":[{"order_in_batch":1,"code":40002},{"order_in_batch":1,"code":50000}]}
  ? ? ? ?   {"failed_events":[{"order_in_batch":1}],"failed_count":30}
  ? ? ? ?   {"failed_events":[{"order_in_batch":1}],"success_count":4}
  ? ? ? ?   {"results":[{"code":0},{"code":0},{"code":0},{"code":0}]}
  ? ? ? ?   {"results":[{"index":0,"code":0},{"index":0,"code":40002},{"index":1,"code":0},{"index":2,"code":0}]}
  ? ? ? ?   {"results":[{"code":0},{"code":40002,"message":"data.3.event"},{"code":0},{"code":0}]}
`;
const SIGNS: Record<string, string> = {
  'accepted accepted true': '+',
  'refused refused_by_tiktok false': 'x',
  'retry tiktok_failed true': 'r',
  'throttled throttled false': 't',
  'paused destination_paused false': 'p',
  'unknown may_have_arrived true': '?',
};

for (const line of PARTIAL.split('\n')) {
  const [, wanted, text = ''] = /^ {2}(. . . .) {3}(.*)$/.exec(line) ?? [];
  if (wanted === undefined) continue;
  test(`a partial success is read event by event where its shape is known: ${wanted} of ${text}`, () => {
    const reply = coded(20001, { data: text === '-' ? undefined : (JSON.parse(text) as unknown) });
    const signs = read(reply, BATCH).map(({ outcome, why, copy }) => SIGNS[`${outcome} ${why} ${copy}`]);
    assert.equal(signs.join(' '), wanted);
  });
}

test('an event that failed in part of a batch keeps its own code and message, bounded', () => {
  const told = (entry: object): Reading | undefined =>
    read(coded(20001, { data: { failures: [{ index: 1, ...entry }] } }), ids(2))[1];
  assert.equal(told({ message: 'no value' })?.message, 'no value');
  assert.equal(told({ message: 'no value' })?.code, 20001);
  assert.equal(told({})?.message, 'refused without a message');
  assert.equal(told({ code: 50000 })?.code, 50000);
  assert.match(told({ code: 50000 })?.message ?? '', /System error/);
  assert.equal(told({ message: 'x'.repeat(9999) })?.message?.length, 500);
});

const [OTHER, BAD] = ['retry batch_refused false', 'refused refused_by_tiktok false'];
for (const [message, named] of [
  ['data.1.event: Not a valid string', 1],
  ['Batch.2.properties.contents.0.content_id: Not a valid string', 2],
  ['data[0].event: Not a valid string', 0],
  ['events.1: Not a valid object', 1],
  ['events[1].user.email is not a hash', 1],
  ['$.data[2].event_time', 2],
  ['$.data.2.event_time', 2],
  ['"data.1.event" is missing', 1],
  ["data[1]['event'] is missing", 1],
  ['data.1', 1],
  ['data.1: no object; data.2: no object', 1],
  ['data.3.event: out of range', -1],
  ['data.01.event', -1],
  ['data.1x', -1],
  ['data.1.5 MB are too much', -1],
  ['data.10000.event', -1],
  ['data.-1.event', -1],
  ['data[1.event', -1],
  ['data: Length must be between 1 and 1000', -1],
  ['event: Not a valid string', -1],
  ['contents.0: Not a valid object', -1],
  ['properties.data.1: Not a valid object', -1],
  ['mydata.1.event', -1],
  ['Not a supported currency: data.1.event', -1],
] as const)
  test(`of a batch refused with “${message}”, ${named < 0 ? 'none' : `event ${named}`} is at fault, and the others go again`, () => {
    const wanted = [0, 1, 2].map((place) => (place === named ? BAD : OTHER));
    assert.deepEqual(outcomes(coded(40002, { message }), 3), wanted);
  });

test('a batch refused by HTTP alone says nothing against any of its events', () => {
  assert.deepEqual(outcomes(http(413, ''), 2), [OTHER, OTHER]);
});

test('nothing but code 0 under HTTP 2xx is ever a success', () => {
  const accepted = (readings: Reading[]): boolean => readings.some(({ outcome }) => outcome === 'accepted');
  for (const status of [100, 199, 300, 302, 400, 404, 429, 500, 503])
    assert.equal(accepted(read(http(status, '{"code":0,"message":"OK"}'), ids(1))), false, String(status));
  for (const code of RETURN_CODES.keys()) assert.equal(accepted(read(coded(code), ids(1))), code === 0, String(code));
});
