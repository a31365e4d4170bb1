import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request as it arrived. */
export interface Ask {
  /** `POST collect.localhost/v1/events` */
  line: string;
  /** the page that asked, as far as its browser says so */
  from: string;
  query: string;
  body: string;
  /** 0 until it is answered */
  status: number;
}

/** `GET shop.localhost/product`, with the capability taken out of a handout's address. */
export function lineOf(method: string, host: string, target: string): string {
  const path = target.replace(/\?.*/, '').replace(/(?<=\/v1\/handouts\/).+/, ':capability');
  return `${method} ${host.replace(/:\d+$/, '')}${path}`;
}

/** A listener on this machine that notes every request with its whole body before it answers. */
export async function listen(
  asks: Ask[],
  answer: (ask: Ask, request: IncomingMessage, response: ServerResponse) => void,
): Promise<Server> {
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const target = request.url ?? '/';
      const ask: Ask = {
        line: lineOf(request.method ?? '', request.headers.host ?? '', target),
        from: request.headers.referer ?? '',
        query: target.split('?')[1] ?? '',
        body: Buffer.concat(parts).toString(),
        status: 0,
      };
      asks.push(ask);
      answer(ask, request, response);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return server;
}

export function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

export async function end(server: Server): Promise<void> {
  const closed = new Promise((done) => server.close(done));
  server.closeAllConnections();
  await closed;
}

export function sorted(texts: Iterable<string>): string[] {
  return [...texts].sort((a, b) => (a < b ? -1 : 1));
}
