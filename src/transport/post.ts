import { Agent, type Dispatcher, request } from 'undici';
import type { Reply } from '../tiktok/answer.ts';

/** TikTok publishes no time limit; peers use 10 seconds. */
const CONNECT_MS_MAX = 5_000;
const ANSWER_MS_MAX = 10_000;
const ANSWER_BYTES_MAX = 1_000_000;
/** More than the requests that one destination may have under way: those wait in transport, not for a connection. */
const CONNECTIONS_MAX = 300;

/** The path of the Events API. Without the slash at its end the host answers 404. */
const TRACK_PATH = '/open_api/v1.3/event/track/';

export interface Poster {
  /** Posts a request's JSON. Each destination has connections of its own: one that hangs holds up no other. */
  post(destination: string, token: string | undefined, body: string): Promise<Reply>;
  close(): Promise<void>;
}

/** Sends requests to TikTok's host. A failure is a reply too: what matters is whether the bytes may have arrived. */
export function openPoster(apiUrl: string): Poster {
  const agents = new Map<string, Agent>();
  const url = new URL(TRACK_PATH, apiUrl);
  function agentOf(destination: string): Agent {
    let agent = agents.get(destination);
    if (!agent) {
      agent = new Agent({
        connect: { timeout: CONNECT_MS_MAX },
        headersTimeout: ANSWER_MS_MAX,
        bodyTimeout: ANSWER_MS_MAX,
        connections: CONNECTIONS_MAX,
      });
      agents.set(destination, agent);
    }
    return agent;
  }
  return {
    async post(destination, token, body) {
      if (token === undefined)
        return {
          kind: 'http',
          status: 200,
          body: JSON.stringify({ code: 40104, message: 'no access token in the environment' }),
        };
      try {
        const answer = await request(url, {
          dispatcher: agentOf(destination),
          method: 'POST',
          headers: { 'content-type': 'application/json', 'access-token': token },
          body,
        });
        const text = await textOf(answer);
        if (text === undefined) return { kind: 'unanswered', why: 'the answer did not end' };
        return { kind: 'http', status: answer.statusCode, body: text };
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
        return UNSENT.has(code) ? { kind: 'unsent', why: code } : { kind: 'unanswered', why: code };
      }
    },
    async close() {
      await Promise.all([...agents.values()].map((agent) => agent.destroy()));
    },
  };
}

/** The answer's text, or as much of it as is read; undefined where it does not end. */
async function textOf({ headers, body }: Dispatcher.ResponseData): Promise<string | undefined> {
  // Nearly always all of it has come with the head, and there is nothing to wait for.
  if (body.readableLength > 0 && String(body.readableLength) === headers['content-length']) return body.text();
  const chunks: Buffer[] = [];
  const until = performance.now() + ANSWER_MS_MAX;
  let bytes = 0;
  for await (const chunk of body) {
    if (performance.now() > until) return undefined;
    bytes += (chunk as Buffer).length;
    if (bytes > ANSWER_BYTES_MAX) break;
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Only these prove that no byte of the body was taken. */
const UNSENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
]);
