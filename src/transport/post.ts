import { type Dispatcher, Pool } from 'undici';
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
  post(destination: string, token: string | undefined, body: string | Buffer): Promise<Reply>;
  close(): Promise<void>;
}

/** Sends requests to TikTok's host. A failure is a reply too: what matters is whether the bytes may have arrived. */
export function openPoster(apiUrl: string): Poster {
  const pools = new Map<string, Pool>();
  const { origin } = new URL(apiUrl);
  function poolOf(destination: string): Pool {
    let pool = pools.get(destination);
    if (!pool) {
      pool = new Pool(origin, {
        connect: { timeout: CONNECT_MS_MAX },
        headersTimeout: ANSWER_MS_MAX,
        bodyTimeout: ANSWER_MS_MAX,
        connections: CONNECTIONS_MAX,
      });
      pools.set(destination, pool);
    }
    return pool;
  }
  return {
    async post(destination, token, body) {
      if (token === undefined)
        return {
          kind: 'http',
          status: 200,
          body: JSON.stringify({ code: 40104, message: 'no access token in the environment' }),
        };
      return new Promise((resolve) => {
        poolOf(destination).dispatch(
          {
            path: TRACK_PATH,
            method: 'POST',
            headers: ['content-type', 'application/json', 'access-token', token],
            body,
          },
          new Answer(resolve),
        );
      });
    },
    async close() {
      await Promise.all([...pools.values()].map((pool) => pool.destroy()));
    },
  };
}

/**
 * Reads one answer as it comes. What undici would make of it for anybody, a stream and its promises, costs a third of a
 * request.
 */
class Answer implements Dispatcher.DispatchHandler {
  readonly #done: (reply: Reply) => void;
  #status = 0;
  #until = Number.POSITIVE_INFINITY;
  #first: Buffer | undefined;
  /** what came after the first chunk: hardly ever anything */
  #more: Buffer[] | undefined;
  #bytes = 0;

  /** `done` may be called more than once; the first time counts. */
  constructor(done: (reply: Reply) => void) {
    this.#done = done;
  }

  /** undici wants it to be there. */
  onRequestStart(): void {}

  /** Comes for each interim answer too; the last one counts. */
  onResponseStart(_: Dispatcher.DispatchController, status: number): void {
    this.#status = status;
    this.#until = performance.now() + ANSWER_MS_MAX;
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (performance.now() > this.#until) {
      this.#done({ kind: 'unanswered', why: 'the answer did not end' });
      controller.abort(new Error('the answer takes too long'));
    } else if (this.#bytes > ANSWER_BYTES_MAX) {
      this.onResponseEnd();
      controller.abort(new Error('the answer is too long'));
    } else if (this.#first === undefined) this.#first = chunk;
    else {
      this.#more ??= [];
      this.#more.push(chunk);
    }
  }

  onResponseEnd(): void {
    this.#done({ kind: 'http', status: this.#status, body: this.#text() });
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    const code = 'code' in error ? String(error.code) : String(error);
    this.#done(UNSENT.has(code) ? { kind: 'unsent', why: code } : { kind: 'unanswered', why: code });
  }

  #text(): string {
    if (this.#first === undefined) return '';
    return (this.#more ? Buffer.concat([this.#first, ...this.#more]) : this.#first).toString('utf8');
  }
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
