import { request as ask } from 'node:http';
import { type Ask, end, listen, portOf } from './asks.ts';

/** What a visitor's browser meets at the collector's address. */
export type GateState = 'open' | 'busy' | 'refusing';

/** A proxy before a collector: it notes what pages send, keeps its address over restarts, and can be down. */
export interface Gate {
  port: number;
  asks: readonly Ask[];
  /** From now on requests go to this port. */
  leadTo(port: number): void;
  /** `busy` answers 503; `refusing` takes no connection at all. */
  become(state: GateState): Promise<void>;
  close(): Promise<void>;
}

export async function openGate(): Promise<Gate> {
  const asks: Ask[] = [];
  let target = 0;
  let state: GateState = 'open';
  const server = await listen(asks, (noted, request, response) => {
    const finish = (status: number): void => {
      noted.status = status;
    };
    if (state === 'busy') {
      finish(503);
      // As a proxy answers for a server that is away: a page can't even read it.
      response.writeHead(503).end();
      return;
    }
    const { host: _, ...headers } = request.headers;
    const onward = ask({ port: target, method: request.method, path: request.url, headers }, (answer) => {
      finish(answer.statusCode ?? 0);
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => {
      finish(noted.status || 502);
      response.destroy();
    });
    // A page that was left: the collector must not go on waiting for it.
    response.on('close', () => {
      noted.status ||= 499;
      onward.destroy();
    });
    onward.end(noted.body);
  });
  const port = portOf(server);
  return {
    port,
    asks,
    leadTo(to) {
      target = to;
    },
    async become(next) {
      if (next === 'refusing' && state !== 'refusing') await end(server);
      if (next !== 'refusing' && state === 'refusing')
        await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
      state = next;
    },
    async close() {
      if (state !== 'refusing') await end(server);
    },
  };
}
