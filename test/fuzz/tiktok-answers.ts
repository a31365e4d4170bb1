import { type Reading, read } from '../../src/tiktok/answer.ts';
import { type Fuzzed, jsonParser, textParser } from './parser.ts';

// One id stands twice, as it may under two names.
const BATCH = ['e-0', 'e-1', 'e-1'];
const MESSAGE_MAX = 500;
const DATA = [
  '{"failed_events":[{"order_in_batch":1,"error_message":"no"},{"order_in_batch":0}]}',
  '{"failures":[{"event_id":"e-0","code":50000,"message":"data.0.event: no"}],"failed_count":1}',
  '{"results":[{"code":0},{"code":40002,"message":"no"},{"code":0}]}',
  '{"items":[{"index":2,"code":0},{"index":0,"code":40100},{"index":1,"code":0}]}',
  '[{"code":0},{"code":0},{"error_code":40050}]',
  '[{"position":2,"event_id":"e-1","reason":"no"}]',
];
const ANSWERS = [
  '{"code":0,"message":"OK","request_id":"r","data":{}}',
  '{"code":40002,"message":"data.2.event: invalid","request_id":"r"}',
  '{"code":40002,"message":"$.events[1].properties.contents.0: invalid"}',
  ...DATA.map((data) => `{"code":20001,"message":"partial","data":${data}}`),
  '<html>502</html>',
];

/** TikTok's answers to a batch of three: whatever comes, nothing is taken for delivered that TikTok did not say it took. */
export const TIKTOK_ANSWERS: readonly Fuzzed[] = [
  textParser('TikTok’s answer', 50, ANSWERS, (body) => {
    const readings = [200, 400, 502].map((status) => read({ kind: 'http', status, body }, BATCH));
    for (const [of, each] of readings.entries()) check(body, each, of === 0);
    return { accepted: readings.flat().some(({ outcome }) => outcome === 'accepted') };
  }),
  jsonParser(
    'TikTok’s answer, of other types',
    40,
    ANSWERS.slice(0, -1).map((text) => JSON.parse(text) as object),
    (body) => {
      const text = JSON.stringify(body);
      const readings = read({ kind: 'http', status: 200, body: text }, BATCH);
      check(text, readings, true);
      return { accepted: readings.some(({ outcome }) => outcome === 'accepted') };
    },
  ),
  jsonParser(
    'TikTok’s partial success',
    40,
    DATA.map((text) => JSON.parse(text) as object),
    (data) => {
      const text = JSON.stringify({ code: 20001, message: 'partial', data });
      const readings = read({ kind: 'http', status: 200, body: text }, BATCH);
      check(text, readings, true);
      return { accepted: readings.some(({ outcome }) => outcome === 'accepted') };
    },
  ),
];

function check(body: string, readings: readonly Reading[], mayAccept: boolean): void {
  const accepted = readings.filter(({ outcome }) => outcome === 'accepted').length;
  const refused = readings.filter(({ outcome }) => outcome === 'refused').length;
  if (readings.length !== BATCH.length) throw new Error(`${readings.length} readings of ${BATCH.length}`);
  if (readings.some(({ message = '' }) => message.length > MESSAGE_MAX)) throw new Error('a message without bound');
  const code = codeOf(body);
  if (code !== 20001 && refused > 1) throw new Error(`${refused} events given up for one refusal`);
  if (accepted === 0) return;
  if (!mayAccept) throw new Error('accepted against HTTP');
  const most = code === 0 ? BATCH.length : code === 20001 ? BATCH.length - 1 : 0;
  if (accepted > most) throw new Error(`${accepted} accepted under code ${code}`);
}

function codeOf(body: string): unknown {
  try {
    return (JSON.parse(body) as { code?: unknown } | null)?.code;
  } catch {
    return undefined;
  }
}
