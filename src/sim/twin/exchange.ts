import type { IncomingHttpHeaders } from 'node:http';
import type { Json, JsonObject } from '../../event/event.ts';

/** A request, read to its end. */
export interface Call {
  method: string;
  path: string;
  query: URLSearchParams;
  /** path and query as they were sent */
  target: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** What goes back: an answer, a connection cut without one, or silence until the client leaves. */
export type Reply =
  | { kind: 'answer'; status: number; headers: Record<string, string>; body: string | Buffer }
  | { kind: 'cut' }
  | { kind: 'silence' };

export function json(body: Json | object, status = 200): Reply {
  return answer(status, 'application/json; charset=utf-8', JSON.stringify(body));
}

export function answer(
  status: number,
  type: string,
  body: string | Buffer,
  headers: Record<string, string> = {},
): Reply {
  return { kind: 'answer', status, headers: { 'content-type': type, ...headers }, body };
}

export function nothing(status: number, headers: Record<string, string> = {}): Reply {
  return { kind: 'answer', status, headers, body: '' };
}

/** The page of a gateway that found nobody behind it. */
export function badGateway(): Reply {
  return gatewayPage(502, 'Bad Gateway');
}

export function gatewayPage(status: number, title: string): Reply {
  const heading = `${status} ${title}`;
  return answer(
    status,
    'text/html',
    `<html>\r\n<head><title>${heading}</title></head>\r\n<body>\r\n<center><h1>${heading}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`,
  );
}

export function header(call: Call, name: string): string | undefined {
  const value = call.headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}

/** The headers that the request log keeps; never a token. */
export function loggedHeaders(call: Call): JsonObject {
  const kept: JsonObject = {};
  for (const name of ['user-agent', 'origin', 'referer', 'host', 'content-type']) {
    const value = header(call, name);
    if (value !== undefined) kept[name] = value;
  }
  return kept;
}
