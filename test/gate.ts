import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/**
 * What stands between a client and the collector: `pass` lets a request through, `down` cuts the line before it is
 * heard, `mute` lets it through and keeps the answer, `lost` cuts the line instead of answering; or an answer of its own.
 */
export type Weather =
  | 'pass'
  | 'down'
  | 'mute'
  | 'lost'
  | { status: number; headers?: Record<string, string>; body?: string };

export interface Gate {
  url: string;
  /** for the next requests, in order; then the last one goes on */
  weather: Weather[];
  /** what was asked, with the body as it came over the line */
  asked: { path: string; headers: IncomingMessage['headers']; body: Buffer }[];
  close(): Promise<void>;
}

/** A line to `upstream` that can fail in the ways lines fail. */
export async function openGate(upstream: string, ...weather: Weather[]): Promise<Gate> {
  const gate: Gate = { url: '', weather, asked: [], close };
  const server = createServer((request, response) => {
    void pass(request, response);
  });

  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const now = gate.weather.length > 1 ? gate.weather.shift() : gate.weather[0];
    if (now === 'down') return void request.socket.destroy();
    const body = await buffer(request);
    gate.asked.push({ path: request.url ?? '', headers: request.headers, body });
    if (typeof now === 'object') return void response.writeHead(now.status, now.headers).end(now.body);
    const { authorization, prefer } = request.headers;
    const encoding = request.headers['content-encoding'];
    const answer = await fetch(upstream + request.url, {
      method: request.method ?? 'GET',
      headers: {
        ...(authorization === undefined ? {} : { authorization }),
        ...(prefer === undefined ? {} : { prefer: String(prefer) }),
        ...(encoding === undefined ? {} : { 'content-encoding': encoding }),
      },
      ...(request.method === 'POST' ? { body: new Uint8Array(body) } : {}),
    });
    const text = await answer.text();
    if (now === 'mute') return;
    if (now === 'lost') return void request.socket.destroy();
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(text);
  }

  async function close(): Promise<void> {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }

  await once(server.listen(0, '127.0.0.1'), 'listening');
  gate.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return gate;
}
