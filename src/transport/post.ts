import { Agent, request } from 'undici';
import type { Reply } from '../tiktok/answer.ts';
import type { TrackRequest } from '../tiktok/body.ts';

/** TikTok publishes no time limit; peers use 10 seconds. */
const CONNECT_MS_MAX = 5_000;
const ANSWER_MS_MAX = 10_000;
const ANSWER_BYTES_MAX = 1_000_000;

/** The path of the Events API. Without the slash at its end the host answers 404. */
const TRACK_PATH = '/open_api/v1.3/event/track/';

export interface Poster {
  post(token: string | undefined, body: TrackRequest): Promise<Reply>;
  close(): Promise<void>;
}

/** Sends requests to TikTok's host. A failure is a reply too: what matters is whether the bytes may have arrived. */
export function openPoster(apiUrl: string): Poster {
  const agent = new Agent({
    connect: { timeout: CONNECT_MS_MAX },
    headersTimeout: ANSWER_MS_MAX,
    bodyTimeout: ANSWER_MS_MAX,
    connections: 16,
  });
  const url = new URL(TRACK_PATH, apiUrl);
  return {
    async post(token, body) {
      if (token === undefined)
        return {
          kind: 'http',
          status: 200,
          body: JSON.stringify({ code: 40104, message: 'no access token in the environment' }),
        };
      try {
        const answer = await request(url, {
          dispatcher: agent,
          method: 'POST',
          headers: { 'content-type': 'application/json', 'access-token': token },
          body: JSON.stringify(body),
        });
        const chunks: Buffer[] = [];
        let bytes = 0;
        for await (const chunk of answer.body) {
          bytes += (chunk as Buffer).length;
          if (bytes > ANSWER_BYTES_MAX) break;
          chunks.push(chunk as Buffer);
        }
        return { kind: 'http', status: answer.statusCode, body: Buffer.concat(chunks).toString('utf8') };
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
        return UNSENT.has(code) ? { kind: 'unsent', why: code } : { kind: 'unanswered', why: code };
      }
    },
    close: () => agent.destroy(),
  };
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
