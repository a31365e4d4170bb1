import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
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

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = URL.parse(request.url ?? '/', 'http://assay') ?? new URL('http://assay/');
    if ((request.url?.length ?? 0) > URL_CHARS_MAX)
      return reply(request, response, problem(414, 'url_too_long', 'The address is too long.'));
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    const parts = url.pathname.split('/');
    const found = table.flatMap((route) => {
      const parameters = match(route.parts, parts);
      return parameters ? [{ route, parameters }] : [];
    });
    const hit = found.find(
      ({ route }) => route.method === request.method || (route.method === 'GET' && request.method === 'HEAD'),
    );
    const asked: Asked = { request, response, url, parameters: hit?.parameters ?? {}, gone: gone.signal };
    const first = around.before?.(asked);
    if (first) return reply(request, response, first);
    if (!hit) {
      const allowed = found.map(({ route }) => route.method).join(', ');
      return reply(
        request,
        response,
        found.length > 0
          ? problem(405, 'method_not_allowed', `This address takes ${allowed}.`, [], { allow: allowed })
          : problem(404, 'not_found', 'There is nothing at this address.'),
      );
    }
    try {
      reply(request, response, await hit.route.answer(asked));
    } catch (error) {
      if (error instanceof HttpProblem) return reply(request, response, error.answer);
      if (error instanceof AssayError && (error.code === 'journal_unwritable' || error.code === 'journal_behind'))
        return reply(
          request,
          response,
          problem(503, error.code, 'Nothing can be written down now. Send it again.', [], { 'retry-after': '5' }),
        );
      around.failed(error, `${request.method} ${hit.route.path}`);
      reply(request, response, problem(500, 'failed', 'Something failed here. The log says what.'));
    }
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
  422: 'Not understood',
  429: 'Too many',
  500: 'Failed',
  503: 'Not ready',
};

/** The whole body, at most `bytesMax`. Throws the answer when it is larger. */
export async function readBody(request: IncomingMessage, bytesMax: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length;
    if (bytes > bytesMax)
      throw new HttpProblem(
        problem(413, 'body_too_large', `The body is larger than ${bytesMax} bytes. Send smaller batches.`, [], {
          connection: 'close',
        }),
      );
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks, bytes);
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
