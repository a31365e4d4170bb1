import { gzipSync } from 'node:zlib';
import { openAudit } from '../../src/cli/audit-log/audit.ts';
import { piecesOf } from '../../src/cli/audit-log/pieces.ts';
import { answerOf, auditText } from '../../src/cli/audit-log/report.ts';
import { textOf } from '../../src/cli/text-of.ts';
import { AssayError } from '../../src/event/error.ts';
import { bytesParser, type Fuzzed, type Result } from './parser.ts';
import { CONTACTS, SOMEBODY } from './words.ts';

const url = 'https://business-api.tiktok.com/open_api/v1.3/event/track/';
const event = {
  ...{ event: 'Purchase', event_id: 'a-1', event_time: 1_785_585_600 },
  user: { email: SOMEBODY.email, phone: [SOMEBODY.phone], external_id: SOMEBODY.email },
  page: { url: CONTACTS.map((text) => `https://shop.example/${text}`)[0] },
  properties: { order_id: 1, contents: [{ content_id: 1 }] },
};
const body = {
  event_source: 'web',
  event_source_id: 'C',
  data: [event, { event: SOMEBODY.email, event_id: SOMEBODY.phone }],
};
const answer = { code: 40002, message: `data.0.user.email ${SOMEBODY.email} is wrong`, request_id: 'r', data: {} };
const headers = { 'Access-Token': `Bearer ${SOMEBODY.email}` };
const LOGS = [
  JSON.stringify({ request: { url, headers, body }, response: { status: 200, body: answer } }),
  JSON.stringify({ Name: 'TikTok', Type: 'Request', TraceId: 't', RequestUrl: url, RequestBody: body }),
  JSON.stringify({
    Name: 'TikTok',
    Type: 'Response',
    TraceId: 't',
    ResponseStatusCode: 200,
    ResponseBody: '{"code":0}',
  }),
  JSON.stringify({
    log: {
      version: '1.2',
      entries: [
        {
          startedDateTime: '2026-08-01T12:00:00Z',
          request: { url, headers: [{ name: 'a', value: 'b' }], postData: { text: JSON.stringify(body) } },
          response: { status: 200, content: { text: 'eyJjb2RlIjo1MDAwMH0=', encoding: 'base64' } },
        },
      ],
    },
  }),
  JSON.stringify([{ url, requestBody: body, responseBody: answer, status: 200, time: 1_785_585_600 }]),
];

/** A HAR of one entry is as long as an answer that it holds. */
const LOG_MS_MAX = 500;

async function readLog(bytes: Uint8Array): Promise<Result> {
  async function* parts(): AsyncGenerator<Uint8Array> {
    yield bytes.subarray(0, bytes.length >> 1);
    yield bytes.subarray(bytes.length >> 1);
  }
  const audit = openAudit();
  for await (const piece of piecesOf(textOf(parts()))) audit.take('log', piece);
  audit.finish();
  const found = answerOf(['log'], audit);
  const { calledDelivered, taken, refused, mayHave } = found;
  if (taken + refused + mayHave !== calledDelivered) throw new Error('the fates do not add up');
  return { accepted: found.requests > 0, kept: [found, auditText(found)] };
}

/** Other senders' logs, as an operator brings them. */
export const AUDITED: readonly Fuzzed[] = [
  {
    ...bytesParser('logs of other senders', 30, [...LOGS, LOGS.slice(0, 3).join('\n')], readLog),
    readMsMax: LOG_MS_MAX,
  },
  {
    ...bytesParser(
      'logs in gzip',
      5,
      LOGS.slice(0, 2).map((text) => gzipSync(text).toString('latin1')),
      (bytes) => readLog(Buffer.from(bytes.toString('utf8'), 'latin1')),
    ),
    readMsMax: LOG_MS_MAX,
    mayThrow: (error) => error instanceof AssayError && error.code === 'gzip_broken',
  },
];
