import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readCookies } from './cookies.ts';

const BODY_BYTES_MAX = 16 * 1024;
const TARGET_CHARS_MAX = 4096;

export interface Asked {
  method: string;
  /** always on the door's own origin, whatever the Host header says */
  url: URL;
  headers: IncomingHttpHeaders;
  cookies: ReadonlyMap<string, string>;
  ip: string;
  body: string;
}

export interface Answer {
  status: number;
  headers?: Record<string, string | string[]>;
  body?: string;
}

export interface Door {
  /** as a browser reaches it: `http://shop.localhost:40123` */
  url: string;
  stop(): Promise<void>;
}

/** Listens on loopback under a `*.localhost` name; port 0 takes a free one. */
export async function serve(
  port: number,
  hostName: string,
  answer: (asked: Asked) => Answer | Promise<Answer>,
): Promise<Door> {
  let origin = '';
  const server = createServer((request, response) => {
    ask(request, origin)
      .then((asked) => (asked ? answer(asked) : { status: 413, body: 'too large' }))
      .catch((cause: unknown) => ({ status: 500, body: `something broke: ${String(cause)}` }))
      .then((made) => write(response, made, request.method === 'HEAD'))
      .catch(() => response.destroy());
  });
  await new Promise<void>((listening, failed) => {
    server.once('error', failed);
    server.listen(port, '127.0.0.1', listening);
  });
  origin = `http://${hostName}:${(server.address() as AddressInfo).port}`;
  return {
    url: origin,
    stop: () =>
      new Promise((stopped) => {
        server.close(() => stopped());
        server.closeAllConnections();
      }),
  };
}

async function ask(request: IncomingMessage, origin: string): Promise<Asked | undefined> {
  const target = request.url ?? '/';
  const body = await bodyOf(request);
  if (body === undefined || target.length > TARGET_CHARS_MAX || !target.startsWith('/')) return undefined;
  return {
    method: request.method === 'HEAD' ? 'GET' : (request.method ?? 'GET'),
    url: new URL(origin + target),
    headers: request.headers,
    cookies: readCookies(request.headers.cookie ?? ''),
    ip: request.socket.remoteAddress ?? '',
    body,
  };
}

async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= BODY_BYTES_MAX) chunks.push(chunk);
  }
  return bytes <= BODY_BYTES_MAX ? Buffer.concat(chunks).toString('utf8') : undefined;
}

function write(response: ServerResponse, answer: Answer, headOnly: boolean): void {
  response.writeHead(answer.status, {
    'content-type': 'text/plain; charset=utf-8',
    'x-content-type-options': 'nosniff',
    ...answer.headers,
  });
  response.end(headOnly ? undefined : (answer.body ?? ''));
}

export function redirect(to: string, headers: Record<string, string | string[]> = {}): Answer {
  return { status: 303, headers: { location: to, ...headers } };
}
