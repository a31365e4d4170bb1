import { channel } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';

/** One request, as it left a browser or as it arrived. */
export interface Seen {
  /** `POST collect.localhost/v1/events` */
  line: string;
  host: string;
  /** address, headers and body, for searching */
  text: string;
  body: string;
}

export interface Arrival extends Seen {
  ip: string;
  userAgent: string;
}

/**
 * Notes every request that the servers of this process get. Browsers report to nobody what a page sends while it is
 * left, so only the other end knows it. Returns what ends it.
 */
export function noteArrivals(arrivals: Arrival[]): () => void {
  const start = channel('http.server.request.start');
  const note = (message: unknown): void => {
    const { request } = message as { request: IncomingMessage };
    const host = (request.headers.host ?? '').replace(/:\d+$/, '');
    const target = request.url ?? '';
    const arrival: Arrival = {
      line: lineOf(request.method ?? '', host, target.replace(/\?.*/, '')),
      host,
      ip: request.socket.remoteAddress ?? '',
      userAgent: request.headers['user-agent'] ?? '',
      text: [target, JSON.stringify(request.headers)].join('\n'),
      body: '',
    };
    arrivals.push(arrival);
    const push = request.push.bind(request);
    request.push = (chunk: Buffer | null, encoding?: BufferEncoding) => {
      if (chunk !== null) {
        arrival.body += String(chunk);
        arrival.text += String(chunk);
      }
      return push(chunk, encoding);
    };
  };
  start.subscribe(note);
  return () => start.unsubscribe(note);
}

export function lineOf(method: string, host: string, path: string): string {
  return `${method} ${host}${path.replace(/(?<=\/v1\/handouts\/).+/, ':capability')}`;
}
