import { messageOf } from './codes.ts';
import { badGateway, type Call, header, json, loggedHeaders, nothing, type Reply } from './exchange.ts';
import type { Fault } from './faults.ts';
import { receive } from './receive.ts';
import { type Judgement, judgeTrack, refuse } from './track.ts';
import type { Twin } from './twin.ts';

export const TRACK_PATH = '/open_api/v1.3/event/track/';

/** Answers a call to the Events API, keeps what it accepts and logs the call. */
export function answerTrack(twin: Twin, call: Call): Reply {
  if (call.method !== 'POST') return logged(twin, call, nothing(405, { allow: 'POST' }), null);
  const fault = twin.takeFault('api');
  switch (fault?.kind) {
    case 'http502':
      return logged(twin, call, badGateway(), null);
    case 'hang':
      return logged(twin, call, { kind: 'silence' }, null);
    case 'cutBefore':
      return logged(twin, call, { kind: 'cut' }, null);
    case 'code':
    case 'partial':
    case 'cutAfterAccept':
    case undefined:
      break;
  }
  return twin.store.together(() => {
    const requestId = twin.requestId();
    const judgement = judged(twin, call, fault);
    keep(twin, requestId, judgement);
    const { code, message, data } = judgement;
    if (fault?.kind === 'cutAfterAccept') return logged(twin, call, { kind: 'cut' }, code);
    const reply = json({ code, message, request_id: requestId, data });
    const traced =
      reply.kind === 'answer' ? { ...reply, headers: { ...reply.headers, 'X-TT-LOGID': requestId } } : reply;
    return logged(twin, call, traced, code);
  });
}

function judged(twin: Twin, call: Call, fault: Fault | undefined): Judgement {
  const isPartial = fault?.kind === 'partial' || fault?.code === 20001;
  if (fault?.kind === 'code' && !isPartial) return refuse(fault.code, fault.message ?? messageOf(fault.code));
  if (!twin.admit()) return refuse(40100);
  const request = { token: header(call, 'access-token'), contentType: header(call, 'content-type'), body: call.body };
  const partial = isPartial ? { orders: fault.orders } : undefined;
  const judgement = judgeTrack(request, twin.pixels, twin.switches, twin.now(), partial, twin.refusedIds);
  return judgement.code === 20001 && fault?.message ? { ...judgement, message: fault.message } : judgement;
}

function keep(twin: Twin, requestId: string, { accepted }: Judgement): void {
  const at = twin.now();
  for (const body of accepted?.events ?? []) {
    const { source = 'web', sourceId = '', test } = accepted ?? {};
    receive(twin.store, twin.switches, { source, sourceId, channel: 'api', at, requestId, test, body, raw: body });
  }
}

function logged(twin: Twin, call: Call, reply: Reply, code: number | null): Reply {
  logCall(twin, call, 'api', reply, code);
  return reply;
}

/** Writes a call into the request log. */
export function logCall(twin: Twin, call: Call, channel: string | null, reply: Reply, code: number | null): void {
  twin.store.logRequest({
    at: twin.now(),
    method: call.method,
    path: call.target,
    channel,
    status: reply.kind === 'answer' ? reply.status : null,
    code,
    body: call.body,
    headers: JSON.stringify(loggedHeaders(call)),
  });
}
