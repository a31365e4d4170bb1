import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Something in the place of TikTok's Events API, which takes everything and counts who comes. */
export interface Tiktok {
  url: string;
  requests(): number;
  close(): Promise<void>;
}

export async function openTiktok(): Promise<Tiktok> {
  let requests = 0;
  const server = createServer((request, response) => {
    requests++;
    request.resume();
    response.setHeader('content-type', 'application/json').end('{"code":0,"message":"OK","data":{}}');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: () => requests,
    async close() {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}
