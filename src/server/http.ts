import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { ProblemAnswer } from '../api/wire.ts';
import { AssayError } from '../event/error.ts';
import type { Problem } from '../event/problem.ts';

/** One request, its body not read yet. */
export interface Asked {
  request: IncomingMessage;
  response: ServerResponse;
  url: URL;
  /** what the route's `:names` matched, decoded */
  parameters: Readonly<Record<string, string>>;
  /** fires when the asker went away */
  gone: AbortSignal;
}

/** What few handlers want is made when they ask. */
class Request implements Asked {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  parameters: Readonly<Record<string, string>> = NO_PARAMETERS;
  #url: URL | undefined;
  #gone: AbortController | undefined;

  constructor(request: IncomingMessage, response: ServerResponse) {
    this.request = request;
    this.response = response;
  }

  get url(): URL {
    this.#url ??= URL.parse(this.request.url ?? '/', 'http://assay') ?? new URL('http://assay/');
    return this.#url;
  }

  get gone(): AbortSignal {
    if (!this.#gone) {
      const gone = new AbortController();
      this.#gone = gone;
      if (this.response.closed) gone.abort();
      else this.response.on('close', () => gone.abort());
    }
    return this.#gone.signal;
  }
}

const NO_PARAMETERS = {};

export type Answered =
  | { status: number; json: object; headers?: Record<string, string> }
  | { status: number; text: string | Buffer; type: string; headers?: Record<string, string> }
  /** the handler has answered by itself, such as with a stream */
  | 'answered';

export interface Route {
  method: string;
  /** `/v1/trace/:id` */
  path: string;
  answer(asked: Asked): Promise<Answered> | Answered;
}

export interface Listener {
  server: Server;
  port: number;
  close(): Promise<void>;
}

/** Node itself refuses addresses and headers of more than 16 KiB together. */
const URL_CHARS_MAX = 8_192;
const HEADERS_MS_MAX = 10_000;
const REQUEST_MS_MAX = 60_000;

/** A listener over a table of routes. `before` may answer first, such as a sign-in check. */
export async function listen(
  at: { host: string; port: number },
  routes: readonly Route[],
  around: { before?(asked: Asked): Answered | undefined; failed(error: unknown, where: string): void },
): Promise<Listener> {
  const table = routes.map((route) => ({ ...route, parts: route.path.split('/') }));
  // Nearly every request is for one of these: no address to parse, no table to walk.
  const exact = new Map(
    routes.filter(({ path }) => !path.includes(':')).map((route) => [`${route.method} ${route.path}`, route]),
  );

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = request.url ?? '/';
    if (target.length > URL_CHARS_MAX)
      return reply(request, response, problem(414, 'url_too_long', 'The address is too long.'));
    const asked = new Request(request, response);
    const hit = exact.get(`${request.method} ${target}`) ?? find(asked);
    const first = around.before?.(asked);
    if (first) return reply(request, response, first);
    if (typeof hit === 'string' || !('answer' in hit)) return reply(request, response, hit);
    try {
      reply(request, response, await hit.answer(asked));
    } catch (error) {
      if (error instanceof HttpProblem) return reply(request, response, error.answer);
      if (error instanceof AssayError && (error.code === 'journal_unwritable' || error.code === 'journal_behind'))
        return reply(
          request,
          response,
          problem(503, error.code, 'Nothing can be written down now. Send it again.', [], { 'retry-after': '5' }),
        );
      around.failed(error, `${request.method} ${hit.path}`);
      reply(request, response, problem(500, 'failed', 'Something failed here. The log says what.'));
    }
  }

  /** The route of a request, with its parameters; or why there is none. */
  function find(asked: Request): Route | Answered {
    const { method } = asked.request;
    const parts = asked.url.pathname.split('/');
    const allowed: string[] = [];
    for (const { parts: route, ...candidate } of table) {
      const parameters = match(route, parts);
      if (!parameters) continue;
      if (candidate.method === method || (candidate.method === 'GET' && method === 'HEAD')) {
        asked.parameters = parameters;
        return candidate;
      }
      allowed.push(candidate.method);
    }
    if (allowed.length === 0) return problem(404, 'not_found', 'There is nothing at this address.');
    const says = `This address takes ${allowed.join(', ')}.`;
    return problem(405, 'method_not_allowed', says, [], { allow: allowed.join(', ') });
  }

  const server = createServer(
    { headersTimeout: HEADERS_MS_MAX, requestTimeout: REQUEST_MS_MAX, keepAliveTimeout: 15_000 },
    (request, response) => {
      void answer(request, response);
    },
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => {
      const why = 'code' in cause ? String(cause.code) : cause.message;
      reject(
        new AssayError('port_unusable', `${at.host}:${at.port} can't be listened on (${why}): set another port`, {
          cause,
        }),
      );
    });
    server.listen(at.port, at.host, resolve);
  });
  return {
    server,
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
        setTimeout(() => server.closeAllConnections(), 200).unref();
      }),
  };
}

/** Thrown by helpers of handlers; becomes the answer. */
export class HttpProblem extends Error {
  readonly answer: Answered;
  constructor(answer: Answered) {
    super('http problem');
    this.answer = answer;
  }
}

/** RFC 9457. `detail` is a whole sentence; `problems` name field and fix. */
export function problem(
  status: number,
  code: string,
  detail: string,
  problems: readonly Problem[] = [],
  headers: Record<string, string> = {},
): Answered {
  const body: ProblemAnswer = {
    type: 'about:blank',
    title: TITLES[status] ?? 'Problem',
    status,
    code,
    detail,
    ...(problems.length > 0
      ? { problems: problems.map(({ where, what, fix, code: why }) => ({ where, what, fix, code: why })) }
      : {}),
  };
  return { status, text: JSON.stringify(body), type: 'application/problem+json', headers };
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'Not readable',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  413: 'Too large',
  414: 'Too long',
  415: 'Not decodable',
  422: 'Not understood',
  429: 'Too many',
  500: 'Failed',
  503: 'Not ready',
};

/** The whole body, unpacked where it is gzip; at most `bytesMax` either way. Throws the answer when it is larger. */
export async function readBody(request: IncomingMessage, bytesMax: number): Promise<Buffer> {
  const encoding = request.headers['content-encoding'];
  if (encoding === undefined || encoding === 'identity') return await collect(request, bytesMax);
  if (encoding !== 'gzip' && encoding !== 'x-gzip')
    throw new HttpProblem(
      problem(415, 'encoding_unknown', 'Send the body plain, or with content-encoding: gzip.', [], CLOSE),
    );
  const packed = await collect(request, bytesMax);
  try {
    // It stops at the limit, so a small body that unpacks to gigabytes costs what a large one does.
    return await unpack(packed, { maxOutputLength: bytesMax });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(bytesMax);
    throw new HttpProblem(problem(400, 'body_not_gzip', 'The body is not gzip, though its header says so.'));
  }
}

const unpack = promisify<Buffer, { maxOutputLength: number }, Buffer>(gunzip);
const CLOSE = { connection: 'close' };

function tooLarge(bytesMax: number): HttpProblem {
  return new HttpProblem(
    problem(413, 'body_too_large', `The body is larger than ${bytesMax} bytes. Send smaller batches.`, [], CLOSE),
  );
}

// Events cost a third of what an asynchronous iterator does.
function collect(request: IncomingMessage, bytesMax: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= bytesMax) chunks.push(chunk);
      else {
        chunks.length = 0;
        request.pause();
        reject(tooLarge(bytesMax));
      }
    });
    request.on('end', () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, bytes)));
    // A sender that went away has nobody to be answered, and is no failure of ours.
    request.on('error', () => reject(new HttpProblem('answered')));
    request.on('close', () => {
      if (!request.complete) reject(new HttpProblem('answered'));
    });
  });
}

function reply(request: IncomingMessage, response: ServerResponse, answered: Answered): void {
  if (answered === 'answered' || response.headersSent) return;
  const text = 'json' in answered ? JSON.stringify(answered.json) : answered.text;
  const type = 'json' in answered ? 'application/json' : answered.type;
  response.writeHead(answered.status, {
    'content-type': `${type}; charset=utf-8`,
    'content-length': Buffer.byteLength(text),
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
    ...answered.headers,
  });
  response.end(request.method === 'HEAD' ? undefined : text);
}

function match(route: readonly string[], parts: readonly string[]): Record<string, string> | undefined {
  if (route.length !== parts.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, part] of route.entries()) {
    const given = parts[index] ?? '';
    if (!part.startsWith(':')) {
      if (part !== given) return undefined;
      continue;
    }
    try {
      parameters[part.slice(1)] = decodeURIComponent(given);
    } catch {
      return undefined;
    }
    if (given === '') return undefined;
  }
  return parameters;
}
