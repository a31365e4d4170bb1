import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';

export interface SlowRoad {
  url: string;
  close(): Promise<void>;
}

/** A road to TikTok on which answers take their time, so that a crash finds batches that arrived but were not answered. */
export async function slowRoad(to: string, answerMs: () => number): Promise<SlowRoad> {
  const server = createServer((request, response) => {
    void (async () => {
      const body = await buffer(request);
      const headers = { 'content-type': 'application/json', 'access-token': String(request.headers['access-token']) };
      const answer = await fetch(new URL(request.url ?? '/', to), { method: 'POST', headers, body });
      const text = await answer.text();
      await wait(answerMs());
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(text);
    })().catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
