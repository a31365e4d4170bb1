import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerControl } from './control.ts';
import { answerTrack, logCall, TRACK_PATH } from './events-api.ts';
import { type Call, gatewayPage, json, nothing, type Reply } from './exchange.ts';
import { answerPage } from './page.ts';
import { answerPixel, answerScript, PIXEL_PATH, SCRIPT_PATH } from './pixel.ts';
import { openTwin, type Surroundings } from './twin.ts';

const BODY_BYTES_MAX = 32 * 1024 * 1024;

export interface Listening {
  url: string;
  port: number;
  stop(): Promise<void>;
}

/** Starts the twin: one listener for both of TikTok's hosts, whatever the Host header says. */
export async function listen(port: number, dir: string | undefined, surroundings: Surroundings): Promise<Listening> {
  const twin = openTwin(dir, surroundings);
  const server = createServer({ keepAliveTimeout: 65_000 }, (request, response) => {
    readCall(request)
      .then((call) => (call ? route(call) : nothing(413)))
      .catch((error: unknown) => json({ problems: [String(error)] }, 500))
      .then((reply) => send(response, reply))
      .catch(() => response.destroy());
  });
  const route = (call: Call): Reply => {
    if (call.path === TRACK_PATH) return answerTrack(twin, call);
    if (call.path === PIXEL_PATH) return answerPixel(twin, call);
    if (call.path === SCRIPT_PATH && call.method === 'GET') return answerScript(twin, call);
    if (call.path === '/enable_cookie' || call.path === '/disable_cookie') return nothing(204);
    const own = answerControl(twin, call) ?? answerPage(twin, call);
    if (own) return own;
    const missing = gatewayPage(404, 'Not Found');
    logCall(twin, call, null, missing, null);
    return missing;
  };

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const bound = (server.address() as AddressInfo).port;
  return {
    url: `http://127.0.0.1:${bound}`,
    port: bound,
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
      twin.store.close();
    },
  };
}

/** The request with its whole body; undefined when that is longer than the twin reads, whatever the switches say. */
async function readCall(request: IncomingMessage): Promise<Call | undefined> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes <= BODY_BYTES_MAX) parts.push(part);
  }
  if (bytes > BODY_BYTES_MAX) return undefined;
  const target = request.url ?? '/';
  const [path = '/', ...query] = target.split('?');
  return {
    method: request.method ?? 'GET',
    path,
    query: new URLSearchParams(query.join('?')),
    target,
    headers: request.headers,
    body: Buffer.concat(parts).toString('utf8'),
  };
}

function send(response: ServerResponse, reply: Reply): void {
  switch (reply.kind) {
    case 'answer':
      response.writeHead(reply.status, { ...reply.headers, 'content-length': Buffer.byteLength(reply.body) });
      response.end(reply.body);
      return;
    case 'cut':
      response.destroy();
      return;
    case 'silence':
      // The socket closes when the client gives up, or with the server.
      return;
  }
}
